// People who may sign in, and the tokens they were given.
import { sql } from 'kysely';
import type { TokenAbout, UserRole, UserRow, UserStore } from '../../app/users.js';
import type { Database } from './database.js';
import { cleanText } from './text.js';

const RANK: Readonly<Record<UserRole, number>> = { agent: 1, supervisor: 2, admin: 3 };

/** Columns of a user, as they are selected. */
export const USER_COLUMNS = [
  'user_account.name as name',
  'user_account.role as role',
  'password_hash as passwordHash',
  'made_by as madeBy',
  'password_by as passwordBy',
  'disabled_by as disabledBy',
] as const;

type Selected = Pick<UserRow, 'name' | 'role' | 'passwordHash'> &
  Readonly<Record<'madeBy' | 'passwordBy' | 'disabledBy', string | null>>;

export class PostgresUsers implements UserStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async user(name: string): Promise<UserRow | undefined> {
    const row = await this.#database.run((db) =>
      db.selectFrom('user_account').select(USER_COLUMNS).where('name', '=', cleanText(name)).executeTakeFirst(),
    );
    return row === undefined ? undefined : userOf(row);
  }

  async saveUser(user: UserRow): Promise<void> {
    const columns = columnsOf(user);
    await this.#database.run((db) =>
      db
        .insertInto('user_account')
        .values({ name: cleanText(user.name), ...columns })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(columns))
        .execute(),
    );
  }

  /** Takes the chance to forget tokens that ended a day ago, so the table stays as small as the number of people. */
  async saveToken(tokenHash: string, user: string, expiresAtMs: number, about?: TokenAbout): Promise<void> {
    const { id, kind, title, address, role = null } = about ?? {};
    const told = about === undefined ? {} : { id, kind, title: cleanText(title ?? ''), address, role };
    const made_at = about === undefined ? {} : { made_at: new Date(about.madeAtMs) };
    await this.#database.run(async (db) => {
      await db.deleteFrom('token').where('expires_at', '<', sql<Date>`now() - interval '1 day'`).execute();
      await db
        .insertInto('token')
        .values({ hash: tokenHash, user_name: user, expires_at: new Date(expiresAtMs), ...told, ...made_at })
        .execute();
      if (kind !== 'session' || about === undefined) return;
      const signed_in_at = new Date(about.madeAtMs);
      await db.updateTable('user_account').set({ signed_in_at }).where('name', '=', user).execute();
    });
  }

  async userByToken(tokenHash: string, nowMs: number): Promise<UserRow | undefined> {
    const row = await this.#database.run((db) =>
      db
        .selectFrom('token')
        .innerJoin('user_account', 'user_account.name', 'token.user_name')
        .select([...USER_COLUMNS, 'token.role as most'])
        .where('hash', '=', cleanText(tokenHash))
        .where('expires_at', '>', new Date(nowMs))
        .executeTakeFirst(),
    );
    if (row === undefined) return undefined;
    const { most, ...user } = row;
    return userOf({ ...user, role: most !== null && RANK[most] < RANK[user.role] ? most : user.role });
  }

  async dropToken(tokenHash: string): Promise<void> {
    await this.#database.run((db) => db.deleteFrom('token').where('hash', '=', cleanText(tokenHash)).execute());
  }
}

export function columnsOf({ role, passwordHash, madeBy, passwordBy, disabledBy }: UserRow) {
  return {
    ...{ role, password_hash: passwordHash },
    ...{ made_by: madeBy ?? null, password_by: passwordBy ?? null, disabled_by: disabledBy ?? null },
  };
}

function userOf({ madeBy, passwordBy, disabledBy, ...user }: Selected): UserRow {
  return {
    ...user,
    ...(madeBy === null ? {} : { madeBy }),
    ...(passwordBy === null ? {} : { passwordBy }),
    ...(disabledBy === null ? {} : { disabledBy }),
  };
}

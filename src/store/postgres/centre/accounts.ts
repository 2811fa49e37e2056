// Accounts as administrators see them: who there is, what is open in their names, and their second factors.
import { sql } from 'kysely';
import type { AccountRow, AccountStore, SecondFactorRow, TokenAbout, TokenRow, UserRow } from '../../../app/users.js';
import type { Database } from '../database.js';
import { cleanText } from '../text.js';
import { columnsOf } from '../users.js';
import { renameAgent } from './agent-name.js';

const TOKEN_COLUMNS = ['id', 'kind', 'title', 'address', 'made_at', 'role', 'user_name', 'expires_at'] as const;

interface SelectedToken {
  readonly id: string;
  readonly kind: TokenAbout['kind'];
  readonly title: string;
  readonly address: string;
  readonly made_at: Date;
  readonly role: UserRow['role'] | null;
  readonly user_name: string;
  readonly expires_at: Date;
}

export class PostgresAccounts implements AccountStore {
  constructor(private readonly database: Database) {}

  async accounts(): Promise<readonly AccountRow[]> {
    const rows = await this.database.run((db) =>
      db
        .selectFrom('user_account')
        .leftJoin('second_factor', (join) =>
          join.onRef('second_factor.user_name', '=', 'user_account.name').on('confirmed_at', 'is not', null),
        )
        .select(['name', 'role', 'made_by', 'password_by', 'disabled_by', 'signed_in_at', 'confirmed_at'])
        .orderBy('name')
        .execute(),
    );
    return rows.map((row) => ({
      ...{ name: row.name, role: row.role, secondFactor: row.confirmed_at !== null },
      ...(row.made_by === null ? {} : { madeBy: row.made_by }),
      ...(row.password_by === null ? {} : { passwordBy: row.password_by }),
      ...(row.disabled_by === null ? {} : { disabledBy: row.disabled_by }),
      ...(row.signed_in_at === null ? {} : { signedInAtMs: row.signed_in_at.getTime() }),
    }));
  }

  async makeUser(user: UserRow): Promise<boolean> {
    const made = await this.database.run((db) =>
      db
        .insertInto('user_account')
        .values({ name: cleanText(user.name), ...columnsOf(user) })
        .onConflict((conflict) => conflict.doNothing())
        .returning('name')
        .executeTakeFirst(),
    );
    return made !== undefined;
  }

  async tokens(kind: TokenAbout['kind'], nowMs: number, user?: string): Promise<readonly TokenRow[]> {
    const rows = await this.database.run((db) => {
      const all = db.selectFrom('token').select(TOKEN_COLUMNS).where('kind', '=', kind);
      const open = all.where('expires_at', '>', new Date(nowMs)).orderBy('made_at', 'desc').orderBy('id');
      return (user === undefined ? open : open.where('user_name', '=', cleanText(user))).execute();
    });
    return rows.map(tokenOf);
  }

  async dropTokenById(id: string, user?: string): Promise<TokenRow | undefined> {
    const row = await this.database.run((db) => {
      const one = db.deleteFrom('token').where('id', '=', cleanText(id));
      const own = user === undefined ? one : one.where('user_name', '=', cleanText(user));
      return own.returning(TOKEN_COLUMNS).executeTakeFirst();
    });
    return row === undefined ? undefined : tokenOf(row);
  }

  async dropTokensOf(user: string, { kind, butHash }: Parameters<AccountStore['dropTokensOf']>[1] = {}): Promise<void> {
    await this.database.run((db) => {
      let some = db.deleteFrom('token').where('user_name', '=', cleanText(user));
      if (kind !== undefined) some = some.where('kind', '=', kind);
      if (butHash !== undefined) some = some.where('hash', '<>', butHash);
      return some.execute();
    });
  }

  async secondFactor(user: string): Promise<SecondFactorRow | undefined> {
    const row = await this.database.run((db) =>
      db
        .selectFrom('second_factor')
        .select(['secret', 'confirmed_at'])
        .where('user_name', '=', cleanText(user))
        .executeTakeFirst(),
    );
    if (row === undefined) return undefined;
    const { secret, confirmed_at } = row;
    return { secret, ...(confirmed_at === null ? {} : { confirmedAtMs: confirmed_at.getTime() }) };
  }

  async beginSecondFactor(user: string, secret: string): Promise<void> {
    await this.dropSecondFactor(user);
    await this.database.run((db) => db.insertInto('second_factor').values({ user_name: user, secret }).execute());
  }

  async confirmSecondFactor(user: string, atMs: number, recoveryHashes: readonly string[]): Promise<void> {
    await this.database.run((db) =>
      db.transaction().execute(async (together) => {
        const confirmed_at = new Date(atMs);
        await together.updateTable('second_factor').set({ confirmed_at }).where('user_name', '=', user).execute();
        const codes = recoveryHashes.map((hash) => ({ user_name: user, hash }));
        await together.insertInto('recovery_code').values(codes).execute();
      }),
    );
  }

  /** Its recovery codes go with it (references … on delete cascade). */
  async dropSecondFactor(user: string): Promise<void> {
    await this.database.run((db) => db.deleteFrom('second_factor').where('user_name', '=', cleanText(user)).execute());
  }

  rename(from: string, to: string, secret?: string): Promise<void> {
    return renameAgent(this.database, from, to, secret);
  }

  async takeStep(user: string, step: number): Promise<boolean> {
    const used = await this.database.run((db) =>
      db
        .updateTable('second_factor')
        .set({ last_step: step })
        .where('user_name', '=', cleanText(user))
        .where('last_step', '<', sql<number>`${step}::bigint`)
        .returning('user_name')
        .executeTakeFirst(),
    );
    return used !== undefined;
  }

  async takeRecoveryCode(user: string, hash: string): Promise<boolean> {
    const used = await this.database.run((db) =>
      db
        .deleteFrom('recovery_code')
        .where('user_name', '=', cleanText(user))
        .where('hash', '=', hash)
        .returning('hash')
        .executeTakeFirst(),
    );
    return used !== undefined;
  }
}

function tokenOf(row: SelectedToken): TokenRow {
  return {
    ...{ id: row.id, kind: row.kind, title: row.title, address: row.address, user: row.user_name },
    ...{ madeAtMs: row.made_at.getTime(), expiresAtMs: row.expires_at.getTime() },
    ...(row.role === null ? {} : { role: row.role }),
  };
}

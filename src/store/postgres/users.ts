// People who may sign in, and the tokens they were given.
import { sql } from 'kysely';
import type { UserRow, UserStore } from '../../app/users.js';
import type { Database } from './database.js';
import { cleanText } from './text.js';

export class PostgresUsers implements UserStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  user(name: string): Promise<UserRow | undefined> {
    return this.#database.run((db) =>
      db
        .selectFrom('user_account')
        .select(['name', 'role', 'password_hash as passwordHash'])
        .where('name', '=', cleanText(name))
        .executeTakeFirst(),
    );
  }

  async saveUser(user: UserRow): Promise<void> {
    const { role, passwordHash: password_hash } = user;
    await this.#database.run((db) =>
      db
        .insertInto('user_account')
        .values({ name: cleanText(user.name), role, password_hash })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ role, password_hash }))
        .execute(),
    );
  }

  /** Takes the chance to forget tokens that ended a day ago, so the table stays as small as the number of people. */
  async saveToken(tokenHash: string, user: string, expiresAtMs: number): Promise<void> {
    await this.#database.run(async (db) => {
      await db.deleteFrom('token').where('expires_at', '<', sql<Date>`now() - interval '1 day'`).execute();
      await db
        .insertInto('token')
        .values({ hash: tokenHash, user_name: user, expires_at: new Date(expiresAtMs) })
        .execute();
    });
  }

  userByToken(tokenHash: string, nowMs: number): Promise<UserRow | undefined> {
    return this.#database.run((db) =>
      db
        .selectFrom('token')
        .innerJoin('user_account', 'user_account.name', 'token.user_name')
        .select(['user_account.name', 'role', 'password_hash as passwordHash'])
        .where('hash', '=', cleanText(tokenHash))
        .where('expires_at', '>', new Date(nowMs))
        .executeTakeFirst(),
    );
  }

  async dropToken(tokenHash: string): Promise<void> {
    await this.#database.run((db) => db.deleteFrom('token').where('hash', '=', cleanText(tokenHash)).execute());
  }
}

// A connection of a test's own, to look into a database and to clear it.
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';

/** To be destroyed when it is no longer wanted. */
export function ownDatabase(url: string): Kysely<unknown> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  // The server may be stopped before a connection that was ended is gone; without listeners that ends the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely({ dialect: new PostgresDialect({ pool }) });
}

// The connection to PostgreSQL: limits on every wait, one error for "away", migrations.
import { CompiledQuery, Kysely, Migrator, PostgresDialect, type QueryResult, type RawBuilder, sql } from 'kysely';
import pg from 'pg';
import { HiloError } from '../../app/errors.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { withPatience } from '../../lib/patience.js';
import { Availability } from './availability.js';
import { ImpatientPool } from './impatient-pool.js';
import { MIGRATIONS, RENAMED } from './migrations.js';
import type { Schema } from './schema.js';
import { isUnavailable } from './unavailable.js';

const CONNECTIONS_MAX = 10;
/** Open from the start: on a busy machine ten new ones take longer than {@link CONNECT_LIMIT_MS}. */
const CONNECTIONS_KEPT = 4;
/** Also the longest wait for a free connection: "the database is away" is known within a second. */
const CONNECT_LIMIT_MS = 800;
/** At the start there is time: the machine may be busy with starting everything else. */
const FIRST_CONNECT_LIMIT_MS = 15_000;
const WARM_UP_LIMIT_MS = 30_000;
const WARM_UP_PAUSE_MS = 250;
/** So long a connection is waited for while the node starts, and a little pause between two tries. */
const START_LIMIT_MS = 60_000;
const START_PAUSE_MS = 250;
const QUERY_LIMIT_MS = 5_000;
const IDLE_LIMIT_MS = 30_000;

export interface DatabaseOptions {
  /** postgres://user:password@host:port/database */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds; 5000 unless given. */
  readonly queryLimitMs?: number;
  /** Nobody waits on the telephone yet: until {@link Database.hurry} connections that do not come in time are waited for. */
  readonly isStarting?: boolean;
}

export class Database {
  readonly #options: DatabaseOptions;
  readonly #kysely: Kysely<Schema>;
  readonly #availability: Availability;
  readonly #log: Log;
  #isStarting: boolean;
  #closed: Promise<void> | undefined;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#isStarting = options.isStarting ?? false;
    this.#log = options.log.child({ part: 'postgres-store' });
    const limitMs = options.queryLimitMs ?? QUERY_LIMIT_MS;
    const pool = new pg.Pool({
      connectionString: options.url,
      application_name: 'hilo',
      max: CONNECTIONS_MAX,
      min: CONNECTIONS_KEPT,
      connectionTimeoutMillis: CONNECT_LIMIT_MS,
      idleTimeoutMillis: IDLE_LIMIT_MS,
      // The server's limit ends the work, ours ends the wait when the server does not answer at all.
      statement_timeout: limitMs,
      query_timeout: limitMs,
      idle_in_transaction_session_timeout: limitMs,
      keepAlive: true,
    });
    this.#availability = new Availability({ probe: () => probe(options.url), clock: options.clock, log: this.#log });
    onBroken(pool, (error) => this.#availability.failed(error));
    this.#kysely = new Kysely<Schema>({
      dialect: new PostgresDialect({ pool: new ImpatientPool(pool, () => this.#connected(pool)) }),
    });
  }

  healthy(): boolean {
    return this.#availability.isUp;
  }

  /** The start is over: from now on "the database is away" is known within a second. */
  hurry(): void {
    this.#isStarting = false;
  }

  /** Nothing is sent before there is a connection: to wait for one repeats nothing. */
  #connected(pool: pg.Pool): Promise<pg.PoolClient> {
    if (!this.#isStarting) return pool.connect();
    const patience = {
      ...{ what: 'a connection to PostgreSQL', limitMs: START_LIMIT_MS, pauseMs: START_PAUSE_MS },
      ...{ mayPass: (error: unknown) => this.#isStarting && isUnavailable(error) },
      ...{ clock: this.#options.clock, log: this.#log },
    };
    return withPatience(patience, () => pool.connect());
  }

  /** Opens the connections that are kept, so that the first callers need not wait for them. */
  async warmUp(): Promise<void> {
    const patience = {
      ...{ what: 'connections to PostgreSQL', limitMs: WARM_UP_LIMIT_MS, pauseMs: WARM_UP_PAUSE_MS },
      ...{ clock: this.#options.clock, log: this.#log },
      mayPass: (error: unknown) => error instanceof HiloError && error.code === 'store-unavailable',
    };
    await withPatience(patience, () =>
      Promise.all(Array.from({ length: CONNECTIONS_KEPT }, () => this.execute(sql`select 1`))),
    );
  }

  /** Brings the tables up to date; several nodes may do so at once. Rejects with HiloError `store-unavailable`. */
  async migrate(): Promise<void> {
    // A connection without time-outs: a migration takes as long as it takes.
    const pool = new pg.Pool({
      connectionString: this.#options.url,
      max: 1,
      connectionTimeoutMillis: FIRST_CONNECT_LIMIT_MS,
    });
    onBroken(pool, (error) => this.#log.warn({ error: error.message }, 'the connection for migrations broke'));
    const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
    try {
      await renameApplied(kysely);
      const migrator = new Migrator({
        db: kysely,
        provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) },
      });
      const { error, results } = await migrator.migrateToLatest();
      for (const result of results ?? []) {
        this.#log.info({ migration: result.migrationName, status: result.status }, 'migration');
      }
      if (error !== undefined) throw error;
    } catch (error) {
      throw isUnavailable(error) ? away(error) : error;
    } finally {
      await kysely.destroy();
    }
  }

  /** Runs `work`; rejects with HiloError `store-unavailable` at once while the database is away, else as `work` does. */
  async run<T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T> {
    if (!this.#availability.isUp && !this.#isStarting) throw away(undefined);
    try {
      return await work(this.#kysely);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      this.#availability.failed(error);
      throw away(error);
    }
  }

  execute<R>(statement: RawBuilder<R>): Promise<QueryResult<R>> {
    return this.run((db) => statement.execute(db));
  }

  /** A statement of every call as it is, with `$1`, `$2`, …: to compose it anew each time costs more than to send it. */
  ask<R>(statement: string, parameters: readonly unknown[]): Promise<readonly R[]> {
    return this.run(async (db) => (await db.executeQuery<R>(CompiledQuery.raw(statement, [...parameters]))).rows);
  }

  /** Safe to call twice. */
  close(): Promise<void> {
    this.#availability.close();
    this.#closed ??= this.#kysely.destroy();
    return this.#closed;
  }
}

/** A step that was applied under another name is not applied again. Several nodes may do so at once. */
async function renameApplied(kysely: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ known: boolean }>`select to_regclass('kysely_migration') is not null as known`.execute(
    kysely,
  );
  if (rows[0]?.known !== true) return;
  for (const [before, now] of Object.entries(RENAMED)) {
    await sql`update kysely_migration set name = ${now} where name = ${before}`.execute(kysely);
  }
}

/** The pool speaks for idle connections only; one in use that breaks between two answers would end the process. */
function onBroken(pool: pg.Pool, listener: (error: Error) => void): void {
  pool.on('error', listener);
  pool.on('connect', (client) => client.on('error', listener));
}

/** Over a connection of its own, so that a full pool is not taken for a dead server, nor the reverse. */
async function probe(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    query_timeout: CONNECT_LIMIT_MS,
  });
  client.on('error', () => undefined); // The promise below says it too.
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    // Not awaited: a server that does not answer does not say good-bye either.
    client.end().catch(() => undefined);
  }
}

function away(cause: unknown): HiloError {
  return new HiloError(
    'store-unavailable',
    'PostgreSQL does not answer; whether the last write was stored is unknown',
    cause === undefined ? {} : { cause },
  );
}

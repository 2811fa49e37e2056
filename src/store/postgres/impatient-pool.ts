// A connection pool for Kysely that throws away a connection whose query failed for want of an answer: pg would hand it
// to the next one, to wait behind the question that was never answered. And that has each statement planned only once.
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { isUnavailable } from './unavailable.js';

/** Different statements prepared on each connection: ours are a few dozen, more of them would be a leak. */
const PREPARED_MAX = 200;

export class ImpatientPool implements PostgresPool {
  readonly #names = new Map<string, string>();

  constructor(
    private readonly pool: Pool,
    private readonly connected: () => Promise<PoolClient>,
  ) {}

  async connect(): Promise<PostgresPoolClient> {
    return new ImpatientClient(await this.connected(), (statement) => this.#nameOf(statement));
  }

  end(): Promise<void> {
    return this.pool.end();
  }

  /** Under which name PostgreSQL keeps the statement and its plan; undefined: it is planned each time. */
  #nameOf(statement: string): string | undefined {
    const known = this.#names.get(statement);
    if (known !== undefined || this.#names.size >= PREPARED_MAX) return known;
    const name = `hilo_${this.#names.size}`;
    this.#names.set(statement, name);
    return name;
  }
}

class ImpatientClient implements PostgresPoolClient {
  readonly #client: PoolClient;
  readonly #nameOf: (statement: string) => string | undefined;
  #broken: Error | undefined;

  constructor(client: PoolClient, nameOf: (statement: string) => string | undefined) {
    this.#client = client;
    this.#nameOf = nameOf;
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(
    statement: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof statement !== 'string') throw new Error('cursors are not used here');
    return this.#ask<R>(statement, parameters);
  }

  async #ask<R>(statement: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    // The rollback of a transaction whose connection is gone: the server has done it already.
    if (this.#broken !== undefined) throw this.#broken;
    try {
      const name = this.#nameOf(statement);
      const query = { text: statement, values: [...parameters], ...(name === undefined ? {} : { name }) };
      return (await this.#client.query(query)) as unknown as PostgresQueryResult<R>;
    } catch (error) {
      if (error instanceof Error && isUnavailable(error)) this.#broken = error;
      throw error;
    }
  }

  release(): void {
    this.#client.release(this.#broken);
  }
}

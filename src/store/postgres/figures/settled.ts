// How far the log of facts is whole: numbers are drawn before they are committed, so a lower one may appear after a higher one.
import type { Database } from '../database.js';

/** Facts up to `last` are all there once no transaction with an id up to `mark` is running. */
interface Mark {
  readonly last: number;
  readonly mark: string;
}

export class SettledLog {
  #settled = 0;
  #mark: Mark | undefined;

  constructor(private readonly database: Database) {}

  /**
   * All facts up to this number are there: none below it can still appear. Whoever holds a number up to `last` has had
   * its transaction id before ours: once all of those are over, nothing up to `last` is missing.
   */
  async upTo(): Promise<number> {
    this.#mark ??= await this.#newMark();
    if (this.#mark === undefined) return this.#settled;
    const [row] = await this.database.ask<{ over: boolean }>(
      'select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 as over',
      [this.#mark.mark],
    );
    if (row?.over !== true) return this.#settled;
    this.#settled = this.#mark.last;
    this.#mark = undefined;
    return this.#settled;
  }

  async #newMark(): Promise<Mark | undefined> {
    const [newest] = await this.database.ask<{ last: number }>(
      'select coalesce(max(number), 0)::float8 as last from interaction_event',
      [],
    );
    // A transaction id of its own is drawn only when something new is there.
    if (newest === undefined || newest.last <= this.#settled) return undefined;
    const [row] = await this.database.ask<{ mark: string }>('select pg_current_xact_id()::text as mark', []);
    return row && { last: newest.last, mark: row.mark };
  }
}

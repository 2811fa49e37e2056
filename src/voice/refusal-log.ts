// Tells of refused requests without letting an attacker write our log: one line per source and minute, the rest counted.
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';

const QUIET_MS = 60_000;
const MAX_SOURCES = 1000;

export class RefusalLog {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #counts = new Map<string, number>();
  readonly #lastMs = new Map<string, number>();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  note(reason: string, address: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
    const source = `${reason} ${address}`;
    const nowMs = this.#clock.monotonicMs();
    const lastMs = this.#lastMs.get(source);
    if (lastMs !== undefined && nowMs - lastMs < QUIET_MS) return;
    this.#lastMs.delete(source);
    this.#lastMs.set(source, nowMs);
    const [oldest] = this.#lastMs.keys();
    if (this.#lastMs.size > MAX_SOURCES && oldest !== undefined) this.#lastMs.delete(oldest);
    this.#log.warn({ reason, address }, 'request refused');
  }

  /** Refusals since the start, by reason. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}

// Warnings that a stranger can cause at will, written at a bounded pace.
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';

export const LINES_PER_PERIOD = 5;
export const PERIOD_MS = 10_000;

export class PacedLog {
  #periodStartMs = Number.NEGATIVE_INFINITY;
  #lines = 0;

  constructor(
    readonly log: Log,
    readonly clock: Clock,
  ) {}

  /** Writes the line, or counts it; the first line of the next period tells how many were left out. */
  warn(fields: object, message: string): void {
    const nowMs = this.clock.monotonicMs();
    const leftOut = Math.max(0, this.#lines - LINES_PER_PERIOD);
    if (nowMs - this.#periodStartMs >= PERIOD_MS) {
      this.#periodStartMs = nowMs;
      this.#lines = 1;
      this.log.warn(leftOut === 0 ? fields : { ...fields, leftOut }, message);
    } else if (++this.#lines <= LINES_PER_PERIOD) {
      this.log.warn(fields, message);
    }
  }
}

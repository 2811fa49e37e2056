// When a connection has not been used for so long that its place is for others.
import type { Clock, Timer } from '../../../lib/clock.js';

/**
 * A connection that nobody has used for so long is closed, unless something depends on it. Beyond the pace of keep-alives
 * in use (RFC 5626 §4.4.1: up to 2 min) and the usual interval between registrations.
 */
export const IDLE_LIMIT_MS = 600_000;

export interface IdleWatchOptions {
  readonly clock: Clock;
  readonly limitMs: number;
  /** Asked when the time is over: true begins it anew. */
  readonly isNeeded: () => boolean;
  readonly onIdle: () => void;
}

/** One timer, set again only when it rings: a message costs no more than noting the time. */
export class IdleWatch {
  readonly #options: IdleWatchOptions;
  #usedMs: number;
  #timer: Timer;

  constructor(options: IdleWatchOptions) {
    this.#options = options;
    this.#usedMs = options.clock.monotonicMs();
    this.#timer = options.clock.after(options.limitMs, () => this.#look());
  }

  used(): void {
    this.#usedMs = this.#options.clock.monotonicMs();
  }

  stop(): void {
    this.#timer.cancel();
  }

  #look(): void {
    const { clock, limitMs, isNeeded, onIdle } = this.#options;
    const idleMs = clock.monotonicMs() - this.#usedMs;
    if (idleMs >= limitMs && !isNeeded()) onIdle();
    else this.#timer = clock.after(idleMs >= limitMs ? limitMs : limitMs - idleMs, () => this.#look());
  }
}

// Refuses some new calls while the switch itself is late beyond measure: looks at its event loop, and counts.
import type { Clock, Timer } from '../../../lib/clock.js';
import type { Log } from '../../../lib/log.js';
import { OPEN, type Shedding, stepped } from './shedding.js';

export const SAMPLE_EVERY_MS = 250;

export interface ShedderParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds by which timers rang late of late. */
  readonly delayMs: () => number;
}

export class Shedder {
  readonly #parts: ShedderParts;
  #shedding: Shedding = OPEN;
  /** What of a refusal has come together; one is due at 1. */
  #due = 0;
  #refused = 0;
  #timer: Timer;

  constructor(parts: ShedderParts) {
    this.#parts = parts;
    this.#timer = parts.clock.after(SAMPLE_EVERY_MS, () => this.#sample());
  }

  /** Whether this new call is to be refused. */
  refuses(): boolean {
    if (this.#shedding.state === 'open') return false;
    this.#due += this.#shedding.share;
    if (this.#due < 1) return false;
    this.#due -= 1;
    this.#refused += 1;
    return true;
  }

  snapshot(): { readonly state: Shedding['state']; readonly refused: number } {
    return { state: this.#shedding.state, refused: this.#refused };
  }

  close(): void {
    this.#timer.cancel();
  }

  #sample(): void {
    const { clock, log, delayMs } = this.#parts;
    this.#timer = clock.after(SAMPLE_EVERY_MS, () => this.#sample());
    const lateMs = delayMs();
    const before = this.#shedding;
    this.#shedding = stepped(before, lateMs);
    if (before.state === this.#shedding.state) return;
    const facts = { lateMs: Math.round(lateMs), refused: this.#refused };
    if (this.#shedding.state === 'open') log.warn(facts, 'in time again: every new call is taken');
    else {
      this.#due = 0;
      log.warn(facts, 'late beyond measure: some new calls get 503');
    }
  }
}

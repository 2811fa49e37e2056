// Places for legs that are being set up on the media server: new calls get one or none, calls in progress wait for theirs.
import { HiloError } from '../../app/errors.js';
import type { Clock } from '../../lib/clock.js';

/** A caller in the queue hears music meanwhile; later than this the agent would rather be offered somebody else. */
export const TURN_LIMIT_MS = 4_000;
export const WAITING_MAX = 500;

export class SetUps {
  readonly #max: number;
  readonly #clock: Clock;
  #taken = 0;
  readonly #waiting = new Set<() => void>();

  /** `max`: in flight up to which new calls are taken; calls in progress may use twice as many. */
  constructor(max: number, clock: Clock) {
    this.#max = max;
    this.#clock = clock;
  }

  /** Whether one more new call may be set up. */
  get accepting(): boolean {
    return this.#taken < this.#max && this.#waiting.size === 0;
  }

  get taken(): number {
    return this.#taken;
  }

  /** A place for a new call. Rejects at once with HiloError `telephony-unavailable` when there is none. */
  take(): Promise<void> {
    if (!this.accepting) return Promise.reject(overloaded());
    this.#taken += 1;
    return Promise.resolve();
  }

  /**
   * A place for a leg of a call in progress, first come, first served. To be refused at once would look like an agent who
   * cannot be reached: the next one would be tried, and so on, until all of them are on a break that nobody asked for.
   * Rejects like {@link take} after {@link TURN_LIMIT_MS}.
   */
  turn(): Promise<void> {
    if (this.#taken < 2 * this.#max) {
      this.#taken += 1;
      return Promise.resolve();
    }
    if (this.#waiting.size >= WAITING_MAX) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      const next = (): void => {
        timer.cancel();
        this.#waiting.delete(next);
        resolve();
      };
      const timer = this.#clock.after(TURN_LIMIT_MS, () => {
        this.#waiting.delete(next);
        reject(overloaded());
      });
      this.#waiting.add(next);
    });
  }

  /** The set-up is over, well or not: its place goes straight to the next in line. */
  release(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#taken -= 1;
    else next();
  }
}

function overloaded(): HiloError {
  return new HiloError('telephony-unavailable', 'the media server is overloaded');
}

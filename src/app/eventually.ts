// Work that has to happen although the world is away right now: tried again until it is done or we close.
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
/** More unfinished work than this means that nobody will ever catch up: the oldest trouble is already in the log. */
const MAX_UNFINISHED = 10_000;

export class Eventually {
  #unfinished = 0;
  #closed = false;
  readonly #waits = new Set<() => void>();

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  get unfinished(): number {
    return this.#unfinished;
  }

  /** Starts `action` now and again after each failure, pausing longer each time. Never rejects, is never awaited. */
  do(what: string, action: () => Promise<void>): void {
    if (this.#unfinished >= MAX_UNFINISHED) {
      this.log.error({ what }, 'too much unfinished work, given up');
      return;
    }
    this.#unfinished += 1;
    void this.#untilDone(what, action).finally(() => {
      this.#unfinished -= 1;
    });
  }

  async #untilDone(what: string, action: () => Promise<void>): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !this.#closed; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await action();
        return;
      } catch (error) {
        this.log.warn({ err: error, what, pauseMs }, 'not possible now, will be tried again');
      }
      await this.#pause(pauseMs);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const over = (): void => {
        timer.cancel();
        this.#waits.delete(over);
        resolve();
      };
      const timer = this.clock.after(ms, over);
      this.#waits.add(over);
    });
  }

  /** Gives up what is unfinished. */
  close(): void {
    this.#closed = true;
    for (const over of this.#waits) over();
  }
}

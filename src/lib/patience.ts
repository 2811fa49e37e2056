// Things that may fail for a while and then succeed: tried again within a limit, with a line in the log.
import type { Clock } from './clock.js';
import type { Log } from './log.js';

export interface Patience {
  /** For the log: what is tried. */
  readonly what: string;
  /** From the first try; a try that has begun before it is over may end later. */
  readonly limitMs: number;
  readonly pauseMs: number;
  /** Whether this failure may be over at the next try. */
  readonly mayPass: (error: unknown) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Settles as the first try that succeeds, fails for good, or comes after the limit. `action` must bear being done twice. */
export async function withPatience<T>(patience: Patience, action: () => Promise<T>): Promise<T> {
  const { what, limitMs, pauseMs, mayPass, clock, log } = patience;
  const startMs = clock.monotonicMs();
  for (;;) {
    try {
      return await action();
    } catch (error) {
      const tookMs = Math.round(clock.monotonicMs() - startMs);
      if (!mayPass(error) || tookMs + pauseMs > limitMs) throw error;
      log.warn({ err: error, what, tookMs, limitMs }, 'not possible yet, tried again');
    }
    await new Promise<void>((resolve) => {
      clock.after(pauseMs, resolve);
    });
  }
}

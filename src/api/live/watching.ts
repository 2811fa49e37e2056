// What sources of live documents share: several things watched as one, and a look from time to time.
import type { Clock, Timer } from '../../lib/clock.js';

/** Nobody says when some things have changed: they are looked at so often. */
const LOOK_EVERY_MS = 1_000;

export function stopAll(stops: readonly (() => void)[]): () => void {
  return () => {
    for (const stop of stops) stop();
  };
}

/** Returns how to stop it. */
export function every(clock: Clock, look: () => void, everyMs = LOOK_EVERY_MS): () => void {
  let timer: Timer;
  const again = (): void => {
    look();
    timer = clock.after(everyMs, again);
  };
  timer = clock.after(everyMs, again);
  return () => timer.cancel();
}

/** Those that are there now and those that were when last asked: what is gone has to be told as gone. */
export function withGone(ids: () => Iterable<string>): () => Iterable<string> {
  let before = new Set(ids());
  return () => {
    const now = new Set(ids());
    const all = new Set([...before, ...now]);
    before = now;
    return all;
  };
}

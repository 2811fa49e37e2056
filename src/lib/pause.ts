// A wait that can be cut short.
import type { Clock } from './clock.js';

/** Resolves after `ms` (Infinity: never), or when one of the signals is aborted: whoever waits asks them why. */
export function pause(clock: Clock, ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      timer?.cancel();
      for (const signal of signals) signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = Number.isFinite(ms) ? clock.after(Math.max(0, ms), over) : undefined;
    for (const signal of signals) signal.addEventListener('abort', over, { once: true });
    if (signals.some(({ aborted }) => aborted)) over();
  });
}

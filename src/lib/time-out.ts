// No promise of ours waits for ever: each wait for the world has a limit in milliseconds.
import type { Clock } from './clock.js';
import type { EndSignal } from './crowd-signal.js';

export class TimedOut extends Error {
  override readonly name = 'TimedOut';
  constructor(
    readonly what: string,
    readonly limitMs: number,
  ) {
    super(`${what} took longer than ${limitMs} ms`);
  }
}

/** Settles as `promise` does, or rejects with {@link TimedOut} after `limitMs`. The promise itself goes on. */
export function withTimeOut<T>(clock: Clock, what: string, limitMs: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(limitMs, () => reject(new TimedOut(what, limitMs)));
    promise.then(
      (value) => {
        timer.cancel();
        resolve(value);
      },
      (error: unknown) => {
        timer.cancel();
        reject(error);
      },
    );
  });
}

/** Rejects with the signal's reason as soon as it is aborted; else settles as `promise` does. */
export function abortable<T>(signal: EndSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) {
      promise.catch(() => undefined);
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(
      (value) => {
        signal.removeEventListener('abort', onAbort);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      },
    );
  });
}

// Every wait for the switch ends: with the answer, at a deadline, or when the thing waited for is gone.
import { HiloError } from '../../app/errors.js';
import type { Clock } from '../../lib/clock.js';
import type { EndSignal } from '../../lib/crowd-signal.js';
import { abortable, TimedOut, withTimeOut } from '../../lib/time-out.js';

export interface Wait {
  readonly what: string;
  readonly limitMs: number;
  /** What ends the wait early: the end of a leg or the loss of a connection. Its reason becomes the error. */
  readonly until?: EndSignal;
}

/** Runs a function of drachtio-srf or drachtio-fsmrf that takes a callback. It may throw, call twice, or never call. */
export function answered<T>(
  clock: Clock,
  wait: Wait,
  start: (callback: (error: unknown, value?: T) => void) => void,
): Promise<T> {
  const promise = new Promise<T>((resolve, reject) => {
    start((error, value) => {
      if (error !== null && error !== undefined) reject(asError(error));
      else resolve(value as T);
    });
  });
  // The time-out is outside, so that its timer goes when the wait is cut short.
  const watched = wait.until === undefined ? promise : abortable(wait.until, promise);
  return withTimeOut(clock, wait.what, wait.limitMs, watched);
}

/** drachtio-srf rejects with plain strings now and then (compatibility G1.26). */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(typeof error === 'string' ? error : JSON.stringify(error));
}

/** SIP status of a rejection by drachtio-srf, when it carries one. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}

/** What the media server failed to do, in the words of the application. */
export function mediaError(what: string, error: unknown): HiloError {
  if (error instanceof HiloError) return error;
  if (error instanceof TimedOut) {
    return new HiloError('media-time-out', `${what}: no answer in ${error.limitMs} ms`, { cause: error });
  }
  return new HiloError('telephony-unavailable', `${what}: ${asError(error).message}`, { cause: error });
}

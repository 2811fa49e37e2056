// When a delivery that failed is tried again, when nothing more is sent for a while, and when a webhook is given up.
import type { FailedAttempt } from './webhook-store.js';

const [SECOND_MS, MINUTE_MS, HOUR_MS] = [1_000, 60_000, 3_600_000];
/** After the 1st, 2nd … attempt; after the last one it is given up: some three days in all. */
export const RETRY_AFTER_MS: readonly number[] = [
  ...[10 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 30 * MINUTE_MS],
  ...[HOUR_MS, 2 * HOUR_MS, 4 * HOUR_MS, 8 * HOUR_MS, 12 * HOUR_MS, 12 * HOUR_MS, 12 * HOUR_MS, 12 * HOUR_MS],
];
/** So many in a row, and nothing is sent for a while; then one at a time, until one arrives. */
export const FAILURES_MAX = 5;
const OPEN_FIRST_MS = 30 * SECOND_MS;
const OPEN_MOST_MS = 15 * MINUTE_MS;
/** Nothing arrived for so long: it is disabled. */
export const DISABLED_AFTER_MS = 5 * 24 * HOUR_MS;

export interface Failing {
  /** Of the delivery, this one included. */
  readonly attempts: number;
  /** Of the webhook in a row, before this one. */
  readonly failures: number;
  readonly failingSinceMs?: number;
}

export function afterFailure(
  { attempts, failures, failingSinceMs }: Failing,
  nowMs: number,
): Omit<FailedAttempt, 'error'> {
  const delay = RETRY_AFTER_MS[attempts - 1];
  const inRow = failures + 1;
  const openMs = Math.min(OPEN_MOST_MS, OPEN_FIRST_MS * 2 ** (inRow - FAILURES_MAX));
  return {
    ...(delay === undefined ? {} : { nextAtMs: nowMs + delay }),
    ...(inRow < FAILURES_MAX ? {} : { openUntilMs: nowMs + openMs }),
    ...(nowMs - (failingSinceMs ?? nowMs) < DISABLED_AFTER_MS ? {} : { disabled: 'failing' as const }),
  };
}

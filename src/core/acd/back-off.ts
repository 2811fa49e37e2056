// What becomes of agents who do not take what they are offered: a rest that depends on the reason, then a pause.
import type { RefusalReason } from '../interaction/event.js';

export interface BackOff {
  /** Rest after the 1st, 2nd, 3rd … refusal in a row, by the reason of the last one; a list's last value is kept from then on. */
  readonly restMs: Readonly<Record<RefusalReason, readonly number[]>>;
  /** So many offers in a row without an answer, and the agent goes on a break by itself: nobody is there. 0 = never. */
  readonly pauseAfter: number;
}

const RESTS_MS: readonly number[] = [10_000, 30_000, 60_000];

/** What a centre has that says nothing of it. */
export const BACK_OFF: BackOff = {
  restMs: {
    rejected: RESTS_MS,
    busy: RESTS_MS,
    'no-answer': RESTS_MS,
    unreachable: RESTS_MS,
    'not-registered': RESTS_MS,
  },
  pauseAfter: 3,
};

/** Reason of the break that follows offers nobody answered. */
export const UNANSWERED = 'unanswered';

/** Who rejects is there. A phone that says busy to an agent who is free is as good as unattended. */
export function isUnanswered(reason: RefusalReason): boolean {
  return reason !== 'rejected';
}

/** @param refusals in a row, the last one included */
export function restMsOf({ restMs }: BackOff, reason: RefusalReason, refusals: number): number {
  const rests = restMs[reason];
  return rests[Math.min(refusals, rests.length) - 1] ?? 0;
}

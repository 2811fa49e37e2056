// What an INVITE that was not answered means for the agent or number that was called.
import type { RefusalReason } from '../../core/interaction/event.js';

export interface Failure {
  readonly reason: RefusalReason;
  readonly sipStatus?: number;
  /** 6xx: nobody else of this person shall be tried (RFC 3261 §21.6). */
  readonly final: boolean;
}

const REASONS: Readonly<Record<number, RefusalReason>> = {
  404: 'unreachable',
  408: 'no-answer',
  410: 'unreachable',
  480: 'no-answer',
  484: 'unreachable',
  486: 'busy',
  487: 'no-answer',
  600: 'busy',
  604: 'unreachable',
};

/** `undefined`: there was no SIP answer at all. Redirects are not followed: that would let a phone choose whom we call. */
export function failureOf(sipStatus: number | undefined): Failure {
  if (sipStatus === undefined) return { reason: 'unreachable', final: false };
  const reason = REASONS[sipStatus] ?? (sipStatus >= 500 && sipStatus < 600 ? 'unreachable' : 'rejected');
  return { reason, sipStatus, final: sipStatus >= 600 };
}

/** What a person did counts before what the network did. */
const WEIGHT: Readonly<Record<RefusalReason, number>> = {
  rejected: 5,
  busy: 4,
  'no-answer': 3,
  unreachable: 2,
  'not-registered': 1,
};

/** The failure of several devices that were all tried. */
export function worstOf(failures: readonly Failure[]): Failure {
  const [first = { reason: 'not-registered', final: false } as const, ...rest] = failures;
  return rest.reduce<Failure>((best, next) => (WEIGHT[next.reason] > WEIGHT[best.reason] ? next : best), first);
}

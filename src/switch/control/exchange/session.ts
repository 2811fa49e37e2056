// The timer that a dialog keeps: of its session, or of the subscription it is.
import type { Timer } from '../../../lib/clock.js';
import type { SessionTerms } from '../../sip/session-timer.js';

/** `role` is ours in the transaction that set the terms. */
export type Session =
  | { readonly kind: 'none' }
  | { readonly kind: 'subscribed'; readonly timer: Timer }
  | { readonly kind: 'timed'; readonly terms: SessionTerms; readonly role: 'uac' | 'uas'; readonly timer: Timer };

export const NO_SESSION: Session = { kind: 'none' };

export function endSession(live: { session: Session }): void {
  if (live.session.kind !== 'none') live.session.timer.cancel();
  live.session = NO_SESSION;
}

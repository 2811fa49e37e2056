// Repeats the 2xx of an INVITE until the ACK comes, which only the user agent core may do (RFC 3261 §13.3.1.4).
import type { Clock, Timer } from '../../lib/clock.js';
import type { SipResponse } from './message/message.js';
import { DEFAULT_TIMERS, giveUpMs, type SipTimers } from './transaction/timers.js';
import type { ServerTransaction } from './transaction/transaction.js';

export interface AcceptedInvite {
  /** The ACK has come: nothing more is sent. Safe to call twice. */
  acknowledged(): void;
  /** The call ended otherwise: nothing more is sent, `onTimeout` stays silent. Safe to call twice. */
  stop(): void;
}

export interface AcceptOptions {
  readonly clock: Clock;
  readonly timers?: Partial<SipTimers>;
  /** No ACK within 64*T1: the dialog is to be ended by a BYE. */
  readonly onTimeout: () => void;
}

/**
 * Sends `response` at once, then after T1, 2*T1, … T2: also over TCP, for a hop further on may be UDP. Ends with
 * `onTimeout` after 64*T1 without ACK.
 */
export function acceptInvite(
  transaction: ServerTransaction,
  response: SipResponse,
  options: AcceptOptions,
): AcceptedInvite {
  const { clock, onTimeout } = options;
  const timers = { ...DEFAULT_TIMERS, ...options.timers };
  let repeat: Timer | undefined;
  // Set before sending, so that at 64*T1 it rings before the transaction's Timer L.
  const deadline = clock.after(giveUpMs(timers), () => {
    repeat?.cancel();
    onTimeout();
  });
  const sendEvery = (gapMs: number): void => {
    transaction.respond(response);
    repeat = clock.after(gapMs, () => sendEvery(Math.min(gapMs * 2, timers.t2Ms)));
  };
  sendEvery(timers.t1Ms);
  const stop = (): void => {
    repeat?.cancel();
    deadline.cancel();
  };
  return { acknowledged: stop, stop };
}

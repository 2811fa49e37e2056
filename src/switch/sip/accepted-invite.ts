// Repeats the 2xx of an INVITE until the ACK comes, which only the user agent core may do (RFC 3261 §13.3.1.4).
import type { Clock } from '../../lib/clock.js';
import type { SipResponse } from './message/message.js';
import type { SipTimers } from './transaction/timers.js';
import type { ServerTransaction } from './transaction/transaction.js';

export interface AcceptedInvite {
  /** The ACK has come. */
  acknowledged(): void;
  /** The call ended otherwise. */
  stop(): void;
}

/** Sends `response` at once, then after T1, 2*T1, … T2; `onTimeout` after 64*T1 without ACK. */
export declare function acceptInvite(
  transaction: ServerTransaction,
  response: SipResponse,
  options: { readonly clock: Clock; readonly timers?: Partial<SipTimers>; readonly onTimeout: () => void },
): AcceptedInvite;

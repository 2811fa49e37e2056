// Subscriptions: when their dialogs end, though nobody says so (RFC 6665 §4.2.2, §4.4.1).
import { parseDecimal } from '../../sip/message/grammar.js';
import type { SipMessage } from '../../sip/message/message.js';
import { giveUpMs } from '../../sip/transaction/timers.js';
import { endSession, NO_SESSION } from './session.js';
import type { Exchange, LiveDialog } from './tables.js';

/** When neither side has said how long. */
const DEFAULT_S = 3_600;
/** Longer ones are forgotten after a day without being renewed. */
export const MAX_SUBSCRIPTION_S = 86_400;
/** To a NOTIFY: nobody is subscribed any more (RFC 5057 §5.1). */
const ENDING = new Set([404, 405, 408, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 502, 604]);

/** After a 2xx to a SUBSCRIBE: the time begins anew, and after it the last NOTIFY is waited for (Timer N). */
export function keepSubscription(
  exchange: Exchange,
  live: LiveDialog,
  { request, response }: { readonly request: SipMessage; readonly response: SipMessage },
): void {
  const { dialogs, clock, timers } = exchange;
  if (live.method !== 'SUBSCRIBE' || !dialogs.has(live)) return;
  endSession(live);
  const seconds = Math.min(expiresOf(response) ?? expiresOf(request) ?? DEFAULT_S, MAX_SUBSCRIPTION_S);
  const timer = clock.after(seconds * 1000 + giveUpMs(timers), () => {
    live.session = NO_SESSION;
    dialogs.delete(live);
  });
  live.session = { kind: 'subscribed', timer };
}

export function endsSubscription(status: number): boolean {
  return ENDING.has(status);
}

function expiresOf({ headers }: SipMessage): number | undefined {
  return parseDecimal(headers.get('Expires') ?? '', 2 ** 32 - 1);
}

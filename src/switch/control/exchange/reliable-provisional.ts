// A provisional response that is repeated until its PRACK comes (RFC 3262 §3).
import type { Clock, Timer } from '../../../lib/clock.js';
import type { SipResponse } from '../../sip/message/message.js';
import type { SipTimers } from '../../sip/transaction/timers.js';
import { giveUpMs } from '../../sip/transaction/timers.js';
import type { ServerTransaction } from '../../sip/transaction/transaction.js';

export interface ReliableProvisional {
  readonly rseq: number;
  readonly hasBody: boolean;
  /** The PRACK has come, or the call is over. */
  stop(): void;
}

/** Sends `response` now, after T1, and at doubling gaps; `onTimeout` after 64*T1 without PRACK. */
export function sendReliably(
  transaction: ServerTransaction,
  response: SipResponse,
  options: { readonly rseq: number; readonly clock: Clock; readonly timers: SipTimers; readonly onTimeout: () => void },
): ReliableProvisional {
  const { clock, timers, rseq } = options;
  let timer: Timer;
  const endMs = clock.monotonicMs() + giveUpMs(timers);
  const repeatAfter = (gapMs: number): void => {
    const leftMs = endMs - clock.monotonicMs();
    timer = clock.after(Math.min(gapMs, leftMs), () => {
      if (leftMs <= gapMs) {
        options.onTimeout();
        return;
      }
      transaction.respond(response);
      repeatAfter(gapMs * 2);
    });
  };
  transaction.respond(response);
  repeatAfter(timers.t1Ms);
  return { rseq, hasBody: response.body.length > 0, stop: () => timer.cancel() };
}

// Owns how requests of ours go out inside a call: who we are, where they are sent, and the cause that a BYE tells.
import type { Log } from '../../lib/log.js';
import type { Dialog, InDialogOptions, InDialogRequest } from '../sip/dialog.js';
import { requestInDialog } from '../sip/dialog.js';
import { peerOfUri } from '../sip/next-hop.js';
import type { Peer } from '../sip/peer.js';
import type { SentRequest, SipStack } from '../sip/stack.js';
import type { ClientHandlers } from '../sip/transaction/transaction.js';

export interface OwnRequests {
  /** In a transaction of its own; returns the dialog with its CSeq used up. Throws when there is no way to the peer. */
  send(dialog: Dialog, method: string, options: InDialogOptions, handlers: ClientHandlers): InDialogRequest;
  /** The ACK for a 2xx. Throws as `send`. */
  acknowledge(dialog: Dialog, cseq: number): SentRequest;
  /** Nobody waits for its answer; never throws. */
  bye(dialog: Dialog, cause: string): void;
}

/** @param source where the call came from; requests go there when the next hop is a name */
export function ownRequests(stack: SipStack, userAgent: string, source: Peer, log: Log): OwnRequests {
  const build = (dialog: Dialog, method: string, options: InDialogOptions): InDialogRequest => {
    const headers = [['User-Agent', userAgent] as const, ...(options.headers ?? [])];
    return requestInDialog(dialog, method, { ...options, headers });
  };
  const send: OwnRequests['send'] = (dialog, method, options, handlers) => {
    const built = build(dialog, method, options);
    stack.request(built.request, peerOfUri(built.nextHop) ?? source, handlers);
    return built;
  };
  return {
    send,
    acknowledge(dialog, cseq) {
      const { request, nextHop } = build(dialog, 'ACK', { cseq });
      return stack.send(request, peerOfUri(nextHop) ?? source);
    },
    bye(dialog, cause) {
      const handlers: ClientHandlers = {
        onResponse: () => undefined,
        onFailure: (reason) => log.warn({ reason }, 'BYE not answered'),
      };
      try {
        send(dialog, 'BYE', { headers: [['Reason', reasonOf(cause)]] }, handlers);
      } catch (error) {
        log.error({ err: error }, 'BYE not sent');
      }
    },
  };
}

const NORMAL_CLEARING = 16;

/** ITU-T Q.850. */
const Q850: Readonly<Record<string, number>> = {
  NORMAL_CLEARING,
  USER_BUSY: 17,
  NO_ANSWER: 19,
  CALL_REJECTED: 21,
  DESTINATION_OUT_OF_ORDER: 27,
  NORMAL_TEMPORARY_FAILURE: 41,
  INCOMPATIBLE_DESTINATION: 88,
  RECOVERY_ON_TIMER_EXPIRE: 102,
  // FreeSWITCH's own, beyond the seven bits of Q.850.
  MEDIA_TIMEOUT: 604,
};

/** A Reason header (RFC 3326) for a cause by its name. */
function reasonOf(cause: string): string {
  return `Q.850;cause=${Q850[cause] ?? NORMAL_CLEARING};text="${cause}"`;
}

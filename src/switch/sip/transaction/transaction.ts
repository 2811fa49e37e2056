// The two kinds of transaction as the layers above see them (RFC 3261 §17).
import type { Headers } from '../message/headers.js';
import type { SipRequest, SipResponse } from '../message/message.js';
import type { Listener, Peer } from '../peer.js';

export type ServerState = 'trying' | 'proceeding' | 'completed' | 'accepted' | 'confirmed' | 'terminated';

export interface ServerTransaction {
  /** A uuid. */
  readonly id: string;
  /** As received, its top Via completed by received and rport. */
  readonly request: SipRequest;
  readonly source: Peer;
  readonly local: Listener;
  /** For the To tag of our responses, one per transaction (RFC 3261 §8.2.6.2); the 200 to a CANCEL carries it too. */
  readonly localTag: string;
  readonly state: ServerState;
  /**
   * Sends a response; the caller supplies every header ({@link makeResponse}). After a 2xx to an INVITE more 2xx may
   * follow: copies of it, sent until the ACK comes. False when the transaction is over for this response: nothing sent.
   */
  respond(response: SipResponse): boolean;
}

export interface ClientTransaction {
  /** A uuid. */
  readonly id: string;
  /** As sent, with our Via on top. */
  readonly request: SipRequest;
  /** With the connection that carried the request, when there is one. */
  readonly destination: Peer;
  readonly local: Listener;
  /**
   * Cancels an INVITE (RFC 3261 §9.1): waits for a provisional response, sends CANCEL with the INVITE's branch, and
   * reports a time-out when no final response comes within 64*T1. Nothing happens after a final response, or when
   * called twice, or for other methods.
   */
  cancel(extraHeaders?: Headers): void;
}

export interface ClientHandlers {
  /** Every 1xx (100 too) and every final response; for an INVITE also copies of the 2xx and 2xx of other forks. */
  onResponse(response: SipResponse, source: Peer): void;
  /** Nobody answered in time (act as on 408), or the request could not be sent (as on 503). Last call, never made during `request()`. */
  onFailure(reason: 'timeout' | 'transport'): void;
}

// The SIP stack as one piece: transports below, transactions in the middle, handlers of the user agent above.
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { SipRequest } from './message/message.js';
import type { Listener, Peer, TransportName } from './peer.js';
import type { SipTimers } from './transaction/timers.js';
import type { ClientHandlers, ClientTransaction, ServerTransaction } from './transaction/transaction.js';

export interface StackHandlers {
  /** A new request of any method except ACK and CANCEL. An INVITE has had its 100 already (unless `auto100` is false). */
  onRequest(transaction: ServerTransaction): void;
  /** A CANCEL for an INVITE not yet answered. The CANCEL has had its 200; answer the INVITE with 487. */
  onCancel(transaction: ServerTransaction, cancel: SipRequest): void;
  /** A CANCEL (it has had its 200) for an INVITE answered with 2xx already: no effect in RFC 3261 §9.2. */
  onLateCancel?(transaction: ServerTransaction, cancel: SipRequest): void;
  /** An ACK that ends no failed INVITE: one for a 2xx, or a stray. */
  onAck(ack: SipRequest, source: Peer): void;
  /** A failure response to an INVITE was never acknowledged (Timer H). */
  onAckTimeout?(transaction: ServerTransaction): void;
  /** A response could not be delivered. */
  onResponseFailure?(transaction: ServerTransaction): void;
  onConnectionClosed?(connectionId: string): void;
}

export interface ListenOptions {
  readonly transport: TransportName;
  /** IP literal to bind. */
  readonly address: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly external?: string;
}

export interface StackOptions {
  readonly listen: readonly ListenOptions[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly timers?: Partial<SipTimers>;
  /** Answer each new INVITE with 100 at once; default true. */
  readonly auto100?: boolean;
}

export interface SentRequest {
  /** As sent, with our Via. */
  readonly request: SipRequest;
  /** Sends the same bytes again: the ACK to a repeated 2xx. */
  resend(): void;
}

export interface SipStack {
  readonly listeners: readonly Listener[];
  /** The listener we would send from, or undefined when the transport is not spoken here. */
  listenerFor(destination: Peer): Listener | undefined;
  /** Sends a request in a transaction of its own: adds the top Via, Max-Forwards when missing, Content-Length. */
  request(message: SipRequest, destination: Peer, handlers: ClientHandlers): ClientTransaction;
  /** Sends outside any transaction: the ACK for a 2xx. Adds the top Via with a fresh branch. */
  send(message: SipRequest, destination: Peer): SentRequest;
  snapshot(): StackSnapshot;
  close(): Promise<void>;
}

export interface StackSnapshot {
  readonly listeners: readonly Listener[];
  readonly serverTransactions: number;
  readonly clientTransactions: number;
  readonly connections: number;
}

/** Binds every listener; rejects when one cannot be bound, with none left open. */
export declare function openStack(options: StackOptions, handlers: StackHandlers): Promise<SipStack>;

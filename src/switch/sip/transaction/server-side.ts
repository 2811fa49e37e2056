// Requests coming in: finds or makes their transaction, and answers by itself what no core needs to see.
import type { Clock } from '../../../lib/clock.js';
import type { Ids } from '../../../lib/ids.js';
import type { SipRequest } from '../message/message.js';
import type { Essentials } from '../message/parse.js';
import { makeResponse } from '../message/response.js';
import { serialise } from '../message/serialise.js';
import { isReliable, type Listener, type Peer } from '../peer.js';
import { KeptAnswers } from './kept-answers.js';
import { createServerRun, type ServerRun } from './server-run.js';
import { type Keys, keysOf, ServerTable } from './server-table.js';
import { giveUpMs, type SipTimers } from './timers.js';
import type { ServerTransaction } from './transaction.js';

export interface ServerHandlers {
  /** A new request of any method except ACK and CANCEL. See `auto100` for the 100 of an INVITE. */
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
}

/** A well-formed request, its top Via stamped, and how it came. */
export interface Arrival {
  readonly request: SipRequest;
  readonly essentials: Essentials;
  /** Its size on the wire. */
  readonly bytes: number;
  readonly source: Peer;
  readonly local: Listener;
  /** Sends a response back the way the request came. */
  reply(bytes: Buffer, onError: (error: Error) => void): void;
}

export interface ServerSidePorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timers: SipTimers;
  readonly auto100: boolean | number;
  readonly handlers: ServerHandlers;
  /** A call or registration has been accepted. */
  onAccepted(source: Peer): void;
  /** Runs a call into the core; false when it threw. */
  tell(what: string, call: () => void): boolean;
}

/** Asked of a sender when there is no room. */
const RETRY_AFTER_S = 10;
const TAG_BYTES = 8;

export class ServerSide {
  readonly #table = new ServerTable();
  readonly #answers: KeptAnswers;

  constructor(readonly ports: ServerSidePorts) {
    this.#answers = new KeptAnswers(ports.clock, giveUpMs(ports.timers));
  }

  get size(): number {
    return this.#table.size + this.#answers.size;
  }

  receive(arrival: Arrival): void {
    const { request, essentials, source } = arrival;
    if (request.method === 'ACK') {
      this.#onAck(arrival);
      return;
    }
    const keys = keysOf(request, essentials, request.method);
    const copyOf = this.#table.find(keys);
    if (copyOf !== undefined) copyOf.receive({ on: 'request' });
    else if (this.#answers.repeat(keys.exact)) return;
    else if (this.#table.isFull(request, essentials, source.address)) this.#refuse(arrival);
    else if (request.method === 'CANCEL') this.#onCancel(arrival, keys);
    else this.#onNew(arrival, keys);
  }

  /** Whether a request that came by that connection is not over yet. */
  uses(connectionId: string): boolean {
    for (const run of this.#table) if (run.source.connectionId === connectionId) return true;
    return false;
  }

  abandon(): void {
    for (const run of this.#table) run.abandon();
    this.#answers.clear();
  }

  #onAck({ request, essentials, source }: Arrival): void {
    const invite = this.#table.findInvite(request, essentials);
    if (invite !== undefined) invite.acknowledge(request, source);
    else this.ports.tell('onAck', () => this.ports.handlers.onAck(request, source));
  }

  #onNew(arrival: Arrival, keys: Keys): void {
    const { request } = arrival;
    const { merge } = keys;
    const merged =
      this.#table.findMerged(keys) !== undefined || (merge !== undefined && this.#answers.hasMerged(merge));
    const run = this.#begin(arrival, keys);
    // The same request by two paths: one of them is enough (RFC 3261 §8.2.2.2).
    if (merged) {
      run.respond(makeResponse(request, 482, { toTag: run.localTag }));
      return;
    }
    if (request.method === 'INVITE') this.#try(run);
    const taken = this.ports.tell('onRequest', () => this.ports.handlers.onRequest(run));
    if (!taken) run.respond(makeResponse(request, 500, { toTag: run.localTag }));
  }

  #try(run: ServerRun): void {
    const { auto100 } = this.ports;
    if (auto100 === true) run.respond(makeResponse(run.request, 100));
    else if (auto100 !== false) run.tryLater(auto100);
  }

  #onCancel(arrival: Arrival, keys: Keys): void {
    const { handlers, tell } = this.ports;
    const cancel = arrival.request;
    const invite = this.#table.findInvite(cancel, arrival.essentials);
    const run = this.#begin(arrival, keys);
    if (invite === undefined) {
      run.respond(makeResponse(cancel, 481, { toTag: run.localTag }));
      return;
    }
    // The tag that the INVITE's responses carry (§9.2).
    run.respond(makeResponse(cancel, 200, { toTag: invite.localTag }));
    if (invite.state === 'proceeding') tell('onCancel', () => handlers.onCancel(invite, cancel));
    else if (invite.state === 'accepted') tell('onLateCancel', () => handlers.onLateCancel?.(invite, cancel));
  }

  #begin({ request, bytes: size, source, local, reply }: Arrival, keys: Keys): ServerRun {
    const { clock, ids, timers, handlers, tell, onAccepted } = this.ports;
    const run = createServerRun({
      id: ids.uuid(),
      request,
      source,
      local,
      localTag: ids.token(TAG_BYTES),
      conditions: { timers, reliable: isReliable(source.transport) },
      clock,
      transmit: reply,
      onAccepted,
      onAck: (ack, from) => tell('onAck', () => handlers.onAck(ack, from)),
      onAckTimeout: (transaction) => tell('onAckTimeout', () => handlers.onAckTimeout?.(transaction)),
      onResponseFailure: (transaction) => tell('onResponseFailure', () => handlers.onResponseFailure?.(transaction)),
      onAnswered: (answered, bytes) => {
        this.#table.remove(answered);
        this.#answers.keep({ exact: keys.exact, merge: keys.merge, bytes, reply });
      },
      onTerminated: (ended) => this.#table.remove(ended),
    });
    this.#table.add(run, keys, size);
    return run;
  }

  #refuse({ request, reply }: Arrival): void {
    const headers: [string, string][] = [['Retry-After', String(RETRY_AFTER_S)]];
    const response = makeResponse(request, 503, { toTag: this.ports.ids.token(TAG_BYTES), headers });
    reply(serialise(response), () => undefined); // the sender will try again
  }
}

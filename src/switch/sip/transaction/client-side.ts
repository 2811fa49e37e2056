// Requests going out: starts their transactions, and brings responses to the right one (RFC 3261 §17.1.3).
import type { Clock } from '../../../lib/clock.js';
import type { Ids } from '../../../lib/ids.js';
import type { SipRequest, SipResponse } from '../message/message.js';
import type { Essentials } from '../message/parse.js';
import { isReliable, type Listener, type Peer } from '../peer.js';
import { type ClientRun, createClientRun } from './client-run.js';
import type { SipTimers } from './timers.js';
import type { ClientHandlers, ClientTransaction } from './transaction.js';

export interface Departure {
  /** With our Via on top. */
  readonly request: SipRequest;
  /** The branch of that Via. */
  readonly branch: string;
  readonly destination: Peer;
  readonly local: Listener;
  readonly handlers: ClientHandlers;
  /** Returns the id of the connection used. `again`: the first copy has found no answer. */
  transmit(bytes: Buffer, to: Peer, onError: (error: Error) => void, again: boolean): string | undefined;
}

export interface ClientSidePorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timers: SipTimers;
  /** Runs a call into the core; false when it threw. */
  tell(what: string, call: () => void): boolean;
}

/** Whatever becomes of a CANCEL shows in the INVITE's final response. */
const CANCEL_HANDLERS: ClientHandlers = {
  onResponse: () => undefined,
  onFailure: () => undefined,
};

export class ClientSide {
  readonly #runs = new Map<string, ClientRun>();

  constructor(readonly ports: ClientSidePorts) {}

  get size(): number {
    return this.#runs.size;
  }

  start(departure: Departure): ClientTransaction {
    const { request, branch, destination, local, transmit } = departure;
    const { clock, ids, timers, tell } = this.ports;
    const key = keyOf(branch, request.method);
    const run = createClientRun({
      id: ids.uuid(),
      request,
      destination,
      local,
      handlers: {
        onResponse: (response, source) =>
          void tell('onResponse', () => departure.handlers.onResponse(response, source)),
        onFailure: (reason) => void tell('onFailure', () => departure.handlers.onFailure(reason)),
      },
      conditions: { timers, reliable: isReliable(destination.transport) },
      clock,
      transmit,
      sendCancel: (cancel, to) =>
        void this.start({ ...departure, request: cancel, destination: to, handlers: CANCEL_HANDLERS }),
      onTerminated: () => void this.#runs.delete(key),
    });
    this.#runs.set(key, run);
    run.receive({ on: 'start' });
    return run;
  }

  /** False when the response belongs to no transaction: a stray, dropped (RFC 6026 §7.2). */
  receive(response: SipResponse, { topVia, cseq }: Essentials, source: Peer): boolean {
    const branch = topVia.parameters.get('branch');
    const run = branch === undefined ? undefined : this.#runs.get(keyOf(branch, cseq.method));
    run?.receive({ on: 'response', response }, source);
    return run !== undefined;
  }

  /** Whether a request on that connection still waits for its answer. */
  uses(connectionId: string): boolean {
    for (const run of this.#runs.values()) if (run.destination.connectionId === connectionId) return true;
    return false;
  }

  /** Whatever waited for a response on that connection will not get one. */
  connectionClosed(connectionId: string): void {
    for (const run of [...this.#runs.values()]) {
      if (run.destination.connectionId === connectionId) run.receive({ on: 'transport-error' });
    }
  }

  abandon(): void {
    for (const run of this.#runs.values()) run.abandon();
    this.#runs.clear();
  }
}

function keyOf(branch: string, method: string): string {
  return `${branch} ${method}`;
}

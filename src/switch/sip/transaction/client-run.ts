// A client transaction at work: does what its machine says, with real timers and a transport.
import type { Clock } from '../../../lib/clock.js';
import { parseCSeq } from '../message/cseq.js';
import { Headers } from '../message/headers.js';
import { EMPTY_BODY, type SipRequest, type SipResponse } from '../message/message.js';
import { serialise } from '../message/serialise.js';
import type { Listener, Peer } from '../peer.js';
import { IDLE_INVITE_CLIENT, inviteClient } from './invite-client.js';
import { IDLE_NON_INVITE_CLIENT, nonInviteClient } from './non-invite-client.js';
import type { ClientEffect, ClientInput, Conditions, Step } from './step.js';
import { TimerSet } from './timer-set.js';
import type { ClientHandlers, ClientTransaction } from './transaction.js';

export interface ClientSetup {
  readonly id: string;
  /** With our Via on top. */
  readonly request: SipRequest;
  readonly destination: Peer;
  readonly local: Listener;
  readonly handlers: ClientHandlers;
  readonly conditions: Conditions;
  readonly clock: Clock;
  /** Returns the id of the connection used. `again`: the first copy has found no answer. */
  transmit(bytes: Buffer, to: Peer, onError: (error: Error) => void, again: boolean): string | undefined;
  /** Starts the CANCEL's own transaction. */
  sendCancel(cancel: SipRequest, to: Peer): void;
  onTerminated(): void;
}

interface NamedState {
  readonly name: string;
}

/** Creates the right machine for the method; {@link ClientRun.receive} `start` sets it going. */
export function createClientRun(setup: ClientSetup): ClientRun {
  return setup.request.method === 'INVITE'
    ? new MachineRun(setup, IDLE_INVITE_CLIENT, inviteClient)
    : new MachineRun(setup, IDLE_NON_INVITE_CLIENT, nonInviteClient);
}

export interface ClientRun extends ClientTransaction {
  receive(input: ClientInput, source?: Peer): void;
  /** Stops without telling anybody. */
  abandon(): void;
}

class MachineRun<State extends NamedState> implements ClientRun {
  readonly id: string;
  readonly request: SipRequest;
  readonly local: Listener;
  #destination: Peer;
  #state: State;
  #cancelHeaders: Headers | undefined;
  #copies = 0;
  readonly #wire: Buffer;
  readonly #timers: TimerSet;

  constructor(
    readonly setup: ClientSetup,
    initial: State,
    readonly machine: (state: State, input: ClientInput, conditions: Conditions) => Step<State, ClientEffect>,
  ) {
    this.id = setup.id;
    this.request = setup.request;
    this.local = setup.local;
    this.#destination = setup.destination;
    this.#state = initial;
    this.#wire = serialise(setup.request);
    this.#timers = new TimerSet(setup.clock, (timer) => this.receive({ on: 'timer', timer }));
  }

  get destination(): Peer {
    return this.#destination;
  }

  cancel(extraHeaders?: Headers): void {
    this.#cancelHeaders ??= extraHeaders;
    this.receive({ on: 'cancel' });
  }

  receive(input: ClientInput, source: Peer = this.#destination): void {
    if (this.#state.name === 'terminated') return;
    const { state, effects } = this.machine(this.#state, input, this.setup.conditions);
    this.#state = state;
    const over = state.name === 'terminated';
    if (over) this.#end();
    for (const effect of effects) this.#act(effect, source);
  }

  abandon(): void {
    this.#timers.clear();
  }

  #end(): void {
    this.#timers.clear();
    this.setup.onTerminated();
  }

  #act(effect: ClientEffect, source: Peer): void {
    const { sendCancel, handlers } = this.setup;
    if (effect.do === 'start' || effect.do === 'stop') this.#timers.apply(effect);
    else if (effect.do === 'send-request') this.#transmit(this.#wire, ++this.#copies === 2);
    else if (effect.do === 'send-ack') this.#transmit(serialise(ackFor(this.request, effect.response)));
    else if (effect.do === 'send-cancel') sendCancel(cancelFor(this.request, this.#cancelHeaders), this.#destination);
    else if (effect.do === 'pass-up') handlers.onResponse(effect.response, source);
    else handlers.onFailure(effect.reason);
  }

  #transmit(bytes: Buffer, again = false): void {
    const onError = (): void => this.receive({ on: 'transport-error' });
    const connectionId = this.setup.transmit(bytes, this.#destination, onError, again);
    if (connectionId !== undefined && connectionId !== this.#destination.connectionId) {
      this.#destination = { ...this.#destination, connectionId };
    }
  }
}

/** The ACK for a failure response, part of the INVITE's transaction (RFC 3261 §17.1.1.3). */
export function ackFor(invite: SipRequest, response: SipResponse): SipRequest {
  return sameBranch(invite, 'ACK', response.headers.get('To'));
}

/** The CANCEL of an INVITE (RFC 3261 §9.1). */
export function cancelFor(invite: SipRequest, extra: Headers | undefined): SipRequest {
  const cancel = sameBranch(invite, 'CANCEL', invite.headers.get('To'));
  for (const [name, value] of extra ?? []) cancel.headers.append(name, value);
  return cancel;
}

function sameBranch(invite: SipRequest, method: 'ACK' | 'CANCEL', to: string | undefined): SipRequest {
  const headers = new Headers();
  copy('Via');
  headers.append('Max-Forwards', '70');
  for (const route of invite.headers.all('Route')) headers.append('Route', route);
  copy('From');
  if (to !== undefined) headers.append('To', to);
  copy('Call-ID');
  const number = parseCSeq(invite.headers.get('CSeq') ?? '')?.number ?? 0;
  headers.append('CSeq', `${number} ${method}`);
  return { kind: 'request', method, uri: invite.uri, headers, body: EMPTY_BODY };

  function copy(name: string): void {
    const value = invite.headers.get(name);
    if (value !== undefined) headers.append(name, value);
  }
}

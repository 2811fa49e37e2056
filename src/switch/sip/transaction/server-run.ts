// A server transaction at work: does what its machine says, with real timers and a transport.
import type { Clock, Timer } from '../../../lib/clock.js';
import type { SipRequest, SipResponse } from '../message/message.js';
import { makeResponse } from '../message/response.js';
import { serialise } from '../message/serialise.js';
import type { Listener, Peer } from '../peer.js';
import { inviteServer, NEW_INVITE_SERVER } from './invite-server.js';
import { nonInviteServer, startNonInviteServer } from './non-invite-server.js';
import type { Conditions, ServerEffect, ServerInput, Step } from './step.js';
import { TimerSet } from './timer-set.js';
import type { ServerState, ServerTransaction } from './transaction.js';

export interface ServerSetup {
  readonly id: string;
  readonly request: SipRequest;
  readonly source: Peer;
  readonly local: Listener;
  readonly localTag: string;
  readonly conditions: Conditions;
  readonly clock: Clock;
  transmit(bytes: Buffer, onError: (error: Error) => void): void;
  /** A 2xx to an INVITE or REGISTER has gone out. */
  onAccepted(source: Peer): void;
  onAck(ack: SipRequest, source: Peer): void;
  onAckTimeout(transaction: ServerTransaction): void;
  onResponseFailure(transaction: ServerTransaction): void;
  /** The final answer to another request than INVITE has gone out: the transaction has nothing left to decide. */
  onAnswered(run: ServerRun, bytes: Buffer): void;
  onTerminated(run: ServerRun): void;
}

export interface ServerRun extends ServerTransaction {
  receive(input: Exclude<ServerInput, { on: 'ack' }>): void;
  acknowledge(ack: SipRequest, source: Peer): void;
  /** 100 in so many ms, unless something else was answered by then. */
  tryLater(afterMs: number): void;
  /** Stops without telling anybody. */
  abandon(): void;
}

/** Creates the right machine for the method. */
export function createServerRun(setup: ServerSetup): ServerRun {
  return setup.request.method === 'INVITE'
    ? new MachineRun(setup, { state: NEW_INVITE_SERVER, effects: [] }, inviteServer)
    : new MachineRun(setup, startNonInviteServer(setup.conditions), nonInviteServer);
}

/** Whoever may do these is no stranger. */
const ADMITTING = new Set(['INVITE', 'REGISTER']);

interface NamedState {
  readonly name: ServerState;
}

interface PendingAck {
  readonly ack: SipRequest;
  readonly source: Peer;
}

class MachineRun<State extends NamedState> implements ServerRun {
  readonly id: string;
  readonly request: SipRequest;
  readonly source: Peer;
  readonly local: Listener;
  readonly localTag: string;
  #state: State;
  #trying: Timer | undefined;
  readonly #timers: TimerSet;
  #lastSent: Buffer | undefined;

  constructor(
    readonly setup: ServerSetup,
    first: Step<State, ServerEffect>,
    readonly machine: (state: State, input: ServerInput, conditions: Conditions) => Step<State, ServerEffect>,
  ) {
    this.id = setup.id;
    this.request = setup.request;
    this.source = setup.source;
    this.local = setup.local;
    this.localTag = setup.localTag;
    this.#timers = new TimerSet(setup.clock, (timer) => this.receive({ on: 'timer', timer }));
    this.#state = first.state;
    for (const effect of first.effects) this.#act(effect, undefined);
  }

  get state(): ServerState {
    return this.#state.name;
  }

  tryLater(afterMs: number): void {
    const { clock, request } = this.setup;
    this.#trying = clock.after(afterMs, () => this.respond(makeResponse(request, 100)));
  }

  respond(response: SipResponse): boolean {
    this.#trying?.cancel();
    const effects = this.#step({ on: 'respond', response });
    for (const effect of effects) this.#act(effect, undefined);
    if (this.#state.name === 'completed' && this.#lastSent !== undefined && this.request.method !== 'INVITE') {
      this.#timers.clear();
      this.setup.onAnswered(this, this.#lastSent);
      this.#lastSent = undefined;
    }
    const isSent = effects.some((effect) => effect.do === 'send');
    if (isSent && ADMITTING.has(this.request.method) && response.status >= 200 && response.status < 300) {
      this.setup.onAccepted(this.source);
    }
    return isSent;
  }

  receive(input: Exclude<ServerInput, { on: 'ack' }>): void {
    for (const effect of this.#step(input)) this.#act(effect, undefined);
  }

  acknowledge(ack: SipRequest, source: Peer): void {
    for (const effect of this.#step({ on: 'ack' })) this.#act(effect, { ack, source });
  }

  abandon(): void {
    this.#trying?.cancel();
    this.#timers.clear();
  }

  #step(input: ServerInput): readonly ServerEffect[] {
    if (this.#state.name === 'terminated') return [];
    const { state, effects } = this.machine(this.#state, input, this.setup.conditions);
    this.#state = state;
    if (state.name === 'terminated') {
      this.#trying?.cancel();
      this.#timers.clear();
      this.setup.onTerminated(this);
    }
    return effects;
  }

  #act(effect: ServerEffect, pending: PendingAck | undefined): void {
    const { transmit, onAck, onAckTimeout, onResponseFailure } = this.setup;
    if (effect.do === 'start' || effect.do === 'stop') this.#timers.apply(effect);
    else if (effect.do === 'send') {
      this.#lastSent = serialise(effect.response);
      transmit(this.#lastSent, () => this.receive({ on: 'transport-error' }));
    } else if (effect.do === 'report-ack-timeout') onAckTimeout(this);
    else if (effect.do === 'report-transport-failure') onResponseFailure(this);
    else if (pending !== undefined) onAck(pending.ack, pending.source);
  }
}

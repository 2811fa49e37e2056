// One request that a proxy has taken on: its targets tried in turn or at once, one answer given (RFC 3261 §16.7 to §16.10).
import type { Clock, Timer } from '../../../lib/clock.js';
import type { Log } from '../../../lib/log.js';
import { parseDecimal } from '../message/grammar.js';
import { Headers } from '../message/headers.js';
import type { SipRequest, SipResponse } from '../message/message.js';
import { parseNameAddress } from '../message/name-address.js';
import { makeResponse } from '../message/response.js';
import { parseSipUri } from '../message/uri.js';
import type { Peer } from '../peer.js';
import type { SipStack } from '../stack.js';
import type { ClientTransaction, ServerTransaction } from '../transaction/transaction.js';
import { bestResponse } from './best-response.js';
import type { Onward } from './onward-request.js';

/** A target that rings is given up after that long (Timer C: more than 3 minutes). */
export const TIMER_C_MS = 185_000;
/** Targets of one request, those of redirections among them; further ones are left out. */
export const MAX_TARGETS = 20;

export interface ForwardPlan {
  readonly transaction: ServerTransaction;
  /** URIs, in order. */
  readonly targets: readonly string[];
  readonly order: 'serial' | 'simultaneous';
  readonly followRedirects: boolean;
  /** Without any answer, be it 100, a target is given up after that long. */
  readonly provisionalMs?: number;
  /** Without final answer likewise. */
  readonly finalMs?: number;
}

export interface ForwardPorts {
  readonly stack: SipStack;
  readonly clock: Clock;
  readonly log: Log;
  /** The request for one target, with everything but our Via. */
  readonly compose: (target: string, destination: Peer) => SipRequest;
  /** The request's way to one target without the headers that depend on where it leaves. */
  readonly wayTo: (target: string) => Peer | undefined;
  /** A target's own final answer, as it came; not after `onDone`. */
  readonly onFinal: (response: SipResponse, source: Peer) => void;
  /** A 2xx has gone to the caller, or the best of the failures. Called once. */
  readonly onDone: (given: SipResponse | undefined) => void;
}

type BranchState =
  /** Not even a 100 has come. */
  | { readonly kind: 'silent'; readonly timers: readonly Timer[] }
  | { readonly kind: 'heard'; readonly timers: readonly Timer[] }
  /** Given up; what it says still counts when it is a 2xx. */
  | { readonly kind: 'abandoned' }
  | { readonly kind: 'over' };

interface Branch {
  readonly target: string;
  readonly transaction: ClientTransaction;
  state: BranchState;
}

/**
 *   open ──2xx──▶ answered           further 2xx of an INVITE are passed on too
 *    │  └─all failed──▶ failed
 *    └─CANCEL──▶ cancelled ──▶ failed
 */
type State = 'open' | 'cancelled' | 'answered' | 'failed';

export class ForwardedRequest {
  readonly #plan: ForwardPlan;
  readonly #ports: ForwardPorts;
  readonly #known: Set<string>;
  readonly #branches: Branch[] = [];
  readonly #failures: SipResponse[] = [];
  #waiting: string[];
  #state: State = 'open';

  constructor(plan: ForwardPlan, ports: ForwardPorts) {
    this.#plan = plan;
    this.#ports = ports;
    this.#waiting = plan.targets.slice(0, MAX_TARGETS);
    this.#known = new Set(this.#waiting);
  }

  /** Sends the request to its first target, or to all. */
  start(): void {
    this.#advance();
  }

  /** The caller has cancelled: no further target, and the ones that ring are cancelled (§16.10). */
  cancel(cancel: SipRequest): void {
    if (this.#state !== 'open') return;
    this.#state = 'cancelled';
    this.#waiting = [];
    this.#cancelOthers(undefined, Headers.of(cancel.headers.all('Reason').map((value) => ['Reason', value])));
    this.#advance();
  }

  snapshot(): object {
    const branches = this.#branches.map(({ target, state }) => ({ target, state: state.kind }));
    return { method: this.#plan.transaction.request.method, state: this.#state, branches };
  }

  get #isInvite(): boolean {
    return this.#plan.transaction.request.method === 'INVITE';
  }

  get #isOver(): boolean {
    return this.#state === 'answered' || this.#state === 'failed';
  }

  #advance(): void {
    while (!this.#isOver && !this.#isBusy()) {
      const target = this.#waiting.shift();
      if (target === undefined) this.#conclude();
      else this.#try(target);
    }
    if (this.#plan.order === 'serial') return;
    for (const target of this.#waiting.splice(0)) if (!this.#isOver) this.#try(target);
    if (!this.#isOver && !this.#isBusy()) this.#conclude();
  }

  #isBusy(): boolean {
    return this.#branches.some(({ state }) => state.kind === 'silent' || state.kind === 'heard');
  }

  #try(target: string): void {
    const { stack, wayTo, compose, log } = this.#ports;
    const destination = wayTo(target);
    if (destination === undefined || stack.listenerFor(destination) === undefined) {
      log.info({ target }, 'no way to this target');
      this.#failures.push(this.#made(503));
      return;
    }
    // Never called before `branch` is there: the stack reports nothing from within `request`.
    const transaction = stack.request(compose(target, destination), destination, {
      onResponse: (response, source) => this.#onResponse(branch, response, source),
      onFailure: (reason) => this.#onFailure(branch, reason),
    });
    const branch: Branch = { target, transaction, state: { kind: 'silent', timers: [] } };
    branch.state = { kind: 'silent', timers: this.#silenceTimers(branch) };
    this.#branches.push(branch);
  }

  #silenceTimers(branch: Branch): readonly Timer[] {
    const { clock } = this.#ports;
    const { provisionalMs, finalMs } = this.#plan;
    const limits = [provisionalMs, finalMs].filter((limit) => limit !== undefined);
    return limits.length === 0 ? [] : [clock.after(Math.min(...limits), () => this.#abandon(branch))];
  }

  #onResponse(branch: Branch, response: SipResponse, source: Peer): void {
    if (response.status < 200) this.#onProvisional(branch, response);
    else if (response.status < 300) this.#onSuccess(branch, response, source);
    else if (branch.state.kind !== 'over') this.#onRefusal(branch, response, source);
  }

  #onProvisional(branch: Branch, response: SipResponse): void {
    const { state } = branch;
    if (state.kind === 'silent') {
      stopTimers(branch);
      branch.state = { kind: 'heard', timers: [...this.#finalTimer(branch), ...this.#timerC(branch)] };
    } else if (state.kind === 'heard' && response.status > 100 && this.#isInvite) {
      // Timer C begins anew with every sign of life (§16.7 step 2); the time for the final answer does not.
      state.timers.at(-1)?.cancel();
      branch.state = { kind: 'heard', timers: [...state.timers.slice(0, -1), ...this.#timerC(branch)] };
    }
    if (response.status > 100 && !this.#isOver) this.#pass(response);
  }

  #finalTimer(branch: Branch): Timer[] {
    const { finalMs, provisionalMs = 0 } = this.#plan;
    if (finalMs === undefined) return [];
    void provisionalMs;
    return [this.#ports.clock.after(finalMs, () => this.#abandon(branch))];
  }

  #timerC(branch: Branch): Timer[] {
    return this.#isInvite ? [this.#ports.clock.after(TIMER_C_MS, () => this.#abandon(branch))] : [];
  }
}

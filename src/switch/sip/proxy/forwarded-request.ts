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

/** A target that rings is given up after that long (Timer C: more than 3 minutes). */
export const TIMER_C_MS = 185_000;
/** Targets of one request, those of redirections among them; further ones are left out. */
export const MAX_TARGETS = 20;

export interface ForwardTarget {
  readonly uri: string;
  /** Not chosen for the request, but named by a redirection. */
  readonly isRedirected: boolean;
}

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
  /** Where the request goes for that target; undefined when it names no address. */
  readonly wayTo: (target: ForwardTarget) => Peer | undefined;
  /** The request for that target, complete but for our Via. */
  readonly compose: (target: ForwardTarget, destination: Peer) => SipRequest;
  /** A target's own final answer, as it came; not after `onDone`. */
  readonly onFinal: (response: SipResponse, source: Peer) => void;
  /** A 2xx has gone to the caller, or the best of the failures. Called once. */
  readonly onDone: (given: SipResponse) => void;
}

type BranchState =
  /** Not even a 100 has come. */
  | { readonly kind: 'silent'; readonly provisional: Timer | undefined; readonly final: Timer | undefined }
  | { readonly kind: 'heard'; readonly timerC: Timer | undefined; readonly final: Timer | undefined }
  /** Given up; what it says still counts when it is a 2xx. */
  | { readonly kind: 'abandoned' }
  | { readonly kind: 'over' };

interface Branch {
  readonly target: ForwardTarget;
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
  #waiting: ForwardTarget[];
  #state: State = 'open';

  constructor(plan: ForwardPlan, ports: ForwardPorts) {
    this.#plan = plan;
    this.#ports = ports;
    this.#waiting = plan.targets.slice(0, MAX_TARGETS).map((uri) => ({ uri, isRedirected: false }));
    this.#known = new Set(plan.targets);
  }

  /** Sends the request to its first target, or to all. */
  start(): void {
    this.#advance();
  }

  /** The caller has cancelled, or is gone: no further target, and the ones that ring are cancelled (§16.10). */
  cancel(because: Headers): void {
    if (this.#state !== 'open') return;
    this.#state = 'cancelled';
    this.#waiting = [];
    this.#cancelOthers(undefined, Headers.of(because.all('Reason').map((value) => ['Reason', value])));
    this.#advance();
  }

  /** Who asked for it. */
  get source(): Peer {
    return this.#plan.transaction.source;
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

  #try(target: ForwardTarget): void {
    const { stack, clock, wayTo, compose, log } = this.#ports;
    const { provisionalMs, finalMs } = this.#plan;
    const destination = wayTo(target);
    if (destination === undefined || stack.listenerFor(destination) === undefined) {
      log.info({ target }, 'no way to this target');
      this.#failures.push(this.#made(503));
      return;
    }
    const giveUpAfter = (limitMs: number | undefined): Timer | undefined =>
      limitMs === undefined ? undefined : clock.after(limitMs, () => this.#abandon(branch));
    // Never called before `branch` is there: the stack reports nothing from within `request`.
    const transaction = stack.request(compose(target, destination), destination, {
      onResponse: (response, source) => this.#onResponse(branch, response, source),
      onFailure: (reason) => this.#onFailure(branch, reason),
    });
    const state = { kind: 'silent', provisional: giveUpAfter(provisionalMs), final: giveUpAfter(finalMs) } as const;
    const branch: Branch = { target, transaction, state };
    this.#branches.push(branch);
  }

  #onResponse(branch: Branch, response: SipResponse, source: Peer): void {
    if (response.status < 200) this.#onProvisional(branch, response);
    else if (response.status < 300) this.#onSuccess(branch, response, source);
    else if (branch.state.kind !== 'over') this.#onRefusal(branch, response, source);
  }

  #onProvisional(branch: Branch, response: SipResponse): void {
    const { state } = branch;
    if (state.kind === 'silent') {
      state.provisional?.cancel();
      branch.state = { kind: 'heard', timerC: this.#timerC(branch), final: state.final };
    } else if (state.kind === 'heard' && response.status > 100) {
      // Timer C begins anew with every sign of life (§16.7 step 2).
      state.timerC?.cancel();
      branch.state = { ...state, timerC: this.#timerC(branch) };
    }
    if (response.status > 100 && !this.#isOver) this.#pass(response);
  }

  #timerC(branch: Branch): Timer | undefined {
    return this.#isInvite ? this.#ports.clock.after(TIMER_C_MS, () => this.#abandon(branch)) : undefined;
  }

  /** Goes to the caller at once, also when another target was faster: only the caller can hang that call up (§16.7 step 5). */
  #onSuccess(branch: Branch, response: SipResponse, source: Peer): void {
    end(branch);
    const isFirst = !this.#isOver;
    if (!isFirst && !this.#isInvite) return;
    if (!this.#pass(response))
      this.#ports.log.info({ target: branch.target }, '2xx came after the caller was answered');
    if (!isFirst) return;
    this.#state = 'answered';
    this.#waiting = [];
    this.#cancelOthers(branch, Headers.of([['Reason', 'SIP ;cause=200 ;text="Call completed elsewhere"']]));
    this.#ports.onFinal(response, source);
    this.#ports.onDone(response);
  }

  #onRefusal(branch: Branch, response: SipResponse, source: Peer): void {
    end(branch);
    if (this.#isOver) return;
    this.#ports.onFinal(response, source);
    const redirected = response.status < 400 && this.#plan.followRedirects && this.#state === 'open';
    const targets = redirected ? this.#newTargets(response) : [];
    if (targets.length > 0) this.#waiting.unshift(...targets);
    else this.#failures.push(response);
    if (response.status >= 600) {
      // The callee wants to be rung nowhere (§16.7 step 5).
      this.#waiting = [];
      this.#cancelOthers(branch, new Headers());
    }
    this.#advance();
  }

  #onFailure(branch: Branch, reason: 'timeout' | 'transport'): void {
    if (branch.state.kind === 'over') return;
    const wasBusy = branch.state.kind !== 'abandoned';
    end(branch);
    if (this.#isOver || !wasBusy) return;
    this.#failures.push(this.#made(reason === 'timeout' ? 408 : 503));
    this.#advance();
  }

  /** Given up by us: it is cancelled, and the next one has its turn. */
  #abandon(branch: Branch): void {
    stopTimers(branch);
    branch.state = { kind: 'abandoned' };
    branch.transaction.cancel();
    this.#failures.push(this.#made(408));
    this.#advance();
  }

  /** Those that have not answered yet; for anything but INVITE there is nothing to cancel (§9.1). */
  #cancelOthers(answered: Branch | undefined, headers: Headers): void {
    for (const branch of this.#branches) {
      if (branch === answered || branch.state.kind === 'over') continue;
      branch.transaction.cancel(headers);
      if (this.#isOver) stopTimers(branch);
    }
  }

  /** Every target has said no: the caller hears the best of what they said. */
  #conclude(): void {
    const wasCancelled = this.#state === 'cancelled';
    this.#state = 'failed';
    const best = wasCancelled ? this.#made(487) : (bestResponse(this.#failures) ?? this.#made(408));
    this.#pass(best);
    this.#ports.onDone(best);
  }

  #pass(response: SipResponse): boolean {
    const { transaction } = this.#plan;
    const isOurs = response.headers.all('Via').length <= transaction.request.headers.all('Via').length;
    if (isOurs) return transaction.respond(response);
    return transaction.respond({ ...response, headers: response.headers.clone().deleteFirst('Via') });
  }

  #made(status: number): SipResponse {
    const { request, localTag } = this.#plan.transaction;
    // A 408 to anything but INVITE would come after its sender has given up (RFC 4320 §4.2).
    return makeResponse(request, status === 408 && !this.#isInvite ? 504 : status, { toTag: localTag });
  }

  /** The contacts of a redirection that were not tried yet, the preferred ones first (§16.5). */
  #newTargets(response: SipResponse): ForwardTarget[] {
    const targets = response.headers
      .all('Contact')
      .map((contact) => parseNameAddress(contact))
      .filter((address) => address !== undefined && parseSipUri(address.uri) !== undefined)
      .sort((a, b) => preference(b?.parameters.get('q')) - preference(a?.parameters.get('q')))
      .map((address) => address?.uri ?? '')
      .filter((uri) => !this.#known.has(uri))
      .slice(0, MAX_TARGETS - this.#known.size);
    for (const uri of targets) this.#known.add(uri);
    return targets.map((uri) => ({ uri, isRedirected: true }));
  }
}

function end(branch: Branch): void {
  stopTimers(branch);
  branch.state = { kind: 'over' };
}

function stopTimers({ state }: Branch): void {
  if (state.kind === 'silent') state.provisional?.cancel();
  if (state.kind === 'heard') state.timerC?.cancel();
  if (state.kind === 'silent' || state.kind === 'heard') state.final?.cancel();
}

/** In thousandths; without `q` it is 1 (RFC 3261 §20.10). */
function preference(q = '1'): number {
  const [, whole = '1', decimals = ''] = /^([01])(?:\.(\d{0,3}))?$/.exec(q) ?? [];
  return parseDecimal(whole + decimals.padEnd(3, '0'), 1000) ?? 1000;
}

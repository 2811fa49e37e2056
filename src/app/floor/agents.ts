// The agents of the centre as they are now: the only writer of presence apart from offers (queueing, dispatcher).

import type { AgentPresence, ResumeState } from '../../core/acd/agent.js';
import { type AgentEvent, type AgentTransition, agentTransition, newAgent } from '../../core/acd/agent-transition.js';
import { newDay } from '../../core/acd/tally/counting.js';
import { dayAround } from '../../core/acd/tally/day.js';
import { worksOf } from '../../core/acd/work/work.js';
import type { AgentConfig, Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { HiloError } from '../errors.js';
import type { Eventually } from '../eventually.js';
import type { Telephony } from '../ports.js';
import type { LiveState } from './live-state.js';

export interface AgentsPorts {
  readonly live: LiveState;
  readonly telephony: Telephony;
  readonly centre: () => Centre;
  readonly eventually: Eventually;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface AfterCall {
  /** Whose call it was. */
  readonly queue?: string;
  /** Told how long the work after it really took, unless this node ends before. */
  readonly wrappedUp?: (tookMs: number) => void;
}

/** Whose last phone went while they were ready, and comes back so soon: a page was loaded anew, the network was another. */
export const COMES_BACK_MS = 30_000;

/** A configured agent, with those of its SIP devices that are registered. */
export interface KnownAgent {
  readonly config: AgentConfig;
  readonly presence: AgentPresence;
  readonly devices: readonly string[];
}

export class Agents {
  readonly #ports: AgentsPorts;
  /** Wrap-ups of this node's calls that are going on: one per agent. */
  readonly #wrapUps = new Map<string, { readonly sinceMs: number; readonly wrappedUp: (tookMs: number) => void }>();
  /** Agents in a call of this node, and whether it is over for the story already. */
  readonly #inCall = new Map<string, { readonly entry: string; over: boolean }>();

  /** What is being done about the registrations of an agent, the last of it. */
  readonly #turns = new Map<string, Promise<void>>();
  /** Agents who were ready when their last phone went, and when that was (Unix ms). */
  readonly #gone = new Map<string, number>();
  readonly #deviceListeners = new Set<(agent: string) => void>();

  constructor(ports: AgentsPorts) {
    this.#ports = ports;
    ports.telephony.onRegistration((device, registered) => this.#registration(device, registered));
    ports.live.onReset(() => this.reconcile());
    ports.live.onChange(({ kind, id }) => {
      if (kind !== 'agent') return;
      this.#look(id);
      const present = ports.centre().formerAgents.get(id);
      if (present !== undefined && ports.live.agent(id) !== undefined) this.reconcile(present);
    });
  }

  /** Calls `listener` with the agent of a device that has registered or gone; returns how to stop that. */
  onDevice(listener: (agent: string) => void): () => void {
    this.#deviceListeners.add(listener);
    return () => void this.#deviceListeners.delete(listener);
  }

  /** Gives every configured agent, or one, a presence that agrees with the devices registered now. */
  reconcile(agent?: string): void {
    this.#ports.eventually.do('reconcile agents', async () => {
      for (const config of this.#ports.centre().agents.values()) {
        if (agent === undefined || config.name === agent) await this.#reconcileOne(config);
      }
    });
  }

  presence(agent: string): AgentPresence {
    return this.#ports.live.agent(agent) ?? this.#newcomer(agent);
  }

  /** Every configured agent with the present state, in the order of the centre. */
  all(): KnownAgent[] {
    return [...this.#ports.centre().agents.values()].map((config) => this.#known(config));
  }

  /** Undefined: the centre has no such agent. */
  one(agent: string): KnownAgent | undefined {
    const config = this.#ports.centre().agents.get(agent);
    return config && this.#known(config);
  }

  #known(config: AgentConfig): KnownAgent {
    return { config, presence: this.presence(config.name), devices: this.#registered(config) };
  }

  /**
   * The agent's own wish. While a call rings or goes on it is kept for afterwards.
   * Rejects with HiloError `not-found`, or `wrong-state` (available without a reachable device).
   */
  async setState(agent: string, to: ResumeState): Promise<AgentPresence> {
    const config = this.#ports.centre().agents.get(agent);
    if (config === undefined) throw new HiloError('not-found', `there is no agent ${agent}`);
    const outcome = await this.apply(agent, { type: 'set-state', to, reachable: this.#reachable(config) });
    if (!outcome.ok) {
      throw new HiloError('wrong-state', `${agent} cannot be ${to.state} now: ${outcome.refused}`);
    }
    return outcome.next;
  }

  /** One transition, committed. A refused event changes nothing and is returned. */
  async apply(agent: string, event: AgentEvent): Promise<AgentTransition> {
    let outcome: AgentTransition | undefined;
    await this.#ports.live.change(() => {
      const before = this.presence(agent);
      outcome = agentTransition(before, event, this.#ports.clock.nowMs());
      if (!outcome.ok || (outcome.next === before && this.#ports.live.agent(agent) !== undefined)) return undefined;
      return [{ kind: 'agent', id: agent, value: outcome.next }];
    });
    return outcome ?? { ok: true, next: this.presence(agent) };
  }

  /** Counts from today on: whoever leads next would take counts without a day for those of yesterday. */
  #newcomer(agent: string): AgentPresence {
    const nowMs = this.#ports.clock.nowMs();
    return newDay(newAgent(agent, nowMs), dayAround(nowMs, this.#ports.centre().timeZone).fromMs);
  }

  /**
   * The call of that entry is over for the agent; done even if the live store is away right now.
   */
  callEnded(agent: string, entry: string, wrapUpMs: number, { queue, wrappedUp }: AfterCall = {}): void {
    const call = this.#inCall.get(agent);
    if (call?.entry === entry) call.over = true;
    this.#ports.eventually.do(`free agent ${agent}`, async () => {
      const freed = await this.apply(agent, {
        ...{ type: 'call-ended', entry, wrapUpMs },
        ...(queue === undefined ? {} : { queue }),
      });
      if (!freed.ok || freed.next.state !== 'wrap-up' || wrappedUp === undefined) return;
      this.#wrapUps.set(agent, { sinceMs: freed.next.sinceMs, wrappedUp });
    });
  }

  #look(agent: string): void {
    const wrapUp = this.#wrapUps.get(agent);
    const now = this.#ports.live.agent(agent);
    if (now?.state !== 'busy' || now.node !== this.#ports.node) this.#inCall.delete(agent);
    else if (this.#inCall.get(agent)?.entry !== now.entry) this.#inCall.set(agent, { entry: now.entry, over: false });
    if (wrapUp === undefined || now === undefined) return;
    if (now.state === 'wrap-up' && now.sinceMs === wrapUp.sinceMs) return;
    this.#wrapUps.delete(agent);
    wrapUp.wrappedUp(now.sinceMs - wrapUp.sinceMs);
  }

  #registration(device: string, registered: boolean): void {
    const config = this.#ownerOf(device);
    if (config === undefined) return;
    for (const listener of this.#deviceListeners) listener(config.name);
    // Of two phones that come at once the first one counts, although both are there when its turn comes.
    const first = registered && this.#registered(config).length === 1;
    const heed = (): Promise<void> => this.#heedRegistration(config, registered, first);
    this.#ports.eventually.do(`registration of ${device}`, () => this.#inTurn(config.name, heed));
  }

  /** The registrar may have moved on since: what counts is what is registered at this moment. */
  async #heedRegistration(config: AgentConfig, registered: boolean, first: boolean): Promise<void> {
    if (!(await this.#takesOver(config))) return;
    const reachable = this.#registered(config);
    const event: AgentEvent =
      reachable.length > 0
        ? {
            type: 'device-registered',
            first: first || (registered && this.#ports.live.agent(config.name) === undefined),
            availableOnRegister: config.availableOnRegister || this.#isBack(config.name),
          }
        : { type: 'device-unregistered', last: !this.#reachable(config) };
    if (event.type === 'device-unregistered' && event.last) this.#noteGone(config.name);
    await this.apply(config.name, event);
  }

  #noteGone(agent: string): void {
    const before = this.#ports.live.agent(agent);
    const wanted = before !== undefined && 'afterwards' in before ? before.afterwards.state : before?.state;
    if (wanted === 'available') this.#gone.set(agent, this.#ports.clock.nowMs());
  }

  #isBack(agent: string): boolean {
    const goneMs = this.#gone.get(agent);
    this.#gone.delete(agent);
    return goneMs !== undefined && this.#ports.clock.nowMs() - goneMs <= COMES_BACK_MS;
  }

  /** A phone that comes back before its going is committed would find its agent as if nothing had happened. */
  #inTurn(agent: string, action: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(agent) ?? Promise.resolve()).then(action);
    // Whoever comes next waits for it, whatever became of it.
    const over = turn.catch(() => undefined);
    this.#turns.set(agent, over);
    void over.then(() => {
      if (this.#turns.get(agent) === over) this.#turns.delete(agent);
    });
    return turn;
  }

  /**
   * Who has another name goes on as they were under the former one, with today's counts. False: they are still at work under
   * it, and what becomes of that is told under it; afterwards they come over.
   */
  async #takesOver({ name, formerly = [] }: AgentConfig): Promise<boolean> {
    const { live } = this.#ports;
    for (const former of formerly) {
      if (this.#ports.centre().agents.has(former)) continue;
      await live.change(() => {
        const before = live.agent(former);
        if (before === undefined || isOccupied(before)) return undefined;
        const gone = { kind: 'agent', id: former, value: null } as const;
        if (live.agent(name) !== undefined) return [gone];
        return [gone, { kind: 'agent', id: name, value: { ...before, agent: name } }];
      });
      if (live.agent(former) !== undefined) return false;
    }
    return true;
  }

  async #reconcileOne(config: AgentConfig): Promise<void> {
    if (!(await this.#takesOver(config))) return;
    const reachable = this.#registered(config).length > 0;
    const lost = this.#ports.live.lostAgent(config.name);
    // That node knows whether the call goes on; if it is dead, whoever buries it frees the agent.
    if (lost?.state === 'busy' && lost.node !== this.#ports.node) return;
    await this.#restore(config.name);
    if (reachable && this.#ports.live.agent(config.name) === undefined) {
      const { availableOnRegister } = config;
      await this.apply(config.name, { type: 'device-registered', first: true, availableOnRegister });
    } else if (!reachable && this.#ports.telephony.health().signalling) {
      // Without the switch nobody can say who is registered.
      await this.apply(config.name, { type: 'device-unregistered', last: !this.#reachable(config) });
    }
  }

  /** The live store lost its memory: who talks still talks, who is on a break stays there; offers are void. */
  async #restore(agent: string): Promise<void> {
    const { live, clock } = this.#ports;
    await live.change(() => {
      const before = live.lostAgent(agent);
      if (before === undefined) return undefined;
      const value = this.#afterLoss(before, clock.nowMs());
      return [{ kind: 'agent', id: agent, value }];
    });
  }

  #afterLoss(before: AgentPresence, nowMs: number): AgentPresence {
    if (before.state === 'ringing') return after(before, { type: 'withdrawn', offer: before.offer }, nowMs);
    if (before.state !== 'busy') return before;
    const call = this.#inCall.get(before.agent);
    if (call?.entry === before.entry && !call.over) return before;
    return after(before, { type: 'call-ended', entry: before.entry, wrapUpMs: 0 }, nowMs);
  }

  #ownerOf(device: string): AgentConfig | undefined {
    for (const config of this.#ports.centre().agents.values()) {
      if (config.devices.some(({ name }) => name === device)) return config;
    }
    return undefined;
  }

  #registered(config: AgentConfig): string[] {
    return config.devices
      .filter(({ kind, name }) => kind === 'sip' && this.#ports.telephony.isRegistered(name))
      .map(({ name }) => name);
  }

  #reachable(config: AgentConfig): boolean {
    return config.devices.some(({ kind }) => kind === 'number') || this.#registered(config).length > 0;
  }
}

/** Others know the agent by the name now: a call, an offer, a message in hand. */
function isOccupied(presence: AgentPresence): boolean {
  const { state } = presence;
  return state === 'ringing' || state === 'busy' || state === 'wrap-up' || worksOf(presence).length > 0;
}

function after(presence: AgentPresence, event: AgentEvent, nowMs: number): AgentPresence {
  const outcome = agentTransition(presence, event, nowMs);
  return outcome.ok ? outcome.next : presence;
}

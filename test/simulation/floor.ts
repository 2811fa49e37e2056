// The agents and the queues of a simulated day: every change goes through the transitions of core, both sides or none.
import type { AgentPresence } from '../../src/core/acd/agent.js';
import { type AgentEvent, agentTransition, newAgent } from '../../src/core/acd/agent-transition.js';
import type { Entry, Offer } from '../../src/core/acd/entry.js';
import { type EntryEvent, entryTransition } from '../../src/core/acd/entry-transition.js';
import type { QueueConfig } from '../../src/core/acd/queue.js';
import { type OfferDecision, selectOffers } from '../../src/core/acd/select.js';
import type { LeaveReason, RefusalReason } from '../../src/core/interaction/event.js';
import type { AgentConfig } from '../../src/core/routing/centre.js';
import type { Clockwork } from './clockwork.js';

/** Leases that ran out are found at most this late. */
export const SWEEP_LAG_MS = 1_500;

export interface Spell {
  readonly agent: string;
  readonly state: AgentPresence['state'];
  readonly fromMs: number;
  readonly toMs: number;
}

export interface FloorEvents {
  offered(entry: Entry, offer: Offer): void;
  /** The offer is over and the entry waits again. */
  refused(entry: Entry, offer: Offer, reason: RefusalReason): void;
  withdrawn(entry: Entry, offer: Offer, reason: LeaveReason): void;
  wrappedUp(agent: string, entry: string, wrapUpMs: number): void;
}

export class SimulatedFloor {
  readonly agents = new Map<string, AgentPresence>();
  readonly entries = new Map<string, Entry>();
  /** Rounds of offers with the floor they were made on, for the checks. */
  readonly rounds: {
    readonly nowMs: number;
    readonly waiting: readonly Entry[];
    readonly decisions: readonly OfferDecision[];
  }[] = [];
  /** Every stretch of time an agent spent in one state. */
  readonly spells: Spell[] = [];
  #dispatching = false;

  constructor(
    private readonly clock: Clockwork,
    readonly queues: ReadonlyMap<string, QueueConfig>,
    readonly agentConfigs: ReadonlyMap<string, AgentConfig>,
    private readonly events: FloorEvents,
  ) {
    for (const name of agentConfigs.keys()) this.agents.set(name, newAgent(name, clock.nowMs));
  }

  presence(agent: string): AgentPresence {
    return this.agents.get(agent) ?? newAgent(agent, this.clock.nowMs);
  }

  join(entry: Entry): void {
    this.entries.set(entry.entry, entry);
    this.#dispatchSoon();
  }

  /** One event for one agent; false when it was refused. */
  tell(agent: string, event: AgentEvent): boolean {
    const before = this.presence(agent);
    const result = agentTransition(before, event, this.clock.nowMs);
    if (!result.ok) return false;
    this.#change(before, result.next);
    return true;
  }

  /** Agent and entry together: true when both took it. They must never disagree. */
  accept(entryId: string, offer: Offer, interaction: string, node: string): boolean {
    const nowMs = this.clock.nowMs;
    const entry = this.entries.get(entryId);
    const agent = this.presence(offer.agent);
    const taken = entry && entryTransition(entry, { type: 'accepted', offer: offer.id }, nowMs);
    const busy = agentTransition(agent, { type: 'accepted', offer: offer.id, interaction, node }, nowMs);
    if ((taken?.ok ?? false) !== busy.ok) throw new Error(`agent and entry disagree about offer ${offer.id}`);
    if (!taken?.ok || !busy.ok || taken.next === null) return false;
    if (nowMs >= offer.expiresAtMs) throw new Error(`offer ${offer.id} outlived its lease`);
    this.entries.set(entryId, taken.next);
    this.#change(agent, busy.next);
    return true;
  }

  /** The offer was not taken; nothing happens when it is over already. */
  refuse(entryId: string, offer: Offer, reason: RefusalReason): void {
    const told = this.tell(offer.agent, { type: 'refused', offer: offer.id, reason });
    const back = this.#tellEntry(entryId, { type: 'refused', offer: offer.id, reason });
    if (told !== (back !== undefined)) throw new Error(`agent and entry disagree about the end of offer ${offer.id}`);
    if (back) this.events.refused(back, offer, reason);
  }

  /** Accepted, but the two never talked. */
  giveBack(entryId: string, offer: Offer): void {
    const back = this.#tellEntry(entryId, { type: 'returned', offer: offer.id, reason: 'unreachable' });
    if (back === undefined) throw new Error('only an accepted entry can be given back');
    this.tell(offer.agent, { type: 'call-ended', entry: entryId, wrapUpMs: 0 });
    this.events.refused(back, offer, 'unreachable');
  }

  leave(entryId: string, reason: LeaveReason): void {
    const entry = this.entries.get(entryId);
    if (entry === undefined) return;
    const left = entryTransition(entry, { type: 'left', reason }, this.clock.nowMs);
    if (!left.ok) throw new Error(left.refused);
    this.entries.delete(entryId);
    for (const offer of left.withdrawn) {
      if (!this.tell(offer.agent, { type: 'withdrawn', offer: offer.id })) {
        throw new Error(`offer ${offer.id} rang nowhere`);
      }
      this.events.withdrawn(entry, offer, reason);
    }
  }

  /** A supervisor sends the agent away, also while it rings; not during a call. */
  force(agent: string): void {
    const presence = this.presence(agent);
    if (presence.state === 'busy') return;
    if (presence.state === 'ringing') {
      const entry = this.entries.get(presence.entry);
      const waiting = this.#tellEntry(presence.entry, { type: 'withdrawn', offer: presence.offer });
      if (entry?.state !== 'offered' || waiting === undefined) throw new Error('rings without an entry');
      this.events.withdrawn(waiting, entry.offer, 'agent-left');
    }
    this.tell(agent, { type: 'forced', to: { state: 'break', reason: 'meeting' } });
  }

  /** Closes the books at the end of the day. */
  close(): void {
    for (const presence of this.agents.values()) this.#endSpell(presence);
  }

  #dispatchSoon(): void {
    if (this.#dispatching) return;
    this.#dispatching = true;
    this.clock.after(2, () => {
      this.#dispatching = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    const waiting = [...this.entries.values()].filter(({ state }) => state === 'waiting');
    const { agentConfigs, queues } = this;
    const nowMs = this.clock.nowMs;
    const decisions = selectOffers({ waiting, agents: this.agents.values(), queues, agentConfigs, nowMs });
    if (decisions.length > 0) this.rounds.push({ nowMs, waiting, decisions });
    for (const decision of decisions) this.#offer(decision);
  }

  #offer({ entry, agent, leaseMs, why }: OfferDecision): void {
    const nowMs = this.clock.nowMs;
    const offer: Offer = { id: this.clock.id('o'), agent, madeAtMs: nowMs, expiresAtMs: nowMs + leaseMs, why };
    const { expiresAtMs } = offer;
    const rings = this.tell(agent, { type: 'offered', offer: offer.id, entry: entry.entry, expiresAtMs });
    const offered = this.#tellEntry(entry.entry, { type: 'offered', offer });
    if (!rings || offered === undefined) throw new Error(`${entry.entry} cannot be offered to ${agent}`);
    this.clock.at(expiresAtMs + this.clock.between(0, SWEEP_LAG_MS), () => this.#expire(entry.entry, offer));
    this.events.offered(offered, offer);
  }

  #expire(entryId: string, offer: Offer): void {
    const told = this.tell(offer.agent, { type: 'expired', offer: offer.id });
    const back = this.#tellEntry(entryId, { type: 'expired', offer: offer.id });
    if (told !== (back !== undefined)) throw new Error(`agent and entry disagree about the lease of ${offer.id}`);
    if (back) this.events.refused(back, offer, 'no-answer');
  }

  #tellEntry(entryId: string, event: EntryEvent): Entry | undefined {
    const entry = this.entries.get(entryId);
    if (entry === undefined) return undefined;
    const result = entryTransition(entry, event, this.clock.nowMs);
    if (!result.ok || result.next === null) return undefined;
    this.entries.set(entryId, result.next);
    if (result.next.state === 'waiting') {
      // What an agent refused may be offered again later: somebody has to look then.
      const untilMs = Math.max(...Object.values(result.next.refusedBy).map((refusal) => refusal.untilMs), 0);
      if (untilMs > this.clock.nowMs) this.clock.at(untilMs, () => this.#dispatchSoon());
      this.#dispatchSoon();
    }
    return result.next;
  }

  #change(before: AgentPresence, next: AgentPresence): void {
    if (before === next) return;
    this.#endSpell(before, next);
    this.agents.set(next.agent, next);
    if (next.state === 'wrap-up') this.#wrapUp(next, before.state === 'busy' ? before.entry : '');
    if (next.state !== 'available') return;
    if (next.backOffUntilMs > this.clock.nowMs) this.clock.at(next.backOffUntilMs, () => this.#dispatchSoon());
    this.#dispatchSoon();
  }

  #endSpell(before: AgentPresence, next?: AgentPresence): void {
    if (next !== undefined && next.sinceMs === before.sinceMs) return;
    const { agent, state, sinceMs } = before;
    this.spells.push({ agent, state, fromMs: sinceMs, toMs: next?.sinceMs ?? this.clock.nowMs });
  }

  #wrapUp({ agent, untilMs, sinceMs }: AgentPresence & { state: 'wrap-up' }, entry: string): void {
    this.clock.at(untilMs, () => {
      const presence = this.presence(agent);
      // The agent may have ended it by hand, and be in another one by now.
      if (presence.state !== 'wrap-up' || presence.untilMs !== untilMs) return;
      if (!this.tell(agent, { type: 'wrap-up-over' })) throw new Error('a wrap-up that does not end');
      this.events.wrappedUp(agent, entry, untilMs - sinceMs);
    });
  }
}

// Agents and queues of a simulated day: every change goes through the transitions of core, both sides or none.
import type { AgentPresence } from '../../../core/acd/agent.js';
import { type AgentEvent, agentTransition, newAgent } from '../../../core/acd/agent-transition.js';
import { widensAtMs } from '../../../core/acd/choice/stage.js';
import type { Entry, Offer } from '../../../core/acd/entry.js';
import { type EntryEvent, entryTransition } from '../../../core/acd/entry-transition.js';
import { type OfferDecision, selectOffers } from '../../../core/acd/select.js';
import type { LeaveReason, RefusalReason } from '../../../core/interaction/event.js';
import type { AgentConfig, Centre } from '../../../core/routing/centre.js';
import type { Conversation } from './call.js';
import type { Clockwork } from './clockwork.js';

/** Changes within this time are answered by one round, as the dispatcher does. */
const GATHER_MS = 2;

/** A stretch of time an agent spent in one state. */
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
  /** An agent has gone home. */
  wentHome(): void;
  wrappedUp(agent: string, conversation: Conversation, wrapUpMs: number): void;
}

export class SimulatedFloor {
  readonly agents = new Map<string, AgentPresence>();
  readonly entries = new Map<string, Entry>();
  readonly spells: Spell[] = [];
  #roundPlanned = false;
  #offers = 0;
  #rounds = 0;
  /** Agents who could be offered something: without one a round would come to nothing. */
  #free = 0;

  constructor(
    private readonly clock: Clockwork,
    private readonly centre: Centre,
    readonly agentConfigs: ReadonlyMap<string, AgentConfig>,
    private readonly events: FloorEvents,
  ) {
    for (const name of agentConfigs.keys()) this.agents.set(name, newAgent(name, clock.nowMs));
  }

  presence(agent: string): AgentPresence {
    const presence = this.agents.get(agent);
    if (presence === undefined) throw new Error(`nobody is called ${agent}`);
    return presence;
  }

  join(entry: Entry): void {
    this.entries.set(entry.entry, entry);
    this.#widenLater(entry);
    this.#soon();
  }

  /** One event for one agent; false when it was refused. */
  tell(agent: string, event: AgentEvent): boolean {
    const before = this.presence(agent);
    const result = agentTransition(before, event, this.clock.nowMs);
    if (!result.ok) return false;
    this.#change(before, result.next);
    return true;
  }

  /** Entry and agent together; false when the offer is over. */
  accept(entryId: string, offer: Offer): boolean {
    const entry = this.entries.get(entryId);
    if (entry === undefined) return false;
    const taken = entryTransition(entry, { type: 'accepted', offer: offer.id }, this.clock.nowMs);
    if (!taken.ok || taken.next === null) return false;
    const { interaction, node } = entry;
    const callbackOf = entry.kind === 'callback' ? { callbackOf: entry.queue } : {};
    if (!this.tell(offer.agent, { type: 'accepted', offer: offer.id, interaction, node, ...callbackOf })) {
      throw new Error(`agent and entry disagree about offer ${offer.id}`);
    }
    this.entries.set(entryId, taken.next);
    this.#takeBack(entry, taken.withdrawn, 'superseded');
    return true;
  }

  /** The offer was not taken; nothing happens when it is over already. */
  refuse(entryId: string, offer: Offer, reason: RefusalReason): void {
    const back = this.#tellEntry(entryId, { type: 'refused', offer: offer.id, reason });
    if (back === undefined) return;
    this.tell(offer.agent, { type: 'refused', offer: offer.id, reason });
    this.events.refused(back, offer, reason);
  }

  /** A conversation ended; its agent is free again after the wrap-up. */
  over(agent: string, conversation: Conversation, wrapUpMs: number): void {
    this.tell(agent, { type: 'call-ended', entry: conversation.entry, wrapUpMs });
    const { state } = this.presence(agent);
    if (state !== 'wrap-up') return;
    this.clock.after(wrapUpMs, () => {
      if (this.tell(agent, { type: 'wrap-up-over' })) this.events.wrappedUp(agent, conversation, wrapUpMs);
    });
  }

  leave(entryId: string, reason: LeaveReason): void {
    const entry = this.entries.get(entryId);
    if (entry === undefined) return;
    const left = entryTransition(entry, { type: 'left', reason }, this.clock.nowMs);
    if (!left.ok) throw new Error(left.refused);
    this.entries.delete(entryId);
    this.#takeBack(entry, left.withdrawn, reason);
  }

  /** Closes the books at the end. */
  close(): void {
    for (const presence of this.agents.values()) this.#endSpell(presence, this.clock.nowMs);
  }

  #takeBack(entry: Entry, offers: readonly Offer[], reason: LeaveReason): void {
    for (const offer of offers) {
      this.tell(offer.agent, { type: 'withdrawn', offer: offer.id });
      this.events.withdrawn(entry, offer, reason);
    }
  }

  #soon(): void {
    if (this.#roundPlanned || this.entries.size === 0 || this.#free === 0) return;
    this.#roundPlanned = true;
    this.clock.after(GATHER_MS, () => {
      this.#roundPlanned = false;
      const { centre, agentConfigs, clock, agents, entries } = this;
      if (!this.#somebodyWaits()) return;
      this.#rounds += 1;
      const floor = { waiting: entries.values(), agents: agents.values(), queues: centre.queues, agentConfigs };
      const decisions = selectOffers({ ...floor, nowMs: clock.nowMs, seed: this.#rounds });
      for (const decision of decisions) this.#offer(decision);
    });
  }

  #somebodyWaits(): boolean {
    for (const { state } of this.entries.values()) if (state === 'waiting') return true;
    return false;
  }

  #offer({ entry, agent, leaseMs, beside, why }: OfferDecision): void {
    const [offer, ...others] = [{ agent, leaseMs }, ...beside].map((one) => this.#newOffer(one, why));
    if (offer === undefined) return;
    for (const { id, agent: name, expiresAtMs } of [offer, ...others]) {
      if (!this.tell(name, { type: 'offered', offer: id, entry: entry.entry, expiresAtMs })) {
        throw new Error(`${entry.entry} cannot be offered to ${name}`);
      }
    }
    const offered = this.#tellEntry(entry.entry, { type: 'offered', offer, beside: others });
    if (offered === undefined) throw new Error(`${entry.entry} cannot be offered`);
    for (const one of [offer, ...others]) this.events.offered(offered, one);
  }

  #newOffer({ agent, leaseMs }: { agent: string; leaseMs: number }, why: Offer['why']): Offer {
    const { nowMs } = this.clock;
    this.#offers += 1;
    return { id: `o${this.#offers}`, agent, madeAtMs: nowMs, expiresAtMs: nowMs + leaseMs, why };
  }

  #tellEntry(entryId: string, event: EntryEvent): Entry | undefined {
    const entry = this.entries.get(entryId);
    if (entry === undefined) return undefined;
    const result = entryTransition(entry, event, this.clock.nowMs);
    if (!result.ok || result.next === null) return undefined;
    this.entries.set(entryId, result.next);
    if (result.next.state === 'waiting') {
      // What an agent refused may be offered again later: somebody has to look then.
      for (const { untilMs } of Object.values(result.next.refusedBy)) this.#lookAt(untilMs);
      this.#soon();
    }
    return result.next;
  }

  #change(before: AgentPresence, next: AgentPresence): void {
    if (before === next) return;
    if (next.sinceMs !== before.sinceMs || next.state !== before.state) this.#endSpell(before, next.sinceMs);
    this.agents.set(next.agent, next);
    this.#free += Number(next.state === 'available') - Number(before.state === 'available');
    if (next.state === 'offline') this.events.wentHome();
    if (next.state !== 'available') return;
    this.#lookAt(next.backOffUntilMs);
    this.#soon();
  }

  /** More agents may come in for it with time: somebody has to look then. */
  #widenLater(entry: Entry): void {
    const queue = this.centre.queues.get(entry.queue);
    const atMs = queue && widensAtMs(entry, queue, this.clock.nowMs);
    if (atMs === undefined) return;
    this.clock.at(atMs, () => {
      if (!this.entries.has(entry.entry)) return;
      this.#soon();
      this.#widenLater(entry);
    });
  }

  #lookAt(atMs: number): void {
    if (atMs > this.clock.nowMs) this.clock.at(atMs, () => this.#soon());
  }

  #endSpell({ agent, state, sinceMs }: AgentPresence, toMs: number): void {
    if (toMs > sinceMs) this.spells.push({ agent, state, fromMs: sinceMs, toMs });
  }
}

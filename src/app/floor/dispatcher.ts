// Matches waiting entries and free agents, on the one node of the centre that holds the lease.

import { agentTransition } from '../../core/acd/agent-transition.js';
import { type Entry, type Offer, offersOf } from '../../core/acd/entry.js';
import { entryTransition } from '../../core/acd/entry-transition.js';
import { type OfferDecision, selectOffers } from '../../core/acd/select.js';
import { newDay } from '../../core/acd/tally/counting.js';
import { dayAround } from '../../core/acd/tally/day.js';
import { isWork, offerEnded, offeredTo } from '../../core/acd/work/agent-offer.js';
import { worksOf } from '../../core/acd/work/work.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Lease, LiveStore } from '../ports.js';
import { Deadlines } from './deadlines.js';
import type { Change, LiveState, Wish } from './live-state.js';

const LEASE_NAME = 'dispatcher';
/** With the time between two tries of a standby: somebody else leads within 3 s of the leader's death. */
const LEASE_TTL_MS = 2_100;
const RENEW_EVERY_MS = 600;
/** Nothing is tried again sooner after the live store failed. */
const PAUSE_AFTER_FAILURE_MS = 500;
/** Changes within this time are answered by one round. */
const GATHER_MS = 2;
/** Offers of one round: with more, neither the choice nor the commits leave the calls of this node their turn. */
export const OFFERS_A_ROUND = 200;

export interface DispatcherPorts {
  readonly store: LiveStore;
  readonly live: LiveState;
  readonly centre: () => Centre;
  readonly node: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** Told of what this node, leading, did with messages and tasks: no story waits on them that could tell it. */
export interface WorkListener {
  /** This node leads from now on, and has read the live state. */
  leads(): void;
  offered(entry: Entry, offers: readonly Offer[]): void;
  expired(entry: Entry, agent: string, offer: string): void;
}

type Role =
  | { readonly role: 'standby' }
  | { readonly role: 'leader'; readonly lease: Lease; readonly untilMs: number }
  | { readonly role: 'closed' };

export class Dispatcher {
  readonly #ports: DispatcherPorts;
  readonly #deadlines: Deadlines;
  #role: Role = { role: 'standby' };
  #renewal: Timer | undefined;
  #round: Timer | undefined;
  #wake: Timer | undefined;
  #dispatching = false;
  #again = false;
  #day = { fromMs: 0, toMs: 0 };
  #told: WorkListener = { leads: () => undefined, offered: () => undefined, expired: () => undefined };

  constructor(ports: DispatcherPorts) {
    this.#ports = ports;
    this.#deadlines = new Deadlines(ports.live, () => ports.centre().queues, ports.clock);
    ports.live.onChange((change) => {
      this.#deadlines.note(change);
      this.#soon();
    });
    ports.live.onReset(() => {
      this.#deadlines.reset();
      this.#soon();
    });
  }

  get leading(): boolean {
    return this.#role.role === 'leader' && this.#ports.clock.monotonicMs() < this.#role.untilMs;
  }

  onWork(listener: WorkListener): void {
    this.#told = listener;
  }

  async start(): Promise<void> {
    await this.#renew();
  }

  async close(): Promise<void> {
    const before = this.#role;
    this.#role = { role: 'closed' };
    for (const timer of [this.#renewal, this.#round, this.#wake]) timer?.cancel();
    if (before.role !== 'leader') return;
    try {
      await this.#ports.store.release(before.lease);
    } catch (error) {
      this.#ports.log.warn({ err: error }, 'dispatcher lease not given back: it runs out by itself');
    }
  }

  async #renew(): Promise<void> {
    const askedAtMs = this.#ports.clock.monotonicMs();
    try {
      const lease = await this.#ports.store.lease(LEASE_NAME, this.#ports.node, LEASE_TTL_MS);
      if (this.#role.role === 'closed') return;
      const led = this.leading;
      // Counted from before the question: our view of the lease ends earlier than the store's.
      this.#role =
        lease === undefined ? { role: 'standby' } : { role: 'leader', lease, untilMs: askedAtMs + LEASE_TTL_MS };
      if (!led && this.leading) await this.#takeOver();
    } catch (error) {
      this.#ports.log.warn({ err: error }, 'dispatcher lease cannot be renewed');
    }
    if (this.#role.role !== 'closed') this.#renewal = this.#ports.clock.after(RENEW_EVERY_MS, () => void this.#renew());
  }

  async #takeOver(): Promise<void> {
    this.#ports.log.info({ node: this.#ports.node }, 'this node dispatches');
    try {
      await this.#ports.live.refresh();
    } catch (error) {
      // Who could not read the live state has not taken over: the next renewal tries again.
      if (this.#role.role === 'leader') this.#role = { role: 'standby' };
      throw error;
    }
    this.#told.leads();
    this.#soon();
  }

  #soon(): void {
    if (!this.leading) return;
    if (this.#dispatching) {
      this.#again = true;
      return;
    }
    this.#round ??= this.#ports.clock.after(GATHER_MS, () => {
      this.#round = undefined;
      void this.#dispatch();
    });
  }

  async #dispatch(): Promise<void> {
    this.#dispatching = true;
    this.#again = false;
    let pauseMs = GATHER_MS;
    try {
      await this.#endDue();
      await this.#offerAll();
    } catch (error) {
      this.#ports.log.warn({ err: error }, 'round of offers failed');
      pauseMs = PAUSE_AFTER_FAILURE_MS;
    }
    this.#dispatching = false;
    this.#wakeUp(pauseMs);
    if (this.#again && pauseMs === GATHER_MS) this.#soon();
  }

  async #offerAll(): Promise<void> {
    const { live, clock, ids } = this.#ports;
    const { queues, agents, channels } = this.#ports.centre();
    const decisions = selectOffers({
      waiting: live.entries(),
      agents: live.agents(),
      queues,
      agentConfigs: agents,
      nowMs: clock.nowMs(),
      seed: Number.parseInt(ids.token(4), 16),
      most: OFFERS_A_ROUND,
      ...(channels === undefined ? {} : { channels }),
    });
    const outcomes = await Promise.allSettled(decisions.map((decision) => this.#offer(decision)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    if (decisions.length === OFFERS_A_ROUND) this.#again = true;
  }

  /** All documents must still be as the decision saw them, or nothing happens: the next round decides anew. */
  async #offer(decision: OfferDecision): Promise<void> {
    const { live, clock, ids } = this.#ports;
    const nowMs = clock.nowMs();
    const [offer, ...beside] = offersFrom(decision, () => ids.uuid(), nowMs);
    if (offer === undefined) return;
    const committed = await this.#committed(() => {
      const entry = live.entry(decision.entry.entry);
      if (entry === undefined) return undefined;
      const offered = entryTransition(entry, { type: 'offered', offer, beside }, nowMs);
      if (!offered.ok) return undefined;
      const wishes: Wish[] = [{ kind: 'entry', id: entry.entry, value: offered.next }];
      for (const one of [offer, ...beside]) {
        const agent = live.agent(one.agent);
        const value = agent && offeredTo(agent, entry, one, nowMs);
        if (value === undefined) return undefined;
        wishes.push({ kind: 'agent', id: one.agent, value });
      }
      return wishes;
    });
    if (committed && isWork(decision.entry)) this.#told.offered(decision.entry, [offer, ...beside]);
  }

  /** Offers whose lease ran out (their node did not say) and wrap-ups that are over. */
  async #endDue(): Promise<void> {
    if (!this.#isToday()) await this.#beginDay();
    for (const change of this.#deadlines.due()) {
      await this.#end(change);
      this.#deadlines.note(change);
    }
  }

  async #end({ kind, id }: Change): Promise<void> {
    const { live, clock } = this.#ports;
    const nowMs = clock.nowMs();
    const agent = kind === 'agent' ? live.agent(id) : undefined;
    if (agent?.state === 'wrap-up' && agent.untilMs <= nowMs) await this.#endWrapUp(id);
    if (agent?.state === 'ringing' && agent.expiresAtMs <= nowMs) await this.#expire(id, agent.entry, agent.offer);
    for (const work of agent === undefined ? [] : worksOf(agent)) {
      if (work.state === 'offered' && work.expiresAtMs <= nowMs) await this.#expire(id, work.entry, work.offer);
    }
    const entry = kind === 'entry' ? live.entry(id) : undefined;
    for (const offer of entry === undefined ? [] : offersOf(entry)) {
      if (offer.expiresAtMs <= nowMs) await this.#expire(offer.agent, id, offer.id);
    }
  }

  #isToday(): boolean {
    const nowMs = this.#ports.clock.nowMs();
    return nowMs >= this.#day.fromMs && nowMs < this.#day.toMs;
  }

  /** At midnight of the centre the agents' counts begin anew. */
  async #beginDay(): Promise<void> {
    const { live, clock, centre } = this.#ports;
    const day = dayAround(clock.nowMs(), centre().timeZone);
    const begun = [...live.agents()].map(({ agent: id }) =>
      this.#committed(() => {
        const agent = live.agent(id);
        const value = agent && newDay(agent, day.fromMs);
        return value === undefined || value === agent ? undefined : [{ kind: 'agent', id, value }];
      }),
    );
    // Together: one after the other, a thousand agents would be offered nothing for a second.
    await Promise.all(begun);
    this.#day = day;
  }

  async #endWrapUp(id: string): Promise<void> {
    const { live, clock } = this.#ports;
    await this.#committed(() => {
      const agent = live.agent(id);
      if (agent === undefined) return undefined;
      const over = agentTransition(agent, { type: 'wrap-up-over' }, clock.nowMs());
      return over.ok ? [{ kind: 'agent', id, value: over.next }] : undefined;
    });
  }

  async #expire(agentId: string, entryId: string, offer: string): Promise<void> {
    const { live, clock, centre } = this.#ports;
    let expired: Entry | undefined;
    await this.#committed(() => {
      expired = undefined;
      const nowMs = clock.nowMs();
      const agent = live.agent(agentId);
      const entry = live.entry(entryId);
      const wishes: Wish[] = [];
      const free = agent && offerEnded(agent, offer, { type: 'expired', backOff: centre().backOff }, nowMs);
      if (free !== undefined && free !== agent) wishes.push({ kind: 'agent', id: agentId, value: free });
      const back = entry && entryTransition(entry, { type: 'expired', offer }, nowMs);
      if (back?.ok) {
        expired = entry;
        wishes.push({ kind: 'entry', id: entryId, value: back.next });
      }
      return wishes;
    });
    if (expired !== undefined && isWork(expired)) this.#told.expired(expired, agentId, offer);
  }

  async #committed(decide: () => readonly Wish[] | undefined): Promise<boolean> {
    if (this.#role.role !== 'leader') return false;
    return (await this.#ports.live.change(decide, this.#role.lease)) !== undefined;
  }

  /** One alarm for the next moment at which something ends by itself. */
  #wakeUp(pauseMs: number): void {
    this.#wake?.cancel();
    const earliestMs = Math.min(this.#deadlines.earliestMs, this.#day.toMs);
    const failed = pauseMs > GATHER_MS;
    if ((earliestMs === Number.POSITIVE_INFINITY && !failed) || this.#role.role === 'closed') return;
    const inMs = failed ? pauseMs : Math.max(earliestMs - this.#ports.clock.nowMs(), pauseMs);
    this.#wake = this.#ports.clock.after(inMs + 1, () => this.#soon());
  }
}

/** The offers of a decision, made now: several when all of them ring. */
function offersFrom({ agent, leaseMs, beside, why }: OfferDecision, newId: () => string, nowMs: number): Offer[] {
  return [{ agent, leaseMs }, ...beside].map((one) => ({
    id: newId(),
    agent: one.agent,
    madeAtMs: nowMs,
    expiresAtMs: nowMs + one.leaseMs,
    why,
  }));
}

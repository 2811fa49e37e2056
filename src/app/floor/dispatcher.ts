// Matches waiting entries and free agents, on the one node of the centre that holds the lease.
import { agentTransition } from '../../core/acd/agent-transition.js';
import type { Offer } from '../../core/acd/entry.js';
import { entryTransition } from '../../core/acd/entry-transition.js';
import { type OfferDecision, selectOffers } from '../../core/acd/select.js';
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

export interface DispatcherPorts {
  readonly store: LiveStore;
  readonly live: LiveState;
  readonly centre: () => Centre;
  readonly node: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
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

  constructor(ports: DispatcherPorts) {
    this.#ports = ports;
    this.#deadlines = new Deadlines(ports.live, ports.clock);
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
    const { live, clock } = this.#ports;
    const { queues, agents } = this.#ports.centre();
    const decisions = selectOffers({
      waiting: live.entries(),
      agents: live.agents(),
      queues,
      agentConfigs: agents,
      nowMs: clock.nowMs(),
    });
    const outcomes = await Promise.allSettled(decisions.map((decision) => this.#offer(decision)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Both documents must still be as the decision saw them, or nothing happens: the next round decides anew. */
  async #offer(decision: OfferDecision): Promise<void> {
    const { live, clock, ids } = this.#ports;
    const nowMs = clock.nowMs();
    const id = ids.uuid();
    const offer: Offer = {
      id,
      agent: decision.agent,
      madeAtMs: nowMs,
      expiresAtMs: nowMs + decision.leaseMs,
      why: decision.why,
    };
    await this.#committed(() => {
      const entry = live.entry(decision.entry.entry);
      const agent = live.agent(decision.agent);
      if (entry === undefined || agent === undefined) return undefined;
      const offered = entryTransition(entry, { type: 'offered', offer }, nowMs);
      const { expiresAtMs } = offer;
      const ringing = agentTransition(agent, { type: 'offered', offer: id, entry: entry.entry, expiresAtMs }, nowMs);
      if (!offered.ok || !ringing.ok) return undefined;
      return [
        { kind: 'entry', id: entry.entry, value: offered.next },
        { kind: 'agent', id: agent.agent, value: ringing.next },
      ];
    });
  }

  /** Offers whose lease ran out (their node did not say) and wrap-ups that are over. */
  async #endDue(): Promise<void> {
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
    const entry = kind === 'entry' ? live.entry(id) : undefined;
    if (entry?.state === 'offered' && entry.offer.expiresAtMs <= nowMs) {
      await this.#expire(entry.offer.agent, id, entry.offer.id);
    }
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
    const { live, clock } = this.#ports;
    await this.#committed(() => {
      const nowMs = clock.nowMs();
      const agent = live.agent(agentId);
      const entry = live.entry(entryId);
      const wishes: Wish[] = [];
      if (agent !== undefined) {
        const free = agentTransition(agent, { type: 'expired', offer }, nowMs);
        if (free.ok && free.next !== agent) wishes.push({ kind: 'agent', id: agentId, value: free.next });
      }
      if (entry !== undefined) {
        const back = entryTransition(entry, { type: 'expired', offer }, nowMs);
        if (back.ok) wishes.push({ kind: 'entry', id: entryId, value: back.next });
      }
      return wishes;
    });
  }

  async #committed(decide: () => readonly Wish[] | undefined): Promise<void> {
    if (this.#role.role !== 'leader') return;
    await this.#ports.live.change(decide, this.#role.lease);
  }

  /** One alarm for the next moment at which something ends by itself. */
  #wakeUp(pauseMs: number): void {
    this.#wake?.cancel();
    const { earliestMs } = this.#deadlines;
    const failed = pauseMs > GATHER_MS;
    if ((earliestMs === Number.POSITIVE_INFINITY && !failed) || this.#role.role === 'closed') return;
    const inMs = failed ? pauseMs : Math.max(earliestMs - this.#ports.clock.nowMs(), pauseMs);
    this.#wake = this.#ports.clock.after(inMs + 1, () => this.#soon());
  }
}

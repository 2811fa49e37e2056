// Everybody who waits for an agent: the only writer of queue entries besides the dispatcher's offers.

import type { AgentPresence } from '../../core/acd/agent.js';
import { agentTransition } from '../../core/acd/agent-transition.js';
import { type Entry, type Offer, offersOf } from '../../core/acd/entry.js';
import { entryTransition, joinQueue } from '../../core/acd/entry-transition.js';
import type { JoinGiven } from '../../core/interaction/decision/given.js';
import type { LeaveReason, RefusalReason, WithdrawalReason } from '../../core/interaction/event.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import { HiloError } from '../errors.js';
import type { Eventually } from '../eventually.js';
import type { LastAgents } from '../record/last-agent.js';
import type { Thread } from '../record/thread.js';
import type { LiveState, Wish } from './live-state.js';

export interface QueueingPorts {
  readonly live: LiveState;
  readonly node: string;
  readonly eventually: Eventually;
  readonly centre: () => Centre;
  readonly lastAgents: Pick<LastAgents, 'of'>;
  readonly clock: Clock;
  readonly ids: Ids;
}

export interface Place {
  readonly kind: Entry['kind'];
  readonly queue: string;
  readonly priority: number;
  /** When this customer's first wait for this matter began, Unix ms. */
  readonly seniorityMs: number;
  /** Why a call may wait here. */
  readonly given?: JoinGiven;
  /** Agent from whose own device the call comes. */
  readonly fromAgent?: string;
  /** Kept for this agent until then, as long as the agent is at work. */
  readonly preferred?: { readonly agent: string; readonly untilMs: number };
}

export class Queueing {
  readonly #ports: QueueingPorts;
  readonly #waiting = new Map<string, Waiting>();

  constructor(ports: QueueingPorts) {
    this.#ports = ports;
    ports.live.onChange(({ kind, id }) => {
      if (kind === 'entry') this.#waiting.get(id)?.look();
    });
    ports.live.onReset(() => this.#restore());
  }

  /** Takes a place in the queue. Rejects with HiloError `store-unavailable` when nobody could ever be offered. */
  async join(thread: Thread, segment: string, place: Place): Promise<Waiting> {
    const id = this.#ports.ids.uuid();
    const { given, ...standing } = place;
    const entry = joinQueue({
      ...standing,
      ...(await this.#standing(thread, place)),
      ...customerOf(thread),
      entry: id,
      interaction: thread.id,
      joinedAtMs: this.#ports.clock.nowMs(),
      node: this.#ports.node,
    });
    const waiting = new Waiting(entry, thread, this.#ports, () => void this.#waiting.delete(id));
    this.#waiting.set(id, waiting);
    try {
      const isNew = (): boolean => this.#ports.live.entry(id) === undefined;
      await this.#ports.live.change(() => (isNew() ? [{ kind: 'entry', id, value: entry }] : undefined));
    } catch (error) {
      this.#waiting.delete(id);
      this.#clear(id);
      throw error;
    }
    const { queue, priority, seniorityMs, kind } = place;
    const data = { segment, entry: id, queue, priority, seniorityMs, kind };
    thread.note({ type: 'queued', data: given === undefined ? data : { ...data, given } });
    return waiting;
  }

  /** What the queue grants: priority that grows, and the agent of the last time. */
  async #standing(thread: Thread, { queue: name, preferred }: Place): Promise<Pick<Entry, 'ageingMs' | 'preferred'>> {
    const { centre, lastAgents, clock } = this.#ports;
    const queue = centre().queues.get(name);
    const ageing = queue?.ageingMs === undefined ? {} : { ageingMs: queue.ageingMs };
    if (queue?.stickyMs === undefined || preferred !== undefined) return ageing;
    const agent = await lastAgents.of(thread);
    return agent === undefined ? ageing : { ...ageing, preferred: { agent, untilMs: clock.nowMs() + queue.stickyMs } };
  }

  /** Whether a story of this node waits on it. */
  holds(entry: string): boolean {
    return this.#waiting.has(entry);
  }

  /**
   * Sends a caller of this node to another queue. Throws HiloError `not-found`, or `wrong-state`: not a caller, or being
   * connected just now.
   */
  send(entry: string, to: string, by: string): void {
    const waiting = this.#waiting.get(entry);
    if (waiting === undefined) throw new HiloError('not-found', 'nobody waits there at this node now');
    waiting.send(to, by);
  }

  /** A place that nobody waits on: it goes, and an agent at whom it rings is free again at no cost. */
  remove(entry: string): void {
    const { eventually, live, clock } = this.#ports;
    eventually.do(`entry ${entry} is removed`, async () => {
      if (this.holds(entry)) return;
      await live.change(() => removal(live, entry, 'superseded', clock.nowMs()));
    });
  }

  snapshot(): readonly { readonly entry: string; readonly queue: string }[] {
    return [...this.#waiting.values()].map(({ entry, queue }) => ({ entry, queue }));
  }

  /** Whether it was committed is not known: what is there after reading anew is taken away. */
  #clear(id: string): void {
    const { eventually, live, clock } = this.#ports;
    eventually.do(`entry ${id} is cleared`, async () => {
      await live.refresh();
      await live.change(() => removal(live, id, 'superseded', clock.nowMs()));
    });
  }

  /** After the live store lost its memory, those who wait here take their places again, at the same seniority. */
  #restore(): void {
    for (const waiting of this.#waiting.values()) {
      if (this.#ports.live.entry(waiting.entry) === undefined) waiting.rejoin();
      else waiting.look();
    }
  }
}

/** One place in a queue, held by the story that waits on it. */
export class Waiting {
  readonly entry: string;
  readonly queue: string;
  readonly joinedAtMs: number;
  #first: Entry;
  readonly #told = new Set<string>();
  #wanted: ((offer: Offer) => void) | undefined;
  #onSent: ((to: string) => boolean) | undefined;
  #gone = false;

  constructor(
    entry: Entry,
    private readonly thread: Thread,
    private readonly ports: Omit<QueueingPorts, 'lastAgents'>,
    private readonly forget: () => void,
  ) {
    this.#first = entry;
    this.entry = entry.entry;
    this.queue = entry.queue;
    this.joinedAtMs = entry.joinedAtMs;
  }

  get waitedMs(): number {
    return this.ports.clock.nowMs() - this.joinedAtMs;
  }

  /** Calls back once, with the next offer that was not told yet; a second call replaces the first. */
  onOffer(listener: ((offer: Offer) => void) | undefined): void {
    this.#wanted = listener;
    this.look();
  }

  /** `listener` is asked whether the caller can go to that queue now, and takes them there then. */
  onSent(listener: (to: string) => boolean): () => void {
    this.#onSent = listener;
    return () => {
      this.#onSent = undefined;
    };
  }

  /** Throws HiloError `wrong-state`: not a caller who waits, or one who is being connected just now. */
  send(to: string, by: string): void {
    const { entry, queue } = this;
    if (this.#onSent?.(to) !== true) throw new HiloError('wrong-state', 'this one cannot go to another queue now');
    this.thread.note({ type: 'queue-changed', data: { entry, queue, to, by } });
  }

  /** Whether that offer still stands, as far as this node knows. */
  holds(offer: Offer): boolean {
    const entry = this.ports.live.entry(this.entry);
    if (entry === undefined) return false;
    return entry.state === 'accepted' ? entry.offer.id === offer.id : offersOf(entry).some(({ id }) => id === offer.id);
  }

  /** That offer and those that ring beside it (ring all). */
  together(offer: Offer): readonly Offer[] {
    const entry = this.ports.live.entry(this.entry);
    return [offer, ...(entry === undefined ? [] : offersOf(entry).filter(({ id }) => id !== offer.id))];
  }

  /** Looks at the live state for news of this entry. */
  look(): void {
    const entry = this.ports.live.entry(this.entry);
    const wanted = this.#wanted;
    // What a supervisor gave is kept when the place has to be taken again.
    if (entry !== undefined && entry.priority !== this.#first.priority) {
      this.#first = { ...this.#first, priority: entry.priority };
    }
    if (entry?.state !== 'offered' || wanted === undefined) return;
    const fresh = offersOf(entry).filter(({ id }) => !this.#told.has(id));
    const [first] = fresh;
    if (first === undefined) return;
    this.#wanted = undefined;
    for (const { id, agent, why } of fresh) {
      this.#told.add(id);
      this.thread.note({ type: 'offered', data: { entry: this.entry, offer: id, queue: this.queue, agent, why } });
    }
    wanted(first);
  }

  /** The agent answered: one commit for entry and agent. False when the offer is no longer theirs to take. */
  async accept(offer: Offer): Promise<boolean> {
    const { node } = this.ports;
    let withdrawn: readonly Offer[] = [];
    const committed = await this.#change((entry, agent, nowMs) => {
      const taken = entryTransition(entry, { type: 'accepted', offer: offer.id }, nowMs);
      if (agent === undefined || !taken.ok) return undefined;
      const { interaction } = entry;
      const callback = entry.kind === 'callback' ? { callbackOf: entry.queue } : {};
      const event = { type: 'accepted', offer: offer.id, interaction, node, ...callback } as const;
      const busy = agentTransition(agent, event, nowMs);
      if (!busy.ok) return undefined;
      const { live } = this.ports;
      withdrawn = taken.withdrawn;
      return [
        { kind: 'entry', id: this.entry, value: taken.next },
        { kind: 'agent', id: agent.agent, value: busy.next },
        ...takenBack(live, withdrawn, nowMs),
      ];
    }, offer.agent);
    if (committed) for (const { id, agent } of withdrawn) this.#noteWithdrawn(id, agent, 'answered-elsewhere');
    return committed;
  }

  /** The agent did not take it: the place is kept, the agent is passed over for a while. */
  refuse(offer: Offer, reason: RefusalReason, sipStatus?: number): void {
    const data = { entry: this.entry, offer: offer.id, agent: offer.agent, reason };
    this.thread.note({ type: 'offer-refused', data: sipStatus === undefined ? data : { ...data, sipStatus } });
    this.ports.eventually.do(`refusal of offer ${offer.id}`, () => this.#handBack(offer, reason, 'refused'));
  }

  /**
   * The agent answered, but they never talked: back to the same place; the agent is free again without wrap-up and
   * without blame. Also right when nobody knows whether the acceptance was committed.
   */
  giveBack(offer: Offer, reason: RefusalReason): void {
    const { entry } = this;
    const data = { entry, offer: offer.id, agent: offer.agent, reason };
    if (!this.#gone) this.thread.note({ type: 'offer-refused', data });
    this.ports.eventually.do(`return of ${entry}`, async () => {
      await this.ports.live.refresh();
      await this.#handBack(offer, reason, 'withdrawn');
    });
  }

  /** `ringing`: what becomes of an agent who was not in the call yet. */
  async #handBack({ id, agent: name }: Offer, reason: RefusalReason, ringing: 'refused' | 'withdrawn'): Promise<void> {
    const { live, clock, centre } = this.ports;
    await live.change(() => {
      const nowMs = clock.nowMs();
      const wishes: Wish[] = [];
      const entry = live.entry(this.entry);
      if (entry !== undefined) {
        const type = entry.state === 'accepted' ? 'returned' : 'refused';
        const back = entryTransition(entry, { type, offer: id, reason }, nowMs);
        if (back.ok) wishes.push({ kind: 'entry', id: this.entry, value: back.next });
      }
      const agent = live.agent(name);
      if (agent !== undefined) {
        const event =
          agent.state === 'busy'
            ? ({ type: 'call-ended', entry: this.entry, wrapUpMs: 0 } as const)
            : ({ type: ringing, offer: id, reason, backOff: centre().backOff } as const);
        const free = agentTransition(agent, event, nowMs);
        if (free.ok) wishes.push({ kind: 'agent', id: name, value: free.next });
      }
      return wishes;
    });
  }

  /** Gives the place up, once; an offer that is out is withdrawn and its agent free again at no cost. */
  leave(reason: LeaveReason): void {
    if (this.#gone) return;
    this.#gone = true;
    this.forget();
    const { entry, queue, waitedMs } = this;
    const open = this.ports.live.entry(entry);
    if (open !== undefined && isWithdrawal(reason)) {
      for (const { id, agent } of offersOf(open)) this.#noteWithdrawn(id, agent, reason);
    }
    this.thread.note({ type: 'left-queue', data: { entry, queue, reason, waitedMs } });
    const { eventually, live, clock } = this.ports;
    eventually.do(`entry ${entry} leaves`, async () => {
      await live.change(() => removal(live, entry, reason, clock.nowMs()));
    });
  }

  #noteWithdrawn(offer: string, agent: string, reason: WithdrawalReason): void {
    this.thread.note({ type: 'offer-withdrawn', data: { entry: this.entry, offer, agent, reason } });
  }

  rejoin(): void {
    if (this.#gone) return;
    const { entry } = this;
    this.ports.eventually.do(`entry ${entry} takes its place again`, async () => {
      await this.ports.live.change(() => {
        if (this.#gone || this.ports.live.entry(entry) !== undefined) return undefined;
        return [{ kind: 'entry', id: entry, value: joinQueue(this.#first) }];
      });
    });
  }

  async #change(
    decide: (entry: Entry, agent: AgentPresence | undefined, nowMs: number) => readonly Wish[] | undefined,
    agent: string,
  ): Promise<boolean> {
    const committed = await this.ports.live.change(() => {
      const entry = this.ports.live.entry(this.entry);
      if (entry === undefined) return undefined;
      return decide(entry, this.ports.live.agent(agent), this.ports.clock.nowMs());
    });
    return committed !== undefined;
  }
}

/** Who waits, for those who look on. */
function customerOf({ state }: Thread): Pick<Entry, 'customer'> {
  const { value } = state.address;
  return value === '' ? {} : { customer: value };
}

function isWithdrawal(reason: LeaveReason): reason is WithdrawalReason {
  return reason !== 'connected' && reason !== 'overflow';
}

/** The entry goes; agents at whom it rings are free again at no cost. */
export function removal(
  live: Pick<LiveState, 'agent' | 'entry'>,
  id: string,
  reason: LeaveReason,
  nowMs: number,
): readonly Wish[] | undefined {
  const entry = live.entry(id);
  if (entry === undefined) return undefined;
  const left = entryTransition(entry, { type: 'left', reason }, nowMs);
  if (!left.ok) return undefined;
  return [{ kind: 'entry', id, value: left.next }, ...takenBack(live, left.withdrawn, nowMs)];
}

/** Agents whose offers are withdrawn: free at once, at no cost. */
function takenBack(live: Pick<LiveState, 'agent'>, offers: readonly Offer[], nowMs: number): readonly Wish[] {
  return offers.flatMap(({ id: offer, agent: name }): Wish[] => {
    const agent = live.agent(name);
    const free = agent && agentTransition(agent, { type: 'withdrawn', offer }, nowMs);
    return free?.ok ? [{ kind: 'agent', id: name, value: free.next }] : [];
  });
}

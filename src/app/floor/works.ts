// Messages and tasks that wait for an agent: opened, taken, refused and finished by people, offered by the dispatcher like calls.
import type { Entry, Offer } from '../../core/acd/entry.js';
import { offersOf } from '../../core/acd/entry.js';
import { entryTransition } from '../../core/acd/entry-transition.js';
import type { QueueConfig } from '../../core/acd/queue.js';
import { isWork, offerEnded, type WorkEntry } from '../../core/acd/work/agent-offer.js';
import { type Work, type WorkKind, worksOf } from '../../core/acd/work/work.js';
import { workTransition } from '../../core/acd/work/work-transition.js';
import type { InteractionEvent } from '../../core/interaction/event.js';
import type { Wait } from '../../core/interaction/wait.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import { HiloError } from '../errors.js';
import type { Eventually } from '../eventually.js';
import type { RecordStore } from '../ports.js';
import type { Contacts } from '../record/contacts.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';
import type { Dispatcher } from './dispatcher.js';
import type { LiveState, Wish } from './live-state.js';

/** Messages and tasks that may wait in all queues together. */
export const MAX_WAITING_WORKS = 10_000;
/** Whom a task is about when it is about no customer: an address of our own. */
export const NO_CUSTOMER = 'hilo';
const PAGE = 100;
/** Interactions looked at after the live store lost its memory. */
const MAX_LOOKED_AT = 5_000;

export interface WorksPorts {
  readonly live: LiveState;
  readonly centre: () => Centre;
  readonly store: Pick<RecordStore, 'find'>;
  readonly interactions: Interactions;
  readonly contacts: Contacts;
  readonly dispatcher: Pick<Dispatcher, 'onWork' | 'leading'>;
  readonly eventually: Eventually;
  readonly clock: Clock;
  readonly ids: Ids;
}

export interface NewWork {
  readonly queue: string;
  readonly kind: WorkKind;
  readonly title: string;
  readonly priority?: number;
  /** A number or other address of the customer. */
  readonly contact?: string;
  /** The matter it belongs to; absent: a new one. */
  readonly interaction?: string;
}

/** Who does something, and whether they may do it for others. */
export interface Doer {
  readonly name: string;
  readonly forOthers: boolean;
}

interface Held {
  readonly agent: string;
  readonly work: Work;
}

export class Works {
  readonly #ports: WorksPorts;
  #restored: (thread: Thread) => Promise<void> = async () => undefined;

  constructor(ports: WorksPorts) {
    this.#ports = ports;
    const restore = (): void => ports.eventually.do('works after a loss', () => this.restore());
    ports.dispatcher.onWork({
      leads: restore,
      offered: (entry, offers) => this.#noteOffered(entry, offers),
      expired: (entry, agent, offer) => this.#noteRefused(entry, agent, offer, 'no-answer'),
    });
    ports.live.onReset(restore);
  }

  /** Told of each matter in which somebody waits or works, when what the live store lost is looked for. */
  onRestored(listener: (thread: Thread) => Promise<void>): void {
    this.#restored = listener;
  }

  /** Waits in its queue when it resolves. Rejects with HiloError `not-found`, `wrong-state` (full) or `store-unavailable`. */
  async open(wanted: NewWork): Promise<Entry> {
    const { live, centre, clock, ids } = this.#ports;
    const queue = centre().queues.get(wanted.queue);
    if (queue === undefined) throw new HiloError('not-found', `there is no queue ${wanted.queue}`);
    const waiting = [...live.entries()].filter(isWork).length;
    if (waiting >= MAX_WAITING_WORKS) throw new HiloError('wrong-state', `${waiting} messages and tasks wait already`);
    const thread = await this.#threadFor(wanted);
    const entry = newEntry(wanted, { queue, interaction: thread.id, id: ids.uuid(), nowMs: clock.nowMs() });
    // First the record: what is only there is found again, what is only in the live state could be lost.
    await thread.record(queuedFact(entry));
    await this.join(entry);
    return entry;
  }

  /** The agent takes it: the others who were offered it are free of it in the same commit. */
  async accept(offer: string, doer: Doer): Promise<Work> {
    const { agent, work } = this.#offerOf(offer, doer);
    const { live, clock } = this.#ports;
    let done: { readonly entry: Entry; readonly others: readonly Offer[]; readonly taken: Work } | undefined;
    await live.change(() => {
      done = undefined;
      const nowMs = clock.nowMs();
      const entry = live.entry(work.entry);
      const presence = live.agent(agent);
      const accepted = entry && entryTransition(entry, { type: 'accepted', offer }, nowMs);
      const taken = presence && workTransition(presence, { type: 'work-accepted', offer }, nowMs);
      if (entry === undefined || !accepted?.ok || !taken?.ok) return undefined;
      const open = worksOf(taken.next).find((one) => one.entry === work.entry);
      if (open === undefined) return undefined;
      done = { entry, others: accepted.withdrawn, taken: open };
      return [
        { kind: 'entry', id: entry.entry, value: null },
        { kind: 'agent', id: agent, value: taken.next },
        ...this.#takenBack(accepted.withdrawn, nowMs),
      ];
    });
    if (done === undefined) throw new HiloError('wrong-state', 'this offer is over');
    const { entry, others, taken } = done;
    const { entry: id, queue, joinedAtMs } = entry;
    const waitedMs = clock.nowMs() - joinedAtMs;
    this.#note(entry.interaction, [
      ...others.map(({ id: other, agent: whose }) => withdrawn(id, other, whose)),
      { type: 'left-queue', data: { entry: id, queue, reason: 'connected', waitedMs } },
      { type: 'work-taken', data: { entry: id, queue, agent, kind: work.kind, waitedMs } },
    ]);
    return taken;
  }

  /** Waits on in its place; this agent is passed over for it for a while. */
  async refuse(offer: string, doer: Doer): Promise<void> {
    const { agent, work } = this.#offerOf(offer, doer);
    const { live, clock } = this.#ports;
    let refused: Entry | undefined;
    await live.change(() => {
      const nowMs = clock.nowMs();
      const entry = live.entry(work.entry);
      const presence = live.agent(agent);
      const reason = 'rejected';
      const back = entry && entryTransition(entry, { type: 'refused', offer, reason }, nowMs);
      const free = presence && offerEnded(presence, offer, { type: 'refused', reason }, nowMs);
      refused = back?.ok ? entry : undefined;
      return [
        ...(back?.ok ? [{ kind: 'entry', id: work.entry, value: back.next } as const] : []),
        ...(free === undefined ? [] : [{ kind: 'agent', id: agent, value: free } as const]),
      ];
    });
    if (refused === undefined) throw new HiloError('wrong-state', 'this offer is over');
    this.#noteRefused(refused, agent, offer, 'rejected');
  }

  /** `id`: of the entry it was. Rejects with HiloError `not-found` or `not-allowed`. */
  async finish(id: string, doer: Doer): Promise<void> {
    const { agent, work } = this.#held(doer, (one) => one.state === 'open' && one.entry === id);
    const { live, clock } = this.#ports;
    const committed = await live.change(() => {
      const presence = live.agent(agent);
      const done = presence && workTransition(presence, { type: 'work-finished', entry: id }, clock.nowMs());
      return done?.ok ? [{ kind: 'agent', id: agent, value: done.next }] : undefined;
    });
    if (committed === undefined) throw new HiloError('wrong-state', 'it was finished meanwhile');
    const tookMs = clock.nowMs() - work.sinceMs;
    this.#note(work.interaction, [{ type: 'work-finished', data: { entry: id, agent, kind: work.kind, tookMs } }]);
  }

  /** Nobody has to do it any more: it leaves its queue. Rejects with HiloError `not-found`. */
  async cancel(queue: string, id: string): Promise<void> {
    const { live, clock } = this.#ports;
    const entry = live.entry(id);
    if (entry === undefined || entry.queue !== queue || !isWork(entry)) {
      throw new HiloError('not-found', `there is no such message or task in ${queue}`);
    }
    let out: readonly Offer[] = [];
    await live.change(() => {
      const now = live.entry(id);
      out = now === undefined ? [] : offersOf(now);
      return now && [{ kind: 'entry', id, value: null }, ...this.#takenBack(out, clock.nowMs())];
    });
    const waitedMs = clock.nowMs() - entry.joinedAtMs;
    this.#note(entry.interaction, [
      ...out.map(({ id: offer, agent }) => withdrawn(id, offer, agent)),
      { type: 'left-queue', data: { entry: id, queue, reason: 'superseded', waitedMs } },
    ]);
  }

  async #threadFor({ interaction, contact }: NewWork): Promise<Thread> {
    const { interactions, contacts, centre } = this.#ports;
    if (interaction !== undefined) return interactions.resume(interaction);
    const who = await contacts.of(
      contact === undefined ? 'sandbox' : 'voice',
      contact ?? NO_CUSTOMER,
      centre().country,
    );
    return interactions.open(who.contact, who.address);
  }

  /** Takes its place, unless it has one; the record says already that it waits. */
  async join(entry: Entry): Promise<void> {
    const { live } = this.#ports;
    const { entry: id } = entry;
    await live.change(() => (live.entry(id) === undefined ? [{ kind: 'entry', id, value: entry }] : undefined));
  }

  #takenBack(offers: readonly Offer[], nowMs: number): Wish[] {
    const { live } = this.#ports;
    return offers.flatMap(({ id, agent: name }): Wish[] => {
      const agent = live.agent(name);
      const free = agent && offerEnded(agent, id, { type: 'withdrawn' }, nowMs);
      return free === undefined ? [] : [{ kind: 'agent', id: name, value: free }];
    });
  }

  #offerOf(offer: string, doer: Doer): Held {
    return this.#held(doer, (work) => work.state === 'offered' && work.offer === offer);
  }

  #held(doer: Doer, is: (work: Work) => boolean): Held {
    for (const presence of this.#ports.live.agents()) {
      const work = worksOf(presence).find(is);
      if (work === undefined) continue;
      if (presence.agent === doer.name || doer.forOthers) return { agent: presence.agent, work };
      throw new HiloError('not-allowed', `this is ${presence.agent}'s`);
    }
    throw new HiloError('not-found', 'nobody has this now');
  }

  #noteOffered(entry: Entry, offers: readonly Offer[]): void {
    const { entry: id, queue } = entry;
    const facts = offers.map(
      ({ id: offer, agent, why }) => ({ type: 'offered', data: { entry: id, offer, queue, agent, why } }) as const,
    );
    this.#note(entry.interaction, facts);
  }

  #noteRefused(entry: Entry, agent: string, offer: string, reason: 'rejected' | 'no-answer'): void {
    this.#note(entry.interaction, [{ type: 'offer-refused', data: { entry: entry.entry, offer, agent, reason } }]);
  }

  #note(interaction: string, facts: readonly InteractionEvent[]): void {
    const { interactions, eventually } = this.#ports;
    eventually.do(`facts of ${interaction}`, async () => {
      const thread = await interactions.resume(interaction);
      thread.note(...facts);
    });
  }

  /**
   * What the record says is still waiting takes its place again, when the live store lost its memory or a node died before it had
   * told it.
   */
  async restore(): Promise<void> {
    const { store, interactions, dispatcher } = this.#ports;
    if (!dispatcher.leading) return;
    let after: string | undefined;
    for (let looked = 0; looked < MAX_LOOKED_AT; looked += PAGE) {
      const page = await store.find({ state: 'active', limit: PAGE, ...(after === undefined ? {} : { after }) });
      for (const { id, liveNodes } of page.interactions) {
        if (liveNodes.length === 0) await this.#restoreOne(await interactions.resume(id));
      }
      after = page.next;
      if (after === undefined) return;
    }
  }

  async #restoreOne(thread: Thread): Promise<void> {
    const { id: interaction, state } = thread;
    await this.#restored(thread);
    for (const wait of state.waits) {
      if (isOpenWork(wait) && this.#ports.live.entry(wait.entry) === undefined) {
        await this.join(this.#entryOf(wait, interaction));
      }
    }
  }

  #entryOf(wait: Wait & { kind: WorkKind }, interaction: string): WorkEntry {
    const { entry, kind, queue, priority, seniorityMs, fromMs: joinedAtMs, title } = wait;
    const ageingMs = this.#ports.centre().queues.get(queue)?.ageingMs;
    const place = { entry, interaction, kind, queue, priority, seniorityMs, joinedAtMs, node: '' };
    return {
      ...{ ...place, state: 'waiting', refusedBy: {} },
      ...(ageingMs === undefined ? {} : { ageingMs }),
      ...(title === undefined ? {} : { title }),
    };
  }
}

/** Waits from now on. `preferred`: for whom it is kept at first. */
export function newEntry(
  wanted: Pick<NewWork, 'kind' | 'title' | 'priority' | 'contact'> & Pick<Entry, 'preferred'>,
  place: {
    readonly queue: QueueConfig;
    readonly interaction: string;
    readonly id: string;
    readonly nowMs: number;
  },
): WorkEntry {
  const { queue, interaction, id, nowMs } = place;
  const { kind, title, priority = queue.priority, contact, preferred } = wanted;
  return {
    ...{ state: 'waiting', refusedBy: {} },
    ...{ entry: id, interaction, kind, title, priority, queue: queue.name, node: '' },
    ...{ seniorityMs: nowMs, joinedAtMs: nowMs },
    ...(queue.ageingMs === undefined ? {} : { ageingMs: queue.ageingMs }),
    ...(contact === undefined ? {} : { customer: contact }),
    ...(preferred === undefined ? {} : { preferred }),
  };
}

export function queuedFact({ entry, queue, priority, seniorityMs, kind, title = '' }: WorkEntry): InteractionEvent {
  return { type: 'queued', data: { segment: entry, entry, queue, priority, seniorityMs, kind, title } };
}

function isOpenWork(wait: Wait): wait is Wait & { kind: WorkKind } {
  return wait.state !== 'over' && (wait.kind === 'message' || wait.kind === 'task');
}

function withdrawn(entry: string, offer: string, agent: string): InteractionEvent {
  return { type: 'offer-withdrawn', data: { entry, offer, agent, reason: 'answered-elsewhere' } };
}

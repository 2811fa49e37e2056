// The only writer of facts: every story tells what happened here, and here it becomes durable.
import { randomBytes } from 'node:crypto';
import type { Address, InteractionEvent } from '../../core/interaction/event.js';
import { REFERENCE_BYTES, referenceFrom } from '../../core/interaction/reference.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Contact, RecordStore } from '../ports.js';
import { isProvisional } from './contacts.js';
import type { Spool, SpooledFact } from './spool.js';
import { isSame, Thread, type ThreadPorts } from './thread.js';

/** Threads kept in memory besides those with a live call, 35 kB each; a forgotten one is read again from the store. */
export const THREADS_KEPT = 500;
/** Looked at for each one that comes, so that the number goes down and nobody waits for it. */
const LOOKS = 4;
const IMPORT_EVERY_MS = 1_000;

export interface InteractionsPorts {
  readonly store: RecordStore;
  readonly spool: Spool;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export class Interactions {
  readonly #ports: InteractionsPorts;
  readonly #threadPorts: ThreadPorts;
  readonly #threads = new Map<string, Thread>();
  readonly #listeners = new Set<(thread: Thread, event: InteractionEvent) => void>();
  /*
   *  direct ──the store fails──▶ spooling ──import──▶ importing ──nothing left──▶ direct       each ──▶ closed
   *                                 ▲─────────fails, or more to do────┘
   */
  #state: 'direct' | 'spooling' | 'importing' | 'closed' = 'direct';
  /** Interactions with facts in the spool: since the last import began, and those that it has yet to store. */
  #spooled = new Set<string>();
  #toImport = new Set<string>();
  #timer: { cancel(): void } | undefined;

  constructor(ports: InteractionsPorts) {
    this.#ports = ports;
    this.#threadPorts = {
      store: ports.store,
      clock: ports.clock,
      log: ports.log,
      spooling: (id) => this.#spooling(id),
      keep: (facts) => this.#keep(facts),
      told: (thread, event) => this.#tell(thread, event),
    };
  }

  /** Imports what an earlier run could not store. Call once before the first story. */
  async start(): Promise<void> {
    this.#state = 'spooling';
    await this.#import();
  }

  /** Every fact as it is told, before it is durable: for live views and counters. Returns how to stop that. */
  onEvent(listener: (thread: Thread, event: InteractionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A new matter of that customer; its first two facts are stored with the first `record`. */
  open(contact: Contact, address: Address): Thread {
    const thread = new Thread(this.#ports.ids.uuid(), this.#threadPorts);
    const reference = referenceFrom(randomBytes(REFERENCE_BYTES));
    thread.note({ type: 'interaction-opened', data: { reference, contact: contact.id, address } });
    this.#remember(thread);
    return thread;
  }

  /** The thread of an existing interaction, with what other nodes did to it. Rejects with HiloError `not-found` or `store-unavailable`. */
  async resume(id: string): Promise<Thread> {
    const known = this.#threads.get(id);
    if (known !== undefined) {
      await known.refresh();
      return this.#remember(known);
    }
    const thread = new Thread(id, this.#threadPorts);
    await thread.reload();
    return this.#threads.get(id) ?? this.#remember(thread);
  }

  /** Waits until what was told is stored or spooled, then stops. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    await Promise.all([...this.#threads.values()].map((thread) => thread.settled()));
    this.#state = 'closed';
  }

  snapshot(): { readonly threads: number; readonly state: string; readonly spooled: number } {
    return { threads: this.#threads.size, state: this.#state, spooled: this.#ports.spool.size };
  }

  /** Most recently used last; beyond the limit the oldest are forgotten, unless a call or a write goes on. */
  #remember(thread: Thread): Thread {
    this.#use(thread);
    for (const candidate of [...this.#oldest()]) {
      if (candidate.idle && candidate.state.liveNodes.length === 0) this.#threads.delete(candidate.id);
      else this.#use(candidate);
    }
    return thread;
  }

  *#oldest(): IterableIterator<Thread> {
    let looks = Math.min(LOOKS, this.#threads.size - THREADS_KEPT);
    for (const thread of this.#threads.values()) {
      if (looks-- <= 0) return;
      yield thread;
    }
  }

  #use(thread: Thread): void {
    this.#threads.delete(thread.id);
    this.#threads.set(thread.id, thread);
  }

  #tell(thread: Thread, event: InteractionEvent): void {
    for (const listener of this.#listeners) listener(thread, event);
  }

  /**
   * While the spool is being imported only those with facts in it have to queue up behind them. Everybody else writes
   * again: under load new facts always come, and who waits for an empty spool waits for ever.
   */
  #spooling(id: string): boolean {
    if (this.#state === 'importing') return this.#spooled.has(id) || this.#toImport.has(id);
    return this.#state === 'spooling';
  }

  async #keep(facts: readonly SpooledFact[]): Promise<void> {
    for (const { interaction } of facts) this.#spooled.add(interaction);
    if (this.#state === 'direct') {
      this.#state = 'spooling';
      this.#ports.log.error({}, 'the record is out of reach: facts go to the spool until it is back');
      this.#importLater();
    }
    await this.#ports.spool.keep(facts);
  }

  #importLater(): void {
    if (this.#state === 'closed') return;
    this.#timer = this.#ports.clock.after(IMPORT_EVERY_MS, () => void this.#import());
  }

  async #import(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#toImport = new Set([...this.#toImport, ...this.#spooled]);
    this.#spooled = new Set();
    try {
      await this.#importTaken();
      this.#toImport.clear();
    } catch (error) {
      this.#ports.log.warn({ err: error }, 'spooled facts still wait for the record');
      this.#become('spooling');
      this.#importLater();
      return;
    }
    if (this.#spooled.size > 0) this.#importLater();
    else this.#become('direct');
  }

  async #importTaken(): Promise<void> {
    const { facts, forget } = await this.#ports.spool.take();
    const groups = groupByInteraction(facts);
    for (const id of groups.keys()) this.#toImport.add(id);
    this.#become('importing');
    for (const [id, own] of groups) {
      await this.#importOne(id, own);
      this.#toImport.delete(id);
    }
    await forget();
    if (facts.length > 0) this.#ports.log.info({ facts: facts.length }, 'spooled facts are in the record');
  }

  #become(state: 'direct' | 'spooling' | 'importing'): void {
    if (this.#state !== 'closed') this.#state = state;
  }

  /** A crash between storing and forgetting repeats facts: those already there are passed over. */
  async #importOne(id: string, facts: readonly SpooledFact[]): Promise<void> {
    const stored = await this.#ports.store.read(id);
    const known = await Promise.all(facts.map((fact) => this.#withContact(fact)));
    const fresh = known.filter((fact) => !stored.some((other) => isSame(other, fact)));
    const thread = this.#threads.get(id) ?? new Thread(id, this.#threadPorts);
    await thread.store(stored, fresh);
  }

  /** Who could not be looked up while the store was away is looked up now. */
  async #withContact(fact: SpooledFact): Promise<SpooledFact> {
    const { event } = fact;
    if (event.type !== 'interaction-opened' || !isProvisional(event.data.contact)) return fact;
    const { contact } = await this.#ports.store.contactByAddress(event.data.address);
    return { ...fact, event: { ...event, data: { ...event.data, contact: contact.id } } };
  }
}

function groupByInteraction(facts: readonly SpooledFact[]): Map<string, SpooledFact[]> {
  const groups = new Map<string, SpooledFact[]>();
  for (const fact of facts) {
    const group = groups.get(fact.interaction);
    if (group === undefined) groups.set(fact.interaction, [fact]);
    else group.push(fact);
  }
  return groups;
}

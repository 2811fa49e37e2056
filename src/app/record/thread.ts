// One interaction as this node knows it: its facts in order, folded into a state, appended to the store in one go.
import type { InteractionEvent, RecordedEvent } from '../../core/interaction/event.js';
import { evolve, fold, type Interaction, initial } from '../../core/interaction/interaction.js';
import { summaryOf } from '../../core/interaction/summary.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { HiloError } from '../errors.js';
import type { RecordStore } from '../ports.js';
import type { SpooledFact } from './spool.js';

const MAX_CONFLICTS = 10;
/** Facts that may wait for the database in one thread before `record` refuses more. */
const MAX_PENDING = 1_000;

export interface ThreadPorts {
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly log: Log;
  /** True while facts of this interaction have to go to the spool to keep their order. */
  spooling(id: string): boolean;
  keep(facts: readonly SpooledFact[]): Promise<void>;
  told(thread: Thread, event: InteractionEvent): void;
}

interface Pending {
  readonly fact: SpooledFact;
  /** Present when a story waits for this fact to be durable; such a fact is never spooled. */
  readonly waiter?: { resolve(): void; reject(error: unknown): void };
}

export class Thread {
  #events: RecordedEvent[] = [];
  #state: Interaction = initial;
  /** Version of the last event that is in the store. */
  #storedVersion = 0;
  #pending: Pending[] = [];
  #writing: Promise<void> | undefined;

  constructor(
    readonly id: string,
    private readonly ports: ThreadPorts,
  ) {}

  get state(): Interaction {
    return this.#state;
  }

  get events(): readonly RecordedEvent[] {
    return this.#events;
  }

  get idle(): boolean {
    return this.#writing === undefined && this.#pending.length === 0;
  }

  /** Stores facts; durable when it resolves. Rejects with HiloError `store-unavailable`: then they are not in the record. */
  record(...events: readonly InteractionEvent[]): Promise<void> {
    if (this.ports.spooling(this.id)) {
      return Promise.reject(new HiloError('store-unavailable', 'the record is out of reach; nothing was promised'));
    }
    if (this.#pending.length >= MAX_PENDING) {
      return Promise.reject(new HiloError('store-unavailable', `${MAX_PENDING} facts already wait for the record`));
    }
    const stored = new Promise<void>((resolve, reject) => {
      events.forEach((event, index) => {
        const last = index === events.length - 1;
        this.#enqueue(event, last ? { resolve, reject } : { resolve: nothing, reject: nothing });
      });
    });
    this.#write();
    return stored;
  }

  /** Tells facts that nothing was promised on: stored soon, spooled when the store is away, never lost, never awaited. */
  note(...events: readonly InteractionEvent[]): void {
    for (const event of events) this.#enqueue(event);
    this.#write();
  }

  /** Resolves when everything told so far is stored or spooled. */
  async settled(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** Reads the interaction from the store. Rejects with HiloError `not-found` or `store-unavailable`. */
  async reload(): Promise<void> {
    const events = await this.ports.store.read(this.id);
    if (events.length === 0) throw new HiloError('not-found', `there is no interaction ${this.id}`);
    this.#reset(events);
  }

  /** Appends spooled facts behind what is stored; for the importer only. */
  async store(stored: readonly RecordedEvent[], facts: readonly SpooledFact[]): Promise<void> {
    await this.settled();
    this.#reset(stored);
    if (facts.length === 0) return;
    for (const fact of facts) this.#fold(fact);
    await this.#append(facts);
  }

  #enqueue(event: InteractionEvent, waiter?: Pending['waiter']): void {
    const fact: SpooledFact = { interaction: this.id, atMs: this.ports.clock.nowMs(), event };
    this.#pending.push(waiter === undefined ? { fact } : { fact, waiter });
    this.#fold(fact);
    this.ports.told(this, event);
  }

  #fold(fact: SpooledFact): void {
    const version = (this.#events.at(-1)?.version ?? 0) + 1;
    const recorded: RecordedEvent = { interaction: this.id, version, atMs: fact.atMs, event: fact.event };
    this.#events.push(recorded);
    this.#state = evolve(this.#state, recorded);
  }

  #reset(stored: readonly RecordedEvent[]): void {
    this.#events = [...stored];
    this.#storedVersion = stored.at(-1)?.version ?? 0;
    this.#state = fold(stored);
  }

  #write(): void {
    this.#writing ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // One turn later, so that facts told together travel together.
    await Promise.resolve();
    try {
      while (this.#pending.length > 0) {
        const batch = this.#pending;
        this.#pending = [];
        await this.#store(batch);
      }
    } finally {
      // In the very turn that saw nothing left: what is told a turn later has to find nobody writing.
      this.#writing = undefined;
    }
  }

  async #store(batch: readonly Pending[]): Promise<void> {
    if (this.ports.spooling(this.id)) {
      await this.#spool(batch, new HiloError('store-unavailable', 'the record is out of reach'));
      return;
    }
    try {
      await this.#append(batch.map((pending) => pending.fact));
      for (const { waiter } of batch) waiter?.resolve();
    } catch (error) {
      await this.#spool(batch, error);
    }
  }

  /** Awaited facts are refused to their story and struck out; the others go to the spool. */
  async #spool(batch: readonly Pending[], error: unknown): Promise<void> {
    const refused = new Set(batch.filter(({ waiter }) => waiter !== undefined).map(({ fact }) => fact.event));
    const kept = batch.filter(({ waiter }) => waiter === undefined).map(({ fact }) => fact);
    if (kept.length > 0) await this.ports.keep(kept);
    if (refused.size > 0) this.#strike(refused);
    for (const { waiter } of batch) waiter?.reject(error);
  }

  #strike(refused: ReadonlySet<InteractionEvent>): void {
    const remaining = this.#events.filter(({ event }) => !refused.has(event));
    this.#events = [];
    this.#state = initial;
    for (const event of remaining) this.#fold(event);
  }

  async #append(facts: readonly SpooledFact[]): Promise<void> {
    for (let round = 0; round < MAX_CONFLICTS; round += 1) {
      try {
        await this.ports.store.append({
          interaction: this.id,
          expectedVersion: this.#storedVersion,
          events: facts.map(({ event, atMs }) => ({ event, atMs })),
          summary: summaryOf(this.state),
        });
        this.#storedVersion += facts.length;
        return;
      } catch (error) {
        if (!(error instanceof HiloError) || error.code !== 'version-conflict') throw error;
        await this.#catchUp(facts);
      }
    }
    throw new HiloError('version-conflict', `interaction ${this.id} still changing after ${MAX_CONFLICTS} rounds`);
  }

  /** Another node was quicker: take its facts first, then ours, which are facts all the same. */
  async #catchUp(facts: readonly SpooledFact[]): Promise<void> {
    const ours = [...facts, ...this.#pending.map(({ fact }) => fact)];
    this.#reset(await this.ports.store.read(this.id));
    for (const fact of ours) this.#fold(fact);
  }
}

function nothing(): void {
  return;
}

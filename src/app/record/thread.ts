// One interaction as this node knows it: its facts in order, folded into a state, appended to the store in one go.
import { isDeepStrictEqual } from 'node:util';
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

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

type Pending =
  /** Goes to the spool when it cannot be stored. */
  | { readonly kind: 'noted'; readonly fact: SpooledFact }
  /** A story waits for this fact to be durable; it is never spooled. */
  | { readonly kind: 'promised'; readonly fact: SpooledFact; readonly waiter: Waiter }
  /** A story waits for what was told before. */
  | { readonly kind: 'asked'; readonly waiter: Waiter };

export class Thread {
  #events: RecordedEvent[] = [];
  #state: Interaction = initial;
  /** Version of the last event that is in the store. */
  #storedVersion = 0;
  #pending: Pending[] = [];
  /** Facts that are in the spool and not in the store. */
  #spooled: readonly SpooledFact[] = [];
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
    return this.#writing === undefined && this.#pending.length === 0 && this.#spooled.length === 0;
  }

  /** Stores facts; durable when it resolves. Rejects with HiloError `store-unavailable`: then they are not in the record. */
  record(...events: readonly InteractionEvent[]): Promise<void> {
    if (events.length === 0) return Promise.resolve();
    if (this.ports.spooling(this.id)) {
      return Promise.reject(new HiloError('store-unavailable', 'the record is out of reach; nothing was promised'));
    }
    if (this.#pending.length >= MAX_PENDING) {
      return Promise.reject(new HiloError('store-unavailable', `${MAX_PENDING} facts already wait for the record`));
    }
    const stored = new Promise<void>((resolve, reject) => {
      events.forEach((event, index) => {
        const last = index === events.length - 1;
        const waiter = last ? { resolve, reject } : { resolve: nothing, reject: nothing };
        this.#pending.push({ kind: 'promised', fact: this.#tell(event), waiter });
      });
    });
    this.#write();
    return stored;
  }

  /** Resolves when what was noted so far is stored. Rejects with HiloError `store-unavailable` when it is in the spool. */
  durable(): Promise<void> {
    const stored = new Promise<void>((resolve, reject) => {
      this.#pending.push({ kind: 'asked', waiter: { resolve, reject } });
    });
    this.#write();
    return stored;
  }

  /** Tells facts that nothing was promised on: stored soon, spooled when the store is away, never lost, never awaited. */
  note(...events: readonly InteractionEvent[]): void {
    for (const event of events) this.#pending.push({ kind: 'noted', fact: this.#tell(event) });
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

  /** Takes in what other nodes have stored meanwhile. Rejects with HiloError `store-unavailable`. */
  async refresh(): Promise<void> {
    await this.settled();
    const stored = await this.ports.store.read(this.id);
    // Who is about to write notices by the version that it is behind.
    if (this.idle && stored.length > this.#storedVersion) this.#reset(stored);
  }

  /** Appends spooled facts behind what is stored; for the importer only. */
  async store(stored: readonly RecordedEvent[], facts: readonly SpooledFact[]): Promise<void> {
    await this.settled();
    // What was told since the import began is in the spool behind these facts: known here, stored by the next import.
    const later = this.#spooled.filter((told) => ![...stored, ...facts].some((fact) => isSame(fact, told)));
    this.#reset(stored);
    for (const fact of [...facts, ...later]) this.#fold(fact);
    if (facts.length > 0) await this.#append(facts);
    this.#spooled = this.#spooled.filter((told) => ![...stored, ...facts].some((fact) => isSame(fact, told)));
  }

  #tell(event: InteractionEvent): SpooledFact {
    const fact: SpooledFact = { interaction: this.id, atMs: this.ports.clock.nowMs(), event };
    this.#fold(fact);
    this.ports.told(this, event);
    return fact;
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
    const facts = factsOf(batch);
    try {
      const unhurried = batch.every(({ kind }) => kind === 'noted');
      if (facts.length > 0) await this.#append(facts, unhurried);
      for (const pending of batch) if (pending.kind !== 'noted') pending.waiter.resolve();
    } catch (error) {
      await this.#spool(batch, error);
    }
  }

  /** Awaited facts are refused to their story and struck out; the others go to the spool. */
  async #spool(batch: readonly Pending[], error: unknown): Promise<void> {
    const refused = new Set(factsOf(batch.filter(({ kind }) => kind === 'promised')).map(({ event }) => event));
    const kept = factsOf(batch.filter(({ kind }) => kind === 'noted'));
    this.#spooled = [...this.#spooled, ...kept];
    if (kept.length > 0) await this.ports.keep(kept);
    if (refused.size > 0) this.#strike(refused);
    for (const pending of batch) if (pending.kind !== 'noted') pending.waiter.reject(error);
  }

  #strike(refused: ReadonlySet<InteractionEvent>): void {
    const remaining = this.#events.filter(({ event }) => !refused.has(event));
    this.#events = [];
    this.#state = initial;
    for (const event of remaining) this.#fold(event);
  }

  async #append(facts: readonly SpooledFact[], unhurried = false): Promise<void> {
    for (let round = 0; round < MAX_CONFLICTS; round += 1) {
      try {
        await this.ports.store.append({
          interaction: this.id,
          expectedVersion: this.#storedVersion,
          events: facts.map(({ event, atMs }) => ({ event, atMs })),
          summary: summaryOf(this.state),
          unhurried,
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
    const stored = await this.ports.store.read(this.id);
    const spooled = this.#spooled.filter((told) => ![...stored, ...facts].some((fact) => isSame(fact, told)));
    this.#reset(stored);
    for (const fact of [...facts, ...spooled, ...factsOf(this.#pending)]) this.#fold(fact);
  }
}

function factsOf(batch: readonly Pending[]): SpooledFact[] {
  return batch.flatMap((pending) => (pending.kind === 'asked' ? [] : [pending.fact]));
}

/** The same fact of one interaction, also when it has been written to a file or a table between. */
export function isSame(fact: Pick<SpooledFact, 'atMs' | 'event'>, other: Pick<SpooledFact, 'atMs' | 'event'>): boolean {
  // An interaction is opened once; the importer may have put in whose it is.
  if (fact.event.type === 'interaction-opened' && other.event.type === 'interaction-opened') return true;
  return fact.atMs === other.atMs && isDeepStrictEqual(fact.event, other.event);
}

function nothing(): void {
  return;
}

// This node's mirror of the live state: agents and entries as last committed, and the one way to change them.
import type { AgentPresence } from '../../core/acd/agent.js';
import type { Entry } from '../../core/acd/entry.js';
import { HiloError } from '../errors.js';
import type { Eventually } from '../eventually.js';
import type { Lease, LiveChange, LiveDocument, LiveStore } from '../ports.js';

/** A change asked for by a story; versions are added here. `null` deletes. */
export type Wish =
  | { readonly kind: 'agent'; readonly id: string; readonly value: AgentPresence | null }
  | { readonly kind: 'entry'; readonly id: string; readonly value: Entry | null };

interface Kept<T> {
  readonly version: number;
  readonly value: T;
}

export type Change = { readonly kind: 'agent' | 'entry'; readonly id: string };

interface Told extends Change {
  readonly version: number;
  readonly value: AgentPresence | Entry | null;
}

const MAX_TRIES = 8;
const MAX_DELETED = 10_000;

export class LiveState {
  readonly #store: LiveStore;
  readonly #eventually: Eventually;
  readonly #agents = new Map<string, Kept<AgentPresence>>();
  readonly #entries = new Map<string, Kept<Entry>>();
  /** Versions of deleted documents, so that a late older change does not bring them back. */
  readonly #deleted = new Map<string, number>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #resetListeners = new Set<() => void>();
  readonly #lost = new Map<string, AgentPresence>();
  readonly #untold: Change[] = [];
  readonly #present: (entry: Entry) => Entry;
  #reading: Promise<void> | undefined;
  /** Changes told while everything is read: what is read may be older. */
  #meanwhile: Told[] | undefined;

  /** `present`: who waits as everything is called now. Whoever reads an entry sees no former name, and writes none. */
  constructor(store: LiveStore, eventually: Eventually, present: (entry: Entry) => Entry = (entry) => entry) {
    this.#store = store;
    this.#eventually = eventually;
    this.#present = present;
    store.onChange((change) => {
      if (change === 'reset') this.#readAgain();
      else if (this.#hear(change)) this.#tell(change);
    });
  }

  agent(id: string): AgentPresence | undefined {
    return this.#agents.get(id)?.value;
  }

  /** Version of the document; 0 when there is none. */
  agentVersion(id: string): number {
    return this.#agents.get(id)?.version ?? 0;
  }

  entry(id: string): Entry | undefined {
    const kept = this.#entries.get(id);
    return kept && this.#present(kept.value);
  }

  /** How an agent was before the store lost its memory; undefined: nothing was lost, or the agent is known again. */
  lostAgent(id: string): AgentPresence | undefined {
    return this.#lost.get(id);
  }

  /** Agents whom the store has forgotten, as they were last known here. */
  *lostAgents(): IterableIterator<AgentPresence> {
    yield* this.#lost.values();
  }

  *agents(): IterableIterator<AgentPresence> {
    for (const { value } of this.#agents.values()) yield value;
  }

  *entries(): IterableIterator<Entry> {
    for (const { value } of this.#entries.values()) yield this.#present(value);
  }

  /** Calls `listener` after each change of a document, whoever made it. */
  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Calls `listener` after everything was read anew (start, reconnect). */
  onReset(listener: () => void): () => void {
    this.#resetListeners.add(listener);
    return () => void this.#resetListeners.delete(listener);
  }

  /** Reads everything from the store; concurrent calls share one reading. */
  async refresh(): Promise<void> {
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  /** After a loss or a gap: a reading under way may have begun before it. */
  #readAgain(): void {
    this.#eventually.do('reading of the live state', async () => {
      await this.#reading?.catch(() => undefined);
      await this.refresh();
    });
  }

  async #readAll(): Promise<void> {
    const meanwhile: Told[] = [];
    this.#meanwhile = meanwhile;
    try {
      this.#replace(await this.#store.all());
    } finally {
      this.#meanwhile = undefined;
    }
    for (const { kind, id, version, value } of meanwhile) this.#accept(kind, id, version, value);
    for (const listener of this.#resetListeners) listener();
  }

  #replace(documents: readonly LiveDocument[]): void {
    for (const [id, { value }] of this.#agents) this.#lost.set(id, value);
    this.#agents.clear();
    this.#entries.clear();
    this.#deleted.clear();
    for (const document of documents) {
      if (document.kind === 'entry') {
        this.#entries.set(document.id, document);
      } else {
        this.#agents.set(document.id, document);
        this.#lost.delete(document.id);
      }
    }
  }

  /**
   * Computes wishes from the mirror and commits them all or none; when another node was quicker, reads again and
   * recomputes. `decide` returns undefined to change nothing. Returns what was committed.
   * Rejects with HiloError `store-unavailable`, or `version-conflict` after {@link MAX_TRIES} rounds.
   */
  async change(decide: () => readonly Wish[] | undefined, lease?: Lease): Promise<readonly Wish[] | undefined> {
    for (let round = 0; round < MAX_TRIES; round += 1) {
      const wishes = decide();
      if (wishes === undefined || wishes.length === 0) return undefined;
      const changes = wishes.map((wish) => this.#withVersion(wish));
      const outcome = await this.#store.commit(changes, lease);
      if (outcome.ok) {
        this.#acceptAll(wishes, outcome.versions);
        return wishes;
      }
      if (outcome.cause === 'fenced') throw new HiloError('version-conflict', 'another node leads by now');
      await this.refresh();
    }
    throw new HiloError('version-conflict', `live state still changing after ${MAX_TRIES} rounds`);
  }

  #withVersion(wish: Wish): LiveChange {
    const kept = wish.kind === 'agent' ? this.#agents.get(wish.id) : this.#entries.get(wish.id);
    return { expected: kept?.version ?? 0, ...wish };
  }

  #acceptAll(wishes: readonly Wish[], versions: readonly number[]): void {
    wishes.forEach((wish, index) => {
      if (this.#hear({ version: versions[index] ?? 0, ...wish })) this.#tell(wish);
    });
  }

  #hear(told: Told): boolean {
    this.#meanwhile?.push(told);
    return this.#accept(told.kind, told.id, told.version, told.value);
  }

  /** Whether this was news: our own commit comes back on the change feed a moment later. */
  #accept(kind: Change['kind'], id: string, version: number, value: AgentPresence | Entry | null): boolean {
    const map: Map<string, Kept<AgentPresence | Entry>> = kind === 'agent' ? this.#agents : this.#entries;
    const kept = map.get(id);
    if ((kept?.version ?? this.#deleted.get(`${kind} ${id}`) ?? -1) >= version) return false;
    if (value === null) {
      this.#bury(`${kind} ${id}`, version);
      return map.delete(id);
    }
    map.set(id, { version, value });
    if (kind === 'agent') this.#lost.delete(id);
    return true;
  }

  #bury(key: string, version: number): void {
    this.#deleted.set(key, version);
    const [oldest] = this.#deleted.keys();
    if (this.#deleted.size > MAX_DELETED && oldest !== undefined) this.#deleted.delete(oldest);
  }

  /** A turn later, when all documents of the commit are in the mirror: nobody sees half of it. */
  #tell(change: Change): void {
    this.#untold.push(change);
    if (this.#untold.length > 1) return;
    queueMicrotask(() => {
      for (const told of this.#untold.splice(0)) for (const listener of this.#listeners) listener(told);
    });
  }
}

// Live state in memory: one server, a connection per node; compare-and-set, leases, signs of life and change feed as in Redis.
import type {
  CommitOutcome,
  Lease,
  LiveChange,
  LiveDocument,
  LiveStore,
  Registration,
  RegistrationStore,
} from '../../../src/app/ports.js';
import type { Clock } from '../../../src/lib/clock.js';

type Listener = Parameters<LiveStore['onChange']>[0];
type Told = Parameters<Listener>[0];

interface Kept {
  readonly version: number;
  readonly value: NonNullable<LiveChange['value']>;
}

export class FakeLive {
  readonly #documents = new Map<string, Kept>();
  readonly #leases = new Map<string, { readonly lease: Lease; readonly untilMs: number }>();
  readonly #nodes = new Map<string, number>();
  readonly #counters = new Map<string, { count: number; readonly untilMs: number }>();
  readonly #once = new Map<string, number>();
  readonly #fencing = new Map<string, number>();
  readonly #connections = new Set<FakeLiveStore>();
  readonly registrations = new FakeRegistrations();
  #epoch = true;
  #interferences = 0;

  constructor(private readonly clock: Clock) {}

  connect(): FakeLiveStore {
    const connection = new FakeLiveStore(this, this.clock);
    this.#connections.add(connection);
    return connection;
  }

  documents(): readonly LiveDocument[] {
    return [...this.#documents].map(([key, { version, value }]) => document(key, version, structuredClone(value)));
  }

  /** Before each of the next `times` commits somebody else writes what it is about to write. */
  interfere(times: number): void {
    this.#interferences = times;
  }

  /** Everything is gone; the next commit or sign of life notices and says `reset`. */
  flushAll(): void {
    this.#documents.clear();
    this.#leases.clear();
    this.#nodes.clear();
    this.#counters.clear();
    this.#once.clear();
    this.#epoch = false;
  }

  commit(changes: readonly LiveChange[], lease?: Lease): CommitOutcome {
    this.#noticeLoss();
    if (lease !== undefined && this.#fencing.get(lease.name) !== lease.fencing) return { ok: false, cause: 'fenced' };
    if (this.#interferences > 0) {
      this.#interferences -= 1;
      for (const { kind, id } of changes) this.#touch(`${kind} ${id}`);
    }
    for (const { kind, id, expected } of changes) {
      if ((this.#documents.get(`${kind} ${id}`)?.version ?? 0) !== expected) {
        return { ok: false, cause: 'conflict', kind, id };
      }
    }
    const versions = changes.map((change) => this.#write(change));
    return { ok: true, versions };
  }

  take(name: string, node: string, ttlMs: number): Lease | undefined {
    const held = this.#leases.get(name);
    const nowMs = this.clock.nowMs();
    const isHeld = held !== undefined && held.untilMs > nowMs;
    if (isHeld && held.lease.node !== node) return undefined;
    const fencing = isHeld ? held.lease.fencing : (this.#fencing.get(name) ?? 0) + 1;
    this.#fencing.set(name, fencing);
    const lease = { name, node, fencing };
    this.#leases.set(name, { lease, untilMs: nowMs + ttlMs });
    return lease;
  }

  release(lease: Lease): void {
    if (this.#leases.get(lease.name)?.lease.fencing === lease.fencing) this.#leases.delete(lease.name);
  }

  beat(node: string, ttlMs: number): void {
    this.#noticeLoss();
    this.#nodes.set(node, this.clock.nowMs() + ttlMs);
  }

  nodes(state: 'lost' | 'alive'): string[] {
    const nowMs = this.clock.nowMs();
    return [...this.#nodes].filter(([, untilMs]) => untilMs > nowMs === (state === 'alive')).map(([node]) => node);
  }

  forget(node: string): void {
    this.#nodes.delete(node);
  }

  count(key: string, windowMs: number): number {
    const nowMs = this.clock.nowMs();
    const counter = this.#counters.get(key);
    if (counter !== undefined && counter.untilMs > nowMs) {
      counter.count += 1;
      return counter.count;
    }
    this.#counters.set(key, { count: 1, untilMs: nowMs + windowMs });
    return 1;
  }

  once(key: string, ttlMs: number): boolean {
    const nowMs = this.clock.nowMs();
    if ((this.#once.get(key) ?? 0) > nowMs) return false;
    this.#once.set(key, nowMs + ttlMs);
    return true;
  }

  #write({ kind, id, expected, value }: LiveChange): number {
    const key = `${kind} ${id}`;
    const version = expected + 1;
    if (value === null) this.#documents.delete(key);
    else this.#documents.set(key, { version, value: structuredClone(value) });
    this.#tell(value === null ? { kind, id, version, value } : document(key, version, structuredClone(value)));
    return version;
  }

  #touch(key: string): void {
    const kept = this.#documents.get(key);
    if (kept === undefined) return;
    const version = kept.version + 1;
    this.#documents.set(key, { ...kept, version });
    this.#tell(document(key, version, kept.value));
  }

  #noticeLoss(): void {
    if (this.#epoch) return;
    this.#epoch = true;
    this.#tell('reset');
  }

  #tell(told: Told): void {
    for (const connection of this.#connections) connection.hear(told);
  }
}

/** What one node sees of it. */
export class FakeLiveStore implements LiveStore {
  readonly registrations: RegistrationStore;
  /** The feed comes so much later than the commit; 0 = as soon as whoever committed has gone on. */
  feedDelayMs = 0;
  readonly #listeners = new Set<Listener>();
  #connected = true;

  constructor(
    private readonly server: FakeLive,
    private readonly clock: Clock,
  ) {
    this.registrations = server.registrations;
  }

  async commit(changes: readonly LiveChange[], lease?: Lease): Promise<CommitOutcome> {
    return this.server.commit(changes, lease);
  }
  async all(): Promise<readonly LiveDocument[]> {
    return this.server.documents();
  }
  async lease(name: string, node: string, ttlMs: number): Promise<Lease | undefined> {
    return this.server.take(name, node, ttlMs);
  }
  async release(lease: Lease): Promise<void> {
    this.server.release(lease);
  }
  async beat(node: string, ttlMs: number): Promise<void> {
    this.server.beat(node, ttlMs);
  }
  async lostNodes(): Promise<readonly string[]> {
    return this.server.nodes('lost');
  }
  async aliveNodes(): Promise<readonly string[]> {
    return this.server.nodes('alive');
  }
  async forgetNode(node: string): Promise<void> {
    this.server.forget(node);
  }
  async count(key: string, windowMs: number): Promise<number> {
    return this.server.count(key, windowMs);
  }
  async once(key: string, ttlMs: number): Promise<boolean> {
    return this.server.once(key, ttlMs);
  }

  onChange(listener: Listener): void {
    this.#listeners.add(listener);
  }

  healthy(): boolean {
    return this.#connected;
  }

  /** What is told meanwhile is never heard. */
  cut(): void {
    this.#connected = false;
  }

  /** The connection is back: what was missed has to be read. */
  restore(): void {
    this.#connected = true;
    this.hear('reset');
  }

  hear(told: Told): void {
    if (!this.#connected) return;
    const deliver = (): void => {
      for (const listener of this.#listeners) listener(told);
    };
    if (this.feedDelayMs > 0) this.clock.after(this.feedDelayMs, deliver);
    else setImmediate(deliver);
  }
}

class FakeRegistrations implements RegistrationStore {
  readonly #rows: Registration[] = [];
  async put(registration: Registration): Promise<void> {
    this.#rows.push(registration);
  }
  async remove(): Promise<void> {
    this.#rows.length = 0;
  }
  async of(device: string): Promise<readonly Registration[]> {
    return this.#rows.filter((row) => row.device === device);
  }
  async all(): Promise<readonly Registration[]> {
    return this.#rows;
  }
}

function document(key: string, version: number, value: Kept['value']): LiveDocument {
  const id = key.slice(key.indexOf(' ') + 1);
  return 'entry' in value && 'queue' in value
    ? { kind: 'entry', id, version, value }
    : { kind: 'agent', id, version, value: value as Extract<LiveDocument, { kind: 'agent' }>['value'] };
}

export const LIVE_METHODS = [
  'commit',
  'all',
  'lease',
  'release',
  'beat',
  'lostNodes',
  'aliveNodes',
  'forgetNode',
  'count',
  'once',
] as const;

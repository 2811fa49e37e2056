// Live state in Redis: agents and entries with their versions, leases, signs of life, counters, registrations.

import { HiloError } from '../../app/errors.js';
import type { CommitOutcome, Lease, LiveChange, LiveDocument, LiveStore, RegistrationStore } from '../../app/ports.js';
import { assert } from '../../lib/assert.js';
import type { Clock } from '../../lib/clock.js';
import { systemIds } from '../../lib/ids.js';
import { type ChangeListener, Changes } from './changes.js';
import { COMMIT } from './commit-script.js';
import { documentOf, KINDS } from './document.js';
import { RedisLetters } from './letters.js';
import { Link, type LinkOptions } from './link.js';
import { RedisRegistrations } from './registrations.js';
import { ALIVE_NODES, BEAT, COUNT, LOST_NODES, RELEASE_LEASE, TAKE_LEASE } from './scripts.js';
import { RedisWalkers } from './walkers.js';

/** The braces keep all keys in one slot of a cluster, as scripts need. */
const PREFIX = '{hilo}';
const CHANGES_MAX = 100;
const VALUE_CHARACTERS_MAX = 64 * 1024;

export interface LiveStoreOptions extends LinkOptions {
  readonly clock: Clock;
  /** Start of all keys: lets several centres share one Redis. */
  readonly prefix?: string;
}

/** Resolves when both connections work. Rejects with HiloError `store-unavailable` after `limitMs`. */
export async function openLiveStore(options: LiveStoreOptions, limitMs = 5_000): Promise<RedisLiveStore> {
  const store = new RedisLiveStore(options);
  try {
    await store.ready(limitMs);
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}

export class RedisLiveStore implements LiveStore {
  readonly registrations: RegistrationStore;
  readonly letters: RedisLetters;
  readonly walkers: RedisWalkers;
  readonly #link: Link;
  readonly #changes: Changes;
  readonly #clock: Clock;
  readonly #prefix: string;
  /** Redis time minus our monotonic time; undefined until asked. */
  #offsetMs: number | undefined;
  #onHealthy: () => void = () => undefined;

  constructor(options: LiveStoreOptions) {
    const log = options.log.child({ part: 'redis-store' });
    this.#clock = options.clock;
    this.#prefix = options.prefix ?? PREFIX;
    this.#link = new Link({ ...options, log }, () => {
      this.#offsetMs = undefined;
      this.#onHealthy();
    });
    this.#changes = new Changes({ ...options, log }, this.#key('changes'), () => this.#onHealthy());
    this.letters = new RedisLetters({ ...options, log }, this.#link, this.#prefix);
    this.registrations = new RedisRegistrations(this.#link, this.letters, this.#prefix, {
      clock: options.clock,
      ids: systemIds,
    });
    this.walkers = new RedisWalkers(this.#link, this.#prefix, () => this.aliveNodes());
  }

  /** Resolves when both connections work. Rejects with HiloError `store-unavailable` after `limitMs`. */
  ready(limitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.#clock.after(limitMs, () =>
        reject(new HiloError('store-unavailable', `Redis does not answer within ${limitMs} ms`)),
      );
      this.#onHealthy = () => {
        if (!this.healthy()) return;
        timer.cancel();
        resolve();
      };
      this.#onHealthy();
    });
  }

  healthy(): boolean {
    return this.#link.isReady && this.#changes.isListening;
  }

  async commit(changes: readonly LiveChange[], lease?: Lease): Promise<CommitOutcome> {
    assert(changes.length <= CHANGES_MAX, `a commit holds at most ${CHANGES_MAX} changes`);
    const args = changes.flatMap(({ kind, id, expected, value }) => {
      const json = value === null ? '' : JSON.stringify(value);
      assert(json.length <= VALUE_CHARACTERS_MAX, `${kind} ${id} is too large for live state`);
      assert(!/[\n\t]/.test(id), 'an id is one word');
      return [KINDS.indexOf(kind) + 1, id, expected, json];
    });
    const keys = ['agents', 'entries', 'epoch', 'fencing'].map((name) => this.#key(name));
    const deadlineMs = await this.#deadlineMs();
    const head = [deadlineMs, this.#key('changes'), lease?.name ?? '', lease?.fencing ?? ''];
    const answer = await this.#link.run((redis) => COMMIT.run(redis, keys, [...head, ...args]));
    const [outcome, ...rest] = answer as readonly string[];
    switch (outcome) {
      case 'ok':
        return { ok: true, versions: rest.map(Number) };
      case 'conflict':
        return { ok: false, cause: 'conflict', kind: KINDS[Number(rest[0]) - 1] ?? 'entry', id: rest[1] ?? '' };
      case 'fenced':
        return { ok: false, cause: 'fenced' };
      default:
        this.#offsetMs = undefined;
        throw new HiloError('store-unavailable', 'Redis came to this change too late; nothing was changed');
    }
  }

  async all(): Promise<readonly LiveDocument[]> {
    const keys = ['agents', 'entries'].map((name) => this.#key(name));
    const hashes = await this.#link.run((redis) => Promise.all(keys.map((key) => redis.hgetall(key))));
    return hashes.flatMap((hash, index) =>
      Object.entries(hash).map(([id, text]) => {
        const space = text.indexOf(' ');
        return documentOf(KINDS[index] ?? 'entry', id, Number(text.slice(0, space)), text.slice(space + 1));
      }),
    );
  }

  onChange(listener: ChangeListener): void {
    this.#changes.onChange(listener);
  }

  /** `node` must be an id of this run of the process: an earlier run's lease is not ours to renew. */
  async lease(name: string, node: string, ttlMs: number): Promise<Lease | undefined> {
    const keys = [this.#key(`lease:${name}`), this.#key('fencing')];
    const fencing = await this.#link.run((redis) => TAKE_LEASE.run(redis, keys, [name, node, ttlMs]));
    return fencing === null ? undefined : { name, node, fencing: Number(fencing) };
  }

  async release(lease: Lease): Promise<void> {
    const keys = [this.#key(`lease:${lease.name}`), this.#key('fencing')];
    await this.#link.run((redis) => RELEASE_LEASE.run(redis, keys, [lease.name, lease.node, lease.fencing]));
  }

  /** Call it every few seconds: it is also how lost connections and deleted data are noticed. */
  async beat(node: string, ttlMs: number): Promise<void> {
    const keys = [this.#key('nodes'), this.#key('epoch')];
    this.#changes.check();
    this.letters.check();
    await this.#measureOffset();
    await this.#link.run((redis) => BEAT.run(redis, keys, [node, ttlMs, this.#key('changes')]));
  }

  async lostNodes(): Promise<readonly string[]> {
    return (await this.#link.run((redis) => LOST_NODES.run(redis, [this.#key('nodes')], []))) as readonly string[];
  }

  async aliveNodes(): Promise<readonly string[]> {
    return (await this.#link.run((redis) => ALIVE_NODES.run(redis, [this.#key('nodes')], []))) as readonly string[];
  }

  async forgetNode(node: string): Promise<void> {
    await this.#link.run((redis) => redis.zrem(this.#key('nodes'), node));
  }

  async count(key: string, windowMs: number): Promise<number> {
    return Number(await this.#link.run((redis) => COUNT.run(redis, [this.#key(`count:${key}`)], [windowMs])));
  }

  async once(key: string, ttlMs: number): Promise<boolean> {
    return (await this.#link.run((redis) => redis.set(this.#key(`once:${key}`), '1', 'PX', ttlMs, 'NX'))) === 'OK';
  }

  /** Safe to call twice. */
  close(): void {
    this.#link.close();
    this.#changes.close();
    this.letters.close();
  }

  /**
   * When the caller will have given up, in Redis time. A Redis that was frozen would otherwise carry out, on waking up,
   * what everybody believes has failed. Measured instead of read from our clock, which may differ from that of Redis.
   */
  async #deadlineMs(): Promise<number> {
    const offsetMs = this.#offsetMs ?? (await this.#measureOffset());
    return Math.floor(this.#clock.monotonicMs() + offsetMs + this.#link.commandLimitMs);
  }

  async #measureOffset(): Promise<number> {
    const [seconds, micros] = await this.#link.run((redis) => redis.time());
    const offsetMs = Number(seconds) * 1_000 + Number(micros) / 1_000 - this.#clock.monotonicMs();
    this.#offsetMs = offsetMs;
    return offsetMs;
  }

  #key(name: string): string {
    return `${this.#prefix}:${name}`;
  }
}

// When supervisors are alarmed about a queue: limits they set in place of those in the centre's file, and alarms they have seen.

import type { QueueConfig } from '../../core/acd/queue.js';
import type { AlarmKind, AlarmLimits } from '../../core/acd/wait/alarms.js';
import type { Centre } from '../../core/routing/centre.js';
import { QueuesByName } from '../../core/routing/keys/former-names.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { HiloError } from '../errors.js';
import { Refreshed } from './refreshed.js';

export interface GivenLimits {
  readonly queue: string;
  readonly limits: AlarmLimits;
  /** The user. */
  readonly by: string;
  readonly atMs: number;
}

/** Somebody has seen it and deals with it: it is silent until then. */
export interface Acknowledged {
  readonly queue: string;
  readonly kind: AlarmKind;
  readonly by: string;
  readonly atMs: number;
  readonly untilMs: number;
}

/** Each rejects with HiloError `store-unavailable`. */
export interface AlarmStore {
  limits(): Promise<readonly GivenLimits[]>;
  setLimits(given: GivenLimits): Promise<void>;
  clearLimits(queue: string): Promise<void>;
  /** Those that hold then. */
  acknowledged(nowMs: number): Promise<readonly Acknowledged[]>;
  acknowledge(one: Acknowledged): Promise<void>;
  /** Only that one: one that came after it stays. */
  forget(one: Acknowledged): Promise<void>;
}

export interface AlarmsPorts {
  readonly store: AlarmStore;
  readonly files: () => Centre;
  readonly clock: Clock;
  readonly log: Log;
}

interface Known {
  readonly limits: ReadonlyMap<string, GivenLimits>;
  readonly acknowledged: readonly Acknowledged[];
}

export class Alarms {
  readonly #ports: AlarmsPorts;
  readonly #known: Refreshed<Known>;
  #made: { readonly from: Centre; readonly limits: Known['limits']; readonly centre: Centre } | undefined;

  constructor(ports: AlarmsPorts) {
    this.#ports = ports;
    const { store, clock, log } = ports;
    const read = async (): Promise<Known> => {
      const [limits, acknowledged] = await Promise.all([store.limits(), store.acknowledged(clock.nowMs())]);
      return { limits: new Map(limits.map((given) => [given.queue, given])), acknowledged };
    };
    this.#known = new Refreshed<Known>({
      ...{ what: 'limits of alarms', read, clock, log },
      first: { limits: new Map(), acknowledged: [] },
    });
  }

  start(): Promise<void> {
    return this.#known.start();
  }

  close(): void {
    this.#known.close();
  }

  onChange(listener: () => void): () => void {
    return this.#known.onChange(listener);
  }

  /** Who changed the limits of that queue; undefined: they are those of its file. */
  given(queue: string): GivenLimits | undefined {
    return this.#known.present.limits.get(queue);
  }

  /** Those that hold now, of that queue or of all. */
  acknowledged(queue?: string): readonly Acknowledged[] {
    const nowMs = this.#ports.clock.nowMs();
    const isAsked = (one: Acknowledged): boolean => queue === undefined || one.queue === queue;
    return this.#known.present.acknowledged.filter((one) => isAsked(one) && one.untilMs > nowMs);
  }

  /** The same object until something changes. */
  over(from: Centre): Centre {
    const { limits } = this.#known.present;
    if (this.#made?.from !== from || this.#made.limits !== limits)
      this.#made = { from, limits, centre: withLimits(from, limits) };
    return this.#made.centre;
  }

  /** Rejects with HiloError `not-found`, `store-unavailable`. */
  async setLimits(queue: string, limits: AlarmLimits, by: string): Promise<void> {
    this.#check(queue);
    const given = { queue, limits, by, atMs: this.#ports.clock.nowMs() };
    await this.#ports.store.setLimits(given);
    this.#setLimits((known) => known.set(queue, given));
  }

  /** Those of the file again. Rejects with HiloError `not-found`, `store-unavailable`. */
  async clearLimits(queue: string): Promise<void> {
    this.#check(queue);
    await this.#ports.store.clearLimits(queue);
    this.#setLimits((known) => known.delete(queue));
  }

  /** Rejects with HiloError `not-found`, `store-unavailable`. */
  async acknowledge(queue: string, kind: AlarmKind, forMs: number, by: string): Promise<void> {
    this.#check(queue);
    const { store, clock } = this.#ports;
    const atMs = clock.nowMs();
    const one = { queue, kind, by, atMs, untilMs: atMs + forMs };
    await store.acknowledge(one);
    const { limits, acknowledged } = this.#known.present;
    const others = acknowledged.filter((other) => other.queue !== queue || other.kind !== kind);
    this.#known.set({ limits, acknowledged: [...others, one] });
  }

  /** The alarm that was seen is over: when it comes back it is another one. Rejects with HiloError `store-unavailable`. */
  async forget(one: Acknowledged): Promise<void> {
    await this.#ports.store.forget(one);
    const { limits, acknowledged } = this.#known.present;
    this.#known.set({ limits, acknowledged: acknowledged.filter((other) => !isSame(other, one)) });
  }

  #setLimits(change: (limits: Map<string, GivenLimits>) => unknown): void {
    const { limits, acknowledged } = this.#known.present;
    const next = new Map(limits);
    change(next);
    this.#known.set({ limits: next, acknowledged });
  }

  #check(queue: string): void {
    if (!this.#ports.files().queues.has(queue)) throw new HiloError('not-found', `there is no queue ${queue}`);
  }
}

function isSame(a: Acknowledged, b: Acknowledged): boolean {
  return a.queue === b.queue && a.kind === b.kind && a.atMs === b.atMs;
}

function withLimits(from: Centre, limits: ReadonlyMap<string, GivenLimits>): Centre {
  const givenTo = ({ name, formerly = [] }: QueueConfig) =>
    [name, ...formerly].map((one) => limits.get(one)).find((given) => given !== undefined);
  const queues = new QueuesByName(
    [...from.queues].map(([name, queue]) => {
      const given = givenTo(queue);
      return [name, given === undefined ? queue : { ...queue, alarms: given.limits }];
    }),
  );
  return limits.size === 0 ? from : { ...from, queues };
}

// Notices that supervisors send to everybody who is signed in: shown for a while, then gone by themselves.
import type { Clock, Timer } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { HiloError } from '../errors.js';

/** Another node may have sent one: so long it takes at most until all of them know. */
export const REFRESH_MS = 5_000;
/** At the same time: more than this nobody reads. */
export const NOTICES_MAX = 10;

export interface Notice {
  readonly id: string;
  /** User who sent it. */
  readonly by: string;
  readonly text: string;
  readonly atMs: number;
  readonly untilMs: number;
}

/** Each rejects with HiloError `store-unavailable`. */
export interface NoticeStore {
  /** Those that are still shown then, oldest first. */
  notices(nowMs: number): Promise<readonly Notice[]>;
  saveNotice(notice: Notice): Promise<void>;
  endNotice(id: string, atMs: number): Promise<void>;
}

export interface NoticesPorts {
  readonly store: NoticeStore;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'uuid'>;
  readonly log: Log;
}

export class Notices {
  readonly #ports: NoticesPorts;
  readonly #listeners = new Set<() => void>();
  #present: readonly Notice[] = [];
  #timer: Timer | undefined;
  #closed = false;

  constructor(ports: NoticesPorts) {
    this.#ports = ports;
  }

  /** Never rejects: a store that is away keeps nobody from working. */
  async start(): Promise<void> {
    await this.#refresh();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  /** Those that are shown now, oldest first. */
  present(): readonly Notice[] {
    const nowMs = this.#ports.clock.nowMs();
    return this.#present.filter(({ untilMs }) => untilMs > nowMs);
  }

  /** Calls back when there may be other ones; returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Shown on this node when it resolves. Rejects with HiloError `wrong-state` (too many), `store-unavailable`. */
  async send(text: string, forMs: number, by: string): Promise<Notice> {
    const { store, clock, ids } = this.#ports;
    if (this.present().length >= NOTICES_MAX) {
      throw new HiloError('wrong-state', `${NOTICES_MAX} notices are shown already; take one back first`);
    }
    const atMs = clock.nowMs();
    const notice = { id: ids.uuid(), by, text, atMs, untilMs: atMs + forMs };
    await store.saveNotice(notice);
    this.#show([...this.#present, notice]);
    return notice;
  }

  /** Rejects with HiloError `not-found` or `store-unavailable`: then it is still shown. */
  async takeBack(id: string): Promise<void> {
    const { store, clock } = this.#ports;
    if (!this.present().some((one) => one.id === id)) throw new HiloError('not-found', 'this notice is not shown');
    await store.endNotice(id, clock.nowMs());
    this.#show(this.#present.filter((one) => one.id !== id));
  }

  async #refresh(): Promise<void> {
    const { store, clock, log } = this.#ports;
    const before = this.#present;
    try {
      const stored = await store.notices(clock.nowMs());
      // What was sent here while the store was asked is newer than its answer.
      if (this.#present === before) this.#show(stored);
    } catch (error) {
      log.warn({ err: error }, 'notices cannot be asked for; those that were known stay');
    }
    if (!this.#closed) this.#timer = clock.after(REFRESH_MS, () => void this.#refresh());
  }

  #show(notices: readonly Notice[]): void {
    this.#present = notices;
    for (const listener of this.#listeners) listener();
  }
}

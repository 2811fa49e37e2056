// Something small that the store holds and every node may change: known here at once when changed here, elsewhere soon.
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';

/** So long it takes at most until another node knows. */
export const REFRESH_MS = 5_000;

export interface RefreshedPorts<T> {
  /** What it is, for the log. */
  readonly what: string;
  readonly first: T;
  readonly read: () => Promise<T>;
  readonly clock: Clock;
  readonly log: Log;
}

export class Refreshed<T> {
  readonly #ports: RefreshedPorts<T>;
  readonly #listeners = new Set<() => void>();
  #present: T;
  #timer: Timer | undefined;
  #closed = false;

  constructor(ports: RefreshedPorts<T>) {
    this.#ports = ports;
    this.#present = ports.first;
  }

  get present(): T {
    return this.#present;
  }

  /** Calls back when it may be another one; returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Never rejects: a store that is away keeps nobody from working. */
  async start(): Promise<void> {
    const { read, clock, log, what } = this.#ports;
    const before = this.#present;
    try {
      const stored = await read();
      // What was changed here while the store was asked is newer than its answer.
      if (this.#present === before) this.set(stored);
    } catch (error) {
      log.warn({ err: error }, `${what} cannot be asked for; what was known stays`);
    }
    if (!this.#closed) this.#timer = clock.after(REFRESH_MS, () => void this.start());
  }

  /** What this node has just stored. */
  set(value: T): void {
    this.#present = value;
    for (const listener of this.#listeners) listener();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }
}

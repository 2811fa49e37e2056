// Owns the set of live channels and its counters.
import type { Clock } from '../../lib/clock.js';
import type { Channel } from './channel.js';

export interface ChannelCounts {
  readonly now: number;
  readonly max: number;
  readonly peak: number;
  readonly sinceStart: number;
  /** Begun within the last whole second. */
  readonly perSecond: number;
}

export class Channels {
  readonly #clock: Clock;
  readonly #live = new Map<string, Channel>();
  readonly #max: number;
  #sinceStart = 0;
  #peak = 0;
  #second = { at: 0, begun: 0, before: 0 };

  constructor(clock: Clock, max: number) {
    this.#clock = clock;
    this.#max = max;
  }

  get full(): boolean {
    return this.#live.size >= this.#max;
  }

  add(channel: Channel): void {
    this.#live.set(channel.id, channel);
    this.#sinceStart++;
    this.#peak = Math.max(this.#peak, this.#live.size);
    this.#turnSecond();
    this.#second.begun++;
  }

  delete(channel: Channel): void {
    this.#live.delete(channel.id);
  }

  /** A channel that is up; one that is hanging up is not found any more. */
  get(id: string): Channel | undefined {
    const channel = this.#live.get(id);
    return channel?.up ? channel : undefined;
  }

  all(): Channel[] {
    return [...this.#live.values()];
  }

  counts(): ChannelCounts {
    this.#turnSecond();
    return {
      now: this.#live.size,
      max: this.#max,
      peak: this.#peak,
      sinceStart: this.#sinceStart,
      perSecond: this.#second.before,
    };
  }

  #turnSecond(): void {
    const at = Math.floor(this.#clock.monotonicMs() / 1_000);
    if (at === this.#second.at) return;
    this.#second = { at, begun: 0, before: at === this.#second.at + 1 ? this.#second.begun : 0 };
  }
}

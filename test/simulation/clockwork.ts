// What a simulated day is made of: time that jumps from alarm to alarm, and chance from one seed.
import { type Random, seededRandom } from '../../src/lib/ids.js';
import { START } from '../support/record.js';

interface Alarm {
  readonly atMs: number;
  readonly order: number;
  readonly action: () => void;
}

/** A day that takes more steps than this does not end by itself. */
const MAX_STEPS = 200_000;

export class Clockwork {
  readonly #random: Random;
  readonly #alarms: Alarm[] = [];
  #nowMs = START;
  #order = 0;
  #ids = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): void {
    this.at(this.#nowMs + delayMs, action);
  }

  at(atMs: number, action: () => void): void {
    const alarm = { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, action };
    const place = this.#alarms.findLastIndex((other) => other.atMs <= alarm.atMs);
    this.#alarms.splice(place + 1, 0, alarm);
  }

  /** Runs until nothing is left to happen; `afterEach` looks at the world after every step. */
  run(afterEach: () => void): void {
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const alarm = this.#alarms.shift();
      if (alarm === undefined) return;
      this.#nowMs = alarm.atMs;
      alarm.action();
      afterEach();
    }
    throw new Error(`the day does not end: ${MAX_STEPS} steps`);
  }

  chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  /** Whole number in [from, to]. */
  between(from: number, to: number): number {
    return from + Math.floor(this.#random.next() * (to - from + 1));
  }

  seconds(from: number, to: number): number {
    return this.between(from * 1000, to * 1000);
  }

  oneOf<T>(items: readonly [T, ...T[]]): T {
    return items[this.between(0, items.length - 1)] ?? items[0];
  }

  id(prefix: string): string {
    this.#ids += 1;
    return `${prefix}${this.#ids}`;
  }
}

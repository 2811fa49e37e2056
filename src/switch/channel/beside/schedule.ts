// Owns what is to happen later on the media server: sched_hangup, sched_api.
import type { Clock, Timer } from '../../../lib/clock.js';

/** Most tasks at a time. */
export const TASKS_MAX = 10_000;
/** Nothing is scheduled further ahead. */
export const AHEAD_SECONDS_MAX = 7 * 24 * 3_600;

interface Task {
  readonly group: string;
  readonly timer: Timer;
}

export class Schedule {
  readonly #clock: Clock;
  readonly #tasks = new Map<number, Task>();
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#tasks.size;
  }

  /** `when` is `+seconds` or Unix seconds. Its number; undefined: not a time, too far ahead, or too many. */
  at(when: string, group: string, act: () => void): number | undefined {
    const match = /^(\+?)(\d{1,11})$/.exec(when);
    if (match === null || this.#tasks.size >= TASKS_MAX) return undefined;
    const seconds = match[1] === '+' ? Number(match[2]) : Number(match[2]) - this.#clock.nowMs() / 1_000;
    if (seconds > AHEAD_SECONDS_MAX) return undefined;
    const id = ++this.#lastId;
    const timer = this.#clock.after(Math.max(0, seconds * 1_000), () => {
      this.#tasks.delete(id);
      act();
    });
    this.#tasks.set(id, { group, timer });
    return id;
  }

  /** One task by its number, or all of a group; returns how many. */
  cancel(idOrGroup: string): number {
    const found = [...this.#tasks].filter(([id, { group }]) => String(id) === idOrGroup || group === idOrGroup);
    for (const [id, { timer }] of found) {
      timer.cancel();
      this.#tasks.delete(id);
    }
    return found.length;
  }

  close(): void {
    for (const { timer } of this.#tasks.values()) timer.cancel();
    this.#tasks.clear();
  }
}

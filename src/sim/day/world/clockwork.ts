// The virtual clock of a simulated day: time jumps from one thing that happens to the next.

interface Alarm {
  readonly atMs: number;
  /** Things of the same moment happen in the order in which they were planned: the same seed gives the same day. */
  readonly order: number;
  readonly action: () => void;
}

/** A day that takes more steps than this does not end by itself. */
export const MAX_STEPS = 100_000_000;

export class Clockwork {
  /** Binary heap: the earliest is the first, the children of `n` are `2n + 1` and `2n + 2`. */
  readonly #alarms: Alarm[] = [];
  #nowMs: number;
  #planned = 0;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): void {
    this.at(this.#nowMs + delayMs, action);
  }

  /** At that time, or at once when it is past. */
  at(atMs: number, action: () => void): void {
    const alarm = { atMs: Math.max(atMs, this.#nowMs), order: this.#planned, action };
    this.#planned += 1;
    const alarms = this.#alarms;
    let place = alarms.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = alarms[above];
      if (parent === undefined || isBefore(parent, alarm)) break;
      alarms[place] = parent;
      place = above;
    }
    alarms[place] = alarm;
  }

  /** Until nothing is left to happen. Throws when `maxSteps` were not enough. */
  run(maxSteps = MAX_STEPS): void {
    for (let step = 0; step < maxSteps; step += 1) {
      const alarm = this.#take();
      if (alarm === undefined) return;
      this.#nowMs = alarm.atMs;
      alarm.action();
    }
    throw new Error(`the simulated time does not end: ${maxSteps} steps`);
  }

  #take(): Alarm | undefined {
    const alarms = this.#alarms;
    const first = alarms[0];
    const last = alarms.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      let child = alarms[below];
      if (child === undefined) break;
      const other = alarms[below + 1];
      if (other !== undefined && isBefore(other, child)) {
        child = other;
        below += 1;
      }
      if (isBefore(last, child)) break;
      alarms[place] = child;
      place = below;
    }
    alarms[place] = last;
    return first;
  }
}

function isBefore(one: Alarm, other: Alarm): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

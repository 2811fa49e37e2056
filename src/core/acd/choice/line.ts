// The order of those who wait, and a line that is put in order only as far as somebody looks at it.
import type { Entry } from '../entry.js';

/** As it counts now: one better for each stretch of ageing waited, 0 at best. */
export function priorityAt({ priority, ageingMs, joinedAtMs }: Entry, nowMs: number): number {
  if (ageingMs === undefined) return priority;
  return Math.max(0, priority - Math.max(0, Math.floor((nowMs - joinedAtMs) / ageingMs)));
}

/** Total order at that time: priority, then seniority, then time of joining, then id. Negative: `a` goes first. */
export function compareEntries(a: Entry, b: Entry, nowMs: number): number {
  return priorityAt(a, nowMs) - priorityAt(b, nowMs) || compareWithin(a, b);
}

/** Of one priority. */
function compareWithin(a: Entry, b: Entry): number {
  return (
    a.seniorityMs - b.seniorityMs || a.joinedAtMs - b.joinedAtMs || (a.entry < b.entry ? -1 : a.entry > b.entry ? 1 : 0)
  );
}

/** A heap: built in linear time, each look at the next one costs log n. A round needs as many looks as there are free agents. */
export class Line<T extends Entry> {
  readonly #entries: readonly T[];
  readonly #priorities: Float64Array;
  readonly #seniorities: Float64Array;
  readonly #heap: Int32Array;
  #size: number;

  constructor(entries: readonly T[], nowMs: number) {
    const { length } = entries;
    this.#entries = entries;
    this.#size = length;
    this.#priorities = new Float64Array(length);
    this.#seniorities = new Float64Array(length);
    this.#heap = new Int32Array(length);
    for (let at = 0; at < length; at += 1) {
      const entry = entries[at];
      if (entry === undefined) continue;
      this.#priorities[at] = priorityAt(entry, nowMs);
      this.#seniorities[at] = entry.seniorityMs;
      this.#heap[at] = at;
    }
    for (let at = (length >> 1) - 1; at >= 0; at -= 1) this.#sink(at);
  }

  /** The first of those who are left; undefined when nobody is. */
  next(): T | undefined {
    if (this.#size === 0) return undefined;
    const heap = this.#heap;
    const first = this.#entries[heap[0] ?? 0];
    this.#size -= 1;
    heap[0] = heap[this.#size] ?? 0;
    this.#sink(0);
    return first;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const moved = heap[from] ?? 0;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#isBefore(heap[child + 1] ?? 0, heap[child] ?? 0)) child += 1;
      if (!this.#isBefore(heap[child] ?? 0, moved)) break;
      heap[at] = heap[child] ?? 0;
      at = child;
    }
    heap[at] = moved;
  }

  #isBefore(a: number, b: number): boolean {
    const byPriority = (this.#priorities[a] ?? 0) - (this.#priorities[b] ?? 0);
    if (byPriority !== 0) return byPriority < 0;
    const bySeniority = (this.#seniorities[a] ?? 0) - (this.#seniorities[b] ?? 0);
    if (bySeniority !== 0) return bySeniority < 0;
    const [first, second] = [this.#entries[a], this.#entries[b]];
    return first !== undefined && second !== undefined && compareWithin(first, second) < 0;
  }
}

// How many legs the media engine holds: more and more of them, until packets leave too late.
import type { RunResult } from './media-run.js';

/** What counts as held: p99 of lateness in ms, packets that came, packets more than 40 ms after the one before. */
export const P99_LIMIT_MS = 5;
const WHOLE_MIN = 0.999;
const GAPS_MAX = 0.001;
const GROWTH = 1.25;
export const LEGS_MAX = 6_000;

export interface Limit {
  readonly legs: number;
  readonly result: RunResult;
}

export function isHeld({ p99, whole, gaps, packets }: RunResult): boolean {
  return p99 < P99_LIMIT_MS && whole >= WHOLE_MIN && gaps < packets * GAPS_MAX;
}

/** The most legs that hold; a step that fails is tried once more, because others may have disturbed it. */
export async function findLimit(from: number, step: (legs: number) => Promise<RunResult>): Promise<Limit | undefined> {
  let held: Limit | undefined;
  for (let legs = from; legs <= LEGS_MAX; legs = Math.ceil((legs * GROWTH) / 20) * 20) {
    let result = await step(legs);
    if (!isHeld(result)) result = await step(legs);
    if (!isHeld(result)) break;
    held = { legs, result };
  }
  return held;
}

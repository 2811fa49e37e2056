// How long one round of offers takes, and how that grows.
import { type Floor, selectOffers } from '../core/acd/select.js';
import { type FloorSize, floorOf } from './floor.js';
import { type Timing, timed } from './timing.js';

const QUEUES = 20;
const FLOORS = 5;
const WARM_UP = 50;

export interface SelectRow extends FloorSize {
  readonly timing: Timing;
}

/** Floors of the same size take turns, so that nothing is measured that only one of them has. `most`: offers of a round. */
export function measureSelect(
  size: Omit<FloorSize, 'queues' | 'seed'>,
  runs: number,
  most = Number.POSITIVE_INFINITY,
): SelectRow {
  const floorFrom = (seed: number): Floor => ({ ...floorOf({ ...size, queues: QUEUES, seed }), most });
  const floors = Array.from({ length: FLOORS }, (_, seed) => floorFrom(seed + 1));
  const floorFor = (run: number): Floor => floors[run % FLOORS] ?? floorFrom(1);
  timed(WARM_UP, floorFor, selectOffers);
  return { ...size, queues: QUEUES, seed: 1, timing: timed(runs, floorFor, selectOffers) };
}

/** Exponent of growth between two sizes beside n log n: 1 grows like it, more grows faster. */
export function growthOf(small: SelectRow, large: SelectRow): number {
  const nLogN = (n: number): number => n * Math.log2(n);
  return (
    Math.log(large.timing.medianMs / small.timing.medianMs) / Math.log(nLogN(large.waiting) / nLogN(small.waiting))
  );
}

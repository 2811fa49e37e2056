// Two revisions of a flow side by side: what became of their callers, and whether the newer one is worse.
//
// The rule. Looks are taken when the smaller side has n, 1.5 n, 2.25 n … calls that are over (n: `minCalls`).
// Look k may spend alpha(k) = alpha · 6 / (pi² k²); as the sum of 1/k² is pi²/6, all looks together spend at most alpha,
// however long it goes on (Boole's inequality; why looking often needs it: P. Armitage, C. K. McPherson, B. C. Rowe,
// "Repeated significance tests on accumulating data", 1969). Each of the watched measures gets an equal part of it
// (Bonferroni). The candidate is worse when a one-sided p-value is below that part:
//   containment and abandonment by the two-proportion z-test, time to a person by the Mann-Whitney test (statistics.ts).
import { largerValues, median, moreHits, type Test } from './statistics.js';

/** How one call went that entered the flow. */
export interface ArmCall {
  readonly arm: 'baseline' | 'candidate';
  /** Absent: the call goes on. */
  readonly result?: string;
  readonly talked: boolean;
  /** From its arrival to the first person. */
  readonly toPersonMs?: number;
}

export const MEASURES = ['containment', 'abandonment', 'time-to-person'] as const;
export type Measure = (typeof MEASURES)[number];

export interface Watch {
  readonly measures: readonly Measure[];
  /** Calls that are over on each side before the first look. */
  readonly minCalls: number;
  /** Chance of stopping a candidate that is no worse, over the whole roll-out. */
  readonly alpha: number;
}

export interface ArmFigures {
  readonly calls: number;
  readonly over: number;
  /** Served by the flow itself: `served` without having talked with a person. */
  readonly contained: number;
  readonly abandoned: number;
  /** Over, without those that hung up at once: what abandonment is a share of. */
  readonly counted: number;
  readonly persons: number;
  readonly medianToPersonMs?: number;
}

export interface MeasureFigures {
  readonly measure: Measure;
  /** Shares 0 to 1; medians in ms. Absent: nothing to compute it from. */
  readonly candidate?: number;
  readonly baseline?: number;
  readonly z: number;
  /** One-sided: that the candidate is worse only by chance. Absent: too few calls. */
  readonly p?: number;
  /** p below this at a look stops the roll-out. */
  readonly limit: number;
}

export interface Comparison {
  readonly candidate: ArmFigures;
  readonly baseline: ArmFigures;
  readonly measures: readonly MeasureFigures[];
  /** Looks that are due by now; 0: too few calls for the first. */
  readonly look: number;
  /** What the figures say at this look. */
  readonly verdict: 'too-few' | 'no-worse' | 'worse';
  /** The measures that say so. */
  readonly worseIn: readonly Measure[];
}

const GROWTH = 1.5;
/** Calls of each side that are compared: the newest. With so many on both, looks are over: what is no worse by then is none. */
export const CALLS_PER_SIDE = 5_000;

export function compareArms(calls: readonly ArmCall[], watch: Watch): Comparison {
  const sides = {
    candidate: calls.filter(({ arm }) => arm === 'candidate'),
    baseline: calls.filter(({ arm }) => arm === 'baseline'),
  };
  const [candidate, baseline] = [figuresOf(sides.candidate), figuresOf(sides.baseline)];
  const look = lookAt(Math.min(candidate.over, baseline.over), watch.minCalls);
  const limit = watch.measures.length === 0 ? 0 : alphaOf(Math.max(1, look), watch.alpha) / watch.measures.length;
  const times = [timesOf(sides.candidate), timesOf(sides.baseline)] as const;
  const measures = MEASURES.map((measure): MeasureFigures => {
    const { test, of } = testOf(measure, candidate, baseline, times);
    const { z, p } = test;
    const [ours, theirs] = [of(candidate), of(baseline)];
    return {
      ...{ measure, z, limit: watch.measures.includes(measure) ? limit : 0 },
      ...(ours === undefined ? {} : { candidate: ours }),
      ...(theirs === undefined ? {} : { baseline: theirs }),
      ...(p === undefined ? {} : { p }),
    };
  });
  const worseIn = measures.filter(({ p = 1, limit: most }) => p < most).map(({ measure }) => measure);
  if (look === 0) return { candidate, baseline, measures, look, verdict: 'too-few', worseIn: [] };
  return { candidate, baseline, measures, look, verdict: worseIn.length > 0 ? 'worse' : 'no-worse', worseIn };
}

/** Which look is due with so many calls on the smaller side. */
export function lookAt(calls: number, minCalls: number): number {
  let [look, due] = [0, minCalls];
  while (calls >= due) {
    look += 1;
    due = Math.ceil(minCalls * GROWTH ** look);
  }
  return look;
}

/** What look k may spend of the whole chance of a false alarm. */
export function alphaOf(look: number, alpha: number): number {
  return (alpha * 6) / (Math.PI ** 2 * look ** 2);
}

function figuresOf(calls: readonly ArmCall[]): ArmFigures {
  const over = calls.filter(({ result }) => result !== undefined);
  const times = timesOf(calls);
  const middle = median(times);
  return {
    calls: calls.length,
    over: over.length,
    contained: over.filter(({ result, talked }) => result === 'served' && !talked).length,
    abandoned: over.filter(({ result }) => result === 'abandoned').length,
    counted: over.filter(({ result }) => result !== 'short-abandoned').length,
    persons: times.length,
    ...(middle === undefined ? {} : { medianToPersonMs: middle }),
  };
}

function timesOf(calls: readonly ArmCall[]): number[] {
  return calls.flatMap(({ toPersonMs }) => (toPersonMs === undefined ? [] : [toPersonMs]));
}

/** The test whether the candidate is worse, and the figure that is shown. */
function testOf(
  measure: Measure,
  candidate: ArmFigures,
  baseline: ArmFigures,
  times: readonly [readonly number[], readonly number[]],
): { test: Test; of: (figures: ArmFigures) => number | undefined } {
  switch (measure) {
    case 'containment': {
      // Worse is less: the baseline has more.
      const test = moreHits(
        { hits: baseline.contained, of: baseline.over },
        { hits: candidate.contained, of: candidate.over },
      );
      return { test, of: ({ contained, over }) => ratio(contained, over) };
    }
    case 'abandonment': {
      const test = moreHits(
        { hits: candidate.abandoned, of: candidate.counted },
        { hits: baseline.abandoned, of: baseline.counted },
      );
      return { test, of: ({ abandoned, counted }) => ratio(abandoned, counted) };
    }
    case 'time-to-person':
      return { test: largerValues(...times), of: ({ medianToPersonMs }) => medianToPersonMs };
  }
}

function ratio(hits: number, of: number): number | undefined {
  return of === 0 ? undefined : hits / of;
}

// Two samples compared: shares by the two-proportion z-test, times by the Mann-Whitney test; one-sided p-values.
//
// Sources: NIST/SEMATECH e-Handbook of Statistical Methods §7.3.3 (two proportions, pooled) and §7.4.1;
// H. B. Mann, D. R. Whitney, "On a test of whether one of two random variables is stochastically larger than the other"
// (1947), with the correction for ties of W. H. Kruskal, W. A. Wallis (1952); M. Abramowitz, I. Stegun,
// "Handbook of Mathematical Functions" (1964), 7.1.26, for the error function (|error| < 1.5e-7).

export interface Share {
  readonly hits: number;
  readonly of: number;
}

export interface Test {
  /** Positive: the first sample has more. */
  readonly z: number;
  /** Probability of so much more, or more than that, when both are alike; undefined: too few for the normal approximation. */
  readonly p: number | undefined;
}

/** Least expected count of hits and of misses in each sample, below which a z says nothing (e-Handbook §7.3.3). */
const EXPECTED_MIN = 5;
/** Least size of each sample of times. */
const TIMES_MIN = 8;

/** Whether the share of `first` is larger than that of `second`. */
export function moreHits(first: Share, second: Share): Test {
  const of = first.of + second.of;
  if (of === 0) return { z: 0, p: undefined };
  const pooled = (first.hits + second.hits) / of;
  const smaller = Math.min(first.of, second.of);
  const enough = smaller * pooled >= EXPECTED_MIN && smaller * (1 - pooled) >= EXPECTED_MIN;
  if (!enough) return { z: 0, p: undefined };
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / first.of + 1 / second.of));
  const z = (first.hits / first.of - second.hits / second.of) / error;
  return { z, p: upperTail(z) };
}

/** Whether the values of `first` tend to be larger than those of `second`. */
export function largerValues(first: readonly number[], second: readonly number[]): Test {
  const [m, n] = [first.length, second.length];
  if (m < TIMES_MIN || n < TIMES_MIN) return { z: 0, p: undefined };
  const all = [...first.map((value) => ({ value, own: true })), ...second.map((value) => ({ value, own: false }))];
  all.sort((a, b) => a.value - b.value);
  let [rankSum, ties] = [0, 0];
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (all[to]?.value === all[from]?.value && to < all.length) to += 1;
    const rank = (from + 1 + to) / 2;
    for (const { own } of all.slice(from, to)) if (own) rankSum += rank;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  const u = rankSum - (m * (m + 1)) / 2;
  const total = m + n;
  const variance = ((m * n) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (variance <= 0) return { z: 0, p: 0.5 };
  const z = (u - (m * n) / 2) / Math.sqrt(variance);
  return { z, p: upperTail(z) };
}

/** P(Z > z) of the standard normal distribution. */
export function upperTail(z: number): number {
  const tail = 0.5 * (1 - erf(Math.abs(z) / Math.SQRT2));
  return z >= 0 ? tail : 1 - tail;
}

function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * x);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return 1 - series * Math.exp(-x * x);
}

export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}

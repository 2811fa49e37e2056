// What several runs say together: a mean with its 95 % range, and the range of a difference between pairs of runs.

/** `half`: half the width of the 95 % confidence range; undefined for a single run. */
export interface Estimate {
  readonly mean: number;
  readonly half?: number;
}

/** 97.5 % quantiles of Student's t by degrees of freedom, from 1; from any printed table. */
const STUDENT_T = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const NORMAL = 1.96;

/** Of the runs that have the figure; undefined when none has it. */
export function estimate(values: readonly (number | undefined)[]): Estimate | undefined {
  const known = values.filter((value) => value !== undefined);
  const count = known.length;
  if (count === 0) return undefined;
  const mean = known.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean };
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  // Beyond the table: the first term of the expansion by Cornish and Fisher, good to 0.001.
  const quantile = STUDENT_T[count - 2] ?? NORMAL + (NORMAL ** 3 + NORMAL) / (4 * (count - 1));
  return { mean, half: quantile * Math.sqrt(variance / count) };
}

/** After minus before, run by run: with the same callers on both sides most of the chance cancels out. */
export function difference(
  before: readonly (number | undefined)[],
  after: readonly (number | undefined)[],
): Estimate | undefined {
  return estimate(
    before.map((value, run) => {
      const other = after[run];
      return value === undefined || other === undefined ? undefined : other - value;
    }),
  );
}

export function contains({ mean, half = 0 }: Estimate, value: number): boolean {
  return Math.abs(value - mean) <= half;
}

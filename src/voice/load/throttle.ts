// How many new calls a second may come in under the load that is measured: no bound, or one that follows the load. Pure.

/** What was measured since the last step. */
export interface Sample {
  /** The worst of the measures, each divided by its limit: 1 = as much as can be borne. */
  readonly pressure: number;
  /** New calls a second that came, and those of them that were let in, over the last second. */
  readonly offeredPerS: number;
  readonly admittedPerS: number;
}

/*
 *  open ──pressure ≥ 1 for some samples, fewer when far above──▶ limited ──rate beyond what is offered for long──▶ open
 *                                        pressure ≥ 1: rate × 0.9 ⟲    pressure < 0.8: rate × 1.05 ⟲
 */
export type Throttle =
  | { readonly state: 'open'; readonly hotSamples: number }
  | { readonly state: 'limited'; readonly ratePerS: number; readonly calmSamples: number };

export const OPEN: Throttle = { state: 'open', hotSamples: 0 };

export const SAMPLE_EVERY_MS = 200;
/** One collection of garbage fills one sample; three in a row are load. */
export const HOT_SAMPLES = 3;
/** So far above counts for two: the next hot sample is enough. A single pause, however long, is over when it is seen. */
export const FAR_ABOVE = 2;
/** Between this and 1 nothing changes: the bound does not swing. */
export const CALM_BELOW = 0.8;
export const CALM_SAMPLES = 25;
export const DECREASE = 0.9;
export const INCREASE = 1.05;
const INCREASE_AT_LEAST_PER_S = 0.2;
/** Whatever the load: some calls end, so some may begin; and so few are not what a machine suffers from. */
export const LEAST_PER_S = 5;
/** The bound is lifted when it lies so far above what comes. */
const ABOVE_OFFERED = 1.2;

export function stepped(throttle: Throttle, sample: Sample): Throttle {
  return throttle.state === 'open' ? whileOpen(throttle, sample) : whileLimited(throttle, sample);
}

function whileOpen({ hotSamples }: Throttle & { state: 'open' }, sample: Sample): Throttle {
  if (sample.pressure < 1) return OPEN;
  const hot = hotSamples + (sample.pressure >= FAR_ABOVE ? 2 : 1);
  if (hot < HOT_SAMPLES) return { state: 'open', hotSamples: hot };
  return { state: 'limited', ratePerS: lowered(sample.admittedPerS), calmSamples: 0 };
}

function whileLimited({ ratePerS, calmSamples }: Throttle & { state: 'limited' }, sample: Sample): Throttle {
  const { pressure, offeredPerS } = sample;
  if (pressure >= 1) return { state: 'limited', ratePerS: lowered(ratePerS), calmSamples: 0 };
  if (pressure >= CALM_BELOW) return { state: 'limited', ratePerS, calmSamples: 0 };
  if (ratePerS < ABOVE_OFFERED * offeredPerS) {
    const raised = Math.max(ratePerS * INCREASE, ratePerS + INCREASE_AT_LEAST_PER_S);
    return { state: 'limited', ratePerS: raised, calmSamples: 0 };
  }
  return calmSamples + 1 < CALM_SAMPLES ? { state: 'limited', ratePerS, calmSamples: calmSamples + 1 } : OPEN;
}

function lowered(ratePerS: number): number {
  return Math.max(LEAST_PER_S, ratePerS * DECREASE);
}

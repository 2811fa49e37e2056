// A sound in memory: one channel, as numbers between −1 and 1.

export interface Sound {
  /** Samples a second. */
  readonly rate: number;
  /** −1 … 1. */
  readonly samples: Float32Array;
}

/** What telephones play (G.711). */
export const NARROW_RATE = 8_000;
/** What telephones of a better kind play (G.722). */
export const WIDE_RATE = 16_000;

export function durationMsOf({ rate, samples }: Sound): number {
  return Math.round((samples.length * 1_000) / rate);
}

/** −100 for silence. */
export function decibels(ratio: number): number {
  return ratio <= 1e-5 ? -100 : 20 * Math.log10(ratio);
}

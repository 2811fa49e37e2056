// What was found out for a row, and by which means.
import { highestHeld, isBounded, type Tried } from './stepping.js';

export interface Measured {
  readonly value: number;
  /** The most that was tried: the truth may be more. */
  readonly bounded: boolean;
  /** How it was measured, in a few words. */
  readonly how: string;
}

/** Means of measuring that all rows share. */
export interface Bench {
  readonly seconds: number;
  readonly quick: boolean;
  /** Media threads. */
  readonly workers: number;
  /** The media engine and its callers with real-time priority. */
  readonly realTime: boolean;
  readonly folder: string;
  tell(progress: string): void;
}

/** The highest load that held; nothing did: 0. */
export function measuredLimit<R>(
  tried: readonly Tried<R>[],
  how: (best: Tried<R>) => string,
  failure: (worst: Tried<R>) => string,
): Measured {
  const best = highestHeld(tried);
  const worst = tried.filter(({ held }) => !held).sort((a, b) => a.load - b.load)[0];
  const limit = worst === undefined ? [] : [`${worst.load} not: ${failure(worst)}`];
  const text = [...(best === undefined ? [] : [how(best)]), ...limit].join('; ');
  return { value: best?.load ?? 0, bounded: best !== undefined && isBounded(tried), how: text };
}

export function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(2)} %`;
}

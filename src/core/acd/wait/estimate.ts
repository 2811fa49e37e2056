// How long somebody who joins a queue now will probably wait, from what the last customers went through. Pure.
import type { EstimateGiven } from '../../interaction/decision/given.js';

/** With fewer calls to learn from nothing is said. */
export const LEAST_SAMPLES = 5;
/** The newest so many count. */
export const MOST_SAMPLES = 50;
/** What is older says little of today's traffic. */
export const SAMPLE_AGE_MS = 60 * 60_000;
/** Said waits are longer than computed ones: who is served sooner does not mind. */
export const PADDING = 1.2;

/** One customer of this queue who was served, or is being served. */
export interface WaitSample {
  readonly atMs: number;
  readonly kind: 'handled' | 'advanced';
  /** `handled`: talk and wrap-up. `advanced`: time per place in the line, of somebody who found nobody free. */
  readonly ms: number;
}

export interface EstimateQuestion {
  /** 1 = next. */
  readonly position: number;
  /** Who have the skill and are free, ringing, talking or in wrap-up. */
  readonly agentsAtWork: number;
  /** Of this queue, in any order. */
  readonly samples: readonly WaitSample[];
  readonly nowMs: number;
}

export interface Estimate {
  /** Padded, in ms. */
  readonly waitMs: number;
  /** Calls it was learnt from. */
  readonly samples: number;
  readonly given: EstimateGiven;
}

/**
 * `wait = position × max(H / s, A) × 1.2`, undefined below 5 handled calls or without anybody at work.
 *
 * `H` mean handling time (talk and wrap-up) of the last calls, `s` agents at work: with all `s` busy a place comes free
 * every `H / s`, so whoever stands at place n waits `n × H / s` (queue-length estimator; Ibrahim and Whitt, “Real-Time
 * Delay Estimation Based on Delay History”, M&SOM 11(3), 2009, §2). It is too short where agents serve other queues too.
 * `A` is the mean time in which the last waiting customers really advanced by one place (delay history, the same paper,
 * §3; weighted advance time in older exchanges); from 5 of them on, the longer of the two counts.
 */
export function estimateWait({ position, agentsAtWork, samples, nowMs }: EstimateQuestion): Estimate | undefined {
  const recent = samples.filter(({ atMs }) => nowMs - atMs <= SAMPLE_AGE_MS).toSorted((a, b) => b.atMs - a.atMs);
  const handled = recent.filter(({ kind }) => kind === 'handled').slice(0, MOST_SAMPLES);
  if (handled.length < LEAST_SAMPLES || agentsAtWork < 1) return undefined;
  const advanced = recent.filter(({ kind }) => kind === 'advanced').slice(0, MOST_SAMPLES);
  const given = { handledMs: mean(handled), advancedMs: advanced.length < LEAST_SAMPLES ? 0 : mean(advanced) };
  return { waitMs: waitFrom(position, agentsAtWork, given), samples: handled.length, given };
}

/** Padded, in ms. */
export function waitFrom(position: number, agentsAtWork: number, { handledMs, advancedMs }: EstimateGiven): number {
  return Math.round(position * Math.max(handledMs / agentsAtWork, advancedMs) * PADDING);
}

function mean(samples: readonly WaitSample[]): number {
  return samples.reduce((sum, { ms }) => sum + ms, 0) / samples.length;
}

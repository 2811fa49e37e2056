// A staged roll-out as plain data: a candidate takes a share of the calls until it is promoted, aborted or stopped.
//
//   running ──promote──▶ promoted
//     ├────abort, or another text comes into force──▶ aborted
//     └────worse than the baseline──▶ stopped
import type { Comparison, Watch } from './comparison.js';

export type RolloutState =
  | { readonly state: 'running' }
  | { readonly state: 'promoted'; readonly atMs: number; readonly by: string }
  | { readonly state: 'aborted'; readonly atMs: number; readonly by: string; readonly reason: string }
  /** By the rule of comparison.ts; `why` holds the figures it was decided from. */
  | { readonly state: 'stopped'; readonly atMs: number; readonly why: Comparison };

export interface Rollout {
  readonly id: string;
  readonly flow: string;
  /** Revisions. */
  readonly baseline: string;
  readonly candidate: string;
  /** The candidate's text. */
  readonly text: string;
  readonly percent: number;
  readonly watch: Watch;
  readonly author: string;
  readonly note: string;
  readonly startedAtMs: number;
  /** Looks that were taken: the same figures are judged once. */
  readonly looks: number;
  readonly now: RolloutState;
}

/** What becomes of a running roll-out when its figures are looked at; the same object when nothing does. */
export function judged(rollout: Rollout, comparison: Comparison, nowMs: number): Rollout {
  if (rollout.now.state !== 'running' || comparison.look <= rollout.looks) return rollout;
  const looks = comparison.look;
  if (comparison.verdict !== 'worse') return { ...rollout, looks };
  return { ...rollout, looks, now: { state: 'stopped', atMs: nowMs, why: comparison } };
}

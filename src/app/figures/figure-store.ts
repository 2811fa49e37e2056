// What the figures need of the database: cells of each queue and quarter of an hour, kept up with the log of facts.

import type { Thresholds } from '../../core/interaction/figures/contribution.js';
import type { Counts } from '../../core/interaction/figures/counts.js';

export const STEPS = ['quarter', 'hour', 'day'] as const;
export type Step = (typeof STEPS)[number];

export interface FigureRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly queue?: string;
  readonly step: Step;
  /** Of hours and days. */
  readonly timeZone: string;
  readonly limit: number;
}

export interface FigureRow {
  readonly queue: string;
  readonly startMs: number;
  readonly counts: Counts;
}

/** All reject with HiloError `store-unavailable`. */
export interface FigureStore {
  /**
   * Counts the next facts of the log, each exactly once, whoever else does the same at that time.
   * `counted`: facts looked at; 0: there are none that are settled, or another node is at it.
   */
  advance(thresholds: Thresholds): Promise<{ readonly counted: number }>;
  /** Facts in the log that are not counted yet. */
  uncounted(): Promise<number>;
  /** Cells from `fromMs` to before `toMs` added up by step, by time, then queue; at most `limit`. */
  rows(range: FigureRange): Promise<readonly FigureRow[]>;
  /** Forgets all cells: they are counted again from the first fact on. */
  reset(): Promise<void>;
}

// What each chart draws: its figures, how high each one is in a quarter of an hour, and how it is drawn.
import { averagesOf, type Counts, NOTHING } from '../../core/interaction/figures/counts.js';
import type { Day, Span } from './day.js';
import type { ChartName, FigureName } from './texts.js';

export interface Mark {
  readonly figure: FigureName | 'other';
  readonly kind: 'bars' | 'line' | 'points';
  readonly colour: 'answered' | 'abandoned' | 'short' | 'other';
  /** Null: there is nothing to draw there. */
  readonly height: (counts: Counts) => number | null;
}

export interface Chart {
  readonly name: ChartName;
  /** Of its scale; absent: the highest there is. */
  readonly top?: number;
  /** Drawn one over the other, the tallest bars first. */
  readonly marks: readonly Mark[];
}

const SECOND_MS = 1_000;
const inSeconds = (ms: number | undefined): number | null => (ms === undefined ? null : ms / SECOND_MS);
const positive = (value: number): number | null => (value === 0 ? null : value);

/** Bars stand on each other: each is as high as what stands below it and itself. */
export const CHARTS: readonly Chart[] = [
  {
    name: 'volume',
    marks: [
      { figure: 'other', kind: 'bars', colour: 'other', height: ({ offered }) => offered },
      {
        figure: 'shortAbandoned',
        kind: 'bars',
        colour: 'short',
        height: ({ answered, abandoned, shortAbandoned }) => answered + abandoned + shortAbandoned,
      },
      {
        figure: 'abandoned',
        kind: 'bars',
        colour: 'abandoned',
        height: ({ answered, abandoned }) => answered + abandoned,
      },
      { figure: 'answered', kind: 'bars', colour: 'answered', height: ({ answered }) => answered },
    ],
  },
  {
    name: 'serviceLevel',
    top: 100,
    marks: [
      {
        figure: 'serviceLevel',
        kind: 'line',
        colour: 'answered',
        height: (counts) => {
          const { serviceLevel } = averagesOf(counts);
          return serviceLevel === undefined ? null : serviceLevel * 100;
        },
      },
    ],
  },
  {
    name: 'waits',
    marks: [
      {
        figure: 'longestWaitMs',
        kind: 'line',
        colour: 'abandoned',
        height: ({ longestWaitMs }) => positive(longestWaitMs / SECOND_MS),
      },
      { figure: 'asaMs', kind: 'line', colour: 'answered', height: (counts) => inSeconds(averagesOf(counts).asaMs) },
    ],
  },
  {
    name: 'handling',
    marks: [
      { figure: 'ahtMs', kind: 'line', colour: 'answered', height: (counts) => inSeconds(averagesOf(counts).ahtMs) },
    ],
  },
  {
    name: 'callbacks',
    marks: [
      {
        figure: 'callbacksPromised',
        kind: 'bars',
        colour: 'other',
        height: ({ callbacksPromised }) => callbacksPromised,
      },
      {
        figure: 'callbacksReached',
        kind: 'bars',
        colour: 'answered',
        height: ({ callbacksReached }) => callbacksReached,
      },
      { figure: 'recovered', kind: 'points', colour: 'abandoned', height: ({ recovered }) => positive(recovered) },
    ],
  },
];

/** One for each quarter of an hour of the span. */
export function heightsOf({ quarters }: Day, { from, to }: Span, { height }: Mark): readonly (number | null)[] {
  return Array.from({ length: to - from }, (_, index) => height(quarters[from + index] ?? NOTHING));
}

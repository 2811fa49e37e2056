// How a figure is written: counts, percentages, times.
import { averagesOf, type Counts } from '../../core/interaction/figures/counts.js';
import { clockText } from '../texts/duration.js';
import type { FigureName } from './texts.js';

/** In the order in which they are shown. */
export const FIGURES: readonly FigureName[] = [
  'offered',
  'answered',
  'abandoned',
  'shortAbandoned',
  'serviceLevel',
  'asaMs',
  'ahtMs',
  'longestWaitMs',
  'callbacksPromised',
  'callbackAttempts',
  'callbacksReached',
  'recovered',
];

/** undefined: there is nothing to be computed from. */
export function shown(name: FigureName, counts: Counts, language: string): string | undefined {
  switch (name) {
    case 'serviceLevel': {
      const share = averagesOf(counts).serviceLevel;
      return share === undefined ? undefined : percent(share, language);
    }
    case 'asaMs':
    case 'ahtMs':
      return time(averagesOf(counts)[name]);
    case 'longestWaitMs':
      return counts.longestWaitMs === 0 ? undefined : time(counts.longestWaitMs);
    default:
      return count(counts[name], language);
  }
}

export function count(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value);
}

function percent(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

function time(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : clockText(Math.round(ms / 1_000));
}

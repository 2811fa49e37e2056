// A day's rows in their places: counts for each quarter of an hour, of one queue or all together; and which of them are drawn.
import type { WireFigureRow, WireFigures } from '../../contract/figures/figures.js';
import { type Counts, NOTHING, plus, QUARTER_MS, total } from '../../core/interaction/figures/counts.js';

export interface Day {
  readonly fromMs: number;
  readonly timeZone: string;
  readonly total: Counts;
  /** One for each quarter of an hour: 96, fewer or more when the clocks change. */
  readonly quarters: readonly Counts[];
}

/** Quarters of an hour that are shown, `to` not included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const HOUR = 4;
/** So that a first call does not fill the picture. */
const SPAN_MIN = 6 * HOUR;

export function dayOf({ from, to, timeZone, rows }: WireFigures, queue: string | undefined): Day {
  const fromMs = Date.parse(from);
  const quarters: Counts[] = Array.from({ length: (Date.parse(to) - fromMs) / QUARTER_MS }, () => NOTHING);
  for (const row of rows) {
    if (queue !== undefined && row.queue !== queue) continue;
    const slot = slotOf(row, fromMs);
    quarters[slot] = plus(quarters[slot] ?? NOTHING, row);
  }
  return { fromMs, timeZone, quarters, total: total(quarters) };
}

/** The whole hours in which something happened on any of the days, and some around when that is little. */
export function spanOf(days: readonly Day[]): Span {
  const slots = days.flatMap(({ quarters }) => quarters.flatMap((counts, slot) => (isNothing(counts) ? [] : [slot])));
  const end = Math.max(...days.map(({ quarters }) => quarters.length));
  if (slots.length === 0) return { from: 0, to: end };
  const first = Math.floor(Math.min(...slots) / HOUR) * HOUR;
  const last = Math.ceil((Math.max(...slots) + 1) / HOUR) * HOUR;
  const missing = Math.max(0, SPAN_MIN - (last - first));
  const from = Math.max(0, first - Math.floor(missing / 2 / HOUR) * HOUR);
  const to = Math.min(end, Math.max(last, from + SPAN_MIN));
  return { from: Math.max(0, Math.min(from, to - SPAN_MIN)), to };
}

/** Neither calls, nor promises, nor losses. */
export function isNothing({ offered, callbacksPromised, lost }: Counts): boolean {
  return offered === 0 && callbacksPromised === 0 && lost === 0;
}

/** Wall clock of the centre at the beginning of that quarter of an hour. */
export function clockAt({ fromMs, timeZone }: Day, slot: number, language: string): string {
  const format = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(language, format).format(fromMs + slot * QUARTER_MS);
}

/** Highest value of all days, so that they can be compared by eye; at least 1. */
export function topOf(series: readonly (readonly (number | null)[])[]): number {
  return Math.max(1, ...series.flat().map((value) => value ?? 0));
}

function slotOf({ start }: WireFigureRow, fromMs: number): number {
  return Math.floor((Date.parse(start) - fromMs) / QUARTER_MS);
}

// The days of a year ahead on which opening hours are not those of the week: what an administrator looks over.
import { DateTime } from 'luxon';
import type { HoursConfig } from '../centre.js';
import { holidaysOf } from './holidays.js';

export interface SpecialDay {
  /** `2026-12-25`. */
  readonly date: string;
  /** `holiday`: public; `closed`: listed as such; `own-hours`: listed with spans of its own, perhaps none. */
  readonly kind: 'holiday' | 'closed' | 'own-hours';
  /** Of a public holiday, in the language asked for. */
  readonly name?: string;
  /** When it is open all the same. */
  readonly open: readonly { readonly from: string; readonly to: string }[];
}

const MONTHS = 12;

/** From the day `from` (`2026-11-23`) on for twelve months, in order. */
export function specialDays(hours: HoursConfig, from: string, language: string): SpecialDay[] {
  const first = DateTime.fromISO(from, { zone: 'utc' });
  const end = first.plus({ months: MONTHS }).toFormat('yyyy-MM-dd');
  const names = new Map<string, string>();
  if (hours.holidays !== undefined) {
    for (const year of [first.year, first.year + 1])
      for (const [date, name] of holidaysOf(hours.holidays, year, language)) names.set(date, name);
  }
  const dates = new Set([...names.keys(), ...hours.closedOn, ...hours.exceptions.keys()]);
  return [...dates]
    .filter((date) => from <= date && date < end)
    .toSorted()
    .map((date): SpecialDay => {
      const own = hours.exceptions.get(date);
      const name = names.get(date);
      const kind = own !== undefined ? 'own-hours' : hours.closedOn.includes(date) ? 'closed' : 'holiday';
      return { date, kind, ...(name === undefined ? {} : { name }), open: own ?? [] };
    });
}

// The day of the centre: what counts of today begin with.
import { DateTime } from 'luxon';

/** Midnight before, and the one after, on the wall clock of that zone; Unix ms. */
export function dayAround(nowMs: number, timeZone: string): { readonly fromMs: number; readonly toMs: number } {
  const day = DateTime.fromMillis(nowMs, { zone: timeZone }).startOf('day');
  return { fromMs: day.toMillis(), toMs: day.plus({ days: 1 }).toMillis() };
}

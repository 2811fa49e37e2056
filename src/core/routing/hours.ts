// Whether it is open at a moment, and when it opens next, on the wall clock of the place (summer time included).
import { DateTime } from 'luxon';
import type { HoursConfig } from './centre.js';
import { isHoliday } from './opening/holidays.js';

/** `holiday`: closed because that day is a day off, not because of the hour. */
export type Opening = 'open' | 'closed' | 'holiday';

/** Nobody looks further ahead: hours that do not open within a year have a mistake in them. */
const MAX_DAYS_AHEAD = 365;
const DAY_MINUTES = 24 * 60;

export function isOpen(hours: HoursConfig, atMs: number): boolean {
  const now = DateTime.fromMillis(atMs, { zone: hours.timeZone });
  // A span of yesterday may reach past midnight; it belongs to the day on which it began.
  return [now.minus({ days: 1 }), now].some((day) =>
    spansOf(hours, day).some(({ from, to }) => from <= atMs && atMs < to),
  );
}

export function openingAt(hours: HoursConfig, atMs: number): Opening {
  if (isOpen(hours, atMs)) return 'open';
  const day = DateTime.fromMillis(atMs, { zone: hours.timeZone }).toFormat('yyyy-MM-dd');
  return isDayOff(hours, day) ? 'holiday' : 'closed';
}

/** Unix ms of the next opening, `atMs` itself when it is open then; a year later when it does not open before. */
export function nextOpenMs(hours: HoursConfig, atMs: number): number {
  if (isOpen(hours, atMs)) return atMs;
  const today = DateTime.fromMillis(atMs, { zone: hours.timeZone });
  for (let ahead = 0; ahead <= MAX_DAYS_AHEAD; ahead += 1) {
    const openings = spansOf(hours, today.plus({ days: ahead })).map(({ from }) => from);
    const next = openings.filter((from) => from > atMs).toSorted((a, b) => a - b)[0];
    if (next !== undefined) return next;
  }
  return today.plus({ days: MAX_DAYS_AHEAD }).toMillis();
}

/** Minutes from the day's midnight on; a span that ends before it begins ends on the next day. */
export function spanMinutes(from: string, to: string): { readonly from: number; readonly to: number } {
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  return { from: begin, to: end <= begin ? end + DAY_MINUTES : end };
}

/** A listed day or a public holiday, unless the day has hours of its own. */
function isDayOff({ closedOn, holidays, exceptions }: HoursConfig, date: string): boolean {
  const own = exceptions.get(date);
  if (own !== undefined) return own.length === 0;
  return closedOn.includes(date) || (holidays !== undefined && isHoliday(holidays, date));
}

function spansOf(hours: HoursConfig, day: DateTime): { from: number; to: number }[] {
  const date = day.toFormat('yyyy-MM-dd');
  if (isDayOff(hours, date)) return [];
  const spans = hours.exceptions.get(date) ?? hours.spans.filter(({ days }) => days.includes(day.weekday));
  return spans.map(({ from, to }) => {
    const overnight = spanMinutes(from, to).to > DAY_MINUTES;
    return { from: atClock(day, from), to: atClock(overnight ? day.plus({ days: 1 }) : day, to) };
  });
}

/** `24:00` is the midnight at the end of the day. On the night the clocks change, luxon moves a time that does not exist forward. */
function atClock(day: DateTime, time: string): number {
  const minutes = minutesOf(time);
  if (minutes === DAY_MINUTES) return day.plus({ days: 1 }).startOf('day').toMillis();
  const clock = { hour: Math.floor(minutes / 60), minute: minutes % 60, second: 0, millisecond: 0 };
  return day.set(clock).toMillis();
}

function minutesOf(time: string): number {
  const [hour = '0', minute = '0'] = time.split(':');
  return Number(hour) * 60 + Number(minute);
}

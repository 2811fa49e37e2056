// Opening hours as they are written in the centre's file, and the mistakes that only show when their spans lie side by side.
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { custom, show, strict, THIS_IS_MISSING } from '../../document/shape.js';
import { adviseName } from '../../document/spelling.js';
import type { Path } from '../../document/yaml-text.js';
import type { HoursConfig } from '../centre.js';
import { spanMinutes } from '../hours.js';
import { holidayCountries, holidayRegions } from './holidays.js';

const MAX_SPANS = 50;
const MAX_DAYS = 400;
const WEEK_MINUTES = 7 * 24 * 60;

export const timeZone = z.string().refine((zone) => IANAZone.isValidZone(zone), {
  error: 'this time zone is not known',
  params: { advice: 'e.g. Europe/Madrid' },
});

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** `mon`, `mon-fri`, `[mon, wed]` → 1 to 7. */
const days = z
  .unknown()
  .transform((raw, context): number[] => {
    if (raw === undefined) return custom(context, THIS_IS_MISSING, 'e.g. days: mon-fri');
    const words: unknown[] = Array.isArray(raw) ? raw : [raw];
    const numbers = words.flatMap((word) => {
      const [from = '', to = from] = show(word).split('-');
      const [first, last] = [WEEKDAYS.indexOf(from), WEEKDAYS.indexOf(to)];
      if (first < 0 || last < first)
        return custom(context, `'${show(word)}' is no day`, 'e.g. mon-fri, sat or [mon, wed]');
      return Array.from({ length: last - first + 1 }, (_, index) => first + index + 1);
    });
    return [...new Set(numbers)];
  })
  .meta({
    title: 'days, `mon-fri` or `[mon, wed]`',
    anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
  });

const clock = z
  .string({ error: 'a time is written as 09:00' })
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: 'a time is written as 09:00' });
const date = z.string().refine((day) => /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)), {
  error: 'a day is written as 2026-12-25',
});

/** A country, or a country and its region; both have to have holidays that are known. */
const holidays = strict({
  country: z.string().describe('Two letters.'),
  region: z.string().optional().describe('Its region, where days differ.'),
}).transform((place, context) => {
  const { country, region } = place;
  const countries = holidayCountries();
  if (!countries.includes(country)) {
    return custom(context, `no holidays are known of '${country}'`, adviseName(country, countries), ['country']);
  }
  const regions = holidayRegions(country);
  if (region !== undefined && !regions.includes(region)) {
    return custom(context, `'${country}' has no region '${region}'`, adviseName(region, regions), ['region']);
  }
  return region === undefined ? { country } : { country, region };
});

export const hours = strict({
  'time-zone': timeZone.optional().describe("Else the centre's."),
  open: z
    .array(
      strict({
        days: days.describe('On these.'),
        from: clock.describe('`09:00`, on the clock of the time zone.'),
        to: clock.describe('Up to `24:00`.'),
      }),
    )
    .max(MAX_SPANS)
    .describe('Spans of the week. One that ends before it begins goes over midnight.'),
  closed: z.array(date).max(MAX_DAYS).default([]).describe('Days on which it is closed, `2026-12-25`.'),
  holidays: holidays.optional().describe('Closed on public holidays.'),
  exceptions: z
    .array(
      strict({
        date: date.describe('`2026-12-24`.'),
        open: z
          .array(
            strict({
              from: clock.describe('`09:00`, on the clock of the time zone.'),
              to: clock.describe('Up to `24:00`.'),
            }),
          )
          .max(10)
          .describe('Its spans.'),
        note: z.string().optional().describe('For whoever reads the file.'),
      }),
    )
    .max(MAX_DAYS)
    .default([])
    .describe('Days with spans of their own, holiday or not; none: closed.'),
  note: z.string().optional().describe('For whoever reads the file.'),
});

export type RawHours = z.output<typeof hours>;

export function hoursOf(name: string, raw: RawHours, centreZone: string): HoursConfig {
  return {
    name,
    timeZone: raw['time-zone'] ?? centreZone,
    spans: raw.open,
    closedOn: raw.closed,
    ...(raw.holidays === undefined ? {} : { holidays: raw.holidays }),
    exceptions: new Map(raw.exceptions.map(({ date: day, open }) => [day, open])),
  };
}

export interface HoursMistake {
  readonly path: Path;
  readonly message: string;
  readonly advice: string;
}

/** Spans that lie on each other, and days that are named twice. Paths are relative to the hours. */
export function checkHours(raw: RawHours): HoursMistake[] {
  const mistakes = overlapping(
    raw.open.map(({ days: on, from, to }, index) => ({
      path: ['open', index],
      stretches: on.flatMap((day) => stretch(day, from, to)),
    })),
  );
  const seen = new Set<string>();
  for (const [index, exception] of raw.exceptions.entries()) {
    const path = ['exceptions', index, 'date'];
    if (seen.has(exception.date)) {
      mistakes.push({ path, message: `${exception.date} is here twice`, advice: 'one entry with all its spans' });
    }
    if (raw.closed.includes(exception.date)) {
      mistakes.push({ path, message: `${exception.date} is also under closed`, advice: 'leave it in one of them' });
    }
    seen.add(exception.date);
    const spans = exception.open.map(({ from, to }, span) => ({
      path: ['exceptions', index, 'open', span],
      stretches: stretch(1, from, to),
    }));
    mistakes.push(...overlapping(spans));
  }
  return mistakes;
}

/** Minutes of the week, `to` not included. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** One span on one day; what reaches past Sunday's midnight goes on on Monday. */
function stretch(day: number, from: string, to: string): Stretch[] {
  const minutes = spanMinutes(from, to);
  const begin = (day - 1) * 24 * 60;
  const whole = { from: begin + minutes.from, to: begin + minutes.to };
  if (whole.to <= WEEK_MINUTES) return [whole];
  return [
    { from: whole.from, to: WEEK_MINUTES },
    { from: 0, to: whole.to - WEEK_MINUTES },
  ];
}

function overlapping(
  spans: readonly { readonly path: Path; readonly stretches: readonly Stretch[] }[],
): HoursMistake[] {
  return spans.flatMap(({ path, stretches }, index) => {
    const other = spans.slice(0, index).findIndex((earlier) => earlier.stretches.some((one) => meets(one, stretches)));
    if (other < 0) return [];
    return [
      { path, message: `this overlaps with span ${other + 1}`, advice: 'a lunch break is the time between two spans' },
    ];
  });
}

function meets(one: Stretch, others: readonly Stretch[]): boolean {
  return others.some(({ from, to }) => one.from < to && from < one.to);
}

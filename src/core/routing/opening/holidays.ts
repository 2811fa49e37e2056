// Public holidays of a country or one of its regions: which there are, and whether a day is one.
import Holidays from 'date-holidays';

export interface HolidayPlace {
  /** ISO 3166-1, e.g. `ES`. */
  readonly country: string;
  /** As `date-holidays` names it, mostly ISO 3166-2 without the country: `MD`. */
  readonly region?: string;
}

/** Years kept by place; older ones are computed again, which takes milliseconds. */
const MAX_KEPT = 200;

const all = new Holidays();
const kept = new Map<string, ReadonlySet<string>>();

export function holidayCountries(): string[] {
  return Object.keys(all.getCountries());
}

/** Empty for a country whose regions are not told apart. */
export function holidayRegions(country: string): string[] {
  return Object.keys(all.getStates(country) ?? {});
}

/** What countries, or the regions of one, are called in a language; in their own where they have none in it. */
export function holidayPlaces(language: string, country?: string): Readonly<Record<string, string>> {
  if (country === undefined) return all.getCountries(language);
  return all.getStates(country, language) ?? {};
}

/** The days of {@link isHoliday} of one year, with what each is called. */
export function holidaysOf(place: HolidayPlace, year: number, language: string): ReadonlyMap<string, string> {
  const days = holidays(place).getHolidays(year, language);
  return new Map(days.map(({ date, name }) => [date.slice(0, 10), name]));
}

/** `day` as `2026-12-25`. Only days on which the whole place is off: no bank or school holidays. */
export function isHoliday({ country, region }: HolidayPlace, day: string): boolean {
  const year = day.slice(0, 4);
  const key = `${country} ${region ?? ''} ${year}`;
  const known = kept.get(key);
  if (known !== undefined) return known.has(day);
  const days = new Set(
    holidays({ country, ...(region === undefined ? {} : { region }) })
      .getHolidays(Number(year))
      .map(({ date }) => date.slice(0, 10)),
  );
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(key, days);
  return days.has(day);
}

function holidays({ country, region }: HolidayPlace): Holidays {
  return new Holidays({ country, ...(region === undefined ? {} : { state: region }) }, { types: ['public'] });
}

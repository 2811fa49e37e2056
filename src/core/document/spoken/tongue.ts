// What a language has to know so that numbers, sums, days and times are said as people say them.

export type Gender = 'm' | 'f';

export interface CalendarDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 1 = Monday to 7. */
  readonly weekday: number;
}

/** How a day is said: with its weekday, that and the year, or day and month alone. */
export type DayForm = 'weekday' | 'year' | 'day';

/** Numbers are finite and below {@link MAX_SPOKEN} in size. */
export interface Tongue {
  /** `gender`: as said before a noun of it («veintiún», «veintiuna»); absent: as counted («veintiuno»). */
  number(value: number, gender?: Gender): string;
  year(year: number): string;
  /** Number and noun. `gender` of the noun; absent: as {@link genderOf} says, masculine where it does not. */
  count(value: number, one: string, many: string, gender?: Gender): string;
  /** The noun alone, in the form that goes with the number. */
  plural(value: number, one: string, many: string): string;
  /** `currency`: three capital letters (ISO 4217). */
  money(value: number, currency: string): string;
  date(day: CalendarDay, form: DayForm): string;
  time(hour: number, minute: number): string;
  /** Of a noun, where word or ending show it; absent: numbers of this language do not agree with nouns. */
  genderOf?(noun: string): Gender | undefined;
  /** Digits one by one, and `+`. */
  digits(text: string): string;
}

/** What is larger is said as it is written. */
export const MAX_SPOKEN = 1e12;
/** More places behind the point nobody can follow. */
const MAX_PLACES = 6;

/** The digits before and behind the point: 3.05 → `['3', '05']`. */
export function partsOf(value: number): readonly [whole: number, places: string] {
  const [whole = '0', places = ''] = Math.abs(value).toFixed(MAX_PLACES).split('.');
  return [Number(whole), places.replace(/0+$/, '')];
}

/** Units and hundredths of a sum, rounded: 12.505 → `[12, 51]`. */
export function sumOf(value: number): readonly [units: number, hundredths: number] {
  const hundredths = Math.round(Math.abs(value) * 100 * (1 + Number.EPSILON));
  return [Math.floor(hundredths / 100), hundredths % 100];
}

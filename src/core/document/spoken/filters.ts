// The filters that say values as people do: `{{ minutes | count: 'minuto', 'minutos' }}`, each in the language of its text.
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { english } from './english.js';
import { figuresIn } from './other-tongues.js';
import { spanish } from './spanish.js';
import { type CalendarDay, type Gender, MAX_SPOKEN, type Tongue } from './tongue.js';

export interface SpokenFilter {
  /** How many words may follow it: at least, at most. */
  readonly takes: readonly [least: number, most: number];
  readonly example: string;
  /** Whether the word at that place may stand there; absent: any may. */
  fits?(argument: string, index: number): boolean;
  /** What cannot be known of what was written, and what to write; absent: everything is. */
  doubt?(tongue: Tongue, args: readonly string[]): { readonly message: string; readonly advice: string } | undefined;
  /** A value that is not what it should be comes back as it is. */
  say(tongue: Tongue, value: unknown, args: readonly string[]): string;
}

/** Longest value that is said digit by digit. */
const MAX_DIGITS = 40;
const DEFAULT_CURRENCY = 'EUR';

const isGender = (word: string | undefined): word is Gender => word === 'm' || word === 'f';

export const SPOKEN_FILTERS: Readonly<Record<string, SpokenFilter>> = {
  count: {
    takes: [2, 3],
    example: "count: 'minuto', 'minutos'",
    fits: (word, index) => index < 2 || isGender(word),
    doubt(tongue, [one = '', many = '', gender]) {
      if (gender !== undefined || tongue.genderOf === undefined || tongue.genderOf(one) !== undefined) return undefined;
      return { message: `the gender of '${one}' is not known`, advice: `count: '${one}', '${many}', 'm', or 'f'` };
    },
    say: (tongue, value, [one = '', many = '', gender]) =>
      withNumber(value, (number) => tongue.count(number, one, many, isGender(gender) ? gender : undefined)),
  },
  plural: {
    takes: [2, 2],
    example: "plural: 'minuto', 'minutos'",
    say: (tongue, value, [one = '', many = '']) => withNumber(value, (number) => tongue.plural(number, one, many)),
  },
  spoken: {
    takes: [0, 1],
    example: "spoken, spoken: 'f', spoken: 'year'",
    fits: (word) => word === 'year' || isGender(word),
    say: (tongue, value, [how]) =>
      withNumber(value, (number) => {
        if (how === 'year') return tongue.year(Math.abs(Math.trunc(number)));
        return isGender(how) ? tongue.number(number, how) : tongue.number(number);
      }),
  },
  money: {
    takes: [0, 1],
    example: "money, money: 'USD'",
    fits: (word) => /^[A-Z]{3}$/.test(word),
    say: (tongue, value, [currency = DEFAULT_CURRENCY]) =>
      withNumber(value, (number) => tongue.money(number, /^[A-Z]{3}$/.test(currency) ? currency : DEFAULT_CURRENCY)),
  },
  date: {
    takes: [0, 1],
    example: "date, date: 'year', date: 'day'",
    fits: (word) => word === 'year' || word === 'day',
    say(tongue, value, [form]) {
      const day = dayOf(String(value ?? ''));
      if (day === undefined) return asItIs(value);
      return tongue.date(day, form === 'year' || form === 'day' ? form : 'weekday');
    },
  },
  time: {
    takes: [0, 0],
    example: 'time',
    say(tongue, value) {
      const match = /(?:^|T)([01]\d|2[0-3]):([0-5]\d)/.exec(String(value ?? ''));
      return match === null ? asItIs(value) : tongue.time(Number(match[1]), Number(match[2]));
    },
  },
  phone: {
    takes: [0, 1],
    example: "phone, phone: 'ES'",
    fits: (word) => isSupportedCountry(word),
    say: (tongue, value, [country]) =>
      groupsOf(String(value ?? '').slice(0, MAX_DIGITS), country)
        .map((group) => tongue.digits(group))
        .join(', '),
  },
  // "4071" is said as "4, 0, 7, 1" instead of "four thousand and seventy-one".
  spell: {
    takes: [0, 0],
    example: 'spell',
    say: (_tongue, value) => Array.from(String(value ?? '').slice(0, MAX_DIGITS)).join(', '),
  },
};

const tongues = new Map<string, Tongue>([
  ['es', spanish],
  ['en', english],
]);
/** Languages are checked to look like one; there are not many. */
const MAX_TONGUES = 100;

export function tongueOf(language: string): Tongue {
  const known = tongues.get(language) ?? tongues.get(language.split('-')[0] ?? '');
  if (known !== undefined) return known;
  const made = figuresIn(language);
  if (tongues.size < MAX_TONGUES) tongues.set(language, made);
  return made;
}

function withNumber(value: unknown, say: (number: number) => string): string {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !(Math.abs(number) < MAX_SPOKEN)) return asItIs(value);
  return say(number);
}

function asItIs(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}

/** `2026-01-05`, alone or before a time. */
function dayOf(text: string): CalendarDay | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T|$)/.exec(text);
  const [year, month, day] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  // The 31st of February would roll over into March.
  if (match === null || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return { year, month, day, weekday: date.getUTCDay() === 0 ? 7 : date.getUTCDay() };
}

/** The groups in which a number is written, without the prefix of its country when that is `country`. */
function groupsOf(number: string, country: string | undefined): string[] {
  const home = country !== undefined && isSupportedCountry(country) ? (country as CountryCode) : undefined;
  const parsed = parsePhoneNumberFromString(number, home);
  if (parsed?.isValid() !== true) return number.split(/[^+0-9*#]+/).filter((group) => group !== '');
  const written =
    parsed.country === home && home !== undefined ? parsed.formatNational() : parsed.formatInternational();
  return written.split(/[^+0-9]+/).filter((group) => group !== '');
}

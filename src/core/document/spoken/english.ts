// Numbers, sums, days and times in English.
import { type CalendarDay, type DayForm, MAX_SPOKEN, partsOf, sumOf, type Tongue } from './tongue.js';

const BELOW_TWENTY =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const GROUPS = [
  [1_000_000_000, 'billion'],
  [1_000_000, 'million'],
  [1_000, 'thousand'],
] as const;
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const WEEKDAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
const ODD_ORDINALS: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};

/** Name of one and of several, of one hundredth and of several. */
type Coin = readonly [one: string, many: string, hundredth: string, hundredths: string];
const PESO: Coin = ['peso', 'pesos', 'centavo', 'centavos'];
const COINS: Readonly<Record<string, Coin>> = {
  EUR: ['euro', 'euros', 'cent', 'cents'],
  USD: ['dollar', 'dollars', 'cent', 'cents'],
  GBP: ['pound', 'pounds', 'penny', 'pence'],
  CHF: ['franc', 'francs', 'centime', 'centimes'],
  PEN: ['sol', 'soles', 'centimo', 'centimos'],
  ...{ MXN: PESO, ARS: PESO, COP: PESO, CLP: PESO, UYU: PESO, DOP: PESO },
};

export const english: Tongue = {
  number(value) {
    const [whole, places] = partsOf(value);
    const sign = value < 0 ? 'minus ' : '';
    return sign + words(whole) + (places === '' ? '' : ` point ${english.digits(places)}`);
  },
  year(year) {
    const [century, rest] = [Math.floor(year / 100), year % 100];
    if (year < 1_100 || year > 9_999 || (century % 10 === 0 && rest < 10)) return words(year);
    if (rest === 0) return `${words(century)} hundred`;
    return `${words(century)} ${rest < 10 ? 'oh ' : ''}${words(rest)}`;
  },
  count: (value, one, many) => `${english.number(value)} ${english.plural(value, one, many)}`,
  plural: (value, one, many) => (Math.abs(value) === 1 ? one : many),
  money(value, currency) {
    const known = COINS[currency];
    if (known === undefined) return inFigures(value, currency);
    const [units, hundredths] = sumOf(value);
    const [one, many, hundredth, severalHundredths] = known;
    const sign = value < 0 && units + hundredths > 0 ? 'minus ' : '';
    const rest = hundredths === 0 ? '' : english.count(hundredths, hundredth, severalHundredths);
    if (units === 0 && rest !== '') return sign + rest;
    return sign + english.count(units, one, many) + (rest === '' ? '' : ` and ${rest}`);
  },
  date({ year, month, day, weekday }: CalendarDay, form: DayForm) {
    const plain = `${MONTHS[month - 1] ?? ''} ${ordinal(day)}`;
    if (form === 'day') return plain;
    const full = `${WEEKDAYS[weekday - 1] ?? ''}, ${plain}`;
    return form === 'year' ? `${full}, ${english.year(year)}` : full;
  },
  time(hour, minute) {
    if (minute === 0 && hour === 0) return 'midnight';
    if (minute === 0 && hour === 12) return 'noon';
    const twelve = words(hour % 12 === 0 ? 12 : hour % 12);
    const minutes = minute === 0 ? '' : ` ${minute < 10 ? 'oh ' : ''}${words(minute)}`;
    return `${twelve}${minutes} ${partOfDay(hour)}`;
  },
  digits: (text) =>
    Array.from(text, (char) => (char === '+' ? 'plus' : (BELOW_TWENTY[Number.parseInt(char, 10)] ?? char))).join(' '),
};

/** `value` is whole and not negative. */
function words(value: number): string {
  if (value >= MAX_SPOKEN) return String(value);
  for (const [size, name] of GROUPS) {
    if (value < size) continue;
    const rest = value % size;
    const joint = rest > 0 && rest < 100 ? ' and ' : ' ';
    return `${words(Math.floor(value / size))} ${name}${rest === 0 ? '' : joint + words(rest)}`;
  }
  if (value < 100) return belowHundred(value);
  const rest = value % 100;
  return `${BELOW_TWENTY[Math.floor(value / 100)] ?? ''} hundred${rest === 0 ? '' : ` and ${belowHundred(rest)}`}`;
}

function belowHundred(value: number): string {
  if (value < 20) return BELOW_TWENTY[value] ?? '';
  const tens = TENS[Math.floor(value / 10)] ?? '';
  return value % 10 === 0 ? tens : `${tens}-${BELOW_TWENTY[value % 10] ?? ''}`;
}

function ordinal(day: number): string {
  const said = belowHundred(day);
  const last = /[a-z]+$/.exec(said)?.[0] ?? '';
  const begin = said.slice(0, said.length - last.length);
  return begin + (ODD_ORDINALS[last] ?? (last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`));
}

function partOfDay(hour: number): string {
  if (hour < 12) return hour < 1 ? 'at night' : 'in the morning';
  if (hour < 18) return 'in the afternoon';
  return hour < 21 ? 'in the evening' : 'at night';
}

function inFigures(value: number, currency: string): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'name' }).format(value);
}

// Languages nobody has written down here: what Intl knows of them, in figures.
import type { CalendarDay, DayForm, Tongue } from './tongue.js';

export function figuresIn(language: string): Tongue {
  const numbers = new Intl.NumberFormat(language);
  const plurals = new Intl.PluralRules(language);
  const plural: Tongue['plural'] = (value, one, many) => (plurals.select(value) === 'one' ? one : many);
  return {
    number: (value) => numbers.format(value),
    year: String,
    count: (value, one, many) => `${numbers.format(value)} ${plural(value, one, many)}`,
    plural,
    money: (value, currency) =>
      new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'name' }).format(value),
    date: ({ year, month, day }: CalendarDay, form: DayForm) =>
      new Intl.DateTimeFormat(language, {
        timeZone: 'UTC',
        day: 'numeric',
        month: 'long',
        ...(form === 'day' ? {} : { weekday: 'long' }),
        ...(form === 'year' ? { year: 'numeric' } : {}),
      }).format(Date.UTC(year, month - 1, day)),
    time: (hour, minute) =>
      new Intl.DateTimeFormat(language, { timeZone: 'UTC', hour: 'numeric', minute: '2-digit' }).format(
        Date.UTC(2000, 0, 1, hour, minute),
      ),
    digits: (text) => Array.from(text).join(' '),
  };
}

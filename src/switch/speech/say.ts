// What `say` says, as a sentence for the synthesiser: numbers, digits, dates, times and money in Spanish and English.

export interface SayRequest {
  readonly language: string;
  /** FreeSWITCH's say type, e.g. NUMBER, CURRENT_DATE_TIME, CURRENCY. */
  readonly type: string;
  /** pronounced, iterated, counted, N/A. */
  readonly method: string;
  readonly gender: string;
  readonly text: string;
}

type Language = 'es' | 'en';

const LOCALES: Readonly<Record<Language, string>> = { es: 'es-ES', en: 'en-US' };
const MONEY: Readonly<Record<Language, readonly [string, string, string, string, string]>> = {
  es: ['euro', 'euros', 'céntimo', 'céntimos', 'con'],
  en: ['dollar', 'dollars', 'cent', 'cents', 'and'],
};
const UNITS_FEMALE: Readonly<Record<string, string>> = { uno: 'una', un: 'una' };

/** Undefined: a type or a text that cannot be said. */
export function sentenceOf({ language, type, method, gender, text }: SayRequest, timeZone: string): string | undefined {
  const tongue: Language = language.toLowerCase().startsWith('es') ? 'es' : 'en';
  switch (type.toUpperCase()) {
    case 'NUMBER':
    case 'ITEMS':
    case 'PERSONS':
      return numberIn(tongue, method, gender, text);
    case 'TELEPHONE_NUMBER':
    case 'TELEPHONE_EXTENSION':
    case 'ACCOUNT_NUMBER':
    case 'IP_ADDRESS':
    case 'NAME_SPELLED':
    case 'NAME_PHONETIC':
    case 'POSTAL_ADDRESS':
      return spelled(text);
    case 'MESSAGES':
    case 'TEXT':
      return text;
    case 'CURRENCY':
      return money(tongue, text);
    case 'TIME_MEASUREMENT':
      return duration(tongue, text);
    case 'CURRENT_DATE':
      return moment(tongue, text, timeZone, { dateStyle: 'long' });
    case 'CURRENT_TIME':
      return moment(tongue, text, timeZone, { timeStyle: 'short' });
    case 'CURRENT_DATE_TIME':
    case 'SHORT_DATE_TIME':
      return moment(tongue, text, timeZone, { dateStyle: 'long', timeStyle: 'short' });
    default:
      return undefined;
  }
}

function numberIn(tongue: Language, method: string, gender: string, text: string): string | undefined {
  if (!/^-?\d{1,15}([.,]\d{1,6})?$/.test(text)) return undefined;
  switch (method.toLowerCase()) {
    case 'iterated':
      return spelled(text);
    case 'counted':
      return ordinal(tongue, text, gender);
    default:
      if (tongue === 'es' && gender.toUpperCase() === 'FEMININE' && /^1$/.test(text)) return UNITS_FEMALE['uno'];
      return tongue === 'es' ? text.replace('.', ',') : text;
  }
}

/** One sign after the other, with a breath between. */
function spelled(text: string): string {
  return [...text.replace(/\s+/g, '')].join(', ');
}

/** espeak-ng says `3º` and `3rd` as ordinals. */
function ordinal(tongue: Language, text: string, gender: string): string {
  if (tongue === 'es') return `${text}${gender.toUpperCase() === 'FEMININE' ? 'ª' : 'º'}`;
  const suffix = { one: 'st', two: 'nd', few: 'rd' } as Readonly<Record<string, string>>;
  const rule = new Intl.PluralRules('en-US', { type: 'ordinal' }).select(Number(text));
  return `${text}${suffix[rule] ?? 'th'}`;
}

function money(tongue: Language, text: string): string | undefined {
  const match = /^-?(\d{1,12})(?:[.,](\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const [whole, hundredths] = [Number(match[1]), Number((match[2] ?? '0').padEnd(2, '0'))];
  const [one, many, cent, cents, and] = MONEY[tongue];
  const first = `${tongue === 'es' && whole === 1 ? 'un' : whole} ${whole === 1 ? one : many}`;
  if (hundredths === 0) return first;
  return `${first} ${and} ${tongue === 'es' && hundredths === 1 ? 'un' : hundredths} ${hundredths === 1 ? cent : cents}`;
}

/** Seconds, or `hours:minutes:seconds`. */
function duration(tongue: Language, text: string): string | undefined {
  if (!/^\d{1,7}(:\d{1,2}){0,2}$/.test(text)) return undefined;
  const parts = text.split(':').map(Number);
  const total = parts.reduce((sum, part) => sum * 60 + part, 0);
  const counts = [Math.floor(total / 3_600), Math.floor(total / 60) % 60, total % 60];
  const names = ['hour', 'minute', 'second'];
  const said = counts.flatMap((count, at) =>
    count === 0 && !(at === 2 && total === 0)
      ? []
      : new Intl.NumberFormat(LOCALES[tongue], {
          style: 'unit',
          unit: names[at] ?? 'second',
          unitDisplay: 'long',
        }).format(count),
  );
  return new Intl.ListFormat(LOCALES[tongue]).format(said);
}

/** Unix seconds. */
function moment(
  tongue: Language,
  text: string,
  timeZone: string,
  style: Pick<Intl.DateTimeFormatOptions, 'dateStyle' | 'timeStyle'>,
): string | undefined {
  if (!/^\d{1,11}$/.test(text)) return undefined;
  const date = new Date(Number(text) * 1_000);
  try {
    return new Intl.DateTimeFormat(LOCALES[tongue], { ...style, timeZone }).format(date);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

// Numbers, sums, days and times in Spanish, with the gender and the shortened forms that stand before a noun.
import { type CalendarDay, type DayForm, type Gender, MAX_SPOKEN, partsOf, sumOf, type Tongue } from './tongue.js';

const BELOW_THIRTY =
  'cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve'.split(
    ' ',
  );
const TENS = ['', '', '', 'treinta', 'cuarenta', 'cincuenta', 'sesenta', 'setenta', 'ochenta', 'noventa'];
const HUNDREDS =
  ' ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos'.split(' ');
const MONTHS = 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(' ');
const WEEKDAYS = 'lunes martes miércoles jueves viernes sábado domingo'.split(' ');

interface Coin {
  readonly one: string;
  readonly many: string;
  readonly gender: Gender;
  readonly hundredth: readonly [one: string, many: string];
}

const coin = (one: string, many: string, hundredth: string, gender: Gender = 'm'): Coin => ({
  ...{ one, many, gender },
  hundredth: [hundredth, `${hundredth}s`],
});
const PESO = coin('peso', 'pesos', 'centavo');
const COINS: Readonly<Record<string, Coin>> = {
  EUR: coin('euro', 'euros', 'céntimo'),
  USD: coin('dólar', 'dólares', 'centavo'),
  GBP: coin('libra', 'libras', 'penique', 'f'),
  CHF: coin('franco', 'francos', 'céntimo'),
  PEN: coin('sol', 'soles', 'céntimo'),
  ...{ MXN: PESO, ARS: PESO, COP: PESO, CLP: PESO, UYU: PESO, DOP: PESO },
};

/** Nouns whose gender their ending does not show, or shows wrongly. */
const FEMININE = new Set(
  'mano foto moto radio noche tarde clase llave clave calle gente parte vez voz luz señal imagen red ley fase frase base serie nube sede orden fuente torre flor labor sucursal'.split(
    ' ',
  ),
);
const MASCULINE = new Set(
  'día mapa planeta problema tema sistema programa idioma clima poema diagrama telegrama esquema lema cometa avión camión guion mes cliente agente paquete billete importe informe lote pin canal plan móvil hotel papel lugar mega giga gigabyte megabyte sms ticket'.split(
    ' ',
  ),
);
/** Endings that show it, those of one gender first; `-ista`, `-ema`, `-oma` are of both. */
const ENDINGS: readonly (readonly [RegExp, Gender])[] = [
  [/(o|or|aje|grama)$/, 'm'],
  [/([cgnstx]ión|dad|tad|tud|umbre)$/, 'f'],
  [/(?<!ist|em|om)a$/, 'f'],
];

export const spanish: Tongue = {
  number(value, gender) {
    const [whole, places] = partsOf(value);
    const sign = value < 0 ? 'menos ' : '';
    if (places === '') return sign + words(whole, gender);
    return `${sign}${words(whole)} coma ${placesInWords(places)}`;
  },
  year: (year) => words(year),
  count(value, one, many, gender = genderOf(one) ?? 'm') {
    const millions = Number.isInteger(value) && value !== 0 && value % 1_000_000 === 0;
    return `${spanish.number(value, gender)}${millions ? ' de' : ''} ${spanish.plural(value, one, many)}`;
  },
  plural: (value, one, many) => (Math.abs(value) === 1 ? one : many),
  money(value, currency) {
    const known = COINS[currency];
    if (known === undefined) return inFigures(value, currency);
    const [units, hundredths] = sumOf(value);
    const { one, many, gender, hundredth } = known;
    const sign = value < 0 && units + hundredths > 0 ? 'menos ' : '';
    const rest = hundredths === 0 ? '' : spanish.count(hundredths, ...hundredth, 'm');
    if (units === 0 && rest !== '') return sign + rest;
    return sign + spanish.count(units, one, many, gender) + (rest === '' ? '' : ` con ${rest}`);
  },
  date({ year, month, day, weekday }: CalendarDay, form: DayForm) {
    const plain = `${words(day)} de ${MONTHS[month - 1] ?? ''}`;
    if (form === 'day') return plain;
    const full = `${WEEKDAYS[weekday - 1] ?? ''}, ${plain}`;
    return form === 'year' ? `${full} de ${words(year)}` : full;
  },
  time(hour, minute) {
    const twelve = hour % 12 === 0 ? 12 : hour % 12;
    const full = `${twelve === 1 ? 'la' : 'las'} ${words(twelve, 'f')}`;
    return `${full}${minutesInWords(minute)} ${partOfDay(hour)}`;
  },
  genderOf,
  digits: (text) =>
    Array.from(text, (char) => (char === '+' ? 'más' : (BELOW_THIRTY[Number.parseInt(char, 10)] ?? char))).join(' '),
};

/** `value` is whole and not negative. Millions are masculine and count like nouns: «veintiún millones». */
function words(value: number, gender?: Gender): string {
  if (value >= MAX_SPOKEN) return String(value);
  const millions = Math.floor(value / 1_000_000);
  const rest = value % 1_000_000;
  if (millions === 0) return belowMillion(rest, gender);
  const said = millions === 1 ? 'un millón' : `${belowMillion(millions, 'm')} millones`;
  return rest === 0 ? said : `${said} ${belowMillion(rest, gender)}`;
}

function belowMillion(value: number, gender?: Gender): string {
  const thousands = Math.floor(value / 1_000);
  const rest = value % 1_000;
  if (thousands === 0) return belowThousand(rest, gender);
  const said = thousands === 1 ? 'mil' : `${belowThousand(thousands, gender ?? 'm')} mil`;
  return rest === 0 ? said : `${said} ${belowThousand(rest, gender)}`;
}

function belowThousand(value: number, gender?: Gender): string {
  if (value === 100) return 'cien';
  const hundreds = HUNDREDS[Math.floor(value / 100)] ?? '';
  const agreeing = gender === 'f' ? hundreds.replace(/os$/, 'as') : hundreds;
  const rest = value % 100;
  if (hundreds === '') return belowHundred(rest, gender);
  // «ciento» never agrees; the others do: «doscientas».
  const said = value < 200 ? 'ciento' : agreeing;
  return rest === 0 ? said : `${said} ${belowHundred(rest, gender)}`;
}

function belowHundred(value: number, gender?: Gender): string {
  if (value < 30) return one(BELOW_THIRTY[value] ?? '', gender);
  const tens = TENS[Math.floor(value / 10)] ?? '';
  const units = value % 10;
  return units === 0 ? tens : `${tens} y ${one(BELOW_THIRTY[units] ?? '', gender)}`;
}

/** «uno» before a noun: «un», «una»; «veintiuno»: «veintiún», «veintiuna». */
function one(word: string, gender: Gender | undefined): string {
  if (gender === undefined || !word.endsWith('uno')) return word;
  if (gender === 'f') return word.replace(/uno$/, 'una');
  return word === 'uno' ? 'un' : word.replace(/uno$/, 'ún');
}

function placesInWords(places: string): string {
  const zeros = /^0*/.exec(places)?.[0].length ?? 0;
  return [...Array.from({ length: zeros }, () => 'cero'), words(Number(places))].join(' ');
}

function minutesInWords(minute: number): string {
  if (minute === 0) return '';
  if (minute === 15) return ' y cuarto';
  if (minute === 30) return ' y media';
  return ` y ${words(minute)}`;
}

function partOfDay(hour: number): string {
  if (hour === 0 || hour > 20) return 'de la noche';
  if (hour < 6) return 'de la madrugada';
  if (hour < 12) return 'de la mañana';
  return hour === 12 ? 'del mediodía' : 'de la tarde';
}

function genderOf(noun: string): Gender | undefined {
  const [first = ''] = noun.toLowerCase().split(' ');
  if (FEMININE.has(first)) return 'f';
  if (MASCULINE.has(first)) return 'm';
  return ENDINGS.find(([ending]) => ending.test(first))?.[1];
}

function inFigures(value: number, currency: string): string {
  return new Intl.NumberFormat('es', { style: 'currency', currency, currencyDisplay: 'name' }).format(value);
}

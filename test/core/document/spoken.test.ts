// Numbers, sums, days, times and telephone numbers as people say them, in texts of both languages.
import { describe, expect, test } from 'vitest';
import { compileTemplate } from '../../../src/core/document/template.js';

function said(language: string, source: string, value: unknown): string {
  const compiled = compileTemplate(source, ['n'], language);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.template.render({ n: value });
}

describe('the gender of a noun that neither word nor ending shows is asked for', () => {
  const doubts = (language: string, filter: string) => {
    const compiled = compileTemplate(`Hay {{ n | ${filter} }}.`, ['n'], language);
    return compiled.ok ? compiled.doubts : [];
  };

  test.each(['cónyuge', 'taxista', 'síntoma', 'pez'])('%s', (noun) => {
    expect(doubts('es', `count: '${noun}', '${noun}s'`)).toEqual([
      {
        message: `the gender of '${noun}' is not known`,
        advice: `count: '${noun}', '${noun}s', 'm', or 'f'`,
        offset: 19,
      },
    ]);
    expect(doubts('es', `count: '${noun}', '${noun}s', 'f'`)).toEqual([]);
    // Where numbers do not agree nobody has to know.
    expect(doubts('en', `count: '${noun}', '${noun}s'`)).toEqual([]);
  });

  test.each([
    ...['minuto', 'mensaje', 'kilogramo', 'operador', 'día', 'problema', 'mes', 'camión'],
    ...['hora', 'llamada pendiente', 'gestión', 'unidad', 'solicitud', 'mano', 'vez'],
  ])('of %s it is known', (noun) => {
    expect(doubts('es-MX', `count: '${noun}', 'x'`)).toEqual([]);
  });
});

describe('Spanish', () => {
  test.each<[unknown, string, string]>([
    [1, "count: 'minuto', 'minutos'", 'un minuto'],
    [21, "count: 'minuto', 'minutos'", 'veintiún minutos'],
    [31, "count: 'minuto', 'minutos'", 'treinta y un minutos'],
    [1, "count: 'hora', 'horas'", 'una hora'],
    [21, "count: 'hora', 'horas'", 'veintiuna horas'],
    [0, "count: 'llamada pendiente', 'llamadas pendientes'", 'cero llamadas pendientes'],
    [201, "count: 'gestión', 'gestiones'", 'doscientas una gestiones'],
    [1, "count: 'día', 'días'", 'un día'],
    [2, "count: 'mano', 'manos'", 'dos manos'],
    [1, "count: 'mano', 'manos'", 'una mano'],
    [1, "count: 'cónyuge', 'cónyuges', 'f'", 'una cónyuge'],
    [21_000, "count: 'libra', 'libras'", 'veintiuna mil libras'],
    [1_000_000, "count: 'persona', 'personas'", 'un millón de personas'],
    [2_000_001, "count: 'persona', 'personas'", 'dos millones una personas'],
    [1.5, "count: 'hora', 'horas'", 'uno coma cinco horas'],
    ['3', "count: 'puesto', 'puestos'", 'tres puestos'],
    [1, "plural: 'queda', 'quedan'", 'queda'],
    [3, "plural: 'queda', 'quedan'", 'quedan'],
    [1, 'spoken', 'uno'],
    [21, 'spoken', 'veintiuno'],
    [100, 'spoken', 'cien'],
    [101, 'spoken', 'ciento uno'],
    [116, 'spoken', 'ciento dieciséis'],
    [555, 'spoken', 'quinientos cincuenta y cinco'],
    [1_000, 'spoken', 'mil'],
    [21_000, 'spoken', 'veintiún mil'],
    [100_000, 'spoken', 'cien mil'],
    [21_000_000, 'spoken', 'veintiún millones'],
    [
      999_999_999_999,
      'spoken',
      'novecientos noventa y nueve mil novecientos noventa y nueve millones novecientos noventa y nueve mil novecientos noventa y nueve',
    ],
    [-3.05, 'spoken', 'menos tres coma cero cinco'],
    [31, "spoken: 'f'", 'treinta y una'],
    [2026, "spoken: 'year'", 'dos mil veintiséis'],
    [1, 'money', 'un euro'],
    [21, 'money', 'veintiún euros'],
    [12.5, 'money', 'doce euros con cincuenta céntimos'],
    [0.01, 'money', 'un céntimo'],
    [0, 'money', 'cero euros'],
    [-4.2, 'money', 'menos cuatro euros con veinte céntimos'],
    [1.005, 'money', 'un euro con un céntimo'],
    [1_000_000, 'money', 'un millón de euros'],
    [21, "money: 'GBP'", 'veintiuna libras'],
    [2, "money: 'NOK'", '2,00 coronas noruegas'],
    ['2026-01-05', 'date', 'lunes, cinco de enero'],
    ['2026-12-25T10:00', "date: 'year'", 'viernes, veinticinco de diciembre de dos mil veintiséis'],
    ['2026-03-01', "date: 'day'", 'uno de marzo'],
    ['09:30', 'time', 'las nueve y media de la mañana'],
    ['13:05', 'time', 'la una y cinco de la tarde'],
    ['00:00', 'time', 'las doce de la noche'],
    ['12:15', 'time', 'las doce y cuarto del mediodía'],
    ['04:00', 'time', 'las cuatro de la madrugada'],
    ['2026-01-05T21:00', 'time', 'las nueve de la noche'],
    ['+34600123123', "phone: 'ES'", 'seis cero cero, uno dos, tres uno, dos tres'],
    ['+34600123123', 'phone', 'más tres cuatro, seis cero cero, uno dos, tres uno, dos tres'],
    ['1000', 'phone', 'uno cero cero cero'],
    ['4071', 'spell', '4, 0, 7, 1'],
  ])('%s | %s → %s', (value, filter, words) => {
    expect(said('es', `{{ n | ${filter} }}`, value)).toBe(words);
  });
});

describe('English', () => {
  test.each<[unknown, string, string]>([
    [1, "count: 'minute', 'minutes'", 'one minute'],
    [21, "count: 'minute', 'minutes'", 'twenty-one minutes'],
    [0, "plural: 'call', 'calls'", 'calls'],
    [101, 'spoken', 'one hundred and one'],
    [1_001, 'spoken', 'one thousand and one'],
    [2_345_678, 'spoken', 'two million three hundred and forty-five thousand six hundred and seventy-eight'],
    [3.05, 'spoken', 'three point zero five'],
    [2026, "spoken: 'year'", 'twenty twenty-six'],
    [1905, "spoken: 'year'", 'nineteen oh five'],
    [1900, "spoken: 'year'", 'nineteen hundred'],
    [2005, "spoken: 'year'", 'two thousand and five'],
    [12.5, 'money', 'twelve euros and fifty cents'],
    [1.01, "money: 'GBP'", 'one pound and one penny'],
    ['2026-01-05', 'date', 'Monday, January fifth'],
    ['2026-10-12', "date: 'year'", 'Monday, October twelfth, twenty twenty-six'],
    ['2026-03-31', "date: 'day'", 'March thirty-first'],
    ['2026-03-20', "date: 'day'", 'March twentieth'],
    ['09:30', 'time', 'nine thirty in the morning'],
    ['17:05', 'time', 'five oh five in the afternoon'],
    ['00:00', 'time', 'midnight'],
    ['12:00', 'time', 'noon'],
    ['22:00', 'time', 'ten at night'],
    ['+442079460000', "phone: 'GB'", 'zero two zero, seven nine four six, zero zero zero zero'],
  ])('%s | %s → %s', (value, filter, words) => {
    expect(said('en', `{{ n | ${filter} }}`, value)).toBe(words);
  });
});

describe('what is no number, day or time is said as it is', () => {
  test.each<[unknown, string, string]>([
    ['', 'spoken', ''],
    ['hola', "count: 'minuto', 'minutos'", 'hola'],
    [1e15, 'spoken', '1000000000000000'],
    [Number.NaN, 'money', 'NaN'],
    ['2026-02-31', 'date', '2026-02-31'],
    ['25:00', 'time', '25:00'],
    [undefined, 'phone', ''],
  ])('%s | %s → %s', (value, filter, words) => {
    expect(said('es', `{{ n | ${filter} }}`, value)).toBe(words);
  });

  test('nobody is told more than forty digits', () => {
    expect(said('es', '{{ n | spell }}', '1'.repeat(41)).split(', ')).toHaveLength(40);
    expect(said('en', '{{ n | phone }}', '1'.repeat(41)).split(' ')).toHaveLength(40);
  });

  test('another language gets its figures', () => {
    expect(said('ca', "{{ n | count: 'minut', 'minuts' }}", 21)).toBe('21 minuts');
    expect(said('pt-BR', '{{ n | date }}', '2026-01-05')).toBe('segunda-feira, 5 de janeiro');
  });
});

describe('a filter that is used wrongly is a mistake of the text, at its place', () => {
  test.each([
    ["Quedan {{ n | count: 'minuto' }}.", "'count' takes 2 to 3 words, not 1", 12],
    ['{% if n == 1 %}{{ n | plural }}{% endif %}', "'plural' takes 2 words, not 0", 20],
    ["{{ n | count: 'hora', 'horas', 'x' }}", "'x' is nothing that 'count' knows", 5],
    ["{{ n | money: 'euros' }}", "'euros' is nothing that 'money' knows", 5],
    ["{{ n | phone: 'XX' }}", "'XX' is nothing that 'phone' knows", 5],
  ])('%s', (source, message, offset) => {
    expect(compileTemplate(source, ['n'], 'es')).toMatchObject({ ok: false, message, offset });
  });

  test('filters see own properties only', () => {
    const compiled = compileTemplate('{{ n.constructor | spell }}', ['n.constructor']);
    expect(compiled.ok && compiled.template.render({ n: 'abc' })).toBe('');
  });
});

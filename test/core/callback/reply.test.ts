import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { MAX_REPLY_CHARS, parseReply } from '../../../src/core/callback/reply.js';
import { MAX_AHEAD_MS } from '../../../src/core/callback/when.js';

const timeZone = 'Europe/Madrid';
/** A Wednesday. */
const now = DateTime.fromISO('2026-01-07T11:00', { zone: timeZone });
const HOURS = { from: 9, to: 20 };

/** Open every day from 9 to 20. */
function nextOpenMs(atMs: number): number {
  const time = DateTime.fromMillis(atMs, { zone: timeZone });
  if (time.hour >= HOURS.to) return time.plus({ days: 1 }).startOf('day').set({ hour: HOURS.from }).toMillis();
  return time.hour < HOURS.from ? time.startOf('day').set({ hour: HOURS.from }).toMillis() : atMs;
}

function reply(text: string, at: DateTime = now): string {
  const answer = parseReply(text, { nowMs: at.toMillis(), timeZone, nextOpenMs });
  if (answer.kind !== 'accept') return answer.kind;
  const due = DateTime.fromMillis(answer.dueAtMs, { zone: timeZone });
  return `${answer.when === 'now' ? 'now' : due.toFormat('dd HH:mm')}${answer.adjusted ? ' adjusted' : ''}`;
}

describe('yes', () => {
  it.each([
    '1',
    ' 1 ',
    '1.',
    '¡1!',
    'sí',
    'Si',
    'SÍ',
    'sí, por favor',
    'yes',
    'Yes please!',
    'ok',
    'vale',
    'llámame',
    'Llámenme por favor',
    'call me',
    'call me back',
    'sí, llámame',
    '1 gracias',
    'ahora',
    'sí, ahora mismo',
    'yes now',
    '¡Claro que sí!'.replace(' que', ''),
    'sí, quiero que me llamen',
    'cuanto antes',
    'asap',
  ])('%j', (text) => {
    expect(reply(text)).toBe('now');
  });

  it('outside the hours is yes to the next opening', () => {
    expect(reply('1', now.set({ hour: 22 }))).toBe('08 09:00 adjusted');
  });
});

describe('yes, at some time', () => {
  it.each([
    ['a las 17:30', '07 17:30'],
    ['17:30', '07 17:30'],
    ['17.30', '07 17:30'],
    ['17h30', '07 17:30'],
    ['17h', '07 17:00'],
    ['1, a las 17:30', '07 17:30'],
    ['Sí, a las 5 y media por favor', '07 17:30'],
    ['a las 5 y cuarto', '07 17:15'],
    ['5pm', '07 17:00'],
    ['5 p.m.', '07 17:00'],
    ['at 5:15 PM', '07 17:15'],
    ['at 5', '07 17:00'],
    ['a las 10', '08 10:00'],
    ['10am', '08 10:00'],
    ['12', 'not-understood'],
    ['a las 12', '07 12:00'],
    ['12pm', '07 12:00'],
    ['al mediodía', '07 12:00'],
    ['a la 1', '07 13:00'],
    ['1:30', '07 13:30'],
    ['1pm', '07 13:00'],
    ['hoy a las 18', '07 18:00'],
    ['hoy a las 6 de la tarde', '07 18:00'],
    ['mañana a las 10', '08 10:00'],
    ['mañana a las 10 de la mañana', '08 10:00'],
    ['a las 10 de la mañana', '08 10:00'],
    ['a las 9 mañana', '08 09:00'],
    ['tomorrow 10am', '08 10:00'],
    ['tomorrow at 3', '08 15:00'],
    ['10am tomorrow', '08 10:00'],
    ['yes, tomorrow at 10:30 please', '08 10:30'],
    ['pasado mañana a las 11', '09 11:00'],
    ['mañana', '08 09:00 '],
    ['el viernes a las 12', '09 12:00'],
    ['on Monday at 9:30', '12 09:30'],
    ['miércoles a las 10', '14 10:00'],
    ['el miércoles a las 13', '07 13:00'],
    ['en 20 minutos', '07 11:20'],
    ['dentro de media hora', '07 11:30'],
    ['en una hora', '07 12:00'],
    ['en 1 hora', '07 12:00'],
    ['en 2 horas y media', '07 13:30'],
    ['in 20 minutes', '07 11:20'],
    ['in an hour', '07 12:00'],
    ['in half an hour', '07 11:30'],
    ['llámame a las 17', '07 17:00'],
    ['call me at 17:45', '07 17:45'],
  ])('%j is %s', (text, expected) => {
    expect(reply(text)).toBe(expected.trim());
  });

  it('outside the hours is the next opening, and is said to be', () => {
    expect(reply('a las 23:00')).toBe('08 09:00 adjusted');
    expect(reply('mañana a las 05:00')).toBe('08 09:00 adjusted');
    expect(reply('en 12 horas')).toBe('08 09:00 adjusted');
    // At eleven in the morning, 9 today can only be the evening.
    expect(reply('hoy a las 9')).toBe('08 09:00 adjusted');
  });

  it('is on the clock of the place, also across the change to summer time', () => {
    const beforeChange = DateTime.fromISO('2026-03-28T18:00', { zone: timeZone });
    expect(reply('mañana a las 10', beforeChange)).toBe('29 10:00');
    // 02:30 does not exist that night.
    expect(reply('mañana a las 02:30', beforeChange)).toBe('29 09:00 adjusted');
  });
});

describe('no', () => {
  it.each([
    ...['2', 'no', 'No, gracias', 'no thanks', 'cancelar', 'ya no', 'NO.', 'Cancelar la llamada, por favor'],
    ...['No me llamen', 'ya no me llames', 'Please don’t call me back', 'do not call', 'cancel my call-back'],
  ])('%j declines', (text) => {
    expect(reply(text)).toBe('decline');
  });

  it.each(['no cancelar', 'no me llamen mañana', 'don’t call before 5'])('%j is for people to read', (text) => {
    expect(reply(text)).toBe('not-understood');
  });

  it.each(['baja', 'BAJA', 'stop', 'STOP.', 'darme de baja', 'unsubscribe', 'no me escriban más', 'no me escribas'])(
    '%j: never again',
    (text) => {
      expect(reply(text)).toBe('stop');
    },
  );
});

describe('what is not understood is never taken for a yes', () => {
  it.each([
    '',
    '   ',
    '???',
    '3',
    '17',
    '11',
    '1234',
    'hola',
    '¿cuánto cuesta?',
    'no sé',
    'sí pero mejor por whatsapp',
    'a las 25:00',
    '17:75',
    'hoy a las 09:00',
    'ayer a las 10',
    'en 9999 horas',
    'gracias',
    'thanks',
    'nunca',
    'no, mañana a las 10',
    '10:30:45',
    'constructor',
    '__proto__',
    'a las 15am',
  ])('%j', (text) => {
    expect(reply(text)).toBe('not-understood');
  });

  it(`nothing longer than ${MAX_REPLY_CHARS} characters`, () => {
    expect(reply(`1${' por favor'.repeat(19)}`)).toBe('now');
    expect(reply(`1${' por favor'.repeat(40)}`)).toBe('not-understood');
  });

  it('and any text at all gets an answer in good time, never in the past or too far ahead', () => {
    const words = fc.constantFrom(
      '1',
      'sí',
      'a las',
      '17:30',
      'mañana',
      'en',
      '20',
      'minutos',
      'lunes',
      'pm',
      'no',
      'at',
      'y media',
      '\u0000',
      '👍',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 300 }),
          fc.array(words, { maxLength: 8 }).map((w) => w.join(' ')),
        ),
        (text) => {
          const answer = parseReply(text, { nowMs: now.toMillis(), timeZone, nextOpenMs });
          if (answer.kind !== 'accept') return;
          expect(answer.dueAtMs).toBeGreaterThanOrEqual(now.toMillis());
          expect(answer.dueAtMs).toBeLessThanOrEqual(now.toMillis() + MAX_AHEAD_MS + 24 * 3_600_000);
        },
      ),
      { numRuns: 500 },
    );
  });
});

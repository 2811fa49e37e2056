import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import type { HoursConfig } from '../../../src/core/routing/centre.js';
import { isOpen, nextOpenMs, openingAt } from '../../../src/core/routing/hours.js';

const office: HoursConfig = {
  name: 'office',
  timeZone: 'Europe/Madrid',
  spans: [
    { days: [1, 2, 3, 4, 5], from: '09:00', to: '14:00' },
    { days: [1, 2, 3, 4], from: '16:00', to: '19:00' },
    { days: [6], from: '22:00', to: '02:00' },
    { days: [7], from: '20:00', to: '24:00' },
  ],
  closedOn: ['2026-01-06'],
  exceptions: new Map(),
};

const ms = (local: string) => DateTime.fromISO(local, { zone: 'Europe/Madrid' }).toMillis();
const local = (atMs: number) => DateTime.fromMillis(atMs, { zone: 'Europe/Madrid' }).toFormat("yyyy-MM-dd'T'HH:mm");

describe('open', () => {
  test.each([
    ['2026-01-05T08:59', false, 'a minute early'],
    ['2026-01-05T09:00', true, 'on the minute'],
    ['2026-01-05T13:59', true, 'the last minute'],
    ['2026-01-05T14:00', false, 'lunch'],
    ['2026-01-05T16:00', true, 'the second span of the day'],
    ['2026-01-09T17:00', false, 'Friday afternoon'],
    ['2026-01-06T10:00', false, 'a holiday'],
    ['2026-01-10T23:00', true, 'Saturday night'],
    ['2026-01-11T01:59', true, 'Saturday night, after midnight'],
    ['2026-01-11T02:00', false, 'and then no more'],
    ['2026-01-11T23:59', true, 'Sunday, to the end of the day'],
    ['2026-01-12T00:00', false, 'Monday'],
  ])('%s: %s (%s)', (at, open) => {
    expect(isOpen(office, ms(at))).toBe(open);
  });

  test('a holiday takes the night that began on it, not the one that ends on it', () => {
    const closedSaturday = { ...office, closedOn: ['2026-01-10'] };
    const closedSunday = { ...office, closedOn: ['2026-01-11'] };
    expect(isOpen(closedSaturday, ms('2026-01-11T01:00'))).toBe(false);
    expect(isOpen(closedSunday, ms('2026-01-11T01:00'))).toBe(true);
  });

  test('goes by the wall clock through summer time', () => {
    // Clocks in Madrid go forward on 29 March and back on 25 October 2026.
    expect(isOpen(office, Date.parse('2026-03-27T08:30:00Z'))).toBe(true);
    expect(isOpen(office, Date.parse('2026-03-30T07:00:00Z'))).toBe(true);
    expect(isOpen(office, Date.parse('2026-03-30T06:59:00Z'))).toBe(false);
    const always = { ...office, closedOn: [], spans: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }] };
    for (let atMs = ms('2026-10-24T20:00'); atMs < ms('2026-10-26T04:00'); atMs += 600_000) {
      expect(isOpen(always, atMs)).toBe(true);
    }
  });
});

describe('the next opening', () => {
  test.each([
    ['2026-01-05T10:00', '2026-01-05T10:00'],
    ['2026-01-05T08:00', '2026-01-05T09:00'],
    ['2026-01-05T15:00', '2026-01-05T16:00'],
    ['2026-01-05T20:00', '2026-01-07T09:00'],
    ['2026-01-09T14:30', '2026-01-10T22:00'],
    ['2026-01-11T03:00', '2026-01-11T20:00'],
  ])('after %s is %s', (at, next) => {
    expect(local(nextOpenMs(office, ms(at)))).toBe(next);
  });

  test('of hours that never open is a year away instead of never', () => {
    expect(local(nextOpenMs({ ...office, spans: [] }, ms('2026-01-05T10:00')))).toBe('2027-01-05T10:00');
  });
});

describe('public holidays', () => {
  const madrid: HoursConfig = {
    ...office,
    closedOn: [],
    holidays: { country: 'ES', region: 'MD' },
    exceptions: new Map([
      ['2026-12-24', [{ from: '09:00', to: '13:00' }]],
      ['2026-12-08', [{ from: '10:00', to: '12:00' }]],
      ['2026-12-31', []],
    ]),
  };

  test.each([
    ['2026-12-25T10:00', 'holiday', 'Christmas'],
    ['2026-04-02T10:00', 'holiday', 'Maundy Thursday, by the moon'],
    ['2026-12-26T10:00', 'closed', 'an ordinary Saturday morning'],
    ['2026-12-23T10:00', 'open', 'an ordinary Wednesday'],
    ['2026-12-24T12:00', 'open', 'half a day on Christmas Eve'],
    ['2026-12-24T17:00', 'closed', 'the other half: closed, and no holiday'],
    ['2026-12-08T11:00', 'open', 'a holiday with hours of its own'],
    ['2026-12-08T13:00', 'closed', 'out of them'],
    ['2026-12-31T10:00', 'holiday', 'a day off of our own'],
    ['2027-01-06T10:00', 'holiday', 'Epiphany of the next year'],
  ])('%s: %s (%s)', (at, opening) => {
    expect(openingAt(madrid, ms(at))).toBe(opening);
  });

  test('belong to their region', () => {
    expect(openingAt(madrid, ms('2026-09-11T10:00'))).toBe('open');
    expect(openingAt({ ...madrid, holidays: { country: 'ES', region: 'CT' } }, ms('2026-09-11T10:00'))).toBe('holiday');
  });

  test('are passed over when looking for the next opening', () => {
    expect(local(nextOpenMs(madrid, ms('2026-12-24T13:00')))).toBe('2026-12-26T22:00');
  });
});

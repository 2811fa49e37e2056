// Call-backs come at times that suit the centre and the customer.
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { nextCallableMs, zoneOfNumber } from '../../../src/core/routing/opening/customer-hours.js';
import { sampleCentre } from '../../support/sample-centre.js';

const polite = sampleCentre((text) =>
  text
    .replace('callback-hours: always', 'callback-hours: office')
    .replace('offer-valid: 24h', "offer-valid: 24h\n  customer-hours: { from: '10:00', to: '20:00' }"),
);
const madrid = (iso: string): number => DateTime.fromISO(iso, { zone: 'Europe/Madrid' }).toMillis();
const next = (number: string | undefined, iso: string): string =>
  DateTime.fromMillis(nextCallableMs(polite, number, madrid(iso)), { zone: 'Europe/Madrid' }).toFormat('ccc HH:mm');

describe('the first moment at which a customer may be called', () => {
  test.each([
    // Office: Mon to Thu 9 to 19, Fri 9 to 15. The Canaries are an hour behind Madrid: ten there is eleven here.
    ['+34600123123', '2026-03-02T12:00', 'Mon 12:00'],
    ['+34600123123', '2026-03-02T09:30', 'Mon 11:00'],
    ['+34600123123', '2026-03-02T19:30', 'Tue 11:00'],
    ['+34600123123', '2026-03-06T15:30', 'Mon 11:00'],
    // London is an hour behind as well.
    ['+442071838750', '2026-03-02T10:30', 'Mon 11:00'],
    // Kyiv is an hour ahead and closes at 20, which is 19 here.
    ['+380441234567', '2026-03-02T09:30', 'Mon 09:30'],
    // Rome has the clock of Madrid.
    ['+390612345678', '2026-03-02T09:30', 'Mon 10:00'],
    // Internal numbers are where the centre is.
    ['2001', '2026-03-02T09:30', 'Mon 10:00'],
    [undefined, '2026-03-02T20:30', 'Tue 10:00'],
  ])('%s asked at %s: %s', (number, iso, expected) => {
    expect(next(number, iso)).toBe(expected);
  });

  test('where a country is so wide that its hours never meet those of the office, the office decides', () => {
    // Ten in Honolulu is twenty-one here.
    expect(next('+12125550123', '2026-03-02T12:00')).toBe('Mon 12:00');
    expect(next('+12125550123', '2026-03-02T20:00')).toBe('Tue 09:00');
  });

  test('without rules any time will do', () => {
    const always = sampleCentre((text) => text.replace('  callback-hours: always\n', ''));
    expect(nextCallableMs(always, '+34600123123', 5)).toBe(5);
  });
});

test('a time is meant on the customer’s clock, unless the centre’s is one of that country', () => {
  expect(zoneOfNumber('+34600123123', polite)).toBe('Europe/Madrid');
  expect(zoneOfNumber('+442071838750', polite)).toBe('Europe/London');
  expect(zoneOfNumber('2001', polite)).toBe('Europe/Madrid');
  expect(zoneOfNumber(undefined, polite)).toBe('Europe/Madrid');
});

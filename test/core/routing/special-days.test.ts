// The special days of a year ahead, as an administrator looks them over.
import { expect, test } from 'vitest';
import type { HoursConfig } from '../../../src/core/routing/centre.js';
import { holidayPlaces } from '../../../src/core/routing/opening/holidays.js';
import { specialDays } from '../../../src/core/routing/opening/special-days.js';

const OFFICE: HoursConfig = {
  name: 'office',
  timeZone: 'Europe/Madrid',
  spans: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }],
  closedOn: ['2026-11-09', '2027-05-15', '2027-12-01'],
  holidays: { country: 'ES', region: 'MD' },
  exceptions: new Map([
    ['2026-12-24', [{ from: '09:00', to: '14:00' }]],
    ['2026-12-25', []],
  ]),
};

test('in order, twelve months long, each day with why it is special', () => {
  const days = specialDays(OFFICE, '2026-11-23', 'en');
  expect(days.map(({ date }) => date)).toEqual(days.map(({ date }) => date).toSorted());
  expect(days).toContainEqual({ date: '2026-12-24', kind: 'own-hours', open: [{ from: '09:00', to: '14:00' }] });
  expect(days).toContainEqual({ date: '2026-12-25', kind: 'own-hours', name: 'Christmas Day', open: [] });
  expect(days).toContainEqual({ date: '2027-05-15', kind: 'closed', open: [] });
  expect(days).toContainEqual(expect.objectContaining({ date: '2027-01-06', kind: 'holiday' }));
  // The region's own day; what is past, and what lies more than a year ahead.
  expect(days.some(({ date }) => date === '2027-05-02' || date === '2027-05-03')).toBe(true);
  expect(days.some(({ date }) => date < '2026-11-23' || date >= '2027-11-23')).toBe(false);
});

test('holidays and places have names in the language of the reader', () => {
  const [day] = specialDays({ ...OFFICE, closedOn: [], exceptions: new Map() }, '2026-12-25', 'es');
  expect(day).toEqual({ date: '2026-12-25', kind: 'holiday', name: 'Navidad', open: [] });
  expect(holidayPlaces('en')['ES']).toBe('Spain');
  expect(holidayPlaces('es', 'ES')['MD']).toContain('Madrid');
  expect(holidayPlaces('es', 'XX')).toEqual({});
});

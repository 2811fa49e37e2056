// How moments are written for whom.
import { expect, test } from 'vitest';
import { localeOf, timeText } from '../../src/web/texts/clock.js';

test.each([
  ['en', ['en-GB', 'es-ES'], 'en-GB'],
  ['en', ['es-ES', 'en-AU', 'en-GB'], 'en-AU'],
  ['es', ['ES-mx'], 'ES-mx'],
  ['es', ['en-GB'], 'es'],
  ['es', ['est-EE', 'es'], 'es'],
] as const)('a day in %s for a browser that asks for %j is written as in %s', (language, wishes, locale) => {
  expect(localeOf(language, wishes)).toBe(locale);
});

test('the time of day is the same in both languages', () => {
  expect(timeText('2026-11-23T14:05:00', 'es')).toBe('14:05');
  expect(timeText('2026-11-23T14:05:00', 'en')).toBe('14:05');
});

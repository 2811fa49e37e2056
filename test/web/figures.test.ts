// A day's figures as they are drawn: a place for every quarter of an hour, to one scale, on the clock of the centre.
import { describe, expect, test } from 'vitest';
import type { WireFigures } from '../../src/contract/figures/figures.js';
import { type Counts, NOTHING, QUARTER_MS } from '../../src/core/interaction/figures/counts.js';
import { clockAt, dayOf, spanOf, topOf } from '../../src/web/figures/day.js';
import { CHARTS, heightsOf } from '../../src/web/figures/marks.js';
import { FIGURES, shown } from '../../src/web/figures/shown.js';
import { figureTexts } from '../../src/web/figures/texts.js';

const MADRID = 'Europe/Madrid';

function answer(
  from: string,
  to: string,
  rows: readonly [slot: number, counts: Partial<Counts>, queue?: string][],
): WireFigures {
  return {
    ...{ from, to, timeZone: MADRID, step: 'quarter', uncounted: 0, total: NOTHING, queues: [] },
    rows: rows.map(([slot, counts, queue = 'support']) => ({
      ...NOTHING,
      ...counts,
      ...{ start: new Date(Date.parse(from) + slot * QUARTER_MS).toISOString(), queue },
    })),
  };
}

const june = (...rows: Parameters<typeof answer>[2][number][]) =>
  answer('2026-06-09T22:00:00.000Z', '2026-06-10T22:00:00.000Z', rows);

describe('a day', () => {
  test('has a place for every quarter of an hour, with all queues in it or one', () => {
    const rows = june([36, { offered: 2, answered: 1 }], [36, { offered: 1 }, 'sales'], [95, { offered: 4 }]);
    const all = dayOf(rows, undefined);
    expect(all.quarters).toHaveLength(96);
    expect([all.quarters[36]?.offered, all.quarters[95]?.offered, all.total.offered]).toEqual([3, 4, 7]);
    expect(dayOf(rows, 'sales').total.offered).toBe(1);
  });

  test.each([
    ['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z', 92, ['01:45', '03:00']],
    ['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z', 100, ['01:45', '02:00']],
  ])('of %s: the clock of the centre jumps', (from, to, quarters, clock) => {
    const day = dayOf(answer(from, to, []), undefined);
    expect(day.quarters).toHaveLength(quarters);
    expect([clockAt(day, 7, 'en'), clockAt(day, 8, 'en')]).toEqual(clock);
    expect(clockAt(day, quarters - 1, 'es')).toBe('23:45');
  });
});

describe('the part of the day that is drawn', () => {
  test('holds all that happened on either day, in whole hours', () => {
    const days = [dayOf(june([33, { offered: 1 }]), undefined), dayOf(june([70, { offered: 1 }]), undefined)];
    expect(spanOf(days)).toEqual({ from: 32, to: 72 });
  });

  test.each([
    [0, { from: 0, to: 24 }],
    [95, { from: 72, to: 96 }],
    [50, { from: 40, to: 64 }],
  ])('is not too short: one call at %i', (slot, span) => {
    expect(spanOf([dayOf(june([slot, { offered: 1 }]), undefined)])).toEqual(span);
  });

  test('is the whole day when nothing happened', () => {
    expect(spanOf([dayOf(june(), undefined)])).toEqual({ from: 0, to: 96 });
  });
});

test('bars stand on each other, and a line has a gap where there is nothing to divide by', () => {
  const counts = {
    offered: 5,
    answered: 2,
    answeredInTime: 1,
    abandoned: 2,
    answeredWaitMs: 30_000,
    longestWaitMs: 40_000,
  };
  const day = dayOf(june([0, counts], [1, { offered: 1, shortAbandoned: 1 }]), undefined);
  const heights = (name: string) =>
    CHARTS.find((chart) => chart.name === name)?.marks.map((mark) => [
      mark.figure,
      ...heightsOf(day, { from: 0, to: 2 }, mark),
    ]);
  expect(heights('volume')).toEqual([
    ['other', 5, 1],
    ['shortAbandoned', 4, 1],
    ['abandoned', 4, 0],
    ['answered', 2, 0],
  ]);
  expect(heights('serviceLevel')).toEqual([['serviceLevel', 25, null]]);
  expect(heights('waits')).toEqual([
    ['longestWaitMs', 40, null],
    ['asaMs', 15, null],
  ]);
  expect(topOf([[15, null], [40]])).toBe(40);
  expect(topOf([[null]])).toBe(1);
});

test('every figure is drawn, but how often call-backs were tried', () => {
  const drawn = CHARTS.flatMap(({ marks }) => marks.map(({ figure }) => figure));
  expect(FIGURES.filter((figure) => !drawn.includes(figure))).toEqual(['offered', 'callbackAttempts']);
});

test('figures are written as people of that language write them', () => {
  const counts = { ...NOTHING, offered: 12_345, answered: 3, answeredInTime: 2, abandoned: 0, answeredWaitMs: 200_400 };
  const all = (language: string) =>
    ['offered', 'serviceLevel', 'asaMs'].map((name) => shown(name as 'asaMs', counts, language));
  expect(all('en')).toEqual(['12,345', '66.7%', '1:07']);
  expect(all('es')).toEqual(['12.345', '66,7 %'.replace(' ', '\u00a0'), '1:07']);
  expect(shown('ahtMs', counts, 'en')).toBeUndefined();
});

test('every figure has a name and a formula in both languages', () => {
  for (const texts of [figureTexts.es, figureTexts.en]) {
    expect(Object.keys(texts.figures).toSorted()).toEqual(FIGURES.toSorted());
    expect(Object.keys(texts.formulas).toSorted()).toEqual(FIGURES.toSorted());
  }
});

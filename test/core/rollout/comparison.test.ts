// The rule that takes a worse candidate back: against published values, and against its own promise of false alarms.
import { describe, expect, test } from 'vitest';
import {
  type ArmCall,
  alphaOf,
  compareArms,
  lookAt,
  MEASURES,
  type Watch,
} from '../../../src/core/rollout/comparison.js';
import { judged, type Rollout } from '../../../src/core/rollout/rollout.js';
import { inShare } from '../../../src/core/rollout/share.js';
import { largerValues, median, moreHits, upperTail } from '../../../src/core/rollout/statistics.js';
import { seededRandom } from '../../../src/lib/ids.js';

describe('the tests of statistics', () => {
  test.each([
    [0, 0.5],
    [1.2816, 0.1],
    [1.6449, 0.05],
    [2.3263, 0.01],
    [-1.6449, 0.95],
  ])('the tail of the normal distribution beyond %s is %s', (z, p) => {
    expect(upperTail(z)).toBeCloseTo(p, 4);
  });

  test('two proportions: 24 of 100 against 14 of 100, by hand', () => {
    // pooled 0.19, error sqrt(0.19·0.81·2/100) = 0.05548, z = 0.10/0.05548
    const { z, p } = moreHits({ hits: 24, of: 100 }, { hits: 14, of: 100 });
    expect(z).toBeCloseTo(1.8025, 3);
    expect(p).toBeCloseTo(0.0357, 3);
  });

  test('too few hits, misses or calls say nothing', () => {
    expect(moreHits({ hits: 2, of: 100 }, { hits: 1, of: 100 }).p).toBeUndefined();
    expect(moreHits({ hits: 99, of: 100 }, { hits: 98, of: 100 }).p).toBeUndefined();
    expect(moreHits({ hits: 0, of: 0 }, { hits: 0, of: 0 }).p).toBeUndefined();
    expect(largerValues([1, 2, 3], [4, 5, 6]).p).toBeUndefined();
  });

  test('Mann-Whitney: no overlap at all, by hand', () => {
    // U = 100, mean 50, variance 10·10·21/12 = 175
    const { z, p } = largerValues([11, 12, 13, 14, 15, 16, 17, 18, 19, 20], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(z).toBeCloseTo(50 / Math.sqrt(175), 6);
    expect(p).toBeLessThan(0.0001);
  });

  test('Mann-Whitney with ties: only ties say neither', () => {
    const same = Array.from({ length: 20 }, () => 7);
    expect(largerValues(same, same)).toEqual({ z: 0, p: 0.5 });
    // Ten 1 and ten 2 against ten 1 and ten 2: alike.
    const half = [...Array(10).fill(1), ...Array(10).fill(2)];
    expect(largerValues(half, half).z).toBeCloseTo(0, 9);
  });

  test.each([
    [[], undefined],
    [[3], 3],
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
  ])('the median of %j is %s', (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});

describe('who is in the share', () => {
  const numbers = Array.from({ length: 20_000 }, (_, index) => `+346${String(index).padStart(8, '0')}`);
  test.each([1, 10, 25, 50, 90])('%s percent of numbers in a row, within a percent', (percent) => {
    const share = numbers.filter((number) => inShare('seed', number, percent)).length / numbers.length;
    expect(Math.abs(100 * share - percent)).toBeLessThan(1);
  });

  test('who is in stays in when the share grows; another roll-out takes others', () => {
    const small = numbers.filter((number) => inShare('a', number, 10));
    expect(small.every((number) => inShare('a', number, 40))).toBe(true);
    const both = small.filter((number) => inShare('b', number, 10)).length;
    expect(both / small.length).toBeLessThan(0.15);
  });

  test('nobody at 0, everybody at 100', () => {
    expect(numbers.some((number) => inShare('a', number, 0))).toBe(false);
    expect(numbers.every((number) => inShare('a', number, 100))).toBe(true);
  });
});

const WATCH: Watch = { measures: MEASURES, minCalls: 100, alpha: 0.05 };

function calls(arm: ArmCall['arm'], count: number, kind: (index: number) => Omit<ArmCall, 'arm'>): ArmCall[] {
  return Array.from({ length: count }, (_, index) => ({ arm, ...kind(index) }));
}

/** Of ten: 5 served by the flow, 3 by a person after `waitMs`, `lost` of the others abandoned. */
const mix =
  (lost: number, waitMs = 20_000) =>
  (index: number): Omit<ArmCall, 'arm'> => {
    const slot = index % 10;
    if (slot < lost) return { result: 'abandoned', talked: false };
    if (slot < lost + 3) return { result: 'served', talked: true, toPersonMs: waitMs + (index % 7) * 1_000 };
    return { result: 'served', talked: false };
  };

describe('the rule', () => {
  test.each([
    [0, 0],
    [99, 0],
    [100, 1],
    [149, 1],
    [150, 2],
    [225, 3],
    [338, 4],
  ])('with %s calls on the smaller side look %s is due', (count, look) => {
    expect(lookAt(count, 100)).toBe(look);
  });

  test('all looks together spend no more than alpha', () => {
    const spent = Array.from({ length: 10_000 }, (_, index) => alphaOf(index + 1, 0.05)).reduce((a, b) => a + b, 0);
    expect(spent).toBeLessThan(0.05);
    expect(spent).toBeGreaterThan(0.0499);
  });

  test('too few calls are not judged, however bad', () => {
    const { verdict, look } = compareArms(
      [...calls('candidate', 99, mix(7)), ...calls('baseline', 1_000, mix(1))],
      WATCH,
    );
    expect([verdict, look]).toEqual(['too-few', 0]);
  });

  test('alike is no worse', () => {
    const all = [...calls('candidate', 200, mix(2)), ...calls('baseline', 1_000, mix(2))];
    const { verdict, candidate, baseline } = compareArms(all, WATCH);
    expect(verdict).toBe('no-worse');
    expect(candidate).toMatchObject({ calls: 200, over: 200, contained: 100, abandoned: 40, persons: 60 });
    expect(baseline).toMatchObject({ calls: 1_000, contained: 500, abandoned: 200, persons: 300 });
  });

  test.each([
    ['more are lost', mix(5), ['containment', 'abandonment']],
    ['a person comes later', mix(2, 60_000), ['time-to-person']],
  ])('%s: worse', (_, kind, worseIn) => {
    const { verdict, worseIn: told } = compareArms(
      [...calls('candidate', 200, kind), ...calls('baseline', 1_000, mix(2))],
      WATCH,
    );
    expect([verdict, told]).toEqual(['worse', worseIn]);
  });

  test('better is never worse', () => {
    const all = [...calls('candidate', 200, mix(0, 5_000)), ...calls('baseline', 1_000, mix(5))];
    expect(compareArms(all, WATCH).verdict).toBe('no-worse');
  });

  test('what is not watched stops nothing, and is shown', () => {
    const all = [...calls('candidate', 200, mix(5)), ...calls('baseline', 1_000, mix(2))];
    const { verdict, measures } = compareArms(all, { ...WATCH, measures: ['time-to-person'] });
    expect(verdict).toBe('no-worse');
    expect(measures.find(({ measure }) => measure === 'abandonment')).toMatchObject({
      candidate: 0.5,
      baseline: 0.2,
      limit: 0,
    });
  });

  test('calls that go on, and those that hung up at once, do not count as lost', () => {
    const all = calls('candidate', 30, (index) =>
      index < 10 ? { talked: false } : { result: index < 20 ? 'short-abandoned' : 'abandoned', talked: false },
    );
    expect(compareArms(all, WATCH).candidate).toMatchObject({ calls: 30, over: 20, abandoned: 10, counted: 10 });
  });

  test('two alike are taken apart in less than alpha of 400 roll-outs that are looked at all the time', () => {
    const random = seededRandom(7);
    let stopped = 0;
    for (let run = 0; run < 400; run += 1) {
      const all: ArmCall[] = [];
      let looks = 0;
      while (all.length < 1_200) {
        const lost = random.next() < 0.2;
        const person = !lost && random.next() < 0.5;
        const toPersonMs = Math.floor(random.next() * 60_000);
        const talk = person ? { talked: true, toPersonMs } : { talked: false };
        const arm = all.length % 2 === 0 ? 'candidate' : 'baseline';
        all.push({ arm, result: lost ? 'abandoned' : 'served', ...talk });
        if (lookAt(Math.floor(all.length / 2), WATCH.minCalls) === looks) continue;
        looks += 1;
        if (compareArms(all, WATCH).verdict !== 'worse') continue;
        stopped += 1;
        break;
      }
    }
    // 5 % of 400 are 20; it is less, as Bonferroni's share is careful.
    expect(stopped).toBeLessThanOrEqual(20);
  });
});

describe('a roll-out that is judged', () => {
  const rollout: Rollout = {
    ...{ id: 'r', flow: 'main', baseline: 'a', candidate: 'b', text: '', percent: 10, author: 'eva', note: '' },
    ...{ watch: WATCH, startedAtMs: 0, looks: 0, now: { state: 'running' } },
  };
  const worse = compareArms([...calls('candidate', 200, mix(5)), ...calls('baseline', 1_000, mix(2))], WATCH);
  const alike = compareArms([...calls('candidate', 200, mix(2)), ...calls('baseline', 1_000, mix(2))], WATCH);

  test('is stopped with the figures it was stopped from', () => {
    expect(judged(rollout, worse, 5)).toMatchObject({ looks: 2, now: { state: 'stopped', atMs: 5, why: worse } });
  });

  test('goes on, and is not judged again at the same look', () => {
    const looked = judged(rollout, alike, 5);
    expect(looked).toMatchObject({ looks: 2, now: { state: 'running' } });
    expect(judged(looked, worse, 6)).toBe(looked);
  });

  test('that is over stays so', () => {
    const over: Rollout = { ...rollout, now: { state: 'aborted', atMs: 1, by: 'eva', reason: 'r' } };
    expect(judged(over, worse, 6)).toBe(over);
  });
});

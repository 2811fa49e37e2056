import { describe, expect, test } from 'vitest';
import { meanOpinion, RATING_BEST, rating } from '../../../src/switch/rtp/quality.js';

const call = { expected: 1_000, lost: 0, gaps: 0, delayMs: 0 };
const opinion = (own: Partial<typeof call>): number => meanOpinion(rating({ ...call, ...own }));

describe('the opinion of a call (ITU-T G.107)', () => {
  test.each([
    // G.107 Annex B: R and its MOS.
    [0, 1],
    [50, 2.58],
    [60, 3.1],
    [70, 3.6],
    [80, 4.02],
    [90, 4.34],
    [93.2, 4.41],
    [100, 4.5],
    [130, 4.5],
    [-5, 1],
  ])('rating %d is opinion %d', (r, mos) => {
    expect(meanOpinion(r)).toBeCloseTo(mos, 2);
  });

  test('a call without loss and delay is as good as one at 8 kHz can be', () => {
    expect(rating(call)).toBe(RATING_BEST);
    expect(rating({ ...call, expected: 0 })).toBe(RATING_BEST);
  });

  test.each([
    ['1 % of loss at random', { lost: 10, gaps: 10 }, 89.56],
    ['5 % of loss at random', { lost: 50, gaps: 50 }, 77.42],
    ['5 % of loss in gaps of five', { lost: 50, gaps: 10 }, 75.12],
    ['150 ms of delay', { delayMs: 150 }, 89.6],
    ['400 ms of delay', { delayMs: 400 }, 59.1],
    ['everything lost', { lost: 1_000, gaps: 1 }, 17.28],
  ])('%s', (_, own, r) => {
    expect(rating({ ...call, ...own })).toBeCloseTo(r, 0);
  });

  test('gets worse with every loss, with every millisecond, and with longer gaps', () => {
    for (let lost = 1; lost <= 1_000; lost += 13) {
      expect(opinion({ lost, gaps: lost })).toBeLessThan(opinion({ lost: lost - 1, gaps: Math.max(1, lost - 1) }));
      expect(opinion({ lost, gaps: 1 })).toBeLessThanOrEqual(opinion({ lost, gaps: lost }));
    }
    for (let delayMs = 10; delayMs < 1_000; delayMs += 10) {
      expect(opinion({ delayMs })).toBeLessThanOrEqual(opinion({ delayMs: delayMs - 10 }));
    }
  });

  test('is never outside of 1 to 4.5', () => {
    for (const lost of [0, 500, 1_000, 5_000]) {
      for (const delayMs of [0, 300, 60_000]) {
        expect(opinion({ lost, gaps: 3, delayMs })).toBeGreaterThanOrEqual(1);
        expect(opinion({ lost, gaps: 3, delayMs })).toBeLessThanOrEqual(4.5);
      }
    }
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  keyFrequencies,
  parseTones,
  renderTones,
  type ToneProgramme,
} from '../../../../src/switch/media/audio/tone.js';
import { loudness, purity } from '../rtp-phone.js';

function programme(text: string): ToneProgramme {
  const parsed = parseTones(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.programme;
}

describe('TGML', () => {
  test.each([
    ['us-ring', '%(2000,4000,440,480)', [[2_000, 4_000, [440, 480], -7]], 1],
    ['us-ring for ever', '%(2000,4000,440,480);loops=-1', [[2_000, 4_000, [440, 480], -7]], -1],
    ['loops in front', 'L=3;v=-12;%(100,50,640.5)', [[100, 50, [640.5], -12]], 3],
    [
      'bong-ring of FreeSWITCH',
      'v=-7;%(100,0,941.0,1477.0);v=-7;>=2;+=.1;%(140,0,350,440)',
      [
        [100, 0, [941, 1_477], -7],
        [140, 0, [350, 440], -7, { everyMs: 2, db: -0.1 }],
      ],
      1,
    ],
    [
      'sit',
      '%(274,0,913.8);%(274,0,1370.6);%(380,0,1776.7)',
      [
        [274, 0, [913.8], -7],
        [274, 0, [1_370.6], -7],
        [380, 0, [1_776.7], -7],
      ],
      1,
    ],
    [
      'keys',
      'd=80;w=40;1#',
      [
        [80, 40, [697, 1_209], -7],
        [80, 40, [941, 1_477], -7],
      ],
      1,
    ],
    [
      'one tone repeated',
      'l=2;%(10,10,500);%(10,10,600)',
      [
        [10, 10, [500], -7],
        [10, 10, [500], -7],
        [10, 10, [600], -7],
      ],
      1,
    ],
    ['a pause', '%(500,0)', [[500, 0, [], -7]], 1],
  ] as const)('%s', (_, text, segments, loops) => {
    expect(programme(text)).toEqual({
      segments: segments.map(([onMs, offMs, frequencies, level, decay]) => ({
        ...{ onMs, offMs, frequencies, level },
        ...(decay === undefined ? {} : { decay }),
      })),
      loops,
    });
  });

  test.each([
    ['softer', '>=100;+=6;v=-6', [1, 0.5, 0.25]],
    ['louder, up to full scale', '<=100;+=6;v=-12', [1, 2, 4, 4]],
    ['softer by 1 dB without a step', '>=100;v=-6', [1, 0.89, 0.79]],
  ])('a tone becomes %s as it goes on, without a click', (_, settings, factors) => {
    const samples = renderTones(programme(`${settings};%(400,0,500)`));
    const first = loudness(samples.subarray(0, 800));
    factors.forEach((factor, at) => {
      expect(loudness(samples.subarray(at * 800, at * 800 + 800)) / first).toBeCloseTo(factor, 1);
    });
    expect(purity(samples.subarray(800, 1_600), 500)).toBeGreaterThan(0.99);
    // Full waves lie in each 100 ms: the next piece begins where the one before would have gone on.
    for (const at of [800, 1_600, 2_400]) expect(Math.abs(samples[at] ?? 0)).toBeLessThan(3);
    expect(programme(`${settings};>=0;%(400,0,500)`).segments[0]).not.toHaveProperty('decay');
  });

  test.each([
    '',
    'v=-7',
    '%(',
    '%(100)',
    '%(100,x,440)',
    '%(100,,440)',
    '%(-1,0,440)',
    '%(100,0,4000)',
    '%(100,0,1,2,3,4,5)',
    '%(0,0,440)',
    '%(30001,0,440)',
    'hello',
    '1'.repeat(65),
    '%(NaN,0,1)',
  ])('refuses %j', (text) => {
    expect(parseTones(text).ok).toBe(false);
  });

  test('never fails, and never makes more than thirty seconds', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'%(),;=0123456789.-LvdwlAB#'), maxLength: 40 }), (text) => {
        const parsed = parseTones(text);
        if (parsed.ok) expect(renderTones(parsed.programme).length).toBeLessThanOrEqual(240_100);
      }),
    );
  });
});

describe('synthesis', () => {
  test('both waves of a key, equally loud, then silence', () => {
    const samples = renderTones(programme('d=200;w=100;5'));
    expect(samples).toHaveLength(2_400);
    const [low, high] = keyFrequencies('5') ?? [0, 0];
    expect(purity(samples.subarray(0, 1_600), low)).toBeCloseTo(0.5, 1);
    expect(purity(samples.subarray(0, 1_600), high)).toBeCloseTo(0.5, 1);
    expect(loudness(samples.subarray(1_600))).toBe(0);
  });

  test.each([0, -10, -20])('a level of %i dBm0 has the loudness of G.711', (level) => {
    const samples = renderTones(programme(`v=${level};%(1000,0,1000)`));
    // Full scale (a sine that fills 16 bits) is +3.17 dBm0.
    const dbm0 = 20 * Math.log10(loudness(samples) / (32_767 / Math.SQRT2)) + 3.17;
    expect(dbm0).toBeCloseTo(level, 1);
  });

  test('many loud waves clip instead of wrapping round', () => {
    const samples = renderTones(programme('v=0;%(100,0,400,401,402,403)'));
    const steps = samples.slice(1).map((sample, at) => Math.abs(sample - (samples[at] ?? 0)));
    expect(Math.max(...steps)).toBeLessThan(30_000);
  });
});

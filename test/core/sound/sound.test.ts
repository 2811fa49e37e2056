// Sounds are judged by what is in them: a tone stays that tone, what cannot be carried is gone, and nothing is clipped.
import { describe, expect, test } from 'vitest';
import { levelled, levelOf, PEAK_DBFS, TARGET_DBFS } from '../../../src/core/sound/level.js';
import { resample, resampling } from '../../../src/core/sound/resampling.js';
import { soundIn, trimmed } from '../../../src/core/sound/trimming.js';
import { RATES } from '../../../src/core/sound/wav-reading.js';
import { peaksOf } from '../../../src/core/sound/wave.js';
import { joined, power, share, silence, sine } from './tones.js';

const middle = (samples: Float32Array): Float32Array => samples.slice(400, -400);

describe('other rates', () => {
  test.each(RATES.flatMap((from) => [8_000, 16_000].map((to) => [from, to])))(
    '%i Hz to %i Hz: a tone stays that tone',
    (from, to) => {
      const made = resample(sine(1_000, from), to);
      expect(made.rate).toBe(to);
      expect(Math.abs(made.samples.length - to)).toBeLessThanOrEqual(1);
      expect(share(1_000, made)).toBeGreaterThan(0.99);
      expect(power(middle(made.samples))).toBeCloseTo(0.5 / Math.SQRT2, 2);
    },
  );

  test.each([
    [44_100, 8_000, 5_000],
    [48_000, 8_000, 7_500],
    [48_000, 16_000, 9_000],
    [96_000, 16_000, 30_000],
    [16_000, 8_000, 5_000],
  ])('%i Hz to %i Hz: %i Hz does not come back as another tone', (from, to, hertz) => {
    expect(power(middle(resample(sine(hertz, from), to).samples))).toBeLessThan(0.002);
  });

  test('what the telephone carries is as loud as before', () => {
    expect(power(middle(resample(sine(3_000, 44_100), 8_000).samples))).toBeCloseTo(0.5 / Math.SQRT2, 1);
    expect(power(middle(resample(sine(7_000, 44_100), 16_000).samples))).toBeCloseTo(0.5 / Math.SQRT2, 1);
  });

  test('long sounds are made in pieces', () => {
    const work = resampling(sine(440, 48_000, { seconds: 4 }), 8_000);
    let pauses = 0;
    while (work.next().done !== true) pauses += 1;
    expect(pauses).toBe(7);
  });
});

describe('loudness', () => {
  test.each([0.003, 0.05, 0.9])('a voice of %d is brought to that of all prompts', (level) => {
    const { sound, gainDb } = levelled(sine(440, 8_000, { level }));
    expect(levelOf(sound).loudnessDb).toBeCloseTo(TARGET_DBFS, 1);
    expect(gainDb).toBeCloseTo(TARGET_DBFS - 20 * Math.log10(level / Math.SQRT2), 1);
  });

  test('pauses between words do not count', () => {
    const word = sine(440, 8_000, { level: 0.1, seconds: 0.5 });
    const speech = joined(word, silence(8_000, 3), word, silence(8_000, 3), word);
    expect(levelOf(speech).loudnessDb).toBeCloseTo(levelOf(word).loudnessDb, 1);
  });

  test('a single peak keeps it quieter: nothing is ever above −3 dBFS', () => {
    const peaky = sine(440, 8_000, { level: 0.001 });
    peaky.samples[100] = 0.9;
    const { sound } = levelled(peaky);
    expect(levelOf(sound).peakDb).toBeCloseTo(PEAK_DBFS, 2);
  });

  test('silence stays silence', () => {
    const still = silence(8_000, 1);
    expect(levelled(still)).toEqual({
      sound: still,
      before: { loudnessDb: -100, peakDb: -100, clippedMs: 0 },
      gainDb: 0,
    });
  });

  test('a wave that was cut off is told by how long; one that only touches the rim is not', () => {
    const cut = sine(440, 8_000, { level: 3 });
    const clipped = { rate: 8_000, samples: cut.samples.map((one) => Math.max(-1, Math.min(1, one))) };
    expect(levelOf(clipped).clippedMs).toBeGreaterThan(500);
    expect(levelOf(sine(440, 8_000, { level: 1 })).clippedMs).toBe(0);
  });
});

describe('silence around it', () => {
  const noise = { rate: 16_000, samples: Float32Array.from({ length: 16_000 }, (_, at) => 0.001 * Math.sin(at * at)) };

  test('is cut away but for a breath, also when the room is not quite silent', () => {
    const word = sine(300, 16_000, { level: 0.3, seconds: 0.5 });
    const { samples } = trimmed(joined(noise, word, noise));
    expect(samples.length / 16_000).toBeCloseTo(0.5 + 2 * 0.12, 1);
    expect(share(300, { rate: 16_000, samples: samples.slice(2_000, 9_900) })).toBeGreaterThan(0.99);
  });

  test('is all there is: nothing is cut', () => {
    expect(soundIn(silence(8_000, 1))).toBeUndefined();
    expect(trimmed(silence(8_000, 1)).samples).toHaveLength(8_000);
  });
});

test('the picture shows where it is loud', () => {
  const { samples } = joined(silence(8_000, 1), sine(440, 8_000, { level: 0.5 }));
  expect(peaksOf({ rate: 8_000, samples }, 4)).toEqual([0, 0, 50, 50]);
  expect(peaksOf({ rate: 8_000, samples: samples.slice(0, 3) }, 300)).toHaveLength(3);
});

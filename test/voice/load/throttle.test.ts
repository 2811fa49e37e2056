import { describe, expect, it } from 'vitest';
import {
  CALM_BELOW,
  CALM_SAMPLES,
  DECREASE,
  FAR_ABOVE,
  HOT_SAMPLES,
  INCREASE,
  LEAST_PER_S,
  OPEN,
  type Sample,
  stepped,
  type Throttle,
} from '../../../src/voice/load/throttle.js';

const at = (pressure: number, offeredPerS = 100, admittedPerS = 100): Sample => ({
  pressure,
  offeredPerS,
  admittedPerS,
});
const limited = (ratePerS: number, calmSamples = 0): Throttle => ({ state: 'limited', ratePerS, calmSamples });
const hot = (hotSamples: number): Throttle => ({ state: 'open', hotSamples });

describe('one step', () => {
  it.each<[string, Throttle, Sample, Throttle]>([
    ['calm stays open', OPEN, at(0.99), OPEN],
    ['one hot sample is remembered', OPEN, at(1), hot(1)],
    ['a calm one forgets it', hot(HOT_SAMPLES - 1), at(0.99), OPEN],
    ['enough of them: a tenth below what was let in', hot(HOT_SAMPLES - 1), at(1), limited(100 * DECREASE)],
    ['far above counts for two', OPEN, at(FAR_ABOVE), hot(2)],
    ['and then one more', hot(2), at(1), limited(100 * DECREASE)],
    ['far above twice', hot(1), at(FAR_ABOVE), limited(100 * DECREASE)],
    ['a single long pause', hot(2), at(0.5), OPEN],
    ['nothing was let in: the least', hot(2), at(FAR_ABOVE, 100, 0), limited(LEAST_PER_S)],
    ['still hot: lower', limited(50), at(1.5), limited(50 * DECREASE)],
    ['never below the least', limited(LEAST_PER_S), at(9), limited(LEAST_PER_S)],
    ['between calm and hot: as it is', limited(50, 3), at(CALM_BELOW), limited(50)],
    ['calm and in demand: higher', limited(50), at(0.5), limited(50 * INCREASE)],
    ['a small one grows too', limited(1), at(0.5), limited(1.2)],
    ['calm and beyond the demand: waits', limited(121), at(0.5), limited(121, 1)],
    ['for long enough: open', limited(121, CALM_SAMPLES - 1), at(0.5), OPEN],
    ['no demand at all: waits, then opens', limited(1, CALM_SAMPLES - 1), at(0, 0, 0), OPEN],
  ])('%s', (_name, before, sample, after) => {
    expect(stepped(before, sample)).toEqual(after);
  });
});

it('settles near what the system bears, twice as much being offered, and opens when the crowd has gone', () => {
  const bears = 60;
  let throttle: Throttle = OPEN;
  const admitted: number[] = [];
  for (let step = 0; step < 300; step += 1) {
    const rate = throttle.state === 'open' ? 2 * bears : Math.min(2 * bears, throttle.ratePerS);
    admitted.push(rate);
    throttle = stepped(throttle, at(rate / bears, 2 * bears, rate));
  }
  const settled = admitted.slice(50);
  expect(Math.max(...settled)).toBeLessThan(1.06 * bears);
  expect(Math.min(...settled)).toBeGreaterThan(0.7 * bears);
  for (let step = 0; step < 60; step += 1) throttle = stepped(throttle, at(0.2, 10, 10));
  expect(throttle).toEqual(OPEN);
});

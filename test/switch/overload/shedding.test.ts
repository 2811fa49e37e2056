import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { SAMPLE_EVERY_MS, Shedder } from '../../../src/switch/control/overload/shedder.js';
import {
  CALM_BELOW_MS,
  DELAY_MAX_MS,
  FAR_ABOVE_MS,
  FIRST_SHARE,
  HOT_SAMPLES,
  OPEN,
  type Shedding,
  stepped,
} from '../../../src/switch/control/overload/shedding.js';

const after = (delaysMs: readonly number[], from: Shedding = OPEN): Shedding =>
  delaysMs.reduce((state, delayMs) => stepped(state, delayMs), from);
const times = (count: number, delayMs: number): number[] => Array.from({ length: count }, () => delayMs);

describe('which share of new calls is refused', () => {
  it.each([
    ['none while the loop is in time', times(50, DELAY_MAX_MS - 1), OPEN],
    ['none after a hiccup', [...times(HOT_SAMPLES - 1, DELAY_MAX_MS), 0], OPEN],
    ['half when it is late for a while', times(HOT_SAMPLES, DELAY_MAX_MS), { state: 'shedding', share: FIRST_SHARE }],
    ['half at once when it is far too late', [FAR_ABOVE_MS], { state: 'shedding', share: FIRST_SHARE }],
    ['all when that does not help', times(HOT_SAMPLES + 2, DELAY_MAX_MS), { state: 'shedding', share: 1 }],
    ['never more than all', times(20, FAR_ABOVE_MS), { state: 'shedding', share: 1 }],
    [
      'the same while it is neither late nor calm',
      [FAR_ABOVE_MS, ...times(20, CALM_BELOW_MS)],
      { state: 'shedding', share: FIRST_SHARE },
    ],
    ['fewer step by step when it is calm', [FAR_ABOVE_MS, 0, 0], { state: 'shedding', share: 0.3 }],
    ['none in the end', [FAR_ABOVE_MS, ...times(5, 0)], OPEN],
  ])('%s', (_, delaysMs, state) => {
    expect(after(delaysMs)).toEqual(state);
  });
});

describe('the one that refuses', () => {
  it('takes every other call at half, none at all, and counts what it refused', () => {
    const clock = new FakeClock();
    let delayMs = FAR_ABOVE_MS;
    const shedder = new Shedder({ clock, log: silentLog, delayMs: () => delayMs });
    expect(shedder.refuses()).toBe(false);
    clock.advance(SAMPLE_EVERY_MS);
    expect(Array.from({ length: 6 }, () => shedder.refuses())).toEqual([false, true, false, true, false, true]);
    clock.advance(SAMPLE_EVERY_MS * 2);
    expect(Array.from({ length: 3 }, () => shedder.refuses())).toEqual([true, true, true]);
    expect(shedder.snapshot()).toEqual({ state: 'shedding', refused: 6 });
    delayMs = 0;
    clock.advance(SAMPLE_EVERY_MS * 10);
    expect([shedder.refuses(), shedder.snapshot().state]).toEqual([false, 'open']);
    shedder.close();
    expect(clock.pending).toBe(0);
  });
});

import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { FrameClock, OLD_NEWS_AFTER_MS, READ_AWAY_MS, STALL_MS } from '../../../src/switch/media/frame-clock.js';
import { LateClock } from './rtp-phone.js';

function started(clock: FakeClock, epochMs = clock.nowMs()): { frames: FrameClock; ticks: string[] } {
  const ticks: string[] = [];
  const frames = new FrameClock(clock, epochMs, (slot, frame) => ticks.push(`${frame}/${slot}`));
  frames.start();
  clock.advance(0);
  return { frames, ticks };
}

describe('the clock of a worker', () => {
  test('ticks every 5 ms, slot by slot, frame by frame', () => {
    const clock = new FakeClock();
    const { ticks } = started(clock);
    clock.advance(40);
    expect(ticks).toEqual(['0/0', '0/1', '0/2', '0/3', '1/0', '1/1', '1/2', '1/3', '2/0']);
  });

  test('at ease it wakes once a frame, leaves nothing out and calls nothing late', () => {
    const clock = new FakeClock();
    const { frames, ticks } = started(clock);
    frames.beAtEase(true);
    clock.advance(10); // the tick that was waited for, and the wait for the last slot of the frame
    expect(ticks).toEqual(['0/0', '0/1']);
    clock.advance(5);
    expect(ticks.slice(2)).toEqual(['0/2', '0/3']);
    clock.advance(19);
    expect(ticks.length).toBe(4);
    clock.advance(1);
    expect(ticks.slice(4)).toEqual(['1/0', '1/1', '1/2', '1/3']);
    expect(frames.lateTicks).toBe(0);
  });

  test('in a hurry again it ticks slot by slot from the next frame on', () => {
    const clock = new FakeClock();
    const { frames, ticks } = started(clock);
    frames.beAtEase(true);
    clock.advance(15);
    frames.beAtEase(false);
    clock.advance(20);
    ticks.length = 0;
    clock.advance(5);
    expect(ticks).toEqual(['2/0']);
  });

  test('timers that ring late do not make it slow', () => {
    const clock = new LateClock();
    const { frames, ticks } = started(clock);
    clock.lateMs = 3;
    clock.advance(60_000);
    expect(Math.abs(ticks.length - 12_000)).toBeLessThanOrEqual(1);
    expect(frames.skippedFrames).toBe(0);
  });

  test('a short delay is caught up, nothing is left out', () => {
    const clock = new LateClock();
    const { frames, ticks } = started(clock);
    clock.lateMs = STALL_MS - 20;
    clock.advance(5);
    clock.lateMs = 0;
    clock.advance(1_000);
    expect(ticks).toHaveLength(202);
    expect(frames.lateTicks).toBeGreaterThan(30);
    expect(frames.skippedFrames).toBe(0);
  });

  test('after a long stop it goes on with the present, in the same slot order', () => {
    const clock = new LateClock();
    const { frames, ticks } = started(clock);
    clock.stop(10_000);
    expect(frames.skippedFrames).toBe(500);
    expect(ticks.length).toBeLessThan(20);
    expect(ticks.at(-1)).toBe('502/1');
  });

  test('after a long stop what comes in is old for a moment, after a short one it is not', () => {
    const clock = new LateClock();
    const { frames } = started(clock);
    expect(frames.inThePast).toBe(false);
    clock.stop(OLD_NEWS_AFTER_MS - 100);
    expect(frames.inThePast).toBe(false);
    clock.stop(OLD_NEWS_AFTER_MS + 100);
    expect(frames.inThePast).toBe(true);
    clock.advance(READ_AWAY_MS);
    expect(frames.inThePast).toBe(false);
  });

  test('two clocks of one epoch agree on the frame, though one started later', () => {
    const clock = new FakeClock();
    const epochMs = clock.nowMs();
    const first = started(clock, epochMs);
    clock.advance(12_347);
    const second = started(clock, epochMs);
    clock.advance(500);
    expect(second.frames.frame).toBe(first.frames.frame);
    expect(second.ticks.at(-1)).toBe(first.ticks.at(-1));
  });

  test('a stopped clock leaves no timer', () => {
    const clock = new FakeClock();
    const { frames } = started(clock);
    frames.stop();
    clock.advance(100);
    expect(clock.pending).toBe(0);
  });
});

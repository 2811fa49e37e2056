import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { LAG_SAMPLES, SampleRing } from '../../../src/switch/media/audio/sample-ring.js';
import { FrameClock, OLD_NEWS_AFTER_MS, READ_AWAY_MS, STALL_MS } from '../../../src/switch/media/frame-clock.js';
import { decodingTable, encode, PCMU } from '../../../src/switch/rtp/g711.js';
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
    expect(ticks.at(-1)).toBe('500/3');
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

describe('a ring of samples', () => {
  const table = decodingTable(PCMU);
  const frame = new Int16Array(160);

  /** Puts packets (first timestamp, value of all samples) and takes `count` frames; the value of each frame's first sample. */
  function play(packets: readonly (readonly [number, number])[], count: number, ring = new SampleRing()): number[] {
    for (const [timestamp, value] of packets) {
      const codes = encode(new Int16Array(160).fill(value), PCMU);
      ring.put(timestamp, codes, 0, codes.length, table);
    }
    return Array.from({ length: count }, () => {
      ring.take(frame);
      return Math.round((frame[0] ?? 0) / 100);
    });
  }

  const lag = Array(LAG_SAMPLES / 160).fill(0);

  test.each<[string, [number, number][], number[]]>([
    ['nothing put', [], [0, 0, 0]],
    [
      'in order',
      [
        [0, 1_000],
        [160, 2_000],
        [320, 3_000],
      ],
      [...lag, 10, 20, 30, 0],
    ],
    [
      'swapped',
      [
        [160, 2_000],
        [0, 1_000],
        [320, 3_000],
      ],
      [0, 0, 10, 20, 30, 0],
    ],
    [
      'a gap',
      [
        [0, 1_000],
        [320, 3_000],
      ],
      [...lag, 10, 0, 30, 0],
    ],
    [
      'across the wrap',
      [
        [0xffff_ff60, 1_000],
        [0, 2_000],
      ],
      [...lag, 10, 20, 0],
    ],
    [
      'a jump far ahead starts anew',
      [
        [0, 1_000],
        [100_000, 2_000],
      ],
      [...lag, 20, 0],
    ],
  ])('%s', (_, packets, frames) => {
    expect(play(packets, frames.length).map((value) => value + 0)).toEqual(frames);
  });

  test('late packets are left out; a sender that stays late is placed anew', () => {
    const ring = new SampleRing();
    play([[0, 1_000]], 10, ring);
    expect(
      play(
        [
          [160, 1_000],
          [320, 1_000],
          [480, 1_000],
        ],
        1,
        ring,
      ),
    ).toEqual([0]);
    expect(play([[640, 2_000]], 4, ring)).toEqual([...lag, 20]);
  });
});

import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import type { MediaSnapshot } from '../../../src/switch/media/engine.js';
import { LoadMeter } from '../../../src/switch/media-server/load-meter.js';

function snapshotOf(...workers: readonly [ticks: number, lateTicks: number][]): MediaSnapshot {
  const idle = { legs: 0, playing: 0, recording: 0, packetsIn: 0, packetsOut: 0, skippedFrames: 0, promptBytes: 0 };
  return {
    portsFree: 1,
    legs: 0,
    workers: workers.map(([ticks, lateTicks]) => ({ ...idle, ticks, lateTicks })),
  } as Partial<MediaSnapshot> as MediaSnapshot;
}

describe('the load of the switch', () => {
  it('counts late ticks of all workers since the last report, and survives a worker that began anew', () => {
    const clock = new FakeClock();
    let now = snapshotOf([0, 0], [0, 0]);
    const meter = new LoadMeter({ snapshot: () => now }, clock);
    const lateAfter = (snapshot: MediaSnapshot): number => {
      now = snapshot;
      clock.advance(250);
      return meter.load.lateTicks;
    };
    expect(lateAfter(snapshotOf([100, 10], [100, 30]))).toBe(0.2);
    expect(lateAfter(snapshotOf([100, 10], [100, 30]))).toBe(0.2);
    expect(lateAfter(snapshotOf([200, 10], [200, 30]))).toBe(0);
    expect(lateAfter(snapshotOf([10, 0], [300, 40]))).toBe(0);
    expect(lateAfter(snapshotOf([110, 50], [400, 40]))).toBe(0.25);
    expect(meter.load.loop.utilisation).toBeGreaterThanOrEqual(0);
    meter.close();
    expect(clock.pending).toBe(0);
  });
});

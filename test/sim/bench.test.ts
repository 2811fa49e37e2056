// The load test's own arithmetic: a bench that counts wrong is worse than none.
import { expect, test } from 'vitest';
import { BadOption, readOptions } from '../../src/sim/bench/calls/options.js';
import { type Observed, reportOf, spreadOf, tableOf } from '../../src/sim/bench/calls/report.js';
import type { PerPart, Usage } from '../../src/sim/bench/calls/usage.js';
import { makeCapture, replayedKeyEndMs } from '../../src/sim/capture.js';
import { emptyRtpPacket, readRtp } from '../../src/switch/rtp/packet.js';
import { readKeyEvent } from '../../src/switch/rtp/telephone-event.js';

const START_MS = 1_000_000;

function parts(app: number, other = 0): PerPart {
  return { app, switch: other, postgres: other, redis: other };
}

function usage(atS: number, cpuS: number, rssMb: number): Usage {
  return { atMs: START_MS + atS * 1000, cpuS: parts(cpuS), rssMb: parts(rssMb), load: 1 };
}

/** Four callers: two served, one answered but never put through, one without an answer. */
function observed(): Observed {
  const at = (ms: number): number => START_MS + ms;
  return {
    options: readOptions(['--rate', '1', '--seconds', '180']) ?? expect.unreachable(),
    readyMs: [2_000, 1_500],
    calls: { started: 4, current: 0, complete: 3, failed: 1, failures: { UnexpectedMessage: 1 }, retransmissions: 0 },
    times: new Map([
      ['+1', { calledAtMs: at(0), answeredAtMs: at(10), keyAtMs: at(1_000) }],
      ['+2', { calledAtMs: at(100), answeredAtMs: at(130), keyAtMs: at(1_100) }],
      ['+3', { calledAtMs: at(200), answeredAtMs: at(210), keyAtMs: at(1_200) }],
      ['+4', { calledAtMs: at(300) }],
    ]),
    rung: [
      { caller: '+1', atMs: at(1_050) },
      { caller: '+2', atMs: at(1_120) },
      // A second attempt for the same caller says nothing about the first wait.
      { caller: '+1', atMs: at(9_000) },
    ],
    served: 2,
    agentSide: { rung: 3, cancelled: 0, unanswered: 0, repeatedInvites: 0, packets: 0, late: 0, silentCalls: 0 },
    usage: [usage(0, 1, 100), usage(60, 1.5, 150), usage(120, 2, 150), usage(180, 3, 154)],
  };
}

test('percentiles are values that were measured', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(spreadOf(values)).toEqual({ count: 200, p50: 100, p95: 190, p99: 198, max: 200 });
  expect(spreadOf([])).toEqual({ count: 0, p50: 0, p95: 0, p99: 0, max: 0 });
});

test('served is who talked with an agent, whatever SIPp calls a success', () => {
  const report = reportOf(observed());
  expect(report.served).toBe(2);
  const table = tableOf(report);
  expect(table).toContain('4 made, 2 served, 2 not (50.00 %)');
  expect(table).toContain('UnexpectedMessage 1, answered, but not put through 1');
});

test('waits, CPU for 1000 calls, and memory growth after the first minute', () => {
  const report = reportOf(observed());
  expect(report.answerMs).toMatchObject({ count: 3, p50: 10, max: 30 });
  expect(report.agentMs).toMatchObject({ count: 2, p50: 20, max: 50 });
  expect(report.cpuSPer1000.total).toBe(500);
  expect(report.rssMb.afterMinute.app).toBe(150);
  expect(report.rssMb.growthPerMinute.app).toBe(2);
});

test('what a call costs once everything is compiled', () => {
  const given = observed();
  expect(reportOf(given).warmCpuSPer1000).toBeUndefined();
  const later = [70_000, 80_000, 90_000].map((ms) => [`+${ms}`, { calledAtMs: START_MS + ms }] as const);
  const report = reportOf({ ...given, times: new Map([...given.times, ...later]) });
  // From 1.5 s of processor after a minute to 3 s at the end.
  expect(report.warmCpuSPer1000?.total).toBe(500);
  expect(tableOf(report)).toContain('after 20 s            500.0 =');
});

test('options: help, defaults, and what is refused', () => {
  expect(readOptions(['--help'])).toBeUndefined();
  expect(readOptions([])).toMatchObject({ rate: 20, seconds: 60, media: 'light', agents: 600, restart: true });
  for (const wrong of [
    ['--rate', '0'],
    ['--seconds', 'many'],
    ['--media', 'none'],
    ['--speed', '1'],
  ]) {
    expect(() => readOptions(wrong)).toThrow(BadOption);
  }
});

test('the capture holds one key as a telephone sends it', () => {
  const request = { key: '1', keyAtMs: 0, keyMs: 100 };
  const packets = rtpOf(makeCapture(request));
  const keys = packets.map(({ end, durationSamples }) => [end, durationSamples]);
  expect(keys.slice(0, 5).map(([, duration]) => duration)).toEqual([160, 320, 480, 640, 800]);
  expect(keys.slice(5)).toEqual([
    [true, 800],
    [true, 800],
    [true, 800],
  ]);
  // Never 0: FreeSWITCH would not hear it.
  expect(new Set(packets.map(({ timestamp }) => timestamp))).toEqual(new Set([8_000]));
  expect(replayedKeyEndMs(request)).toBe(80);
});

/** The RTP packets of a capture file: 24 bytes of file header, then 16 and 42 bytes before each. */
function rtpOf(capture: Buffer) {
  const packets: { timestamp: number; end: boolean; durationSamples: number }[] = [];
  for (let at = 24; at < capture.length; ) {
    const length = capture.readUInt32LE(at + 8);
    const rtp = capture.subarray(at + 16 + 42, at + 16 + length);
    const header = emptyRtpPacket();
    const key = { event: 0, end: false, durationSamples: 0 };
    expect(readRtp(rtp, header)).toBe(true);
    expect(readKeyEvent(rtp, header.payloadStart, header.payloadEnd, key)).toBe(true);
    packets.push({ timestamp: header.timestamp, end: key.end, durationSamples: key.durationSamples });
    at += 16 + length;
  }
  return packets;
}

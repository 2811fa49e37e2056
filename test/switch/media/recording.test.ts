import { execFile } from 'node:child_process';
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWav, parseWavHeader } from '../../../src/switch/media/audio/wav-reader.js';
import type { AudioSource } from '../../../src/switch/media/audio-source.js';
import { RECORDINGS_MAX } from '../../../src/switch/media/leg/leg-recordings.js';
import { BACKLOG_SECONDS_MAX, COMPLETE_TIMEOUT_MS } from '../../../src/switch/media/leg/recorder.js';
import type { RecordOptions } from '../../../src/switch/media/media-leg.js';
import { PCMA, PCMU } from '../../../src/switch/rtp/g711.js';
import { type Bench, loudness, openBench, purity, type RtpPhone, tonePackets } from './rtp-phone.js';

let bench: Bench;
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-media-'));
  path = join(folder, 'calls', 'today', 'a.wav');
  bench = await openBench();
});

afterEach(async () => {
  await bench?.close();
  await rm(folder, { recursive: true });
});

const tone900: AudioSource = {
  kind: 'tone',
  programme: { segments: [{ onMs: 1_000, offMs: 0, frequencies: [900], level: -9 }], loops: -1 },
};

/** The samples of a recording, one array per channel. */
async function read(file = path): Promise<Int16Array[]> {
  const bytes = await readFile(file);
  const format = parseWavHeader(bytes, bytes.length);
  expect(format).toMatchObject({ encoding: 'pcm16', rate: 8_000, dataStart: 44, dataBytes: bytes.length - 44 });
  const frames = format.dataBytes / 2 / format.channels;
  return Array.from({ length: format.channels }, (_, channel) =>
    Int16Array.from({ length: frames }, (_unused, at) => bytes.readInt16LE(44 + 2 * (at * format.channels + channel))),
  );
}

/** The caller says a tone of 440 Hz. */
async function say(phone: RtpPhone, frames: number, hertz = 440): Promise<void> {
  const packets = tonePackets(hertz, frames, phone.law);
  await bench.run(frames, (frame) => phone.sendAudio(packets[frame] ?? Buffer.alloc(0)));
}

const middle = (samples: Int16Array | undefined): Int16Array => (samples ?? new Int16Array(0)).subarray(1_600, -1_600);

describe('what is recorded', () => {
  test.each<[RecordOptions['channels'], number, number]>([
    ['read', 0.99, 0],
    ['write', 0, 0.99],
    ['mixed', 0.4, 0.3],
  ])('%s: what the caller says and hears', async (channels, low, high) => {
    const { leg, phone } = await bench.call(PCMA);
    const recording = leg.record(path, { channels });
    await leg.play(tone900).started;
    await say(phone, 100);
    recording.stop();
    expect(await recording.done).toEqual({ outcome: 'stopped', samples: 16_000, ms: 2_000 });
    const [samples] = await read();
    expect(samples).toHaveLength(16_000);
    expect(purity(middle(samples), 440)).toBeGreaterThanOrEqual(low);
    expect(purity(middle(samples), 900)).toBeGreaterThanOrEqual(high);
    expect(purity(middle(samples), low === 0 ? 440 : 600)).toBeLessThan(0.01);
  });

  test('stereo: the caller left, what it hears right', async () => {
    const { leg, phone } = await bench.call();
    const recording = leg.record(path, { channels: 'stereo' });
    await leg.play(tone900).started;
    await say(phone, 100);
    recording.stop();
    await recording.done;
    const [left, right] = await read();
    expect(purity(middle(left), 440)).toBeGreaterThan(0.99);
    expect(purity(middle(right), 900)).toBeGreaterThan(0.95);
  });

  test('both sides of a bridge, whatever their laws', async () => {
    const [one, two] = [await bench.call(PCMU), await bench.call(PCMA)];
    one.leg.bridge(two.leg);
    const recording = one.leg.record(path, { channels: 'stereo' });
    const [low, high] = [tonePackets(440, 100, PCMU), tonePackets(900, 100, PCMA)];
    await bench.run(100, (frame) => {
      one.phone.sendAudio(low[frame] ?? Buffer.alloc(0));
      two.phone.sendAudio(high[frame] ?? Buffer.alloc(0));
    });
    recording.stop();
    await recording.done;
    const [left, right] = await read();
    expect(purity(middle(left), 440)).toBeGreaterThan(0.99);
    expect(purity(middle(right), 900)).toBeGreaterThan(0.99);
  });

  test('swapped and lost packets: in their place, a gap fades out', async () => {
    const { leg, phone } = await bench.call();
    const recording = leg.record(path, { channels: 'read' });
    const packets = tonePackets(500, 60, PCMU).map((payload, at) =>
      phone.packet(PCMU, payload, { timestamp: 1_000 + at * 160 }),
    );
    const order = packets.map((_, at) => (at % 10 === 3 ? at + 1 : at % 10 === 4 ? at - 1 : at));
    await bench.run(60, (frame) => {
      if (frame !== 30) phone.sendRaw(packets[order[frame] ?? 0] ?? Buffer.alloc(0));
    });
    recording.stop();
    await recording.done;
    const [samples = new Int16Array(0)] = await read();
    const start = samples.findIndex((sample) => Math.abs(sample) > 1_000) - 1;
    expect(purity(samples.subarray(start + 160, start + 30 * 160), 500)).toBeGreaterThan(0.99);
    const before = loudness(samples.subarray(start + 29 * 160, start + 30 * 160));
    expect(loudness(samples.subarray(start + 30 * 160, start + 31 * 160))).toBeLessThan(0.9 * before);
    expect(loudness(samples.subarray(start + 31 * 160 - 20, start + 31 * 160))).toBeLessThan(0.75 * before);
    expect(purity(samples.subarray(start + 31 * 160 + 10, start + 50 * 160), 500)).toBeGreaterThan(0.99);
  });

  test('more is appended to an older recording, but not to a file of another form', async () => {
    const { leg, phone } = await bench.call();
    for (const channels of ['read', 'read', 'stereo'] as const) {
      const recording = leg.record(path, { channels, append: true });
      await bench.settle();
      await say(phone, 50);
      recording.stop();
      await recording.done;
      const [left] = await read();
      expect(purity(middle(left), 440)).toBeGreaterThan(0.9);
    }
    const recorded = await read();
    expect(recorded.map(({ length }) => length)).toEqual([8_000, 8_000]);
    const recording = leg.record(path, { channels: 'stereo', append: true });
    await say(phone, 25);
    recording.stop();
    await recording.done;
    expect((await read()).map(({ length }) => length)).toEqual([12_000, 12_000]);
  });

  test.each([
    ['read', 16_000, 1],
    ['stereo', 48_000, 2],
  ] as const)('%s at %i Hz: as many samples as the time has, and the same tone', async (channels, rate, count) => {
    const { leg, phone } = await bench.call();
    const recording = leg.record(path, { channels, rate, information: { title: 'A call' } });
    await bench.settle();
    await say(phone, 100);
    recording.stop();
    expect(await recording.done).toMatchObject({ outcome: 'stopped', ms: 2_000 });
    const bytes = await readFile(path);
    const format = parseWavHeader(bytes, bytes.length);
    expect(format).toMatchObject({ encoding: 'pcm16', rate, channels: count });
    expect(Math.abs(format.dataBytes / 2 / count / rate - 2)).toBeLessThan(0.001);
    expect(bytes.includes('A call')).toBe(true);
    const reader = await openWav(path);
    const pieces: number[] = [];
    for (let piece = await reader.read(); piece !== undefined; piece = await reader.read()) pieces.push(...piece);
    await reader.close();
    expect(purity(middle(Int16Array.from(pieces)), 440)).toBeGreaterThan(0.99);
  });

  test('at a rate that cannot be made: it fails and says so', async () => {
    const { leg } = await bench.call();
    const recording = leg.record(path, { channels: 'read', rate: 44_100 });
    expect(await recording.done).toMatchObject({ outcome: 'failed', error: 'Error: no recordings at 44100 Hz' });
  });

  test('paused or masked: silence of the same length', async () => {
    const { leg, phone } = await bench.call();
    const recording = leg.record(path, { channels: 'read' });
    await say(phone, 50);
    recording.mask(true);
    recording.pause(true);
    await say(phone, 25);
    recording.pause(false);
    await say(phone, 25);
    recording.mask(false);
    await say(phone, 50);
    recording.stop();
    expect((await recording.done).ms).toBe(3_000);
    const [samples = new Int16Array(0)] = await read();
    expect(loudness(samples.subarray(8_000, 16_000))).toBe(0);
    expect(purity(samples.subarray(800, 7_600), 440)).toBeGreaterThan(0.99);
    expect(purity(samples.subarray(16_800), 440)).toBeGreaterThan(0.9);
  });

  test('a muted caller is silent on the recording too', async () => {
    const { leg, phone } = await bench.call();
    leg.mute('read', true);
    const recording = leg.record(path, { channels: 'read' });
    await say(phone, 50);
    recording.stop();
    await recording.done;
    expect(loudness((await read())[0] ?? new Int16Array(0))).toBeLessThan(10);
  });
});

describe('a recording ends', () => {
  test('at its limit', async () => {
    const { leg } = await bench.call();
    const recording = leg.record(path, { channels: 'read', limitMs: 1_500 });
    await bench.run(100);
    expect(await recording.done).toEqual({ outcome: 'limit', samples: 12_000, ms: 1_500 });
    expect((await read())[0]).toHaveLength(12_000);
  });

  test('after silence, which speech in between puts off', async () => {
    const { leg, phone } = await bench.call();
    const recording = leg.record(path, { channels: 'read', silence: { threshold: 200, ms: 400 } });
    await say(phone, 30);
    await bench.run(15);
    await say(phone, 30);
    await bench.run(60);
    const result = await recording.done;
    expect(result.outcome).toBe('silence');
    expect(result.ms).toBeGreaterThanOrEqual(1_900);
    // The last sound fades out within 60 ms.
    expect(result.ms).toBeLessThanOrEqual(2_060);
  });

  test('and is deleted when it is too short', async () => {
    const { leg } = await bench.call();
    const recording = leg.record(path, { channels: 'read', minimumMs: 1_000 });
    await bench.run(20);
    recording.stop();
    expect(await recording.done).toEqual({ outcome: 'too-short', samples: 3_200, ms: 400 });
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('with the leg, complete on disk before the leg is closed', async () => {
    const { leg, phone } = await bench.call();
    const recording = leg.record(path, { channels: 'read' });
    await say(phone, 70);
    await leg.close();
    expect((await read())[0]).toHaveLength(70 * 160);
    expect((await recording.done).outcome).toBe('stopped');
  });

  test('as failed when the disk does not take it, and on a closed leg', async () => {
    const { leg } = await bench.call();
    await writeFile(join(folder, 'file'), '');
    const recording = leg.record(join(folder, 'file', 'a.wav'), { channels: 'read' });
    await bench.run(2);
    expect(await recording.done).toMatchObject({ outcome: 'failed', error: expect.stringContaining('EEXIST') });
    await leg.close();
    expect((await leg.record(path, { channels: 'read' }).done).outcome).toBe('failed');
  });

  test('too many at once are refused', async () => {
    const { leg } = await bench.call();
    const recordings = Array.from({ length: RECORDINGS_MAX }, (_, at) =>
      leg.record(join(folder, `${at}.wav`), { channels: 'read' }),
    );
    expect((await leg.record(path, { channels: 'read' }).done).outcome).toBe('failed');
    for (const recording of recordings) recording.stop();
    for (const recording of recordings) expect((await recording.done).outcome).toBe('stopped');
  });
});

test('a crash loses no more than the last second', async () => {
  const { leg, phone } = await bench.call();
  const recording = leg.record(path, { channels: 'read' });
  await say(phone, 130);
  const deadline = Date.now() + 5_000;
  const size = async (): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0;
  while ((await size()) < 44 + 2 * 16_000 && Date.now() < deadline) await bench.settle();
  // As a reader after a crash would find it.
  const [samples = new Int16Array(0)] = await read();
  expect(samples).toHaveLength(16_000);
  expect(purity(middle(samples), 440)).toBeGreaterThan(0.99);
  recording.stop();
  await recording.done;
});

describe('a disk that does not answer', () => {
  let release: () => Promise<void>;

  beforeEach(async () => {
    // Opening a pipe for writing waits for somebody to read it.
    path = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [path]);
    release = async () => (await open(path, 'r+')).close();
  });

  test('fails the recording before it fills memory', async () => {
    const { leg } = await bench.call();
    const recording = leg.record(path, { channels: 'read' });
    await bench.run((BACKLOG_SECONDS_MAX + 2) * 50);
    expect(await recording.done).toMatchObject({ outcome: 'failed', error: expect.stringContaining('too slow') });
    await release();
  });

  test('does not hold up the end of the call for ever', async () => {
    const { leg } = await bench.call();
    const recording = leg.record(path, { channels: 'read' });
    await bench.run(5);
    const closed = leg.close();
    await bench.settle();
    bench.clock.advance(COMPLETE_TIMEOUT_MS);
    await closed;
    expect(await recording.done).toMatchObject({ outcome: 'failed', error: expect.stringContaining('longer than') });
    await release();
  });
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isNativeBuilt } from '../../../../src/switch/media/native/addon.js';
import { PCMA, PCMU } from '../../../../src/switch/rtp/g711.js';
import { type Bench, ENGINE, loudness, openBench, purity, tonePackets } from '../rtp-phone.js';

// What only the native engine has: work that goes to it and comes back. That it is done well is said by the tests of both engines.
const isNative = ENGINE === 'native' && isNativeBuilt();

let bench: Bench;

beforeEach(async () => {
  bench = await openBench();
});

afterEach(() => bench?.close());

/** Legs that the native engine has for itself, as reported within the next second. */
async function handedOver(): Promise<number | undefined> {
  await bench.run(51);
  return bench.engine.snapshot().workers[0]?.native?.handedOver;
}

const tone = tonePackets(440, 400, PCMU);
const packet = (frame: number): Buffer => tone[frame] ?? Buffer.alloc(0);
const programme = (ms: number) => ({ segments: [{ onMs: ms, offMs: 0, frequencies: [1_500], level: -7 }], loops: 1 });

describe.runIf(isNative)('is handed over', () => {
  test('a leg that plays, until the prompt is over; its numbers go on', async () => {
    const { leg, phone } = await bench.call();
    const playback = leg.play({ kind: 'tone', programme: programme(2_000) });
    await playback.started;
    expect(await handedOver()).toBe(1);
    await bench.run(60);
    expect(await playback.done).toEqual({ outcome: 'done', samples: 16_000, ms: 2_000, lastOffset: 16_000, left: 0 });
    expect(phone.audio).toHaveLength(100);
    const [first] = phone.audio;
    for (const [at, { sequence, timestamp, ssrc, marker }] of phone.audio.entries()) {
      expect([sequence, timestamp, ssrc, marker]).toEqual([
        ((first?.sequence ?? 0) + at) & 0xffff,
        ((first?.timestamp ?? 0) + at * 160) >>> 0,
        first?.ssrc,
        at === 0,
      ]);
    }
  });

  test('two bridged legs of different laws, and their recording is whole', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hilo-native-'));
    const [one, two] = [await bench.call(PCMU), await bench.call(PCMA)];
    const path = join(folder, 'both.wav');
    const recording = two.leg.record(path, { channels: 'stereo' });
    one.leg.bridge(two.leg);
    await bench.run(100, (frame) => {
      one.phone.sendAudio(packet(frame));
      two.phone.sendAudio(Buffer.alloc(160, 0xd5));
    });
    expect(bench.engine.snapshot().workers[0]?.native).toEqual({ handedOver: 2, dropped: 0 });
    expect(two.phone.audio).toHaveLength(100);
    expect(purity(two.phone.samples(), 440)).toBeGreaterThan(0.99);
    recording.stop();
    await recording.done;
    const wav = await readFile(path);
    const right = Int16Array.from({ length: 12_000 }, (_, at) => wav.readInt16LE(44 + at * 4 + 2));
    expect(purity(right.subarray(2_000), 440)).toBeGreaterThan(0.98);
    await rm(folder, { recursive: true });
  });

  test('a leg that hears keys meanwhile: each is reported once, the music does not stop', async () => {
    const { leg, phone } = await bench.call();
    const digits: string[] = [];
    leg.onDigit(({ digit }) => digits.push(digit));
    await leg.play({ kind: 'music', name: 'moh' }).started;
    await bench.run(60, (frame) => phone.sendAudio(packet(frame)));
    const keys = [...phone.keyPackets(5), ...phone.keyPackets(9)];
    await bench.run(keys.length, (frame) => phone.sendRaw(keys[frame] ?? Buffer.alloc(0)));
    await bench.run(51, (frame) => phone.sendAudio(packet(frame)));
    expect(digits).toEqual(['5', '9']);
    expect(bench.engine.snapshot().workers[0]?.native).toEqual({ handedOver: 1, dropped: 0 });
    expect(phone.audio.length).toBeGreaterThanOrEqual(60 + keys.length + 50);
    expect((await leg.stats()).received).toMatchObject({ packets: 60 + keys.length + 51, lost: 0, digits: 2 });
  });
});

describe.runIf(isNative)('is taken back, and handed over again', () => {
  test('when packets come late or twice: order and counts are the same as ever', async () => {
    const [one, two] = [await bench.call(), await bench.call()];
    one.leg.bridge(two.leg);
    const packets = Array.from({ length: 100 }, (_, at) =>
      one.phone.packet(PCMU, Buffer.alloc(160, at), { timestamp: 1_000 + at * 160 }),
    );
    const order = packets
      .map((_, at) => (at % 10 === 4 ? at + 1 : at % 10 === 5 ? at - 1 : at))
      .filter((at) => at % 25 !== 7);
    await bench.run(order.length, (frame) => one.phone.sendRaw(packets[order[frame] ?? 0] ?? Buffer.alloc(0)));
    expect(two.phone.audio.map(({ payload }) => payload[0])).toEqual(order);
    expect((await one.leg.stats()).received).toMatchObject({ packets: 96, lost: 4, outOfOrder: 10, duplicates: 0 });
    expect(await handedOver()).toBe(2);
  });

  test('by a command: a mute is heard at the next packet', async () => {
    const [one, two] = [await bench.call(), await bench.call()];
    one.leg.bridge(two.leg);
    await bench.run(60, (frame) => one.phone.sendAudio(packet(frame)));
    expect(bench.engine.snapshot().workers[0]?.native?.handedOver).toBe(2);
    two.leg.mute('write', true);
    await bench.settle();
    await bench.run(50, (frame) => one.phone.sendAudio(packet(60 + frame)));
    expect(two.phone.audio).toHaveLength(110);
    expect(purity(two.phone.samples().subarray(0, 9_600), 440)).toBeGreaterThan(0.99);
    expect(loudness(two.phone.samples(60))).toBeLessThan(10);
    expect(bench.engine.snapshot().workers[0]?.native?.handedOver).toBe(2);
  });

  test('by keys that a bridged peer has to hear', async () => {
    const [one, two] = [await bench.call(), await bench.call()];
    one.leg.bridge(two.leg);
    await bench.run(60, (frame) => one.phone.sendAudio(packet(frame)));
    const keys = one.phone.keyPackets(3);
    await bench.run(keys.length, (frame) => one.phone.sendRaw(keys[frame] ?? Buffer.alloc(0)));
    await bench.run(51, (frame) => one.phone.sendAudio(packet(60 + frame)));
    expect(two.phone.events).toHaveLength(6);
    expect(two.phone.audio).toHaveLength(111);
    expect(new Set(two.phone.heard.map(({ ssrc }) => ssrc)).size).toBe(1);
    expect(two.phone.heard.map(({ sequence }) => (sequence - (two.phone.heard[0]?.sequence ?? 0)) & 0xffff)).toEqual(
      two.phone.heard.map((_, at) => at),
    );
    expect(bench.engine.snapshot().workers[0]?.native?.handedOver).toBe(2);
  });
});

test.runIf(ENGINE === 'typescript')('the TypeScript engine hands nothing over', async () => {
  const { leg } = await bench.call();
  await leg.play({ kind: 'silence', ms: -1 }).started;
  expect(await handedOver()).toBeUndefined();
});

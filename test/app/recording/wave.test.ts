// The wave picture: what a WAV is, what it looks like, and that an hour costs no more than it may.
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PEAKS_MAX, peakOf, waveOf, wavLayout } from '../../../src/app/recording/wave.js';
import { wavHeader } from '../../../src/switch/media/audio/wav-writer.js';

const RATE = 8_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-wave-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function sound(seconds: number, sample: (second: number) => number, channels: 1 | 2 = 1): Buffer {
  const frames = RATE * seconds;
  const data = Buffer.alloc(frames * 2 * channels);
  for (let at = 0; at < frames; at += 1) {
    // What is heard is in the last channel.
    data.writeInt16LE(Math.round(sample(at / RATE) * 32_767), (at * channels + channels - 1) * 2);
  }
  return Buffer.concat([wavHeader(channels, data.length), data]);
}

async function file(bytes: Buffer): Promise<string> {
  const path = join(folder, `${Math.random()}.wav`);
  await writeFile(path, bytes);
  return path;
}

describe('the picture', () => {
  test('is loud where it is loud and flat where nobody speaks', async () => {
    const { durationMs, peaks } = await waveOf(await file(sound(3, (second) => (second < 1 || second >= 2 ? 0.5 : 0))));
    expect(durationMs).toBe(3_000);
    expect(peaks).toHaveLength(PEAKS_MAX);
    expect(new Set(peaks.slice(0, 199))).toEqual(new Set([50]));
    expect(new Set(peaks.slice(201, 399))).toEqual(new Set([0]));
    expect(new Set(peaks.slice(401))).toEqual(new Set([50]));
  });

  test('of two channels shows whoever speaks', async () => {
    const { durationMs, peaks } = await waveOf(await file(sound(1, () => 0.25, 2)));
    expect(durationMs).toBe(1_000);
    expect(new Set(peaks)).toEqual(new Set([25]));
  });

  test('of a moment has as many bars as samples', async () => {
    const header = wavHeader(1, 20);
    expect((await waveOf(await file(Buffer.concat([header, Buffer.alloc(20)])))).peaks).toHaveLength(10);
    expect(await waveOf(await file(wavHeader(1, 0)))).toEqual({ durationMs: 0, peaks: [] });
  });

  test('of ten hours is drawn from a second of each minute', async () => {
    const path = await file(wavHeader(1, 0xffff_ff00));
    await truncate(path, 44 + 10 * 3_600 * RATE * 2); // A file of holes: nothing but silence.
    const { durationMs, peaks } = await waveOf(path);
    expect(durationMs).toBe(36_000_000);
    expect(new Set(peaks)).toEqual(new Set([0]));
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('this is no sound at all, but a text')],
    ['a header cut off', sound(1, () => 0).subarray(0, 30)],
  ])('of %s is not there', async (_title, bytes) => {
    await expect(waveOf(await file(bytes))).rejects.toMatchObject({ code: 'not-found' });
  });

  test('of a file that is gone is not there', async () => {
    await expect(waveOf(join(folder, 'gone.wav'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the layout', () => {
  test('a file that is still written, or cut off, has as much as is there', () => {
    const header = wavHeader(2, 0);
    expect(wavLayout(header, 1_044)).toEqual({ channels: 2, rate: RATE, start: 44, bytes: 1_000 });
    expect(wavLayout(wavHeader(1, 5_000), 1_044)).toMatchObject({ bytes: 1_000 });
  });

  test('other chunks may stand before the sound', () => {
    const plain = wavHeader(1, 8);
    const list = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
    const bytes = Buffer.concat([plain.subarray(0, 36), list, plain.subarray(36), Buffer.alloc(8)]);
    expect(wavLayout(bytes, bytes.length)).toMatchObject({ start: 44 + list.length, bytes: 8 });
  });

  test('compressed sound is none of ours', () => {
    const header = wavHeader(1, 100);
    header.writeUInt16LE(7, 20); // µ-law
    expect(wavLayout(header, 144)).toBeUndefined();
  });
});

test('the loudest sample counts, also a negative one, and half a sample none', () => {
  const samples = Buffer.alloc(7);
  samples.writeInt16LE(-32_768, 2);
  expect(peakOf(samples)).toBe(100);
  expect(peakOf(Buffer.alloc(1))).toBe(0);
});

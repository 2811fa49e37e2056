import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createResampler } from '../../../../src/switch/media/audio/resampler.js';
import {
  openWav,
  parseWavHeader,
  WAV_HEADER_BYTES_MAX,
  WavError,
} from '../../../../src/switch/media/audio/wav-reader.js';
import { createWav, INFORMATION_BYTES_MAX, wavHeader } from '../../../../src/switch/media/audio/wav-writer.js';
import { encode, PCMA, PCMU } from '../../../../src/switch/rtp/g711.js';
import { loudness, purity, sine } from '../rtp-phone.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-media-'));
  path = join(folder, 'a.wav');
});

afterEach(() => rm(folder, { recursive: true }));

interface Written {
  readonly tag?: number;
  readonly channels?: number;
  readonly rate?: number;
  readonly bits?: number;
  readonly data: Buffer;
  /** What the header says of the length. */
  readonly says?: number;
  readonly chunksBefore?: Buffer;
}

function wav({ tag = 1, channels = 1, rate = 8_000, bits = 16, data, says, chunksBefore }: Written): Buffer {
  const isExtensible = tag === 0xfffe;
  const format = Buffer.alloc(isExtensible ? 48 : 24);
  format.write('fmt ', 0, 'latin1');
  format.writeUInt32LE(isExtensible ? 40 : 16, 4);
  format.writeUInt16LE(tag, 8);
  format.writeUInt16LE(channels, 10);
  format.writeUInt32LE(rate, 12);
  format.writeUInt16LE(bits, 22);
  if (isExtensible) format.writeUInt16LE(1, 32);
  const head = Buffer.from('RIFF\0\0\0\0WAVE', 'latin1');
  const size = Buffer.alloc(4);
  size.writeUInt32LE(says ?? data.length);
  return Buffer.concat([head, chunksBefore ?? Buffer.alloc(0), format, Buffer.from('data'), size, data]);
}

/** A chunk to be read over. */
function padding(bytes: number): Buffer {
  const chunk = Buffer.alloc(8 + bytes);
  chunk.write('PAD ', 'latin1');
  chunk.writeUInt32LE(bytes, 4);
  return chunk;
}

/** A tone at any rate; the second channel, if any, is silent. */
function tone(hertz: number, rate: number, seconds: number, channels = 1): Buffer {
  const data = Buffer.alloc(Math.round(rate * seconds) * channels * 2);
  for (let at = 0; at < data.length / 2 / channels; at++) {
    data.writeInt16LE(Math.round(8_000 * Math.sin((2 * Math.PI * hertz * at) / rate)), at * channels * 2);
  }
  return data;
}

async function read(seek = 0): Promise<Int16Array> {
  const reader = await openWav(path);
  if (seek > 0) reader.seek(seek);
  const pieces: number[] = [];
  for (let piece = await reader.read(); piece !== undefined; piece = await reader.read()) pieces.push(...piece);
  await reader.close();
  return Int16Array.from(pieces);
}

describe('reading', () => {
  test.each([8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000])(
    'a tone at %i Hz stays the tone',
    async (rate) => {
      await writeFile(path, wav({ rate, data: tone(1_000, rate, 2) }));
      const samples = await read();
      expect(Math.abs(samples.length - 16_000)).toBeLessThanOrEqual(1);
      expect(purity(samples, 1_000)).toBeGreaterThan(0.995);
      expect(loudness(samples)).toBeCloseTo(8_000 / Math.SQRT2, -2);
    },
  );

  test.each([
    [16_000, 5_000],
    [22_050, 6_000],
    [48_000, 4_800],
    [48_000, 12_000],
  ])(
    'at %i Hz a tone of %i Hz, which a telephone cannot carry, is taken away and not folded down',
    async (rate, hertz) => {
      await writeFile(path, wav({ rate, data: tone(hertz, rate, 1) }));
      const samples = await read();
      // 50 dB down.
      expect(loudness(samples.subarray(200, -200))).toBeLessThan(8_000 / 300);
    },
  );

  test('telephone speech up to 3.4 kHz passes whole', async () => {
    await writeFile(path, wav({ rate: 48_000, data: tone(3_400, 48_000, 1) }));
    expect(loudness((await read()).subarray(200, -200))).toBeCloseTo(8_000 / Math.SQRT2, -3);
  });

  test('stereo is heard from both sides', async () => {
    await writeFile(path, wav({ channels: 2, rate: 16_000, data: tone(1_000, 16_000, 1, 2) }));
    const samples = await read();
    expect(purity(samples, 1_000)).toBeGreaterThan(0.99);
    expect(loudness(samples)).toBeCloseTo(4_000 / Math.SQRT2, -2);
  });

  test.each([
    ['µ-law', 7, PCMU],
    ['A-law', 6, PCMA],
  ] as const)('G.711 %s', async (_, tag, law) => {
    await writeFile(path, wav({ tag, bits: 8, data: encode(sine(1_000, 8_000), law) }));
    expect(purity(await read(), 1_000)).toBeGreaterThan(0.99);
  });

  test('an extensible header, other chunks of odd length before the audio', async () => {
    const list = Buffer.from('LIST\x05\0\0\0hello\0', 'latin1');
    await writeFile(path, wav({ tag: 0xfffe, chunksBefore: list, data: tone(1_000, 8_000, 1) }));
    expect(purity(await read(), 1_000)).toBeGreaterThan(0.99);
  });

  test.each([
    ['no length', 0],
    ['too long a length', 0xffff_ffff],
  ])('a header that says %s: what is there is heard', async (_, says) => {
    await writeFile(path, wav({ data: tone(1_000, 8_000, 1), says }));
    expect(await read()).toHaveLength(8_000);
  });

  test('chunks after the audio are not heard', async () => {
    await writeFile(path, Buffer.concat([wav({ data: tone(1_000, 8_000, 1) }), Buffer.from('LIST....noise')]));
    expect(await read()).toHaveLength(8_000);
  });

  test('from a place within', async () => {
    await writeFile(path, wav({ rate: 16_000, data: Buffer.concat([tone(500, 16_000, 1), tone(1_500, 16_000, 1)]) }));
    const samples = await read(8_000);
    expect(samples).toHaveLength(8_000);
    expect(purity(samples, 1_500)).toBeGreaterThan(0.99);
    expect(await read(99_999)).toHaveLength(0);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello, this is a letter')],
    ['three channels', wav({ channels: 3, data: Buffer.alloc(6) })],
    ['no channels', wav({ channels: 0, data: Buffer.alloc(6) })],
    ['8-bit PCM', wav({ bits: 8, data: Buffer.alloc(6) })],
    ['MP3 in WAV', wav({ tag: 0x55, data: Buffer.alloc(6) })],
    ['4 kHz', wav({ rate: 4_000, data: Buffer.alloc(6) })],
    ['96 kHz', wav({ rate: 96_000, data: Buffer.alloc(6) })],
    ['a rate of odd ratio', wav({ rate: 44_101, data: Buffer.alloc(6) })],
    ['audio before its format', Buffer.from('RIFF....WAVEdata\x04\0\0\0abcd', 'latin1')],
    ['audio that begins beyond 64 KiB', wav({ chunksBefore: padding(WAV_HEADER_BYTES_MAX), data: Buffer.alloc(6) })],
    ['a format cut off', Buffer.from('RIFF....WAVEfmt \x10\0\0\0ab', 'latin1')],
  ])('refuses %s', async (_, bytes) => {
    await writeFile(path, bytes);
    await expect(openWav(path)).rejects.toThrow(WavError);
  });

  test('headers of random bytes are refused or read, nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (random) => {
        const head = Buffer.concat([Buffer.from('RIFF....WAVEfmt ', 'latin1'), Buffer.from(random)]);
        try {
          const format = parseWavHeader(head, head.length);
          expect(format.dataStart + format.dataBytes).toBeLessThanOrEqual(head.length);
        } catch (error) {
          expect(error).toBeInstanceOf(WavError);
        }
      }),
    );
  });
});

test('a resampler fed in pieces gives what it gives at once', () => {
  const input = Int16Array.from({ length: 9_999 }, (_, at) => 5_000 * Math.sin(at / 7) + 3_000 * Math.sin(at / 31));
  const whole = createResampler(22_050);
  const expected = [...(whole?.push(input) ?? []), ...(whole?.flush() ?? [])];
  const pieces = createResampler(22_050);
  const got: number[] = [];
  for (let at = 0; at < input.length; at += 37) got.push(...(pieces?.push(input.subarray(at, at + 37)) ?? []));
  got.push(...(pieces?.flush() ?? []));
  expect(got).toEqual(expected);
  expect(got).toHaveLength(Math.ceil((9_999 * 8_000) / 22_050));
});

test.each([16_000, 24_000, 32_000, 48_000])('8 kHz becomes %i Hz and is the same when it comes back', (rate) => {
  const [up, down] = [createResampler(8_000, rate), createResampler(rate)];
  const samples = sine(1_000, 8_000);
  const raised: number[] = [];
  for (let at = 0; at < samples.length; at += 160) raised.push(...(up?.push(samples.subarray(at, at + 160)) ?? []));
  raised.push(...(up?.flush() ?? []));
  expect(Math.abs(raised.length - rate)).toBeLessThan(rate / 1_000);
  const back = [...(down?.push(Int16Array.from(raised)) ?? []), ...(down?.flush() ?? [])];
  for (let at = 200; at < 7_800; at++) expect(Math.abs((back[at] ?? 0) - (samples[at] ?? 0))).toBeLessThan(60);
});

test('information stands behind the audio, in the way of nobody who appends', async () => {
  const bytes = Buffer.from(sine(700, 400).buffer);
  const options = {
    channels: 1,
    append: true,
    information: { title: 'Año nuevo', comment: 'x'.repeat(2_000) },
  } as const;
  for (const times of [1, 2]) {
    const writer = await createWav(path, options);
    await writer.append(bytes);
    await writer.close();
    expect((await read()).length).toBe(400 * times);
    const file = await readFile(path);
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    const chunk = file.subarray(44 + bytes.length * times);
    expect(chunk.readUInt32LE(4)).toBe(chunk.length - 8);
    const words = ['LIST', 'INFO', 'INAM', 'Año nuevo\0', 'ICMT', `${'x'.repeat(INFORMATION_BYTES_MAX)}\0`];
    for (const word of words) expect(chunk.includes(word), word).toBe(true);
    expect(chunk.includes('x'.repeat(INFORMATION_BYTES_MAX + 1))).toBe(false);
  }
  const plain = await createWav(path, { channels: 1, append: true });
  await plain.close();
  expect((await readFile(path)).length).toBe(44 + 2 * bytes.length);
});

test('what is written is read back, and is whole after every append', async () => {
  const samples = sine(700, 4_000);
  const bytes = Buffer.from(samples.buffer);
  const writer = await createWav(path, { channels: 1 });
  expect(await readFile(path)).toEqual(wavHeader(1, 0));
  await writer.append(bytes.subarray(0, 3_000));
  expect(await read()).toEqual(samples.subarray(0, 1_500));
  await writer.append(bytes.subarray(3_000));
  await writer.close();
  expect(await read()).toEqual(samples);
});

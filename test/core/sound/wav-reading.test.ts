// WAV files of every kind that is taken, and of strangers who mean no good.
import { describe, expect, test } from 'vitest';
import { readWav, WrongSound } from '../../../src/core/sound/wav-reading.js';
import { writeWav } from '../../../src/core/sound/wav-writing.js';
import { seededRandom } from '../../../src/lib/ids.js';
import { share, sine } from './tones.js';

interface Kind {
  readonly kind: number;
  readonly bits: number;
  readonly write: (view: DataView, at: number, value: number) => void;
}

const KINDS: Readonly<Record<string, Kind>> = {
  'PCM 8': { kind: 1, bits: 8, write: (view, at, value) => view.setUint8(at, Math.round(value * 127) + 128) },
  'PCM 16': { kind: 1, bits: 16, write: (view, at, value) => view.setInt16(at, Math.round(value * 32_767), true) },
  'PCM 24': {
    kind: 1,
    bits: 24,
    write: (view, at, value) => {
      const whole = Math.round(value * 8_388_607);
      view.setUint8(at, whole & 0xff);
      view.setInt16(at + 1, whole >> 8, true);
    },
  },
  'PCM 32': {
    kind: 1,
    bits: 32,
    write: (view, at, value) => view.setInt32(at, Math.round(value * 2_147_483_647), true),
  },
  'float 32': { kind: 3, bits: 32, write: (view, at, value) => view.setFloat32(at, value, true) },
  'float 64': { kind: 3, bits: 64, write: (view, at, value) => view.setFloat64(at, value, true) },
};

interface Shape {
  readonly kind?: number;
  readonly bits?: number;
  readonly channels?: number;
  readonly rate?: number;
  readonly block?: number;
}

function wavOf(
  data: Uint8Array,
  { kind = 1, bits = 16, channels = 1, rate = 8_000, block }: Shape = {},
  said = data.length,
): Uint8Array {
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(kind, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(0, 28);
  head.writeUInt16LE(block ?? (channels * bits) / 8, 32);
  head.writeUInt16LE(bits, 34);
  head.write('data', 36);
  head.writeUInt32LE(said, 40);
  return Buffer.concat([head, data]);
}

describe('what is taken', () => {
  test.each(Object.keys(KINDS).flatMap((name) => [1, 2].map((channels) => [name, channels] as const)))(
    '%s with %i channels',
    (name, channels) => {
      const { kind, bits, write } = KINDS[name] as Kind;
      const { samples } = sine(440, 44_100, { seconds: 0.2 });
      const data = new Uint8Array((samples.length * channels * bits) / 8);
      const view = new DataView(data.buffer);
      samples.forEach((value, frame) => {
        for (let channel = 0; channel < channels; channel++)
          write(view, ((frame * channels + channel) * bits) / 8, value);
      });
      const sound = readWav(wavOf(data, { kind, bits, channels, rate: 44_100 }));
      expect(sound.rate).toBe(44_100);
      expect(sound.samples).toHaveLength(samples.length);
      expect(share(440, sound)).toBeGreaterThan(0.99);
      expect(sound.samples[25]).toBeCloseTo(samples[25] ?? 0, 1);
    },
  );

  /** ITU-T G.711: the loudest and the quietest codes. */
  test.each([
    [7, [0x80, 0x00, 0xff, 0x7f], [8_031 / 8_192, -8_031 / 8_192, 0, 0]],
    [6, [0xaa, 0x2a, 0xd5, 0x55], [4_032 / 4_096, -4_032 / 4_096, 1 / 4_096, -1 / 4_096]],
  ])('G.711 (%i)', (kind, codes, values) => {
    const { samples } = readWav(wavOf(Uint8Array.from(codes), { kind, bits: 8 }));
    for (const [at, value] of values.entries()) expect(samples[at]).toBeCloseTo(value, 6);
  });

  test('what was written, whatever parts stand before the sound', () => {
    const wav = Buffer.from(writeWav(sine(440, 16_000)));
    const list = Buffer.concat([Buffer.from('LIST'), Buffer.from([3, 0, 0, 0]), Buffer.from('abc\0')]);
    const more = Buffer.concat([wav.subarray(0, 36), list, wav.subarray(36)]);
    expect(readWav(more)).toEqual(readWav(wav));
  });

  test('a length that its writer did not know', () => {
    const data = new Uint8Array(80);
    for (const said of [0, 0x7fff_f000, 0xffff_ffff]) expect(readWav(wavOf(data, {}, said)).samples).toHaveLength(40);
  });
});

describe('what is refused, with the place and a remedy', () => {
  const data = new Uint8Array(16);
  test.each<[string, Uint8Array, RegExp]>([
    ['an MP3', Buffer.from('ID3\x04\0\0\0\0\0\0\0\0'), /an MP3, not a WAV/],
    ['an MP3 without a tag', Buffer.from([0xff, 0xfb, 0x90, 0x64, 0, 0, 0, 0]), /an MP3/],
    ['Ogg', Buffer.from('OggS\0\x02\0\0\0\0\0\0'), /an Ogg file/],
    ['M4A', Buffer.from('\0\0\0\x20ftypM4A \0\0'), /an MP4 or M4A file/],
    ['WebM', Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0, 0, 0, 0]), /a WebM file/],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), /no sound file/],
    ['nothing', new Uint8Array(0), /no sound file/],
    ['a head alone', wavOf(data).subarray(0, 12), /no sound in its 12 bytes/],
    [
      'sound before its format',
      Buffer.concat([wavOf(data).subarray(0, 12), Buffer.from('data\x02\0\0\0xx')]),
      /byte 12/,
    ],
    ['no channel', wavOf(data, { channels: 0 }), /0 channels \(byte 22\)/],
    ['64 channels', wavOf(data, { channels: 64 }), /64 channels/],
    ['a rate of 0', wavOf(data, { rate: 0 }), /0 samples a second \(byte 24\)/],
    ['an odd rate', wavOf(data, { rate: 44_099 }), /44099 samples/],
    ['4 bits', wavOf(data, { bits: 4 }), /encoding 1 with 4 bits/],
    ['ADPCM', wavOf(data, { kind: 2, bits: 4 }), /encoding 2/],
    ['frames of a wrong size', wavOf(data, { block: 1 }), /1 bytes a frame \(byte 32\), not 2/],
    [
      'a file that is cut off',
      wavOf(data, {}, 1_000),
      /cut off: 1000 bytes of sound are said at byte 44, 16 are there/,
    ],
    ['no number', wavOf(Buffer.from([0, 0, 0xc0, 0x7f]), { kind: 3, bits: 32 }), /byte 44 is no sample/],
    ['an absurd number', wavOf(Buffer.from([0, 0, 0x80, 0x7e]), { kind: 3, bits: 32 }), /no sample/],
    [
      'many parts',
      Buffer.concat([wavOf(data).subarray(0, 12), Buffer.from('junk\0\0\0\0'.repeat(300))]),
      /more than 200 parts/,
    ],
  ])('%s', (_what, file, message) => {
    const refused = (() => {
      try {
        return readWav(file);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(WrongSound);
    expect(refused).toMatchObject({ message: expect.stringMatching(message), remedy: expect.stringMatching(/./) });
  });

  test('what is too long is told before it is decoded', () => {
    const long = wavOf(new Uint8Array(8_000 * 2 * 3));
    expect(() => readWav(long, 2_000)).toThrow(/3\.0 s long/);
    expect(readWav(long, 3_000).samples).toHaveLength(24_000);
  });
});

test('whatever a file says, it is read or refused: nothing else ever happens', () => {
  const random = seededRandom(20_261_123);
  const whole = Buffer.from(writeWav(sine(440, 8_000, { seconds: 0.05 })));
  for (let round = 0; round < 3_000; round++) {
    const file = Buffer.from(whole.subarray(0, 12 + Math.floor(random.next() * (whole.length - 12))));
    const hits = 1 + Math.floor(random.next() * 6);
    for (let hit = 0; hit < hits; hit++)
      file[Math.floor(random.next() * Math.min(60, file.length))] = Math.floor(random.next() * 256);
    try {
      const { rate, samples } = readWav(file);
      expect(rate).toBeGreaterThan(0);
      expect(samples.every((sample) => Number.isFinite(sample))).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(WrongSound);
    }
  }
});

import { describe, expect, test } from 'vitest';
import {
  decode,
  decodingTable,
  encode,
  encodingTable,
  type G711,
  PCMA,
  PCMU,
  silenceByte,
  transcodingTable,
} from '../../../src/switch/rtp/g711.js';

// From the tables of ITU-T G.711, scaled to 16 bits.
test.each<[G711, number, number]>([
  [PCMU, 0x00, -32_124],
  [PCMU, 0x0f, -16_764],
  [PCMU, 0x10, -15_996],
  [PCMU, 0x7e, -8],
  [PCMU, 0x7f, 0],
  [PCMU, 0x80, 32_124],
  [PCMU, 0xff, 0],
  [PCMA, 0x00, -5_504],
  [PCMA, 0x2a, -32_256],
  [PCMA, 0x55, -8],
  [PCMA, 0x80, 5_504],
  [PCMA, 0xaa, 32_256],
  [PCMA, 0xd5, 8],
])('payload type %i: code word %i is the sample %i', (law, code, sample) => {
  expect(decodingTable(law)[code]).toBe(sample);
});

const names = { [PCMU]: 'µ-law', [PCMA]: 'A-law' } as const;

describe.each<G711>([PCMU, PCMA])('payload type %i', (law) => {
  test('every code word survives decoding and encoding', () => {
    for (let code = 0; code < 256; code++) {
      // µ-law has two zeros.
      const expected = law === PCMU && code === 0x7f ? 0xff : code;
      expect(encode(decode(Buffer.of(code), law), law)[0], names[law]).toBe(expected);
    }
  });

  test('every sample is decoded to within half a step: a thirty-second of its size', () => {
    const encoding = encodingTable(law);
    const decoding = decodingTable(law);
    for (let sample = -32_768; sample < 32_768; sample++) {
      const decoded = decoding[encoding[sample & 0xffff] ?? 0] ?? 0;
      // Both laws are linear near zero; the loudest step clips.
      const limit = (Math.abs(sample) + 256) / 32 + (Math.abs(sample) > 32_256 ? 512 : 0);
      if (Math.abs(decoded - sample) > limit) expect.fail(`${sample} became ${decoded}`);
    }
  });

  test('the code word of silence is the quietest sample', () => {
    expect(Math.abs(decode(Buffer.of(silenceByte(law)), law)[0] ?? 99)).toBeLessThanOrEqual(8);
    expect(encode(Int16Array.of(0), law)[0]).toBe(silenceByte(law));
  });

  test('a tone keeps 30 dB above the noise, also after the other law', () => {
    const tone = Int16Array.from({ length: 800 }, (_, at) => 8_000 * Math.sin((2 * Math.PI * 440 * at) / 8_000));
    const other: G711 = law === PCMU ? PCMA : PCMU;
    const codes = encode(tone, law);
    const crossed = Buffer.from(codes.map((code) => transcodingTable(law)[code] ?? 0));
    expect(signalToNoise(tone, decode(codes, law))).toBeGreaterThan(35);
    expect(signalToNoise(tone, decode(crossed, other))).toBeGreaterThan(30);
  });
});

function signalToNoise(clean: Int16Array, heard: Int16Array): number {
  let signal = 0;
  let noise = 0;
  for (let at = 0; at < clean.length; at++) {
    signal += (clean[at] ?? 0) ** 2;
    noise += ((clean[at] ?? 0) - (heard[at] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

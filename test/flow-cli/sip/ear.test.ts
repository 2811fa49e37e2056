// Recognising prompts by their sound: as they are played, quantised, louder, after something else; and nothing that only resembles them.
import { describe, expect, test } from 'vitest';
import { Ear, piecesOf } from '../../../src/flow-cli/sip/ear.js';
import { seededRandom } from '../../../src/lib/ids.js';
import { decodingTable, encodingTable, PCMU } from '../../../src/switch/rtp/g711.js';

const RATE = 8_000;
const [CODES, SAMPLES] = [encodingTable(PCMU), decodingTable(PCMU)];

/** Something like speech: low noise in syllables. */
function speech(seed: number, seconds: number): Float32Array {
  const random = seededRandom(seed);
  const pitch = 90 + 120 * random.next();
  let smooth = 0;
  return Float32Array.from({ length: seconds * RATE }, (_, at) => {
    smooth = 0.8 * smooth + 0.2 * (random.next() - 0.5);
    const syllable = Math.max(0, Math.sin((2 * Math.PI * 4 * at) / RATE + seed));
    return syllable * (0.25 * Math.sin((2 * Math.PI * pitch * at) / RATE) + smooth);
  });
}

const quantised = (sound: ArrayLike<number>): number[] =>
  Array.from(sound, (sample) => (SAMPLES[CODES[Math.round(sample * 32_767) & 0xffff] ?? 0] ?? 0) / 32_768);

/** Packet by packet. */
function hears(ear: Ear, sound: ArrayLike<number>): void {
  const all = Array.from(sound);
  for (let at = 0; at < all.length; at += 160) ear.hear(all.slice(at, at + 160));
}

/** Places of all pieces, each looked for after the one before. */
function places(ear: Ear, sound: Float32Array, from = 0): (number | undefined)[] {
  let after: number | undefined = from;
  return piecesOf(sound).map((piece) => {
    const place: number | undefined = after === undefined ? undefined : ear.find(piece, after);
    after = place === undefined ? undefined : place + piece.samples.length;
    return place;
  });
}

describe('a prompt', () => {
  const prompt = speech(1, 4);

  test.each([0, 1, 159, 160, 12_345])('is found after %s samples of something else', (before) => {
    const ear = new Ear();
    hears(ear, quantised(speech(2, 2).slice(0, before)));
    hears(ear, quantised(prompt));
    expect(places(ear, prompt)).toEqual(piecesOf(prompt).map(({ at }) => before + at));
  });

  test('is found while it is played, as soon as its first piece is there', () => {
    const ear = new Ear();
    const [first] = piecesOf(prompt);
    if (first === undefined) throw new Error('it has pieces');
    const whole = quantised(prompt);
    hears(ear, whole.slice(0, first.at + 1_000));
    expect(ear.find(first, 0)).toBeUndefined();
    hears(ear, whole.slice(first.at + 1_000));
    expect(ear.find(first, 0)).toBe(first.at);
  });

  test('is found half as loud', () => {
    const ear = new Ear();
    hears(ear, quantised(prompt.map((sample) => sample / 2)));
    expect(places(ear, prompt)).not.toContain(undefined);
  });

  test('is found a second time only after the first', () => {
    const ear = new Ear();
    hears(ear, quantised(prompt));
    expect(places(ear, prompt, prompt.length)).toContain(undefined);
    hears(ear, quantised(prompt));
    expect(places(ear, prompt, prompt.length)).not.toContain(undefined);
  });

  test.each([
    ['another one', speech(3, 4)],
    ['one that ends otherwise', Float32Array.from([...prompt.slice(0, 2 * RATE), ...speech(4, 2)])],
    ['one that is cut off', prompt.slice(0, 2 * RATE)],
    ['silence', new Float32Array(4 * RATE)],
    ['a tone', Float32Array.from({ length: 4 * RATE }, (_, at) => 0.4 * Math.sin((2 * Math.PI * 440 * at) / RATE))],
  ])('is not taken for %s', (_, other) => {
    const ear = new Ear();
    hears(ear, quantised(other));
    expect(places(ear, prompt)).toContain(undefined);
  });
});

test('there is nothing to recognise silence by; a short sound is one piece', () => {
  expect(piecesOf(new Float32Array(RATE))).toEqual([]);
  expect(piecesOf(speech(1, 0.2))).toHaveLength(1);
});

test('what is beyond ten minutes is not kept', () => {
  const ear = new Ear();
  const minute = Array.from({ length: 60 * RATE }, () => 0);
  for (let minutes = 0; minutes < 11; minutes += 1) ear.hear(minute);
  expect(ear.length).toBe(600 * RATE);
});

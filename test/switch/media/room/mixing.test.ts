import { describe, expect, test } from 'vitest';
import { addFrame, encodeMix, energyOf, levelOf, saturate } from '../../../../src/switch/media/room/mixing.js';
import { decode, encodingTable, PCMA } from '../../../../src/switch/rtp/g711.js';

const frame = (...samples: number[]): Int16Array => Int16Array.from(samples);

describe('mixing', () => {
  test('each hears the sum without himself', () => {
    const [a, b, c] = [frame(1_000, -500), frame(200, 300), frame(-4_000, 8)];
    const sum = new Int32Array(2);
    for (const said of [a, b, c]) addFrame(sum, said);
    const codes = Buffer.alloc(3);
    encodeMix(sum, b, 1, encodingTable(PCMA), codes, 1);
    const [first = 0, second = 0] = decode(codes.subarray(1), PCMA);
    expect(Math.abs(first - -3_000)).toBeLessThan(70);
    expect(Math.abs(second - -492)).toBeLessThan(20);
  });

  test('what is too loud is cut off, not turned over', () => {
    const sum = Int32Array.of(70_000, -70_000, 32_767, -32_768);
    const out = new Int16Array(4);
    saturate(sum, out);
    expect([...out]).toEqual([32_767, -32_768, 32_767, -32_768]);
  });

  test('a member who is taken out of a sum that is too loud leaves the others as they are', () => {
    const sum = new Int32Array(1);
    addFrame(sum, frame(30_000));
    addFrame(sum, frame(20_000));
    const codes = Buffer.alloc(1);
    encodeMix(sum, frame(30_000), 1, encodingTable(PCMA), codes, 0);
    expect(Math.abs((decode(codes, PCMA)[0] ?? 0) - 20_000)).toBeLessThan(600);
  });

  test.each([
    [0, 1],
    [1, 1.3],
    [4, 4.3],
    [9, 4.3],
    [-1, 0.8],
    [-4, 0.2],
    [-7, 0.2],
  ])('volume %i is a factor of %f', (volume, factor) => {
    expect(levelOf(volume)).toBe(factor);
  });

  test('energy is the mean absolute sample', () => {
    expect(energyOf(frame(100, -300, 0, 400))).toBe(200);
  });
});

import { describe, expect, test } from 'vitest';
import { Reception } from '../../../src/switch/rtp/reception.js';

function receive(sequences: readonly number[], ssrc = 1, reception = new Reception()): Reception {
  for (const sequence of sequences) reception.count(ssrc, sequence, 160);
  return reception;
}

const upTo = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => (first + at) & 0xffff);

describe('loss and order', () => {
  test.each([
    ['all in order', upTo(10, 109), { lost: 0, expected: 100, outOfOrder: 0, duplicates: 0 }],
    ['three missing', [...upTo(10, 50), ...upTo(54, 109)], { lost: 3, expected: 100 }],
    ['across the wrap', upTo(65_500, 65_600), { lost: 0, expected: 101, highestSequence: 65_600 }],
    ['two swapped', [1, 2, 4, 3, 5], { lost: 0, outOfOrder: 1, duplicates: 0, expected: 5 }],
    ['one twice', [1, 2, 2, 3], { lost: 0, duplicates: 1, expected: 3 }],
    ['one late and twice', [1, 2, 4, 3, 3, 5], { lost: 0, outOfOrder: 1, duplicates: 1, expected: 5 }],
    ['a jump far ahead is a new start', [1, 2, 3, 30_000, 30_001], { lost: 0, expected: 5 }],
  ])('%s', (_, sequences, expected) => {
    const reception = receive(sequences);
    expect(reception.packets).toBe(sequences.length);
    expect(reception.bytes).toBe(sequences.length * 160);
    expect(reception).toMatchObject(expected);
  });

  test('gaps are counted once however long they are', () => {
    expect(receive([1, 2, 5, 6, 20, 21, 22, 24])).toMatchObject({ lost: 2 + 13 + 1, gaps: 3 });
  });

  test('another SSRC is a new run; what was lost before is kept', () => {
    const reception = receive([1, 2, 5]);
    expect(reception.count(2, 40_000, 160)).toBe('restart');
    receive([40_001, 40_003], 2, reception);
    expect(reception).toMatchObject({ lost: 3, expected: 9 });
  });
});

describe('jitter (RFC 3550 A.8)', () => {
  test('even packets have none', () => {
    const reception = new Reception();
    for (let packet = 0; packet < 100; packet++) reception.measure(5_000 + packet * 160, packet * 160);
    expect(reception.jitter).toBe(0);
  });

  test('packets 5 ms early and late in turn approach 10 ms', () => {
    const reception = new Reception();
    for (let packet = 0; packet < 400; packet++) reception.measure(packet * 160, packet * 160 + (packet % 2) * 80);
    expect(reception.jitter).toBeCloseTo(80, 0);
  });

  test('timestamps that wrap are no jitter', () => {
    const reception = new Reception();
    for (let packet = 0; packet < 10; packet++) reception.measure((0xffff_ff00 + packet * 160) >>> 0, packet * 160);
    expect(reception.jitter).toBe(0);
  });

  test('the range is told once the estimate has settled, and the mean interval', () => {
    const reception = new Reception();
    expect([reception.jitterRange, reception.meanInterval]).toEqual([{ min: 0, max: 0 }, 0]);
    for (let packet = 0; packet < 200; packet++) reception.measure(packet * 160, packet * 160 + (packet % 2) * 80);
    for (let packet = 200; packet < 400; packet++) reception.measure(packet * 160, packet * 160);
    expect(reception.jitterRange.max).toBeCloseTo(80, 0);
    expect(reception.jitterRange.min).toBeLessThan(1);
    expect(reception.meanInterval).toBe(160);
  });
});

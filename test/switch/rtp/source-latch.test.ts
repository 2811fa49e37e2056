import { describe, expect, test } from 'vitest';
import { LATCH_PACKETS, SourceLatch } from '../../../src/switch/rtp/source-latch.js';

const announced = { address: '10.0.0.1', port: 4_000 };
const nat = '203.0.113.9';

describe('who may send', () => {
  test('the announced source at once, and nobody else afterwards', () => {
    const latch = new SourceLatch(announced, true);
    expect(latch.accepts('10.0.0.1', 4_000, 1)).toBe(true);
    for (let sequence = 0; sequence < 50; sequence++) expect(latch.accepts(nat, 999, sequence)).toBe(false);
    expect(latch.target).toEqual(announced);
  });

  test('another source with its tenth packet in sequence; then the announced one is foreign', () => {
    const latch = new SourceLatch(announced, true);
    for (let sequence = 1; sequence < LATCH_PACKETS; sequence++) {
      expect(latch.accepts(nat, 999, sequence)).toBe(false);
      expect(latch.target).toEqual(announced);
    }
    expect(latch.accepts(nat, 999, LATCH_PACKETS)).toBe(true);
    expect(latch.target).toEqual({ address: nat, port: 999 });
    expect(latch.accepts('10.0.0.1', 4_000, 1)).toBe(false);
  });

  test('the announced source wins over an intruder on its way', () => {
    const latch = new SourceLatch(announced, true);
    for (let sequence = 1; sequence < LATCH_PACKETS; sequence++) latch.accepts(nat, 999, sequence);
    expect(latch.accepts('10.0.0.1', 4_000, 7)).toBe(true);
    expect(latch.accepts(nat, 999, LATCH_PACKETS)).toBe(false);
  });

  test('random sequence numbers never earn trust', () => {
    const latch = new SourceLatch(announced, true);
    for (let turn = 0; turn < 1_000; turn++) expect(latch.accepts(nat, 999, (turn * 7_919) & 0xffff)).toBe(false);
  });

  test('lost packets, a wrap and packets of an intruder between do not matter', () => {
    const latch = new SourceLatch(announced, true);
    let sequence = 0xfff9;
    for (let packet = 1; packet < LATCH_PACKETS; packet++) {
      latch.accepts('198.51.100.1', 5, packet * 100);
      expect(latch.accepts(nat, 999, sequence & 0xffff)).toBe(false);
      sequence += 2;
    }
    expect(latch.accepts(nat, 999, sequence & 0xffff)).toBe(true);
  });

  test('many sources at once do not fill memory', () => {
    const latch = new SourceLatch(announced, true);
    for (let port = 1; port < 5_000; port++) latch.accepts(nat, port, port);
    expect(latch.accepts('10.0.0.1', 4_000, 1)).toBe(true);
  });

  test('without learning only the announced source is heard', () => {
    const latch = new SourceLatch(announced, false);
    for (let sequence = 1; sequence < 50; sequence++) expect(latch.accepts(nat, 999, sequence)).toBe(false);
    expect(latch.accepts('10.0.0.1', 4_000, 1)).toBe(true);
  });
});

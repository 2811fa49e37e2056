import { expect, test } from 'vitest';
import { PortPool } from '../../../src/switch/rtp/port-pool.js';

function takeAll(pool: PortPool): number[] {
  const ports: number[] = [];
  for (let port = pool.take(); port !== undefined; port = pool.take()) ports.push(port);
  return ports;
}

test.each([
  [20_000, 20_005, [20_000, 20_002, 20_004]],
  [20_001, 20_005, [20_002, 20_004]],
  [20_000, 20_004, [20_000, 20_002]],
  [20_000, 20_000, []],
  [20_002, 20_000, []],
])('from %i to %i: even ports whose neighbour is in the range', (first, last, ports) => {
  expect(takeAll(new PortPool(first, last))).toEqual(ports);
});

test.each([
  [0, [20_000, 20_002, 20_004]],
  [1, [20_002, 20_004, 20_000]],
  [4_294_967_294, [20_004, 20_000, 20_002]],
])('starting with number %i, in circles', (start, ports) => {
  expect(takeAll(new PortPool(20_000, 20_005, start))).toEqual(ports);
});

test('a freed port rests until all others have been used', () => {
  const pool = new PortPool(20_000, 20_005);
  expect(pool.take()).toBe(20_000);
  pool.give(20_000);
  expect(takeAll(pool)).toEqual([20_002, 20_004, 20_000]);
});

test('taking and giving for ever does not grow the pool', () => {
  const pool = new PortPool(20_000, 29_999);
  for (let turn = 0; turn < 20_000; turn++) pool.give(pool.take() ?? 0);
  expect(pool.size).toBe(5_000);
  expect(new Set(takeAll(pool)).size).toBe(5_000);
});

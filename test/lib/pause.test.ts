import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { FakeClock } from '../../src/lib/clock.js';
import { pause } from '../../src/lib/pause.js';

async function isOver(waiting: Promise<void>): Promise<boolean> {
  return Promise.race([waiting.then(() => true), new Promise<false>((resolve) => setImmediate(() => resolve(false)))]);
}

test('is over when its time has come, and leaves nothing behind', async () => {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const waiting = pause(clock, 200, [signal]);
  clock.advance(199);
  expect(await isOver(waiting)).toBe(false);
  clock.advance(1);
  expect(await isOver(waiting)).toBe(true);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('is cut short by any of its signals, also one that was given before', async () => {
  const clock = new FakeClock();
  const [one, other] = [new AbortController(), new AbortController()];
  const waiting = pause(clock, Number.POSITIVE_INFINITY, [one.signal, other.signal]);
  expect(await isOver(waiting)).toBe(false);
  other.abort();
  expect(await isOver(waiting)).toBe(true);
  expect(await isOver(pause(clock, 200, [one.signal, other.signal]))).toBe(true);
  expect([clock.pending, getEventListeners(one.signal, 'abort')]).toEqual([0, []]);
});

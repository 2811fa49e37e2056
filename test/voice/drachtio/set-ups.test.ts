// Places on the media server: new calls are refused early, calls in progress wait for their turn.
import { expect, test } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { SetUps, TURN_LIMIT_MS, WAITING_MAX } from '../../../src/voice/drachtio/set-ups.js';

const OVERLOADED = { code: 'telephony-unavailable', detail: 'the media server is overloaded' };

function noted(promise: Promise<void>, name: string, into: string[]): void {
  promise.then(
    () => into.push(name),
    () => into.push(`${name} refused`),
  );
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('new calls up to the bound, calls in progress up to twice of it', async () => {
  const places = new SetUps(2, new FakeClock());
  await places.take();
  await places.take();
  expect(places.accepting).toBe(false);
  await expect(places.take()).rejects.toMatchObject(OVERLOADED);
  await places.turn();
  await places.turn();
  expect(places.taken).toBe(4);
});

test('whoever waits gets the next place, in order, before any new call', async () => {
  const clock = new FakeClock();
  const places = new SetUps(1, clock);
  await places.turn();
  await places.turn();
  const told: string[] = [];
  noted(places.turn(), 'first', told);
  noted(places.turn(), 'second', told);
  places.release();
  await settled();
  expect(told).toEqual(['first']);
  expect(places.accepting).toBe(false);
  places.release();
  await settled();
  expect(told).toEqual(['first', 'second']);
  places.release();
  places.release();
  expect([places.taken, places.accepting, clock.pending]).toEqual([0, true, 0]);
});

test('nobody waits longer than the limit, and no more than fit', async () => {
  const clock = new FakeClock();
  const places = new SetUps(1, clock);
  await places.turn();
  await places.turn();
  const told: string[] = [];
  for (let index = 0; index < WAITING_MAX; index += 1) noted(places.turn(), 'waiting', told);
  await expect(places.turn()).rejects.toMatchObject(OVERLOADED);
  clock.advance(TURN_LIMIT_MS - 1);
  await settled();
  expect(told).toEqual([]);
  clock.advance(1);
  await settled();
  expect(new Set(told)).toEqual(new Set(['waiting refused']));
  expect(clock.pending).toBe(0);
  places.release();
  places.release();
  expect(places.taken).toBe(0);
});

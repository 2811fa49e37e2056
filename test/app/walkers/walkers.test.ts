// Where callers stand in flows: on this node at once, on others within a second, and never for longer than they are there.
import { beforeEach, expect, test } from 'vitest';
import { TELL_EVERY_MS, Walkers } from '../../../src/app/walkers/walkers.js';
import type { Session } from '../../../src/core/ivr/session.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { KeptLog } from '../../support/fakes/doors.js';
import { FakeWalkers } from '../../support/fakes/walkers.js';

let clock: FakeClock;
let store: FakeWalkers;
let log: KeptLog;
beforeEach(() => {
  clock = new FakeClock();
  store = new FakeWalkers();
  log = new KeptLog();
});

/** Second by second: what is told takes a turn of its own. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= TELL_EVERY_MS / 2) {
    clock.advance(Math.min(left, TELL_EVERY_MS / 2));
    await new Promise(setImmediate);
  }
}

const node = (name: string): Walkers => {
  const walkers = new Walkers({ store, node: name, clock, log });
  walkers.start();
  return walkers;
};
const at = (...places: readonly string[]) =>
  ({
    frames: places.map((place) => {
      const [flow = '', step = ''] = place.split('/');
      return { flow, step, variables: {}, secrets: {} };
    }),
  }) as Partial<Session> as Session;
const seen = (walkers: Walkers) =>
  Object.fromEntries([...walkers.all()].map(([key, { steps }]) => [key, Object.fromEntries(steps)]));
const one = { callers: 1, talking: 0 };
const quiet = () => false;
const revision = () => 'r1';

test('callers stand at their step, in the text they began with, until they leave', () => {
  const walkers = node('n1');
  const old = walkers.began(() => 'r0', quiet);
  const walk = walkers.began(revision, quiet);
  old.at(at('main/menu'));
  walk.at(at('main/menu'));
  expect(seen(walkers)).toEqual({ 'main r0': { menu: one }, 'main r1': { menu: one } });
  walk.at(at('main/account', 'pin/ask'));
  expect(seen(walkers)).toEqual({ 'main r0': { menu: one }, 'main r1': { account: one }, 'pin r1': { ask: one } });
  walk.over();
  old.over();
  expect(seen(walkers)).toEqual({});
});

test('who talks with a person is counted at the step that led there', () => {
  const walkers = node('n1');
  let phase = 'queue';
  walkers.began(revision, () => phase === 'talking').at(at('main/support'));
  walkers.began(revision, quiet).at(at('main/support'));
  expect(seen(walkers)).toEqual({ 'main r1': { support: { callers: 2, talking: 0 } } });
  phase = 'talking';
  expect(seen(walkers)).toEqual({ 'main r1': { support: { callers: 2, talking: 1 } } });
});

test('callers of another node are added while somebody looks, and many steps are one change', async () => {
  const [here, there] = [node('n1'), node('n2')];
  let changes = 0;
  const stop = here.onChange(() => {
    changes += 1;
  });
  here.began(revision, quiet).at(at('main/menu'));
  const walk = there.began(revision, quiet);
  for (const step of ['welcome', 'greeting', 'menu']) walk.at(at(`main/${step}`));
  await pass(TELL_EVERY_MS * 2.5);
  expect(seen(here)).toEqual({ 'main r1': { menu: { callers: 2, talking: 0 } } });
  expect(changes).toBeLessThanOrEqual(4);
  stop();
  await pass(TELL_EVERY_MS * 2);
  expect(seen(here)).toEqual({ 'main r1': { menu: one } });
});

test('nothing is told while nothing changes, but in time for it to stay known', async () => {
  const walkers = node('n1');
  await pass(TELL_EVERY_MS * 5);
  expect(store.puts).toBe(0);
  walkers.began(revision, quiet).at(at('main/menu'));
  await pass(TELL_EVERY_MS * 3);
  expect(store.puts).toBe(1);
  await pass(TELL_EVERY_MS * 4);
  expect(store.puts).toBe(2);
});

test('a store that is away leaves this node’s callers, is told of once in the log, and comes back', async () => {
  const walkers = node('n1');
  walkers.onChange(() => undefined);
  store.told.set('n2', { 'main r1': { menu: one } });
  store.state = 'away';
  walkers.began(revision, quiet).at(at('main/menu'));
  await pass(TELL_EVERY_MS * 4);
  expect(seen(walkers)).toEqual({ 'main r1': { menu: one } });
  expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  store.state = 'there';
  await pass(TELL_EVERY_MS * 2);
  expect(seen(walkers)).toEqual({ 'main r1': { menu: { callers: 2, talking: 0 } } });
});

test('closed, nothing goes on', async () => {
  const walkers = node('n1');
  walkers.began(revision, quiet).at(at('main/menu'));
  walkers.close();
  await pass(TELL_EVERY_MS * 3);
  expect(store.puts).toBe(0);
});

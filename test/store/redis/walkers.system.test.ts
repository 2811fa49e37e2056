// What nodes tell each other of the callers in their flows, through a real Redis: of nodes that live, as long as they tell it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import type { LocalServer } from '../../../src/local/redis.js';
import { openLiveStore, type RedisLiveStore } from '../../../src/store/redis/live-store.js';
import { eventually, startRedisOnly } from '../../support/servers.js';

const ALIVE_MS = 60_000;
const TOLD = { 'main r1': { menu: { callers: 2, talking: 1 } } };

let server: LocalServer;
let store: RedisLiveStore;
beforeAll(async () => {
  server = await startRedisOnly();
  store = await openLiveStore({ url: server.url, clock: systemClock, log: silentLog, prefix: systemIds.uuid() });
});
afterAll(async () => {
  store?.close();
  await server?.close();
});

test('a node knows of the others that are alive, and not of itself', async () => {
  await store.beat('n1', ALIVE_MS);
  await store.beat('n2', ALIVE_MS);
  expect(await store.walkers.others('n1')).toEqual([]);
  await store.walkers.put('n1', TOLD, ALIVE_MS);
  await store.walkers.put('n2', TOLD, ALIVE_MS);
  await store.walkers.put('dead', TOLD, ALIVE_MS);
  expect(await store.walkers.others('n1')).toEqual([TOLD]);
});

test('what is not told again is forgotten', async () => {
  await store.beat('n3', ALIVE_MS);
  await store.walkers.put('n3', { 'main r1': { sales: { callers: 1, talking: 0 } } }, 50);
  await eventually('it is forgotten', async () => !JSON.stringify(await store.walkers.others('n1')).includes('sales'));
});

// The real stores do what the fakes do: the cases on which the stories of the application stand.
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe } from 'vitest';
import { systemClock } from '../../src/lib/clock.js';
import { systemIds } from '../../src/lib/ids.js';
import { silentLog } from '../../src/lib/log.js';
import type { PostgresStore } from '../../src/store/postgres/store.js';
import { openLiveStore, type RedisLiveStore } from '../../src/store/redis/live-store.js';
import { liveStoreCases } from '../support/cases/live-store.js';
import { recordStoreCases } from '../support/cases/record-store.js';
import { openStore } from '../support/postgres-store.js';
import { eventually, type Stores, startStores } from '../support/servers.js';

const shared = { clock: systemClock, ids: systemIds, log: silentLog };
const opened: RedisLiveStore[] = [];
let stores: Stores;
let postgres: PostgresStore;
let direct: Redis;

beforeAll(async () => {
  stores = await startStores();
  postgres = await openStore(stores.postgres.url);
  direct = new Redis(stores.redis.url);
});

afterAll(async () => {
  for (const store of opened) store.close();
  direct?.disconnect();
  await postgres?.close();
  await stores?.close();
});

describe('Redis', () => {
  liveStoreCases(async () => {
    await direct.flushall();
    const prefix = `{${systemIds.uuid()}}`;
    return {
      async connect() {
        const store = await openLiveStore({ ...shared, url: stores.redis.url, prefix });
        opened.push(store);
        return store;
      },
      flush: async () => void (await direct.flushall()),
      pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      arrives: (condition) => eventually('what was told arrives', condition),
    };
  });
});

describe('PostgreSQL', () => {
  recordStoreCases(() => postgres.records);
});

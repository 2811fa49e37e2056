// The chat in a real PostgreSQL.
import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { openPostgres, type PostgresStore } from '../../../src/store/postgres/store.js';
import { chatStoreCases } from '../../support/cases/chat-store.js';
import { type Stores, startStores } from '../../support/servers.js';

let stores: Stores;
let store: PostgresStore;
beforeAll(async () => {
  stores = await startStores();
  store = await openPostgres({ url: stores.postgres.url, clock: systemClock, ids: systemIds, log: silentLog });
});
afterAll(async () => {
  await store?.close();
  await stores?.close();
});

chatStoreCases(() => store.chat);

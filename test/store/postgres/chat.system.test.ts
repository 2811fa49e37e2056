// The chat in a real PostgreSQL.
import { afterAll, beforeAll } from 'vitest';
import type { PostgresStore } from '../../../src/store/postgres/store.js';
import { chatStoreCases } from '../../support/cases/chat-store.js';
import { openStore } from '../../support/postgres-store.js';
import { type Stores, startStores } from '../../support/servers.js';

let stores: Stores;
let store: PostgresStore;
beforeAll(async () => {
  stores = await startStores();
  store = await openStore(stores.postgres.url);
});
afterAll(async () => {
  await store?.close();
  await stores?.close();
});

chatStoreCases(() => store.chat);

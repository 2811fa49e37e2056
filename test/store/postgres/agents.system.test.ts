// Agents in a real PostgreSQL: the log of their presence keeps each row once, and what was decided about them stays.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PresenceChange } from '../../../src/core/acd/agent-times.js';
import type { PostgresStore } from '../../../src/store/postgres/store.js';
import { openStore } from '../../support/postgres-store.js';
import { type Stores, startStores } from '../../support/servers.js';

const AT_MS = Date.UTC(2026, 0, 5, 9, 0, 0, 123);

let stores: Stores;
let store: PostgresStore;

const open = (): Promise<PostgresStore> => openStore(stores.postgres.url);

beforeAll(async () => {
  stores = await startStores();
  store = await open();
});

afterAll(async () => {
  await store?.close();
  await stores?.close();
});

it('a change told by several nodes is kept once, and comes back in order with the one before', async () => {
  const change = (atMs: number, version: number, state: PresenceChange['state'], reason?: string): PresenceChange => ({
    ...{ agent: 'ana', atMs: AT_MS + atMs, version, state },
    ...(reason === undefined ? {} : { reason }),
  });
  const day = [
    change(0, 1, 'offline'),
    change(1_000, 2, 'available'),
    change(2_000, 3, 'ringing'),
    change(2_000, 4, 'available'),
    change(3_000, 5, 'break', 'lunch'),
  ];
  await store.agents.keepPresence([]);
  await store.agents.keepPresence(day.toReversed());
  await store.agents.keepPresence(day);
  await store.agents.keepPresence([{ ...change(2_500, 1, 'busy'), agent: 'bruno' }]);
  expect(await store.agents.presence(['ana'], AT_MS, AT_MS + 10_000)).toEqual(day);
  expect(await store.agents.presence(['ana'], AT_MS + 2_500, AT_MS + 3_000)).toEqual([day[3]]);
  expect(await store.agents.presence(['ana'], AT_MS + 2_500, AT_MS + 3_001)).toEqual([day[3], day[4]]);
  expect(await store.agents.presence(['nobody'], AT_MS, AT_MS + 10_000)).toEqual([]);
});

it('skills given outlive a restart, and who gave them is told, newest first', async () => {
  const decided = { agent: 'ana', atMs: AT_MS, by: 'sofia', skills: { support: 5, sales: 1 } };
  const taken = { agent: 'bruno', atMs: AT_MS + 1, by: 'sofia', skills: { sales: 2 } };
  const back = { agent: 'bruno', atMs: AT_MS + 2, by: 'petra', skills: undefined };
  for (const decision of [decided, { ...decided, skills: { support: 4 } }, decided, taken, back]) {
    await store.agents.setSkills(decision);
  }
  await store.close();
  store = await open();
  expect(await store.agents.skills()).toEqual(new Map([['ana', { support: 5, sales: 1 }]]));
  expect(await store.agents.decisions(['bruno'], 10)).toEqual([back, taken]);
  expect(await store.agents.decisions(['ana'], 1)).toEqual([decided]);
});

it('what is too old is forgotten a batch at a time, except what an agent was doing when the rest begins', async () => {
  const rows = [1, 2, 3, 4, 5].map((second): PresenceChange => {
    return {
      agent: 'old',
      atMs: AT_MS + second * 1_000,
      version: second,
      state: second % 2 === 0 ? 'break' : 'available',
    };
  });
  await store.agents.keepPresence([...rows, { agent: 'still', atMs: AT_MS, version: 1, state: 'offline' }]);
  const before = AT_MS + 4_500;
  // Rows of the tests before are old by then, too.
  const times: number[] = [];
  for (let forgotten = 2; forgotten === 2; ) {
    forgotten = await store.agents.forgetPresence(before, 2);
    times.push(forgotten);
  }
  expect(times.length).toBeGreaterThan(1);
  expect(await store.agents.presence(['old'], AT_MS, AT_MS + 10_000)).toEqual(rows.slice(3));
  expect(await store.agents.presence(['still'], AT_MS, AT_MS + 10_000)).toHaveLength(1);
});

// The API on a real PostgreSQL: first users, sessions, and finding what was recorded.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedUsers } from '../../src/api/account/seed-users.js';
import { fold } from '../../src/core/interaction/interaction.js';
import { REFERENCE_BYTES, referenceFrom } from '../../src/core/interaction/reference.js';
import { summaryOf } from '../../src/core/interaction/summary.js';
import { systemClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import type { PostgresStore } from '../../src/store/postgres/store.js';
import { type ApiScene, openApiScene, PASSWORD, PEOPLE } from '../support/api-scene.js';
import { openStore } from '../support/postgres-store.js';
import { arrived, ended, opened, record } from '../support/record.js';
import { type Stores, startStores } from '../support/servers.js';

const NUMBER = '+34600123456';
const REFERENCE = referenceFrom(new Uint8Array(REFERENCE_BYTES).fill(9));

let stores: Stores;
let store: PostgresStore;
let scene: ApiScene;

beforeAll(async () => {
  stores = await startStores();
  store = await openStore(stores.postgres.url);
  const names = ['admin', ...PEOPLE.map(({ name }) => name)];
  const users = Object.fromEntries(names.map((name) => [name, PASSWORD]));
  await seedUsers({ store: store.users, clock: systemClock, log: silentLog }, { users, nonceKey: 'key' }, PEOPLE);
  scene = await openApiScene({
    change: (options) => ({ ...options, users: store.users, records: store.records, clock: systemClock }),
  });
});

afterAll(async () => {
  await scene?.close();
  await store?.close();
  await stores?.close();
});

async function tell(id: string, reference: string, number: string): Promise<string> {
  const address = { channel: 'voice' as const, value: number };
  const found = await store.records.contactByAddress(address);
  const contact = found.contact.id;
  const first = { type: 'interaction-opened' as const, data: { reference, contact, address } };
  const events = record(
    [
      [0, first],
      [1, arrived()],
      [9, ended('abandoned')],
    ],
    id,
  );
  await store.records.append({ interaction: id, expectedVersion: 0, events, summary: summaryOf(fold(events)) });
  return contact;
}

test('people sign in, are known by their token, and sign out', async () => {
  expect((await scene.ask('GET', '/api/me', { as: 'sofia' })).json()).toEqual({ name: 'sofia', role: 'supervisor' });
  expect((await scene.ask('POST', '/api/sign-out', { as: 'sofia' })).statusCode).toBe(204);
  expect((await scene.ask('GET', '/api/me', { as: 'sofia' })).statusCode).toBe(401);
  const wrong = await scene.ask('POST', '/api/sign-in', { body: { user: "ana' or '1'='1", password: PASSWORD } });
  expect(wrong.statusCode).toBe(401);
});

describe('an interaction', () => {
  let contact: string;
  beforeAll(async () => {
    contact = await tell('i1', REFERENCE, NUMBER);
    await tell('i2', 'H-2222-2222', '+34600999999');
  });
  const found = async (query: string): Promise<string[]> => {
    const response = await scene.ask('GET', `/api/interactions?${query}`, { as: 'admin' });
    expect(response.statusCode).toBe(200);
    return response.json().interactions.map(({ id }: { id: string }) => id);
  };

  test('is found by the number of the customer and by the id of the contact, and is not taken for others', async () => {
    expect(await found(`contact=${encodeURIComponent(NUMBER)}`)).toEqual(['i1']);
    expect(await found(`contact=${contact}`)).toEqual(['i1']);
    expect(await found('contact=%2B34600555555')).toEqual([]);
    expect((await found('')).sort()).toEqual(['i1', 'i2']);
  });

  test('is read by id and by reference alike', async () => {
    const byId = (await scene.ask('GET', '/api/interactions/i1', { as: 'ana' })).json();
    const byReference = (await scene.ask('GET', `/api/interactions/${REFERENCE}`, { as: 'ana' })).json();
    expect(byReference).toEqual(byId);
    expect(byId).toMatchObject({ id: 'i1', reference: REFERENCE, contact, segments: [{ result: 'abandoned' }] });
    expect(byId.events).toHaveLength(3);
    expect(byId.events[0].data).toEqual({ ...opened.data, reference: REFERENCE, contact });
  });

  test('a mark of somebody else leads nowhere', async () => {
    const response = await scene.ask('GET', '/api/interactions?after=bm90LW91cnM', { as: 'admin' });
    expect(response.statusCode).toBe(400);
    expect(response.json().code).toBe('invalid-input');
  });
});

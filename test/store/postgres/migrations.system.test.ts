// Databases of earlier versions are brought up to date, whatever the steps were called when they were applied.
import { type Kysely, Migrator, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemIds } from '../../../src/lib/ids.js';
import { MIGRATIONS } from '../../../src/store/postgres/migrations.js';
import { ownDatabase } from '../../support/own-database.js';
import { openStore } from '../../support/postgres-store.js';
import { type Stores, startStores } from '../../support/servers.js';

type Db = Kysely<unknown>;

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

/** A database of its own, with a connection to it. */
async function emptyDatabase(): Promise<{ url: string; db: Db }> {
  const name = `hilo_${systemIds.uuid().replaceAll('-', '')}`;
  const server = ownDatabase(stores.postgres.url);
  await sql`create database ${sql.id(name)}`.execute(server);
  await server.destroy();
  const url = new URL(stores.postgres.url);
  url.pathname = `/${name}`;
  return { url: url.href, db: ownDatabase(url.href) };
}

const open = (url: string) => openStore(url);

async function applied(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by timestamp, name`.execute(db);
  return rows.map(({ name }) => name);
}

/** Applies these steps under these names, as an earlier version did. */
async function migrateAs(db: Db, steps: Readonly<Record<string, string>>): Promise<void> {
  const renamed = Object.entries(steps).map(([then, now]) => [then, MIGRATIONS[now] ?? expect.fail(now)]);
  const migrator = new Migrator({ db, provider: { getMigrations: async () => Object.fromEntries(renamed) } });
  const { error } = await migrator.migrateToLatest();
  expect(error).toBeUndefined();
}

const same = (...names: string[]) => Object.fromEntries(names.map((name) => [name, name]));
const OF_0_3_0 = same('0001-interactions', '0002-contacts-and-messages', '0003-revisions-and-users');
const WITH_THREE_NUMBERED_SIX = {
  ...OF_0_3_0,
  ...same('0004-roll-outs', '0005-agents', '0006-emergency'),
  '0006-lost-customers': '0007-lost-customers',
  '0006-who-calls': '0008-who-calls',
};

test('their order is that of their names, and no two have one number', () => {
  const names = Object.keys(MIGRATIONS);
  expect(names.toSorted()).toEqual(names);
  expect(new Set(names.map((name) => name.slice(0, 4))).size).toBe(names.length);
});

test.each([
  ['an empty one', {}],
  ['of 0.3.0', OF_0_3_0],
  ['of the time when three steps had the number 6', WITH_THREE_NUMBERED_SIX],
])('a database: %s', async (_, steps) => {
  const { url, db } = await emptyDatabase();
  if (Object.keys(steps).length > 0) {
    await migrateAs(db, steps);
    await sql`insert into contact (id, consent) values ('c1', 'given')`.execute(db);
  }
  // Several nodes start at once.
  const nodes = await Promise.all([open(url), open(url)]);
  expect(await applied(db)).toEqual(Object.keys(MIGRATIONS));
  const [store] = nodes;
  await store.records.contactByAddress({ channel: 'voice', value: '+34600100100' });
  expect(await store.records.lostMatters({ limit: 10 })).toEqual([]);
  const { rows } = await sql<{ id: string }>`select id from contact where id = 'c1'`.execute(db);
  expect(rows).toHaveLength(Object.keys(steps).length > 0 ? 1 : 0);
  await Promise.all(nodes.map((node) => node.close()));
  await db.destroy();
});

test('what is asked again and again finds its rows by an index', async () => {
  const { url, db } = await emptyDatabase();
  await (await open(url)).close();
  await sql`insert into interaction (id, version, reference, state, contact_id, address_channel, address, opened_at,
      updated_at, channels, live_nodes, lost_state, lost_queue, lost_at, voicemail_state, voicemail_at)
    select 'i' || n, 1, 'H', case when n % 50 = 0 then 'idle' else 'closed' end, 'c', 'voice', '1',
      now() - interval '1 hour', now(), '{voice}', '{}', case when n % 50 = 0 then 'open' else 'recovered' end, 'sales', now(),
      case when n % 50 = 0 then 'new' else 'done' end, now()
    from generate_series(1, 2000) as n`.execute(db);
  await sql`insert into interaction_event (interaction_id, version, type, data, at)
    select id, 1, 'flow-entered', '{"flow":"main","revision":"new","segment":"s"}', now() from interaction`.execute(db);
  await sql`insert into agent_presence (agent, at, version, state)
    select 'ana', now() - interval '1 day' * n, 1, 'break' from generate_series(1, 2000) as n`.execute(db);
  await sql`analyze`.execute(db);
  const store = await open(url);
  const side = { flow: 'main', baseline: 'old', candidate: 'new', startedAtMs: Date.now() - 60_000 };
  expect(await store.flowHistory.smallerSide(side, 10)).toBe(0);
  expect(await store.records.lostMatters({ state: 'open', limit: 10 })).toHaveLength(10);
  expect(await store.records.voicemailMatters({ done: false, limit: 10 })).toHaveLength(10);
  expect((await store.records.find({ state: 'idle', toMs: Date.now(), limit: 10 })).interactions).toHaveLength(10);
  expect(await store.agents.forgetPresence(Date.now() - 1_990 * 86_400_000, 100)).toBeGreaterThan(5);
  await store.close();
  const used = async () => {
    const { rows } = await sql<{ name: string }>`
      select indexrelname as name from pg_stat_user_indexes where idx_scan > 0`.execute(db);
    return rows.map(({ name }) => name);
  };
  const own = [
    'interaction_event_flow',
    'interaction_lost_open',
    'interaction_voicemail_open',
    'interaction_idle',
    'agent_presence_at',
  ];
  await expect.poll(used, { timeout: 20_000 }).toEqual(expect.arrayContaining(own));
  await db.destroy();
});

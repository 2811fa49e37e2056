// Webhooks in a real PostgreSQL: each fact is there once for each who wants it, whoever looks and however often it is interrupted.
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { fold } from '../../../src/core/interaction/interaction.js';
import { WEBHOOK_EVENT_TYPES, type WebhookEventType } from '../../../src/core/interaction/outward/webhook-event.js';
import { summaryOf } from '../../../src/core/interaction/summary.js';
import type { PostgresStore } from '../../../src/store/postgres/store.js';
import { ownDatabase } from '../../support/own-database.js';
import { openStore } from '../../support/postgres-store.js';
import * as told from '../../support/record.js';
import { type Stores, startStores } from '../../support/servers.js';

const MANY = 1_000_000;
const LEASE_MS = 60_000;
let stores: Stores;
let nodes: [PostgresStore, PostgresStore];
let number = 0;

const open = (): Promise<PostgresStore> => openStore(stores.postgres.url);

beforeAll(async () => {
  stores = await startStores();
});
beforeEach(async () => {
  nodes = [await open(), await open()];
});
afterEach(async () => {
  const db = ownDatabase(stores.postgres.url);
  await sql`truncate interaction_event, interaction, webhook_delivery, webhook`.execute(db);
  await db.destroy();
  await Promise.all(nodes?.map((node) => node.close()) ?? []);
});
afterAll(() => stores?.close());

/** A caller who waited, was connected and hung up; ids of its own. */
async function matter(store: PostgresStore): Promise<string> {
  number += 1;
  const own = JSON.stringify(told.record(told.recovered, `w${number}`)).replaceAll(
    /"(s|e|cb|m|msg)(\d+)"/g,
    `"$1$2-${number}"`,
  );
  const events: ReturnType<typeof told.record> = JSON.parse(own);
  const summary = summaryOf(fold(events));
  const added = events.map(({ event, atMs }) => ({ event, atMs }));
  await store.records.append({ interaction: summary.id, expectedVersion: 0, events: added, summary });
  return summary.id;
}

async function webhook(id: string, events: readonly WebhookEventType[]): Promise<void> {
  const made = { id, title: id, url: `https://${id}.example.com/`, secret: 'whsec_AA==', events };
  await nodes[0].webhooks.makeWebhook({ ...made, madeAtMs: 0, madeBy: 'admin' });
}

/** Until there is nothing more to look at. */
async function caughtUp(nowMs = 0): Promise<void> {
  // What is committed just now is looked at a moment later.
  for (let idle = 0; idle < 3; ) {
    const looked = await Promise.all(nodes.map((node) => node.webhooks.advance(nowMs, MANY)));
    idle = looked.every((count) => count === 0) ? idle + 1 : 0;
  }
}

const eventsOf = async (id: string) =>
  (await nodes[0].webhooks.deliveries({ webhook: id, limit: 200 })).map(({ event, type }) => `${event} ${type}`);

it('what was before is told to nobody; what comes is there once for each who wants it', async () => {
  await matter(nodes[0]);
  await caughtUp();
  await webhook('all', WEBHOOK_EVENT_TYPES);
  await webhook('some', ['interaction-opened', 'callback-ended']);
  await webhook('paused', WEBHOOK_EVENT_TYPES);
  await nodes[0].webhooks.changeWebhook('paused', { state: 'paused' });
  const id = await matter(nodes[1]);
  await caughtUp();
  const expected = told
    .record(told.recovered, id)
    .filter(({ event }) => WEBHOOK_EVENT_TYPES.some((type) => type === event.type))
    .map(({ version, event }) => `${id}.${version} ${event.type}`);
  expect(await eventsOf('all')).toEqual(expected.toReversed());
  expect((await eventsOf('some')).map((one) => one.split(' ')[1]).toSorted()).toEqual(
    ['callback-ended', 'interaction-opened'].filter((type) => expected.some((one) => one.endsWith(type))),
  );
  expect(await eventsOf('paused')).toEqual([]);
});

it('two nodes look while both write: nothing twice, nothing lost', async () => {
  await caughtUp();
  await webhook('all', ['interaction-opened']);
  let written = false;
  const looking = nodes.map(async (node) => {
    while (!written) await node.webhooks.advance(0, MANY);
  });
  const ids = await Promise.all(Array.from({ length: 80 }, (_, index) => matter(nodes[index % 2 === 0 ? 0 : 1])));
  written = true;
  await Promise.all(looking);
  await caughtUp();
  expect((await eventsOf('all')).toSorted()).toEqual(ids.map((id) => `${id}.1 interaction-opened`).toSorted());
});

it('each due delivery is one node’s, until its lease is over', async () => {
  await webhook('crm', ['interaction-opened']);
  for (let event = 0; event < 20; event += 1) await nodes[0].webhooks.addTest('crm', `test.${event}`, '{}', 1_000);
  const claimed = await Promise.all(
    [...nodes, ...nodes].map((node) => node.webhooks.claim(1_000, 1_000 + LEASE_MS, 10, 5, [])),
  );
  const events = claimed.flat().map(({ event }) => event);
  expect(new Set(events).size).toBe(events.length);
  const rest = await nodes[0].webhooks.claim(1_000, 1_000 + LEASE_MS, 100, 5, []);
  expect(events.length + rest.length).toBe(20);
  expect(await nodes[0].webhooks.claim(1_000 + LEASE_MS - 1, MANY, 100, 5, [])).toEqual([]);
  const again = await nodes[1].webhooks.claim(1_000 + LEASE_MS, MANY, 100, 5, []);
  expect(again).toHaveLength(20);
  expect(again[0]).toMatchObject({ webhook: 'crm', secret: 'whsec_AA==', attempts: 2, failures: 0 });
});

it('failures are counted, keep it quiet, and are forgotten when something arrives', async () => {
  await webhook('crm', ['interaction-opened']);
  const store = nodes[0].webhooks;
  for (let event = 0; event < 3; event += 1) await store.addTest('crm', `test.${event}`, '{}', 0);
  const [first] = await store.claim(0, LEASE_MS, 1, 5, []);
  if (first === undefined) return expect.fail('nothing is due');
  await store.notDelivered(first, { status: 503, error: 'status 503', nextAtMs: 500, openUntilMs: 2_000 }, 100);
  expect(await store.webhooks()).toMatchObject([{ failures: 1, failingSinceMs: 100, openUntilMs: 2_000, waiting: 3 }]);
  expect(await store.deliveries({ webhook: 'crm', limit: 9 })).toContainEqual(
    expect.objectContaining({
      number: first.number,
      state: 'waiting',
      status: 503,
      error: 'status 503',
      nextAtMs: 500,
    }),
  );
  expect(await store.claim(1_999, LEASE_MS, 10, 5, [])).toEqual([]);
  // One at a time while it failed too often.
  const next = await store.claim(2_000, LEASE_MS, 10, 1, []);
  expect(next).toHaveLength(1);
  await store.delivered(next[0] ?? first, 200, 2_100);
  const [healthy] = await store.webhooks();
  expect(healthy).toMatchObject({ failures: 0, waiting: 2 });
  expect(healthy?.failingSinceMs).toBeUndefined();
  expect(await store.claim(2_200, LEASE_MS, 10, 1, [])).toHaveLength(2);
});

it('given up, disabled, taken up again, sent again, forgotten, removed', async () => {
  await webhook('crm', ['interaction-opened']);
  const store = nodes[0].webhooks;
  await store.addTest('crm', 'test.1', '{}', 0);
  const [due] = await store.claim(0, LEASE_MS, 1, 5, []);
  if (due === undefined) return expect.fail('nothing is due');
  await store.notDelivered(due, { error: 'unreachable', disabled: 'failing' }, 100);
  expect(await store.webhooks()).toMatchObject([{ standing: { state: 'disabled', reason: 'failing', sinceMs: 100 } }]);
  expect(await store.deliveries({ webhook: 'crm', state: 'failed', limit: 9 })).toHaveLength(1);
  expect(await store.replay('crm', due.number, 200)).toBe(true);
  expect(await store.claim(300, LEASE_MS, 10, 5, [])).toEqual([]);
  expect(await store.changeWebhook('crm', { state: 'active' })).toBe(true);
  const [again] = await store.claim(300, LEASE_MS, 10, 5, []);
  expect(again).toMatchObject({ number: due.number, attempts: 1, failures: 0 });
  await store.delivered(due, 200, 400);
  await store.forget(400);
  expect(await store.deliveries({ webhook: 'crm', limit: 9 })).toHaveLength(1);
  await store.forget(401);
  expect(await store.deliveries({ webhook: 'crm', limit: 9 })).toEqual([]);
  expect([await store.removeWebhook('crm'), await store.removeWebhook('crm')]).toEqual([true, false]);
  expect(await store.replay('crm', due.number, 500)).toBe(false);
  expect(await store.addTest('crm', 'test.2', '{}', 0)).toBe(false);
});

it('who takes nothing is disabled before the database fills up', async () => {
  await caughtUp();
  await webhook('crm', WEBHOOK_EVENT_TYPES);
  await matter(nodes[0]);
  for (let looked = 0; looked === 0; ) looked = await nodes[0].webhooks.advance(700, 2);
  expect(await nodes[0].webhooks.webhooks()).toMatchObject([
    { standing: { state: 'disabled', reason: 'full', sinceMs: 700 } },
  ]);
});

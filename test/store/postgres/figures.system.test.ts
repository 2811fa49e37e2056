// The figures in a real PostgreSQL: they follow the log whoever counts and however often it is interrupted, and lose nothing.
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { FigureRow } from '../../../src/app/figures/figure-store.js';
import type { RecordedEvent } from '../../../src/core/interaction/event.js';
import { contributionOf, merged, type Thresholds } from '../../../src/core/interaction/figures/contribution.js';
import { fold } from '../../../src/core/interaction/interaction.js';
import { summaryOf } from '../../../src/core/interaction/summary.js';
import type { PostgresStore } from '../../../src/store/postgres/store.js';
import { ownDatabase } from '../../support/own-database.js';
import { openStore } from '../../support/postgres-store.js';
import * as told from '../../support/record.js';
import { type Stores, startStores } from '../../support/servers.js';

const THRESHOLDS: Thresholds = { serviceLevelMs: () => 20_000, shortAbandonMs: 5_000 };
const DAY_MS = 86_400_000;
const ALL = { fromMs: told.START - DAY_MS, toMs: told.START + 20 * DAY_MS, limit: 10_000, timeZone: 'Europe/Madrid' };

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
  await nodes[0].figures.reset();
  const db = ownDatabase(stores.postgres.url);
  await sql`truncate interaction_event, interaction`.execute(db);
  await db.destroy();
  await Promise.all(nodes?.map((node) => node.close()) ?? []);
});
afterAll(() => stores?.close());

/** The story of a customer, under ids of its own, so many seconds later. */
function matter(story: readonly told.Told[], laterS = 0): RecordedEvent[] {
  number += 1;
  const own = JSON.stringify(told.record(story, `i${number}`)).replaceAll(/"(s|e|cb|m|msg)(\d+)"/g, `"$1$2-${number}"`);
  const events: RecordedEvent[] = JSON.parse(own);
  return events.map((event) => ({ ...event, atMs: event.atMs + laterS * 1_000 }));
}

async function append(store: PostgresStore, events: readonly RecordedEvent[], from: number, to: number): Promise<void> {
  const summary = summaryOf(fold(events.slice(0, to)));
  const added = events.slice(from, to).map(({ event, atMs }) => ({ event, atMs }));
  await store.records.append({ interaction: summary.id, expectedVersion: from, events: added, summary });
}

/** Until nothing is left to count. */
async function caughtUp(...counting: PostgresStore[]): Promise<void> {
  while ((await counting[0]?.figures.uncounted()) !== 0) {
    await Promise.all(counting.map((store) => store.figures.advance(THRESHOLDS)));
  }
}

/** What the log says directly. */
function direct(matters: readonly (readonly RecordedEvent[])[]): FigureRow[] {
  return merged(matters.flatMap((events) => contributionOf(events, THRESHOLDS)))
    .map(({ queue, quarterMs: startMs, counts }) => ({ queue, startMs, counts }))
    .toSorted((a, b) => a.startMs - b.startMs || (a.queue < b.queue ? -1 : 1));
}

it('two nodes count what both write meanwhile, and each fact counts once', async () => {
  const matters = Array.from({ length: 60 }, (_, index) => matter(told.recovered, index * 300));
  const writing = matters.map(async (events, index) => {
    const store = nodes[index % 2 === 0 ? 0 : 1];
    for (let from = 0; from < events.length; from += 3)
      await append(store, events, from, Math.min(from + 3, events.length));
  });
  let written = false;
  const counting = nodes.map(async (node) => {
    while (!written) await node.figures.advance(THRESHOLDS);
  });
  await Promise.all(writing);
  written = true;
  await Promise.all(counting);
  await caughtUp(...nodes);
  expect(await nodes[0].figures.rows({ ...ALL, step: 'quarter' })).toEqual(direct(matters));
});

it('counting goes on where it was after a restart, and all anew gives the same', async () => {
  const matters = Array.from({ length: 80 }, (_, index) => matter(told.recovered, index * 300));
  for (const events of matters) await append(nodes[0], events, 0, events.length);
  expect(await nodes[0].figures.advance(THRESHOLDS)).toEqual({ counted: 500 });
  expect(await nodes[0].figures.uncounted()).toBeGreaterThan(500);
  const again = await open();
  await caughtUp(again);
  const rows = await again.figures.rows({ ...ALL, step: 'quarter' });
  expect(rows).toEqual(direct(matters));
  expect(await again.figures.advance(THRESHOLDS)).toEqual({ counted: 0 });
  await again.figures.reset();
  expect(await again.figures.rows({ ...ALL, step: 'quarter' })).toEqual([]);
  await caughtUp(again);
  expect(await again.figures.rows({ ...ALL, step: 'quarter' })).toEqual(rows);
  await again.close();
});

it('a fact that is committed late is counted, although later ones were there before it', async () => {
  const late = matter(told.abandonedWithOffer);
  const soon = matter(told.abandonedWithOffer, 900);
  const last = late.at(-1) ?? expect.fail();
  await append(nodes[0], late, 0, late.length - 3);
  await caughtUp(nodes[0]);
  const slow = ownDatabase(stores.postgres.url);
  await slow.transaction().execute(async (transaction) => {
    for (const { interaction, version, event, atMs } of late.slice(-3)) {
      await sql`insert into interaction_event (interaction_id, version, type, data, at)
        values (${interaction}, ${version}, ${event.type}, ${JSON.stringify(event.data)}, ${new Date(atMs)})`.execute(
        transaction,
      );
    }
    await append(nodes[1], soon, 0, soon.length);
    expect(await nodes[0].figures.advance(THRESHOLDS)).toEqual({ counted: 0 });
    expect(await nodes[0].figures.uncounted()).toBeGreaterThan(0);
  });
  await slow.destroy();
  expect(last.version).toBe(late.length);
  await caughtUp(nodes[0]);
  expect(await nodes[0].figures.rows({ ...ALL, step: 'quarter' })).toEqual(direct([late, soon]));
});

it('days begin at midnight of the centre, also when the clocks change', async () => {
  const before = Date.parse('2026-03-28T23:05:00Z') / 1_000 - told.START / 1_000;
  const hours = [0, 22.5, 23.5];
  const matters = hours.map((hour) => matter(told.abandonedWithOffer, before + hour * 3_600));
  for (const events of matters) await append(nodes[0], events, 0, events.length);
  await caughtUp(nodes[0]);
  const range = { ...ALL, fromMs: Date.parse('2026-03-28T23:00:00Z'), toMs: Date.parse('2026-03-31T00:00:00Z') };
  const rows = await nodes[0].figures.rows({ ...range, step: 'day' });
  expect(rows.map(({ startMs, counts }) => [new Date(startMs).toISOString(), counts.offered])).toEqual([
    ['2026-03-28T23:00:00.000Z', 2],
    ['2026-03-29T22:00:00.000Z', 1],
  ]);
  expect(rows[0]?.counts).toMatchObject({ abandoned: 2, abandonedWaitMs: 90_000, longestWaitMs: 45_000, lost: 2 });
  expect(await nodes[0].figures.rows({ ...range, step: 'hour', queue: 'sales' })).toEqual([]);
  expect(await nodes[0].figures.rows({ ...range, step: 'hour', queue: 'support' })).toHaveLength(3);
});

it('counts how steps of flows were left since a moment, the most frequent first', async () => {
  const [store] = nodes;
  const step = (place: string, outcome: string): told.Told[1] => ({
    type: 'flow-step',
    data: { segment: 's1', step: place, outcome },
  });
  const story: told.Told[] = [
    [0, told.opened],
    [0, told.arrived()],
    [1, step('main/menu', 'key:1')],
    [5, step('main/menu', 'key:1')],
    [6, step('main/menu', 'time-out')],
    [7, step('other/menu', 'key:1')],
  ];
  const events = matter(story);
  await append(store, events, 0, events.length);
  expect(await store.flowSteps.outcomesSince(told.at(5))).toEqual(
    expect.arrayContaining([
      { flow: 'main', step: 'menu', outcome: 'key:1', count: 1 },
      { flow: 'main', step: 'menu', outcome: 'time-out', count: 1 },
      { flow: 'other', step: 'menu', outcome: 'key:1', count: 1 },
    ]),
  );
  const [first] = await store.flowSteps.outcomesSince(told.at(0));
  expect(first).toEqual({ flow: 'main', step: 'menu', outcome: 'key:1', count: 2 });
});

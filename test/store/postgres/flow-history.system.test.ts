// Revisions, roll-outs and the figures of their callers in a real PostgreSQL.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalLine } from '../../../src/app/publishing/flow-history.js';
import type { InteractionEvent } from '../../../src/core/interaction/event.js';
import { MEASURES } from '../../../src/core/rollout/comparison.js';
import type { Rollout } from '../../../src/core/rollout/rollout.js';
import { systemIds } from '../../../src/lib/ids.js';
import type { PostgresStore } from '../../../src/store/postgres/store.js';
import { openStore } from '../../support/postgres-store.js';
import { type Stores, startStores } from '../../support/servers.js';

const AT_MS = Date.UTC(2026, 0, 5, 9);

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

function rolloutOf(flow: string, changes: Partial<Rollout> = {}): Rollout {
  return {
    ...{ id: systemIds.uuid(), flow, baseline: 'old', candidate: 'new', text: 'version: 1', percent: 10, note: 'n' },
    ...{ watch: { measures: MEASURES, minCalls: 100, alpha: 0.05 }, author: 'eva', startedAtMs: AT_MS, looks: 0 },
    now: { state: 'running' },
    ...changes,
  };
}

const line = (flow: string, action: JournalLine['action']): JournalLine => ({
  ...{ atMs: AT_MS, flow, action, by: 'eva' },
  detail: { percent: 10 },
});

test('revisions: newest first, the same text in a row once, with its newest author', async () => {
  const name = systemIds.uuid();
  for (const [revision, author] of ['a files', 'a eva', 'b eva', 'a luis', 'a files'].map((row) => row.split(' '))) {
    await store.records.saveRevision({
      ...{ name, revision: revision ?? '', author: author ?? '', text: `text ${revision}`, note: '', atMs: AT_MS },
    });
  }
  const lines = await store.flowHistory.revisions(name, 10);
  expect(lines.map(({ revision, author }) => `${revision} ${author}`)).toEqual(['a files', 'b eva', 'a eva']);
  expect(await store.flowHistory.revisions(name, 1)).toHaveLength(1);
  expect(await store.flowHistory.textOf(name, 'b')).toBe('text b');
  expect(await store.flowHistory.textOf(name, 'c')).toBeUndefined();
});

test('one roll-out at a time, changed by whoever read it last, with its journal', async () => {
  const { flowHistory } = store;
  const flow = systemIds.uuid();
  const rollout = rolloutOf(flow);
  expect(await flowHistory.begin(rollout, line(flow, 'rollout-started'))).toBe(true);
  expect(await flowHistory.begin(rolloutOf('other'), line('other', 'rollout-started'))).toBe(false);
  expect(await flowHistory.journal('other', 10)).toEqual([]);
  expect(await flowHistory.textOf(flow, 'new')).toBe('version: 1');

  const stored = await flowHistory.running();
  expect(stored).toEqual({ version: 1, rollout });
  if (stored === undefined) throw new Error('it runs');
  const looked = { version: stored.version, rollout: { ...rollout, looks: 1 } };
  expect(await flowHistory.change(looked)).toBe(true);
  expect(await flowHistory.change(looked, line(flow, 'rollout-aborted'))).toBe(false);
  const over: Rollout = { ...rollout, now: { state: 'aborted', atMs: AT_MS, by: 'eva', reason: 'r' } };
  expect(await flowHistory.change({ version: 2, rollout: over }, line(flow, 'rollout-aborted'))).toBe(true);
  expect(await flowHistory.running()).toBeUndefined();
  expect(await flowHistory.newestOf(flow)).toEqual({ version: 3, rollout: over });
  await flowHistory.note(line(flow, 'rolled-back'));
  const journal = await flowHistory.journal(flow, 10);
  expect(journal.map(({ action }) => action)).toEqual(['rolled-back', 'rollout-aborted', 'rollout-started']);
  expect(journal[0]).toEqual(line(flow, 'rolled-back'));
});

test('flows that got other names, oldest first, each once; what the centre renames in itself is none', async () => {
  const { flowHistory } = store;
  const [from, to] = [systemIds.uuid(), systemIds.uuid()];
  const renamed = (flow: string, detail: object) => ({ ...line(flow, 'renamed'), detail: { ...detail, note: '' } });
  await flowHistory.note(renamed(from, { to }));
  await flowHistory.note(renamed(to, { from }));
  await flowHistory.note(renamed('centre', { kind: 'queue', from, to }));
  await flowHistory.note(renamed(to, { to: `${to}-2` }));
  const { atMs } = line(from, 'renamed');
  const pair = [
    { from, to, atMs },
    { from: to, to: `${to}-2`, atMs },
  ];
  expect(await flowHistory.renames(2)).toEqual(pair);
  expect(await flowHistory.renames(1)).toEqual(pair.slice(1));
});

describe('callers of a roll-out', () => {
  /** A call of one interaction with what follows its arrival, each event a second after the other. */
  async function call(
    flow: string,
    revision: string,
    events: readonly InteractionEvent[],
    atMs = AT_MS,
  ): Promise<void> {
    const id = systemIds.uuid();
    const segment = `s-${id}`;
    const own = (event: InteractionEvent): InteractionEvent =>
      ({ ...event, data: { ...event.data, segment } }) as InteractionEvent;
    const all: InteractionEvent[] = [
      {
        type: 'call-arrived',
        data: { segment, callId: id, from: '+34600000001', to: '1000', trunk: 'lab', node: 'n' },
      },
      { type: 'flow-entered', data: { segment, flow, revision, language: 'es' } },
      ...events.map(own),
    ];
    await store.records.append({
      interaction: id,
      expectedVersion: 0,
      events: all.map((event, index) => ({ event, atMs: atMs + 1_000 * index })),
      summary: {
        ...{ id, reference: `H-${id.slice(0, 8)}`, state: 'idle', contact: 'c', openedAtMs: atMs, updatedAtMs: atMs },
        ...{ address: { channel: 'voice', value: '+34600000001' }, channels: ['voice'], liveNodes: [] },
      },
    });
  }
  const ended = (result: 'served' | 'abandoned'): InteractionEvent => ({
    type: 'call-ended',
    data: { segment: '', by: 'customer', result, reason: 'hung-up', talkedMs: 0 },
  });
  const connected: InteractionEvent = {
    type: 'connected',
    data: { segment: '', entry: 'e', agent: 'ana', device: 'd', waitedMs: 0 },
  };

  test('are told apart by the revision they entered, with their end and their time to a person', async () => {
    const flow = systemIds.uuid();
    await call(flow, 'old', [ended('abandoned')]);
    await call(flow, 'old', [connected, connected, ended('served')]);
    await call(flow, 'new', [ended('served')]);
    await call(flow, 'new', []);
    await call(flow, 'older', [ended('served')]);
    await call('another', 'new', [ended('served')]);
    await call(flow, 'old', [ended('served')], AT_MS - 60_000);
    const calls = await store.flowHistory.callsOf(rolloutOf(flow), 100);
    const sorted = calls.map((one) => JSON.stringify(one)).sort();
    expect(sorted).toEqual(
      [
        { arm: 'baseline', talked: false, result: 'abandoned' },
        { arm: 'baseline', talked: true, result: 'served', toPersonMs: 2_000 },
        { arm: 'candidate', talked: false, result: 'served' },
        { arm: 'candidate', talked: false },
      ]
        .map((one) => JSON.stringify(one))
        .sort(),
    );
  });

  test('of many only the newest of each side are read, so that a small share is not crowded out', async () => {
    const flow = systemIds.uuid();
    await call(flow, 'new', [ended('served')]);
    for (let minute = 1; minute <= 4; minute += 1) await call(flow, 'old', [ended('served')], AT_MS + 60_000 * minute);
    const { flowHistory } = store;
    const arms = async (limit: number) =>
      (await flowHistory.callsOf(rolloutOf(flow), limit)).map(({ arm }) => arm).sort();
    expect(await arms(2)).toEqual(['baseline', 'baseline', 'candidate']);
    expect(await arms(10)).toEqual(['baseline', 'baseline', 'baseline', 'baseline', 'candidate']);
    expect(await flowHistory.smallerSide(rolloutOf(flow), 10)).toBe(1);
    await call(flow, 'new', []);
    await call(flow, 'new', []);
    expect(await flowHistory.smallerSide(rolloutOf(flow), 10)).toBe(3);
    expect(await flowHistory.smallerSide(rolloutOf(flow), 2)).toBe(2);
  });
});

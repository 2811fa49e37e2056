// The record after the database was away: who has facts in the spool queues up behind them, everybody else goes on.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HiloError } from '../../../src/app/errors.js';
import type { Append, Contact, RecordStore } from '../../../src/app/ports.js';
import { Interactions, THREADS_KEPT } from '../../../src/app/record/interactions.js';
import { Spool } from '../../../src/app/record/spool.js';
import type { Address, InteractionEvent, RecordedEvent } from '../../../src/core/interaction/event.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';

const ADDRESS: Address = { channel: 'voice', value: '+34600000001' };
const CONTACT: Contact = { id: 'c', addresses: [ADDRESS], consent: 'unknown' };

/** Keeps events in memory; away when told so, and each append can be made to wait. */
class MemoryStore {
  readonly events = new Map<string, RecordedEvent[]>();
  away = false;
  beforeAppend: () => Promise<void> | void = () => undefined;

  async append({ interaction, expectedVersion, events }: Append): Promise<void> {
    if (this.away) throw new HiloError('store-unavailable', 'away');
    await this.beforeAppend();
    const stored = this.events.get(interaction) ?? [];
    if (stored.length !== expectedVersion) throw new HiloError('version-conflict', 'stale');
    const added = events.map(({ event, atMs }, index) => ({
      interaction,
      version: expectedVersion + index + 1,
      atMs,
      event,
    }));
    this.events.set(interaction, [...stored, ...added]);
  }

  async read(id: string): Promise<readonly RecordedEvent[]> {
    if (this.away) throw new HiloError('store-unavailable', 'away');
    return this.events.get(id) ?? [];
  }
}

let folder: string;
let store: MemoryStore;
let clock: FakeClock;
let interactions: Interactions;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-spool-'));
  store = new MemoryStore();
  clock = new FakeClock();
  const spool = new Spool(join(folder, 'spool.jsonl'), silentLog);
  const record = store as unknown as RecordStore;
  interactions = new Interactions({ store: record, spool, clock, ids: systemIds, log: silentLog });
  await interactions.start();
});

afterEach(async () => {
  await interactions?.close();
  await rm(folder, { recursive: true });
});

function arrived(segment: string): InteractionEvent {
  const data = { segment, callId: segment, from: ADDRESS.value, to: '1000', trunk: 'lab', node: 'n' };
  return { type: 'call-arrived', data };
}

function segmentsOf(id: string): string[] {
  return (store.events.get(id) ?? []).flatMap(({ event }) =>
    event.type === 'call-arrived' ? [event.data.segment] : [],
  );
}

async function spooledCall(): Promise<ReturnType<Interactions['open']>> {
  const thread = interactions.open(CONTACT, ADDRESS);
  thread.note(arrived('one'));
  await thread.settled();
  return thread;
}

test('a new caller is taken while what was spooled is still being imported', async () => {
  store.away = true;
  const earlier = await spooledCall();
  expect(interactions.snapshot().state).toBe('spooling');
  store.away = false;
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const importing = new Promise<void>((resolve) => {
    store.beforeAppend = () => {
      store.beforeAppend = () => undefined;
      resolve();
      return held;
    };
  });
  clock.advance(1_000);
  await importing;
  // The earlier call goes on meanwhile: its fact has to wait for those before it.
  earlier.note(arrived('two'));
  await earlier.settled();
  await expect(earlier.record(arrived('refused'))).rejects.toMatchObject({ code: 'store-unavailable' });
  const newcomer = interactions.open(CONTACT, ADDRESS);
  await newcomer.record(arrived('first'));
  expect(segmentsOf(newcomer.id)).toEqual(['first']);
  goOn();
  await vi.waitFor(() => expect(segmentsOf(earlier.id)).toEqual(['one']));
  await vi.waitFor(() => {
    clock.advance(1_000);
    expect(interactions.snapshot().state).toBe('direct');
  });
  expect(segmentsOf(earlier.id)).toEqual(['one', 'two']);
  await earlier.record(arrived('three'));
  expect(segmentsOf(earlier.id)).toEqual(['one', 'two', 'three']);
});

test('a store that is away again keeps everybody in the spool, in order', async () => {
  store.away = true;
  const thread = await spooledCall();
  clock.advance(1_000);
  await vi.waitFor(() => expect(clock.pending).toBe(1));
  thread.note(arrived('two'));
  await thread.settled();
  await expect(interactions.open(CONTACT, ADDRESS).record(arrived('new'))).rejects.toMatchObject({
    code: 'store-unavailable',
  });
  store.away = false;
  await vi.waitFor(() => {
    clock.advance(1_000);
    expect(interactions.snapshot().state).toBe('direct');
  });
  expect(segmentsOf(thread.id)).toEqual(['one', 'two']);
});

test('threads of calls that go on are kept, the others are forgotten beyond the limit and read again', async () => {
  const live = interactions.open(CONTACT, ADDRESS);
  await live.record(arrived('live'));
  const over = interactions.open(CONTACT, ADDRESS);
  const end = { segment: 'over', by: 'customer', result: 'served', reason: 'hung-up', talkedMs: 0 } as const;
  await over.record(arrived('over'), { type: 'call-ended', data: end });
  for (let index = 0; index < THREADS_KEPT + 10; index += 1) {
    const thread = interactions.open(CONTACT, ADDRESS);
    await thread.settled();
  }
  expect(interactions.snapshot().threads).toBeLessThanOrEqual(THREADS_KEPT + 2);
  expect(await interactions.resume(live.id)).toBe(live);
  const again = await interactions.resume(over.id);
  expect(again).not.toBe(over);
  expect(again.events).toHaveLength(over.events.length);
});

// A thread writes what it is told, whenever it is told.
import { expect, test } from 'vitest';
import type { SpooledFact } from '../../../src/app/record/spool.js';
import { Thread } from '../../../src/app/record/thread.js';
import type { InteractionEvent } from '../../../src/core/interaction/event.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { FakeRecords } from '../../support/fakes/records.js';

/** More turns of the event loop than the end of a write takes. */
const TURNS = 20;
const FACT: InteractionEvent = { type: 'node-lost', data: { node: 'one' } };

test.each(Array.from({ length: TURNS }, (_, turns) => turns))(
  'a fact told %i turns after the last one was stored is stored as well',
  async (turns) => {
    const store = new FakeRecords(systemIds);
    const thread = new Thread('an interaction', {
      store,
      clock: new FakeClock(),
      log: silentLog,
      spooling: () => false,
      keep: async () => undefined,
      told: () => undefined,
    });
    await thread.record(FACT);
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    thread.note(FACT);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await store.read('an interaction')).toHaveLength(2);
    expect(thread.idle).toBe(true);
  },
);

test('what is told while the spool is imported is known all along, and stored by the next import', async () => {
  const store = new FakeRecords(systemIds);
  const clock = new FakeClock();
  const kept: SpooledFact[] = [];
  const thread = new Thread('an interaction', {
    store,
    clock,
    log: silentLog,
    spooling: () => true,
    keep: async (facts) => void kept.push(...facts),
    told: () => undefined,
  });
  thread.note(FACT);
  await thread.settled();
  const first = kept.splice(0);
  clock.advance(1);
  thread.note({ type: 'node-lost', data: { node: 'two' } });
  await thread.store(await store.read(thread.id), first);
  expect(thread.events).toHaveLength(2);
  expect(thread.idle).toBe(false);
  await thread.store(await store.read(thread.id), kept);
  expect(thread.idle).toBe(true);
  expect((await store.read(thread.id)).map(({ version, event }) => [version, event.data])).toEqual([
    [1, { node: 'one' }],
    [2, { node: 'two' }],
  ]);
});

// A message and its alarm: neither a crash between the two nor one that was never stored may go wrong.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Eventually } from '../../../src/app/eventually.js';
import { Messages } from '../../../src/app/message/messages.js';
import { Interactions } from '../../../src/app/record/interactions.js';
import { Spool } from '../../../src/app/record/spool.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { systemIds as ids } from '../../../src/lib/ids.js';
import { silentLog as log } from '../../../src/lib/log.js';
import { FakeRecords } from '../../support/fakes/records.js';

const MESSAGE = { channel: 'sandbox', to: '+34600111222', purpose: 'information', text: 'x', language: 'es' } as const;

test('the alarm is set before the message is stored, so a crash right after loses nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hilo-alarm-'));
  try {
    const clock = new FakeClock();
    const store = new FakeRecords(ids);
    const interactions = new Interactions({ store, spool: new Spool(join(folder, 'facts'), log), clock, ids, log });
    await interactions.start();
    const storedWhenSet: boolean[] = [];
    const jobs = {
      attempts: 6,
      async schedule(_id: string, atMs: number) {
        storedWhenSet.push(store.interactions.length > 0);
        expect(atMs).toBeGreaterThanOrEqual(clock.nowMs());
      },
      cancel: async () => undefined,
      onJob: () => undefined,
    };
    const eventually = new Eventually(clock, log);
    const files = { find: async () => undefined };
    const shared = { clock, ids, log };
    const messages = new Messages({ ...shared, messengers: new Map(), interactions, store, jobs, eventually, files });
    const address = { channel: 'voice', value: '+34600111222' } as const;
    const thread = interactions.open({ id: 'c1', addresses: [address], consent: 'unknown' }, address);
    await messages.queue(thread, MESSAGE, () => []);
    expect(storedWhenSet[0]).toBe(false);
    await expect(messages.send('never-stored', 'm1', false)).resolves.toBeUndefined();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

// Providers say things too early and twice: receipts before their message is noted, one message at the same time again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Eventually } from '../../../src/app/eventually.js';
import { Messages, statusOf } from '../../../src/app/message/messages.js';
import type { MessageReceipt, Messenger } from '../../../src/app/message/messenger.js';
import { Interactions } from '../../../src/app/record/interactions.js';
import { Spool } from '../../../src/app/record/spool.js';
import type { Thread } from '../../../src/app/record/thread.js';
import type { MessageStatus } from '../../../src/core/interaction/event.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { systemIds as ids } from '../../../src/lib/ids.js';
import { silentLog as log } from '../../../src/lib/log.js';
import { FakeRecords } from '../../support/fakes/records.js';
import { EVA, openScene } from '../scene.js';

const RECEIPT = { channel: 'sandbox', providerId: 'p1', atMs: 0 } as const;

let folder: string;
let store: FakeRecords;
let thread: Thread;
let messages: Messages;
let receipt: (receipt: MessageReceipt) => Promise<void>;
/** What the provider does before it says that it took the message. */
let meanwhile: () => void | Promise<void>;

beforeEach(async () => {
  const clock = new FakeClock();
  folder = await mkdtemp(join(tmpdir(), 'hilo-messages-'));
  store = new FakeRecords(ids);
  const interactions = new Interactions({ store, spool: new Spool(join(folder, 'facts'), log), clock, ids, log });
  await interactions.start();
  const messenger: Messenger = {
    channel: 'sandbox',
    async send() {
      await meanwhile();
      return { providerId: RECEIPT.providerId };
    },
    onMessage: () => undefined,
    onReceipt: (handler) => {
      receipt = handler;
    },
    close: () => Promise.resolve(),
  };
  const jobs = {
    schedule: () => Promise.resolve(),
    cancel: () => Promise.resolve(),
    onJob: () => undefined,
    attempts: 6,
  };
  const messengers = new Map([[messenger.channel, messenger] as const]);
  messages = new Messages({
    messengers,
    interactions,
    store,
    jobs,
    eventually: new Eventually(clock, log),
    files: { find: async () => undefined },
    clock,
    ids,
    log,
  });
  const address = { channel: 'voice', value: EVA } as const;
  const { contact } = await store.contactByAddress(address);
  thread = interactions.open(contact, address);
});

afterEach(() => rm(folder, { recursive: true }));

async function queued(): Promise<string> {
  const message = { channel: 'sandbox', to: EVA, purpose: 'information', text: 'hola', language: 'es' } as const;
  return messages.queue(thread, message, () => []);
}

function statuses(): MessageStatus[] {
  return thread.events.flatMap(({ event }) => (event.type === 'message-status' ? [event.data.status] : []));
}

test('a receipt before the answer to the sending finds its message', async () => {
  let told: Promise<void> | undefined;
  meanwhile = () => {
    told = receipt({ ...RECEIPT, status: 'delivered' });
  };
  const message = await queued();
  await messages.send(thread.id, message, false);
  await told;
  expect(statusOf(thread, message)).toBe('delivered');
});

test('a message that is delivered before we noted that it was sent stays delivered', async () => {
  const message = await queued();
  meanwhile = async () => {
    const row = { channel: 'sandbox', providerId: 'p1', message, interaction: thread.id, direction: 'out' } as const;
    await store.rememberMessage(row);
    await receipt({ ...RECEIPT, status: 'delivered' });
  };
  await messages.send(thread.id, message, false);
  expect(statuses()).toEqual(['delivered']);
});

test('a receipt for a message of somebody else is passed over', async () => {
  await receipt({ ...RECEIPT, providerId: 'stranger', status: 'delivered' });
  expect(statuses()).toEqual([]);
});

test('the same message twice at once, and the record is away: the provider is told for both', async () => {
  const scene = await openScene();
  scene.node.gates.record.state = 'refusing';
  const told = await Promise.allSettled([
    scene.messenger.receive(EVA, '1', 'same'),
    scene.messenger.receive(EVA, '1', 'same'),
  ]);
  expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

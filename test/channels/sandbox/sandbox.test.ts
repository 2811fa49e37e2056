import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HiloError } from '../../../src/app/errors.js';
import type { IncomingMessage, MessageReceipt } from '../../../src/app/message/messenger.js';
import { MAX_MESSAGES, MAX_PER_CUSTOMER } from '../../../src/channels/sandbox/kept-messages.js';
import { MAX_TEXT_CHARS, openSandbox, type SandboxChannel } from '../../../src/channels/sandbox/sandbox.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';

const ANA = '+34600111222';
const LUIS = '+34600333444';

let folder: string;
let clock: FakeClock;
let channels: SandboxChannel[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-sandbox-'));
  clock = new FakeClock();
  channels = [];
});

afterEach(async () => {
  for (const channel of channels) await channel.close();
  await rm(folder, { recursive: true });
});

async function open(): Promise<SandboxChannel> {
  const ids = seededIds(seededRandom(channels.length + 1));
  const channel = await openSandbox({ folder, clock, ids, log: silentLog });
  channels.push(channel);
  return channel;
}

function texts(channel: SandboxChannel, address?: string): string[] {
  return channel.messages(address).map(({ text }) => text);
}

const outgoing = (message: string, to: string, text: string) => ({ message, to, text, language: 'es' });

describe('messages to customers', () => {
  test('are shown, newest last, all or of one customer', async () => {
    const channel = await open();
    await channel.send(outgoing('1', ANA, 'first'));
    await channel.send(outgoing('2', LUIS, 'second'));
    await channel.send(outgoing('3', ANA, 'third'));
    expect(texts(channel)).toEqual(['first', 'second', 'third']);
    expect(texts(channel, ANA)).toEqual(['first', 'third']);
    expect(channel.messages(LUIS)).toEqual([
      { id: '2', direction: 'out', address: LUIS, text: 'second', atMs: clock.nowMs() },
    ]);
    expect(texts(channel, '+34600000000')).toEqual([]);
  });

  test('are delivered at once, but not before the sender knows their id', async () => {
    const channel = await open();
    const receipts: MessageReceipt[] = [];
    channel.onReceipt(async (receipt) => void receipts.push(receipt));
    const { providerId } = await channel.send(outgoing('1', ANA, 'hello'));
    expect(receipts).toEqual([]);
    clock.advance(0);
    expect(receipts).toEqual([{ channel: 'sandbox', providerId, status: 'delivered', atMs: clock.nowMs() }]);
  });

  test('sent twice, at once or one after the other, are one message with one id', async () => {
    const channel = await open();
    const message = outgoing('1', ANA, 'hello');
    const sent = await Promise.all([channel.send(message), channel.send(message)]);
    sent.push(await channel.send(message));
    expect(new Set(sent.map(({ providerId }) => providerId)).size).toBe(1);
    expect(texts(channel)).toEqual(['hello']);
    expect((await readFile(join(folder, 'messages.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(1);
  });

  test('that cannot be written to disk are not sent, and not shown', async () => {
    const channel = await open();
    await channel.close();
    await expect(channel.send(outgoing('1', ANA, 'lost'))).rejects.toMatchObject({ code: 'message-not-sent' });
    expect(texts(channel)).toEqual([]);
  });
});

describe('a customer writes', () => {
  test('and it is handed over, then shown between the other messages', async () => {
    const channel = await open();
    const received: IncomingMessage[] = [];
    channel.onMessage(async (message) => {
      received.push(message);
      await channel.send(outgoing('answer', message.from, 'we call you'));
    });
    await channel.send(outgoing('offer', ANA, 'answer 1'));
    await channel.write(ANA, '1');
    expect(received).toMatchObject([{ channel: 'sandbox', from: ANA, text: '1', atMs: clock.nowMs() }]);
    expect(channel.messages(ANA).map(({ direction, text }) => `${direction} ${text}`)).toEqual([
      'out answer 1',
      'in 1',
      'out we call you',
    ]);
  });

  test('while the record is away: told so, and nothing is shown as received', async () => {
    const channel = await open();
    channel.onMessage(() => Promise.reject(new HiloError('store-unavailable', 'no database')));
    await expect(channel.write(ANA, '1')).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(texts(channel)).toEqual([]);
  });

  test('before anybody takes messages: told so', async () => {
    await expect((await open()).write(ANA, '1')).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  test.each([
    ['no number', '', 'hello'],
    ['a number without end', '9'.repeat(65), 'hello'],
    ['nothing', ANA, ''],
    ['more than a message holds', ANA, 'x'.repeat(MAX_TEXT_CHARS + 1)],
  ])('%s: refused', async (_case, address, text) => {
    const channel = await open();
    channel.onMessage(() => Promise.resolve());
    await expect(channel.write(address, text)).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

describe('after a restart', () => {
  test('everything is shown again in order, and a repeated message is still one', async () => {
    const first = await open();
    first.onMessage(() => Promise.resolve());
    await first.send(outgoing('1', ANA, 'offer'));
    clock.advance(1_000);
    await first.write(ANA, 'sí');
    await first.close();
    const second = await open();
    expect(second.messages()).toEqual(first.messages());
    await second.send(outgoing('1', ANA, 'offer'));
    expect(texts(second)).toEqual(['offer', 'sí']);
  });

  test('a line cut off by a crash costs that line only', async () => {
    const first = await open();
    await first.send(outgoing('1', ANA, 'whole'));
    await first.close();
    await appendFile(join(folder, 'messages.jsonl'), '{"id":"2","dir');
    const second = await open();
    await second.send(outgoing('3', ANA, 'after'));
    await second.close();
    expect(texts(await open())).toEqual(['whole', 'after']);
  });
});

describe('limits', () => {
  test(`${MAX_PER_CUSTOMER} messages of one customer are kept, ${MAX_MESSAGES} in all, the oldest go`, async () => {
    const stored = Array.from({ length: MAX_MESSAGES + 50 }, (_, n) => ({
      id: `${n}`,
      direction: 'out',
      address: n < MAX_PER_CUSTOMER + 5 ? ANA : `+346${String(n).padStart(8, '0')}`,
      text: `${n}`,
      atMs: n,
    }));
    await writeFile(join(folder, 'messages.jsonl'), stored.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const channel = await open();
    expect(channel.messages()).toHaveLength(MAX_MESSAGES);
    expect(channel.messages(ANA).length).toBeLessThanOrEqual(MAX_PER_CUSTOMER);
    expect(texts(channel).at(-1)).toBe(`${MAX_MESSAGES + 49}`);
    expect(texts(channel)).not.toContain('0');
  });

  test('the file is written anew when it holds mostly dropped messages', async () => {
    const line = (n: number) => ({ id: `${n}`, direction: 'out', address: ANA, text: `${n}`, atMs: n });
    const stored = Array.from({ length: 2 * MAX_MESSAGES }, (_, n) => `${JSON.stringify(line(n))}\n`);
    await writeFile(join(folder, 'messages.jsonl'), stored.join(''));
    const channel = await open();
    await channel.send(outgoing('new', ANA, 'new'));
    await channel.send(outgoing('newer', ANA, 'newer'));
    await channel.close();
    const lines = (await readFile(join(folder, 'messages.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.length).toBeLessThanOrEqual(MAX_PER_CUSTOMER + 1);
    expect(texts(await open()).slice(-2)).toEqual(['new', 'newer']);
  });
});

// The chat as a channel: nothing lost and nothing twice, whatever is cut off, and bounds for whoever is a stranger.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChatLook } from '../../../src/app/chat/chat-door.js';
import { HiloError } from '../../../src/app/errors.js';
import type { IncomingMessage, MessageReceipt } from '../../../src/app/message/messenger.js';
import {
  ChatChannel,
  MAX_TEXT_CHARS,
  MESSAGES_PER_DAY,
  MESSAGES_PER_MINUTE,
  NEWCOMERS_PER_ADDRESS,
  NEWCOMERS_WINDOW_MS,
  TOLD_AFTER_MS,
  VISITORS_KEPT_MS,
} from '../../../src/channels/chat/chat.js';
import { LINES_TOLD_MAX, LOOKERS_PER_VISITOR } from '../../../src/channels/chat/lookers.js';
import { DOERS_MAX, Quota } from '../../../src/channels/chat/quota.js';
import { isVisitorAddress } from '../../../src/core/interaction/conversation/visitor-address.js';
import { checkNumber } from '../../../src/core/routing/outbound.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { chatStoreCases } from '../../support/cases/chat-store.js';
import { FakeAttachments } from '../../support/fakes/attachments.js';
import { FakeChatStore } from '../../support/fakes/chat-store.js';
import { FakeLetters } from '../../support/fakes/letters.js';

const EVA = 'e'.repeat(43);
const LUIS = 'l'.repeat(43);
const FROM = '203.0.113.7';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let folder: string;
let shared: FakeAttachments;
let clock: FakeClock;
let store: FakeChatStore;
let letters: FakeLetters;
let nodes: ChatChannel[];
let received: IncomingMessage[];
let receipts: MessageReceipt[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-chat-'));
  shared = new FakeAttachments();
  clock = new FakeClock();
  store = new FakeChatStore();
  letters = new FakeLetters(clock);
  [nodes, received, receipts] = [[], [], []];
});
afterEach(async () => {
  for (const node of nodes) await node.close();
  await rm(folder, { recursive: true });
});

/** Another node, on the same store. */
function open(): ChatChannel {
  const node = `n${nodes.length + 1}`;
  const ids = seededIds(seededRandom(nodes.length + 1));
  const chat = new ChatChannel({
    store,
    shared,
    letters,
    node,
    folder: join(folder, node),
    clock,
    ids,
    log: silentLog,
  });
  chat.onMessage(async (message) => void received.push(message));
  chat.onReceipt(async (receipt) => void receipts.push(receipt));
  nodes.push(chat);
  return chat;
}

const writes = (chat: ChatChannel, text: string, { id = `${text}-id`, token = EVA, from = FROM } = {}) =>
  chat.write(token, { id, text, from });
const answers = (chat: ChatChannel, text: string) =>
  chat.send({ message: `${text}-id`, to: chat.addressOf(EVA), text, language: 'es' });

interface Page {
  readonly texts: string[];
  readonly look: ChatLook;
  last: number;
  broken: boolean;
}

/** A visitor's page that has all up to `after`. */
async function page(chat: ChatChannel, after = 0, token = EVA): Promise<Page> {
  const seen: { texts: string[]; last: number; broken: boolean } = { texts: [], last: after, broken: false };
  const look = await chat.look(token, after, {
    lines(lines) {
      seen.texts.push(...lines.map(({ text }) => text));
      seen.last = lines.at(-1)?.number ?? seen.last;
    },
    broken() {
      seen.broken = true;
    },
  });
  await settled();
  return Object.assign(seen, { look });
}

async function settled(ms = TOLD_AFTER_MS): Promise<void> {
  clock.advance(ms);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('what a visitor writes', () => {
  test('is in the record before it is said to be sent, and on all pages of that visitor', async () => {
    const chat = open();
    const number = await writes(chat, 'Hola');
    expect(received).toMatchObject([{ channel: 'chat', from: chat.addressOf(EVA), text: 'Hola', atMs: clock.nowMs() }]);
    const shown = await page(chat);
    expect(shown).toMatchObject({ texts: ['Hola'], last: number });
  });

  test('twice, at once or after an answer that was lost, is one line with one number and one id in the record', async () => {
    const chat = open();
    const numbers = await Promise.all([writes(chat, 'Hola'), writes(chat, 'Hola'), writes(open(), 'Hola')]);
    expect(new Set(numbers).size).toBe(1);
    expect(new Set(received.map(({ providerId }) => providerId)).size).toBe(1);
    expect((await page(chat)).texts).toEqual(['Hola']);
  });

  test('with the same id as another visitor is another message', async () => {
    const chat = open();
    await writes(chat, 'uno', { id: 'same' });
    await writes(chat, 'dos', { id: 'same', token: LUIS });
    expect(new Set(received.map(({ providerId }) => providerId)).size).toBe(2);
    expect((await page(chat)).texts).toEqual(['uno']);
  });

  test('while the record is away is not shown as sent, and goes when it is sent again', async () => {
    const chat = open();
    chat.onMessage(() => Promise.reject(new HiloError('store-unavailable', 'no database')));
    await expect(writes(chat, 'Hola')).rejects.toMatchObject({ code: 'store-unavailable' });
    expect((await page(chat)).texts).toEqual([]);
    chat.onMessage(async (message) => void received.push(message));
    await writes(chat, 'Hola');
    expect(received).toHaveLength(1);
  });

  test('cut off between record and page: sent again, it is there once', async () => {
    const chat = open();
    chat.onMessage(async (message) => {
      received.push(message);
      store.isAway = true;
    });
    await expect(writes(chat, 'Hola')).rejects.toMatchObject({ code: 'store-unavailable' });
    store.isAway = false;
    chat.onMessage(async (message) => void received.push(message));
    await writes(chat, 'Hola');
    expect(new Set(received.map(({ providerId }) => providerId)).size).toBe(1);
    expect((await page(chat)).texts).toEqual(['Hola']);
  });

  test.each([
    ['nothing', '   '],
    ['more than a message holds', 'x'.repeat(MAX_TEXT_CHARS + 1)],
  ])('%s: refused', async (_case, text) => {
    await expect(writes(open(), text)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test.each(['', 'short', 'e'.repeat(44), `${'e'.repeat(42)}/`])('with the token %j: refused', async (token) => {
    await expect(writes(open(), 'Hola', { token })).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('comes from an address that tells nothing of the token, and is no number to anybody', () => {
    const address = open().addressOf('123456789012345678901234567890123456789abcd');
    expect(isVisitorAddress(address)).toBe(true);
    expect(address).not.toMatch(/\d/);
    const policy = { allowedPrefixes: ['', '+'], deniedPrefixes: [], premium: true };
    expect(checkNumber(address, policy as never, 'ES')).toMatchObject({ ok: false, reason: 'not-a-number' });
  });
});

describe('what the centre writes', () => {
  test('reaches the page at another node, in order', async () => {
    const [here, there] = [open(), open()];
    await writes(here, 'Hola');
    const shown = await page(there);
    await answers(here, 'Buenos días');
    await answers(here, 'Dígame');
    await settled();
    expect(shown.texts).toEqual(['Hola', 'Buenos días', 'Dígame']);
  });

  test('is told although the letter between the nodes is lost, a beat later', async () => {
    const [here, there] = [open(), open()];
    await writes(here, 'Hola');
    const shown = await page(there);
    letters.loses = () => true;
    await answers(here, 'Dígame');
    await settled();
    expect(shown.texts).toEqual(['Hola']);
    shown.look.refresh();
    await settled();
    expect(shown.texts).toEqual(['Hola', 'Dígame']);
  });

  test('while the page is away waits: it comes back with what it has, and misses nothing and has nothing twice', async () => {
    const chat = open();
    await writes(chat, 'Hola');
    const before = await page(chat);
    before.look.stop();
    await answers(chat, 'Dígame');
    await settled();
    expect(before.texts).toEqual(['Hola']);
    expect((await page(chat, before.last)).texts).toEqual(['Dígame']);
    expect((await page(chat)).texts).toEqual(['Hola', 'Dígame']);
  });

  test('twice is one', async () => {
    const chat = open();
    await writes(chat, 'Hola');
    const [one, two] = [await answers(chat, 'Dígame'), await answers(chat, 'Dígame')];
    expect(one).toEqual(two);
    expect((await page(chat)).texts).toEqual(['Hola', 'Dígame']);
  });

  test('to somebody who is forgotten, or no visitor at all, is refused for good', async () => {
    const chat = open();
    await expect(answers(chat, 'Dígame')).rejects.toMatchObject({ code: 'message-refused' });
    await writes(chat, 'Hola');
    await settled(VISITORS_KEPT_MS + 1);
    // Looked after once an hour; the disk takes its own time.
    const isKnown = async (): Promise<boolean> => {
      await settled(3_600_000);
      return store.knows(chat.addressOf(EVA));
    };
    await expect.poll(isKnown).toBe(false);
    await expect(answers(chat, 'Dígame')).rejects.toMatchObject({ code: 'message-refused' });
    await expect(chat.send({ message: 'm', to: '+34600123123', text: 'x', language: 'es' })).rejects.toMatchObject({
      code: 'message-refused',
    });
  });

  test('while the store is away is tried again', async () => {
    const chat = open();
    store.isAway = true;
    await expect(answers(chat, 'Dígame')).rejects.toMatchObject({ code: 'message-not-sent' });
  });

  test('is delivered when the page has it, read when it was shown, each told once', async () => {
    const chat = open();
    await writes(chat, 'Hola');
    const { providerId } = await answers(chat, 'Dígame');
    const shown = await page(chat);
    await shown.look.seen(shown.last, 'delivered');
    await shown.look.seen(shown.last, 'delivered');
    await shown.look.seen(shown.last, 'read');
    expect(receipts).toEqual(
      ['delivered', 'read'].map((status) => ({ channel: 'chat', providerId, status, atMs: clock.nowMs() })),
    );
  });

  test('is told as read later when the record was away', async () => {
    const chat = open();
    await writes(chat, 'Hola');
    await answers(chat, 'Dígame');
    const shown = await page(chat);
    chat.onReceipt(() => Promise.reject(new HiloError('store-unavailable', 'no database')));
    await expect(shown.look.seen(shown.last, 'read')).rejects.toMatchObject({ code: 'store-unavailable' });
    chat.onReceipt(async (receipt) => void receipts.push(receipt));
    await shown.look.seen(shown.last, 'read');
    expect(receipts).toHaveLength(1);
  });
});

describe('files', () => {
  async function* bytes(content: Buffer = PNG) {
    yield content;
  }

  test('of a visitor go with a message, are handed over once, and are gone from here', async () => {
    const chat = open();
    await chat.greet(EVA, FROM);
    const file = await chat.keep(EVA, 'foto.png', bytes());
    await chat.write(EVA, { id: 'a', text: '', file: file.id, from: FROM });
    expect(received[0]?.files).toEqual([{ source: file.id, name: 'foto.png' }]);
    const size = await chat.load(file.id, async (content) => {
      let length = 0;
      for await (const chunk of content) length += chunk.length;
      return length;
    });
    expect(size).toBe(PNG.length);
    // Another node may have it: who fetches it asks again, until it is given up.
    await expect(chat.load(file.id, async () => 0)).rejects.toMatchObject({ code: 'message-not-sent' });
  });

  test('of another visitor cannot be sent, what is no file of a known kind not uploaded, and strangers upload nothing', async () => {
    const chat = open();
    await chat.greet(EVA, FROM);
    await chat.greet(LUIS, FROM);
    const file = await chat.keep(EVA, 'foto.png', bytes());
    const stolen = chat.write(LUIS, { id: 'a', text: '', file: file.id, from: FROM });
    await expect(stolen).rejects.toMatchObject({ code: 'invalid-input' });
    const program = bytes(Buffer.from([0x4d, 0x5a, 0x90, 0x00, 0x03]));
    await expect(chat.keep(EVA, 'a.exe', program)).rejects.toMatchObject({ code: 'unsupported-media-type' });
    await expect(chat.keep('s'.repeat(43), 'foto.png', bytes())).rejects.toMatchObject({ code: 'not-found' });
  });

  test('of the centre are known to the visitor they were sent to', async () => {
    const chat = open();
    await writes(chat, 'Hola');
    await writes(chat, 'Hola', { token: LUIS });
    const file = { id: 'f1', name: 'plano.png', type: 'image/png', bytes: 68, path: '/nowhere' };
    await chat.send({ message: 'm', to: chat.addressOf(EVA), text: '', language: 'es', file });
    expect(await chat.file(EVA, 'f1')).toEqual({ id: 'f1', name: 'plano.png', type: 'image/png', bytes: 68 });
    expect(await chat.file(LUIS, 'f1')).toBeUndefined();
  });
});

describe('bounds', () => {
  test('a visitor writes so often in a minute, and so often in a day', async () => {
    const chat = open();
    for (let count = 0; count < MESSAGES_PER_MINUTE; count += 1) await writes(chat, `m${count}`);
    await expect(writes(chat, 'more')).rejects.toMatchObject({ code: 'too-many-requests' });
    await writes(chat, 'another visitor', { token: LUIS });
    for (let count = MESSAGES_PER_MINUTE; count < MESSAGES_PER_DAY; count += 1) {
      if (count % MESSAGES_PER_MINUTE === 0) clock.advance(60_000);
      await writes(chat, `m${count}`);
    }
    clock.advance(60_000);
    await expect(writes(chat, 'more')).rejects.toMatchObject({ code: 'too-many-requests' });
    clock.advance(86_400_000);
    await writes(chat, 'more');
  });

  test('so many new visitors come from one address; those who are known go on', async () => {
    const chat = open();
    const token = (index: number) => String(index).padStart(43, '0');
    for (let index = 0; index < NEWCOMERS_PER_ADDRESS; index += 1) await writes(chat, 'Hola', { token: token(index) });
    await expect(writes(chat, 'Hola', { token: token(99) })).rejects.toMatchObject({ code: 'too-many-requests' });
    await writes(chat, 'otra vez', { token: token(0) });
    await writes(chat, 'Hola', { token: token(99), from: '203.0.113.8' });
    clock.advance(NEWCOMERS_WINDOW_MS);
    await writes(chat, 'Hola', { token: token(98) });
  });

  test('so many pages of one visitor are open; a closed one makes room', async () => {
    const chat = open();
    await writes(chat, 'Hola');
    const pages = [];
    for (let count = 0; count < LOOKERS_PER_VISITOR; count += 1) pages.push(await page(chat));
    await expect(page(chat)).rejects.toMatchObject({ code: 'too-many-requests' });
    pages[0]?.look.stop();
    pages[0]?.look.stop();
    expect((await page(chat)).texts).toEqual(['Hola']);
    await expect(page(chat)).rejects.toMatchObject({ code: 'too-many-requests' });
  });

  test('a page is told the newest lines, not years of them', async () => {
    const chat = open();
    await chat.greet(EVA, FROM);
    for (let count = 1; count <= LINES_TOLD_MAX + 5; count += 1) await answers(chat, `line ${count}`);
    const { texts } = await page(chat);
    expect([texts.length, texts[0]]).toEqual([LINES_TOLD_MAX, 'line 6']);
  });

  test('a page of which the lines cannot be read is told to come again; so is every page at the end', async () => {
    const chat = open();
    await writes(chat, 'Hola');
    const [one, two] = [await page(chat), await page(chat)];
    two.look.stop();
    store.isAway = true;
    one.look.refresh();
    await settled();
    expect([one.broken, two.broken]).toEqual([true, false]);
    store.isAway = false;
    const three = await page(chat);
    await chat.close();
    expect(three.broken).toBe(true);
  });

  test('nobody looks on under a token that nobody knows', async () => {
    await expect(page(open())).rejects.toMatchObject({ code: 'not-found' });
  });

  test('no more doers than that are remembered', () => {
    const quota = new Quota(clock, 1, 1_000);
    for (let doer = 0; doer <= DOERS_MAX; doer += 1) quota.take(String(doer));
    expect([quota.take('0'), quota.take(String(DOERS_MAX))]).toEqual([true, false]);
  });
});

describe('the store in memory', () => {
  const fake = new FakeChatStore();
  chatStoreCases(() => fake);
});

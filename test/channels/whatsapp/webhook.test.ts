import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { HiloError } from '../../../src/app/errors.js';
import type { IncomingMessage, MessageReceipt, Messenger, Webhook } from '../../../src/app/message/messenger.js';
import { MAX_BODY_BYTES, STORE_LIMIT_MS } from '../../../src/channels/whatsapp/webhook.js';
import { openWhatsApp } from '../../../src/channels/whatsapp/whatsapp.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { linesOf, messagePayload, PHONE_ID, payload, signed, statusPayload } from './payload.js';

const SECRET = 'app-secret';
const ANA = '+34600111222';

let clock: FakeClock;
let webhook: Webhook;
let messenger: Messenger;
let received: IncomingMessage[];
let receipts: MessageReceipt[];
const lines = linesOf();

beforeEach(() => {
  clock = new FakeClock();
  received = [];
  receipts = [];
  lines.clear();
  ({ messenger, webhook } = openWhatsApp({
    baseUrl: 'http://127.0.0.1:9',
    token: 'token',
    phoneId: PHONE_ID,
    appSecret: SECRET,
    verifyToken: 'verify-me',
    clock,
    ids: seededIds(seededRandom(1)),
    log: lines.log,
  }));
  messenger.onMessage(async (message) => void received.push(message));
  messenger.onReceipt(async (receipt) => void receipts.push(receipt));
});

const post = (body: Buffer): ReturnType<Webhook['receive']> => webhook.receive(body, signed(body, SECRET));

describe('handshake', () => {
  const query = { 'hub.mode': 'subscribe', 'hub.verify_token': 'verify-me', 'hub.challenge': '1158201444' };

  test.each([
    ['right', query, '1158201444'],
    ['wrong token', { ...query, 'hub.verify_token': 'verify-m' }, undefined],
    ['empty token', { ...query, 'hub.verify_token': '' }, undefined],
    ['other mode', { ...query, 'hub.mode': 'unsubscribe' }, undefined],
    ['a challenge that a browser would run', { ...query, 'hub.challenge': '<script>' }, undefined],
    ['a challenge without end', { ...query, 'hub.challenge': '1'.repeat(200) }, undefined],
    ['nothing', {}, undefined],
  ])('%s', (_case, asked, answer) => {
    expect(webhook.challenge(asked as Record<string, string>)).toBe(answer);
  });
});

describe('signature', () => {
  const body = messagePayload({ text: { body: '1' } });
  const right = signed(body, SECRET)['x-hub-signature-256'] ?? '';

  test.each([
    ['right', right, 'accepted'],
    ['right, in capitals', right.replace(/[a-f]/g, (hex) => hex.toUpperCase()), 'accepted'],
    ['missing', undefined, 'wrong-signature'],
    ['empty', '', 'wrong-signature'],
    ['of another secret', signed(body, 'other')['x-hub-signature-256'], 'wrong-signature'],
    ['of another body', signed(Buffer.from('{}'), SECRET)['x-hub-signature-256'], 'wrong-signature'],
    ['one digit short', right.slice(0, -1), 'wrong-signature'],
    ['one digit long', `${right}0`, 'wrong-signature'],
    ['no digits', `sha256=${'z'.repeat(64)}`, 'wrong-signature'],
    ['letters that are two bytes', `sha256=${'é'.repeat(64)}`, 'wrong-signature'],
    ['SHA-1', right.replace('sha256', 'sha1'), 'wrong-signature'],
  ])('%s', async (_case, header, outcome) => {
    expect(await webhook.receive(body, { 'x-hub-signature-256': header })).toBe(outcome);
    expect(received).toHaveLength(outcome === 'accepted' ? 1 : 0);
  });

  test('counts the bytes as they came, not what they mean', async () => {
    const spaced = Buffer.from(JSON.stringify(JSON.parse(body.toString()), undefined, 1));
    expect(await webhook.receive(spaced, signed(body, SECRET))).toBe('wrong-signature');
    expect(await post(spaced)).toBe('accepted');
  });
});

describe('customers write', () => {
  test.each([
    ['text', { type: 'text', text: { body: 'Sí, a las 5' } }, 'Sí, a las 5'],
    ['button of a template', { type: 'button', button: { text: 'Llámenme', payload: 'x' } }, 'Llámenme'],
    [
      'reply button',
      { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: '1', title: 'Sí' } } },
      'Sí',
    ],
    [
      'list',
      { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: '1', title: '17:00' } } },
      '17:00',
    ],
  ])('%s', async (_case, message, text) => {
    expect(await post(messagePayload({ ...message, context: { from: '34900000000', id: 'wamid.out' } }))).toBe(
      'accepted',
    );
    const atMs = 1_767_603_600_000;
    expect(received).toEqual([
      { channel: 'whatsapp', providerId: 'wamid.in', from: ANA, text, atMs, inReplyTo: 'wamid.out' },
    ]);
  });

  test('not as an answer to anything, and from a clock that is fast', async () => {
    await post(messagePayload({ text: { body: '1' }, timestamp: '99999999999', context: null }));
    expect(received).toEqual([
      { channel: 'whatsapp', providerId: 'wamid.in', from: ANA, text: '1', atMs: clock.nowMs() },
    ]);
  });

  test.each([
    ['a place', { type: 'location', location: { url: 'http://169.254.169.254/' } }],
    ['something new', { type: 'hologram', hologram: {} }],
    ['a form', { type: 'interactive', interactive: { type: 'nfm_reply' } }],
    ['no number', { from: 'me', text: { body: '1' } }],
    ['no id', { id: '', text: { body: '1' } }],
  ])('%s is passed over with a line in the log, the rest is taken', async (_case, message) => {
    expect(await post(messagePayload(message, { id: 'wamid.2', text: { body: 'hola' } }))).toBe('accepted');
    expect(received.map(({ providerId }) => providerId)).toEqual(['wamid.2']);
    expect(lines.text()).toContain('passed over');
  });

  test('to another number of the same company: not ours', async () => {
    const body = payload(
      { messages: [{ id: 'a', from: '34600111222', timestamp: '1', type: 'text', text: { body: '1' } }] },
      '77',
    );
    expect(await post(body)).toBe('accepted');
    expect(received).toEqual([]);
  });

  test('a batch of 1000 is taken, in order for each customer', async () => {
    const messages = Array.from({ length: 1_000 }, (_, n) => ({
      ...{ id: `wamid.${n}`, from: `3460011122${n % 7}`, text: { body: `${n}` } },
    }));
    messenger.onMessage(async (message) => {
      await new Promise((resolve) => setImmediate(resolve));
      received.push(message);
    });
    expect(await post(messagePayload(...messages))).toBe('accepted');
    expect(received).toHaveLength(1_000);
    for (let customer = 0; customer < 7; customer += 1) {
      const numbers = received.filter(({ from }) => from.endsWith(`${customer}`)).map(({ text }) => Number(text));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
  });

  test('the same body once more tells the same ids, so that nothing happens twice', async () => {
    const body = messagePayload({ text: { body: '1' } });
    await post(body);
    clock.advance(24 * 3_600_000);
    await post(body);
    expect(received[1]).toEqual(received[0]);
  });
});

describe('statuses', () => {
  test('sent, delivered, read and failed, out of order as they come', async () => {
    const errors = [{ code: 131026, title: 'Message undeliverable', error_data: { details: 'x' } }];
    await post(
      statusPayload(
        { status: 'read' },
        { status: 'delivered' },
        { status: 'sent' },
        { id: 'wamid.other', status: 'failed', errors },
        { status: 'deleted' },
      ),
    );
    const told = receipts.map(({ providerId, status, reason }) => [providerId, status, reason]);
    expect(told.filter(([id]) => id === 'wamid.out')).toEqual([
      ['wamid.out', 'read', undefined],
      ['wamid.out', 'delivered', undefined],
      ['wamid.out', 'sent', undefined],
    ]);
    expect(told).toContainEqual(['wamid.other', 'failed', 'whatsapp 131026 Message undeliverable']);
    expect(receipts).toHaveLength(4);
  });
});

describe('when it cannot be stored', () => {
  test('the rest is taken, and Meta has to send it again', async () => {
    messenger.onMessage(async (message) => {
      if (message.from === ANA) throw new HiloError('store-unavailable', 'no database');
      received.push(message);
    });
    const body = messagePayload({ text: { body: '1' } }, { id: 'b', from: '34600999999', text: { body: '2' } });
    await expect(post(body)).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(received.map(({ text }) => text)).toEqual(['2']);
  });

  test('a record that does not answer is given up in time', async () => {
    messenger.onMessage(() => new Promise(() => undefined));
    const posted = post(messagePayload({ text: { body: '1' } }));
    posted.catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(STORE_LIMIT_MS);
    await expect(posted).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(clock.pending).toBe(0);
  });
});

describe('hostile bodies', () => {
  test.each([
    ['nothing', ''],
    ['no JSON', '{"object":'],
    ['null', 'null'],
    ['a list', '[]'],
    ['another product', '{"object":"page","entry":[]}'],
    ['entries that are none', '{"object":"whatsapp_business_account","entry":{"length":9}}'],
  ])('%s is malformed', async (_case, text) => {
    expect(await post(Buffer.from(text))).toBe('malformed');
  });

  test('too large: not even looked at', async () => {
    const body = Buffer.alloc(MAX_BODY_BYTES + 1, 0x20);
    expect(await post(body)).toBe('malformed');
  });

  test('nested without end', async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const body = payload({ messages: ['DEEP'] })
      .toString()
      .replace('"DEEP"', deep);
    expect(await post(Buffer.from(body))).toBe('accepted');
    expect(received).toEqual([]);
  });

  test('whatever comes with a right signature, nothing breaks', async () => {
    const json = fc.jsonValue({ maxDepth: 5 });
    const field = fc.constantFrom(
      'id',
      'from',
      'timestamp',
      'type',
      'text',
      'button',
      'interactive',
      'context',
      'status',
      'errors',
    );
    const item = fc.dictionary(
      field,
      fc.oneof(json, fc.constantFrom('text', 'button', 'sent', 'failed', '34600111222', '1')),
    );
    const near = fc.record(
      { messages: fc.array(item), statuses: fc.oneof(fc.array(item), json) },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      near.map((value) => payload(value)),
      json.map((value) => Buffer.from(JSON.stringify(value))),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(body, async (bytes) => {
        expect(['accepted', 'malformed']).toContain(await post(bytes));
      }),
      { numRuns: 500 },
    );
    for (const { from, providerId, atMs } of received) {
      expect(from).toMatch(/^\+\d{5,20}$/);
      expect(providerId).not.toBe('');
      expect(atMs).toBeLessThanOrEqual(clock.nowMs());
    }
  });

  test('no number, no text in the log', async () => {
    messenger.onMessage(() => Promise.reject(new HiloError('store-unavailable', 'no database')));
    await expect(post(messagePayload({ text: { body: 'mi secreto' } }, { type: 'image' }))).rejects.toThrow();
    expect(lines.text()).toContain('send it again');
    expect(lines.text()).not.toMatch(/600111222|secreto/);
  });
});

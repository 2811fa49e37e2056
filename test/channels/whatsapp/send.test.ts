import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Messenger, OutgoingMessage, Webhook } from '../../../src/app/message/messenger.js';
import { CALL_LIMIT_MS, MAX_ANSWER_BYTES } from '../../../src/channels/whatsapp/cloud-api.js';
import { MAX_REMEMBERED, MAX_TEXT_CHARS, openWhatsApp } from '../../../src/channels/whatsapp/whatsapp.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { accept, FakeCloudApi, fail, reply } from './fake-cloud-api.js';
import { linesOf, signed, statusPayload } from './payload.js';

const HOUR_MS = 3_600_000;
const ANA = '+34600111222';

let api: FakeCloudApi;
let clock: FakeClock;
let messenger: Messenger;
let webhook: Webhook;
const lines = linesOf();

beforeEach(async () => {
  api = await FakeCloudApi.start();
  clock = new FakeClock();
  lines.clear();
  ({ messenger, webhook } = openWhatsApp({
    baseUrl: api.url,
    token: 'token',
    phoneId: '1055',
    appSecret: 'secret',
    verifyToken: 'verify',
    clock,
    ids: seededIds(seededRandom(1)),
    log: lines.log,
  }));
});

afterEach(async () => {
  await messenger?.close();
  await api?.stop();
});

function outgoing(fields: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    ...{ message: 'm1', to: ANA, text: 'Le llamamos: responda 1', language: 'es', lastReceivedAtMs: clock.nowMs() },
    template: { name: 'hilo_callback_offer', parameters: ['H-7K3Q-X2PD'] },
    ...fields,
  };
}

const never = (message: OutgoingMessage): OutgoingMessage => {
  const { lastReceivedAtMs: _, ...rest } = message;
  return rest;
};

describe('what is sent', () => {
  test('within 24 hours of the last message of the customer: the text', async () => {
    expect(await messenger.send(outgoing({ lastReceivedAtMs: clock.nowMs() - 23 * HOUR_MS }))).toEqual({
      providerId: 'wamid.1',
    });
    expect(api.asked).toEqual([
      {
        path: '/v21.0/1055/messages',
        authorization: 'Bearer token',
        body: {
          messaging_product: 'whatsapp',
          recipient_type: 'individual',
          to: '34600111222',
          biz_opaque_callback_data: 'm1',
          type: 'text',
          text: { preview_url: false, body: 'Le llamamos: responda 1' },
        },
      },
    ]);
  });

  test.each([
    ['to somebody who never wrote', () => never(outgoing())],
    ['after 24 hours', () => outgoing({ lastReceivedAtMs: clock.nowMs() - 24 * HOUR_MS })],
    ['a moment before 24 hours are over', () => outgoing({ lastReceivedAtMs: clock.nowMs() - 24 * HOUR_MS + 1_000 })],
  ])('%s: the template', async (_case, message) => {
    await messenger.send(message());
    expect(api.asked).toMatchObject([
      {
        body: {
          type: 'template',
          template: {
            name: 'hilo_callback_offer',
            language: { code: 'es' },
            components: [{ type: 'body', parameters: [{ type: 'text', text: 'H-7K3Q-X2PD' }] }],
          },
        },
      },
    ]);
  });

  test('a template without parameters has no components', async () => {
    await messenger.send(never(outgoing({ template: { name: 'hola', parameters: [] } })));
    expect(api.asked[0]?.body['template']).toEqual({ name: 'hola', language: { code: 'es' }, components: [] });
  });

  test('Meta says that the window is closed: the template after all', async () => {
    api.answer = (response, count) => (count === 1 ? fail(response, 400, 131047) : accept(response, count));
    expect(await messenger.send(outgoing())).toEqual({ providerId: 'wamid.2' });
    expect(api.asked.map(({ body }) => body['type'])).toEqual(['text', 'template']);
  });

  test.each([
    ['outside the window without a template', () => withoutTemplate(never(outgoing()))],
    ['too long', () => outgoing({ text: 'a'.repeat(MAX_TEXT_CHARS + 1) })],
    ['empty', () => outgoing({ text: '' })],
    ['to nobody', () => outgoing({ to: 'anonymous' })],
  ])('%s: refused without asking Meta', async (_case, message) => {
    await expect(messenger.send(message())).rejects.toMatchObject({ code: 'message-refused' });
    expect(api.asked).toEqual([]);
  });

  test('the same message twice, at once or later, is sent once', async () => {
    const ids = await Promise.all([messenger.send(outgoing()), messenger.send(outgoing())]);
    ids.push(await messenger.send(outgoing()));
    expect(ids.map(({ providerId }) => providerId)).toEqual(['wamid.1', 'wamid.1', 'wamid.1']);
    expect(api.asked).toHaveLength(1);
  });
});

function withoutTemplate({ template: _, ...rest }: OutgoingMessage): OutgoingMessage {
  return rest;
}

describe('what Meta answers', () => {
  test.each([
    ['429', 429, 130429, 'message-not-sent'],
    ['429 with a code that is final otherwise', 429, 131026, 'message-not-sent'],
    ['500', 500, 1, 'message-not-sent'],
    ['503 with a code that is final otherwise', 503, 100, 'message-not-sent'],
    ['rate limit of the pair', 400, 131056, 'message-not-sent'],
    ['token expired', 401, 190, 'message-not-sent'],
    ['a code that nobody knows', 400, 999_999, 'message-not-sent'],
    ['no WhatsApp on that number', 400, 131026, 'message-refused'],
    ['wrong parameter', 400, 100, 'message-refused'],
    ['no such template', 404, 132001, 'message-refused'],
    ['200 with an error body, final', 200, 131026, 'message-refused'],
    ['200 with an error body, for now', 200, 131016, 'message-not-sent'],
  ])('%s', async (_case, status, code, expected) => {
    api.answer = (response) => fail(response, status, code);
    const error = await messenger.send(outgoing()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: expected });
    // Meta's own words name the customer.
    expect(String(error)).not.toContain('600111222');
  });

  test.each([
    ['200 without an id', 200, { messages: [] }],
    ['200 with something else', 200, '<html>hello</html>'],
    ['200 with nothing', 200, ''],
    ['an error page', 502, '<html>bad gateway</html>'],
    ['a redirect', 302, ''],
    ['an answer without end', 200, 'x'.repeat(MAX_ANSWER_BYTES + 1)],
  ])('%s: tried again later', async (_case, status, body) => {
    api.answer = (response) => reply(response, status, body);
    await expect(messenger.send(outgoing())).rejects.toMatchObject({ code: 'message-not-sent' });
    api.answer = accept;
    expect(await messenger.send(outgoing())).toEqual({ providerId: 'wamid.2' });
  });

  test.each([
    ['nothing', () => undefined],
    ['half an answer', (response: { write(text: string): void }) => void response.write('{"mess')],
  ])('%s: given up in time', async (_case, answer) => {
    api.answer = (response) => answer(response);
    const sent = messenger.send(outgoing());
    while (api.asked.length === 0) await delay(1);
    clock.advance(CALL_LIMIT_MS);
    await expect(sent).rejects.toMatchObject({ code: 'message-not-sent' });
    expect(clock.pending).toBe(0);
  });

  test('the connection breaks', async () => {
    api.answer = (response) => response.destroy();
    await expect(messenger.send(outgoing())).rejects.toMatchObject({ code: 'message-not-sent' });
  });

  test('nobody is there', async () => {
    await api.stop();
    await expect(messenger.send(outgoing())).rejects.toMatchObject({ code: 'message-not-sent' });
    api = await FakeCloudApi.start();
  });

  test('an answer that was lost, but a status tells that it was taken: not sent again', async () => {
    api.answer = (response) => response.destroy();
    await expect(messenger.send(outgoing())).rejects.toMatchObject({ code: 'message-not-sent' });
    messenger.onReceipt(() => Promise.resolve());
    const body = statusPayload({ id: 'wamid.lost', status: 'sent', biz_opaque_callback_data: 'm1' });
    expect(await webhook.receive(body, signed(body, 'secret'))).toBe('accepted');
    expect(await messenger.send(outgoing())).toEqual({ providerId: 'wamid.lost' });
    expect(api.asked).toHaveLength(1);
  });

  test(`${MAX_REMEMBERED} messages that were taken are remembered`, async () => {
    messenger.onReceipt(() => Promise.resolve());
    const statuses = Array.from({ length: MAX_REMEMBERED + 1 }, (_, n) => ({
      ...{ id: `wamid.old.${n}`, biz_opaque_callback_data: `old-${n}` },
    }));
    const body = statusPayload(...statuses);
    expect(await webhook.receive(body, signed(body, 'secret'))).toBe('accepted');
    expect(await messenger.send(outgoing({ message: 'old-1' }))).toEqual({ providerId: 'wamid.old.1' });
    expect(api.asked).toHaveLength(0);
    expect(await messenger.send(outgoing({ message: 'old-0' }))).toEqual({ providerId: 'wamid.1' });
  });

  test('we close meanwhile', async () => {
    api.answer = () => undefined;
    const sent = messenger.send(outgoing());
    sent.catch(() => undefined);
    while (api.asked.length === 0) await delay(1);
    await messenger.close();
    await expect(sent).rejects.toMatchObject({ code: 'message-not-sent' });
    expect(clock.pending).toBe(0);
  });
});

test('neither numbers nor texts are in the log', async () => {
  api.answer = (response, count) => (count === 1 ? fail(response, 400, 131047) : accept(response, count));
  await messenger.send(outgoing());
  expect(lines.text()).toContain('…222');
  expect(lines.text()).not.toMatch(/600111222|Le llamamos/);
});

test('a base URL that is none is refused at start', () => {
  const settings = { token: 't', phoneId: '1', appSecret: 's', verifyToken: 'v' };
  const ports = { clock, ids: seededIds(seededRandom(1)), log: lines.log };
  expect(() => openWhatsApp({ ...settings, ...ports, baseUrl: 'graph.facebook.com' })).toThrow('WHATSAPP_BASE_URL');
});

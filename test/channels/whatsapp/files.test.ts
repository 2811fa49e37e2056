// Files by WhatsApp: a customer's is fetched by its id, ours is uploaded first; the window and templates of replies.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IncomingMessage, Messenger, OutgoingMessage, Webhook } from '../../../src/app/message/messenger.js';
import { MAX_CAPTION_CHARS, openWhatsApp } from '../../../src/channels/whatsapp/whatsapp.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { accept, FakeCloudApi, fail, reply } from './fake-cloud-api.js';
import { linesOf, messagePayload, PHONE_ID, signed } from './payload.js';

const DAY_MS = 24 * 3_600_000;

let api: FakeCloudApi;
let clock: FakeClock;
let messenger: Messenger;
let webhook: Webhook;
let folder: string;
let received: IncomingMessage[];

beforeEach(async () => {
  api = await FakeCloudApi.start();
  clock = new FakeClock();
  received = [];
  folder = await mkdtemp(join(tmpdir(), 'hilo-whatsapp-'));
  ({ messenger, webhook } = openWhatsApp({
    ...{ baseUrl: api.url, token: 'token', phoneId: PHONE_ID, appSecret: 'secret', verifyToken: 'verify' },
    ...{ clock, ids: seededIds(seededRandom(1)), log: linesOf().log },
  }));
  messenger.onMessage(async (message) => void received.push(message));
});

afterEach(async () => {
  await messenger?.close();
  await api?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function written(fields: Partial<OutgoingMessage> = {}, type = 'image/jpeg'): Promise<OutgoingMessage> {
  const path = join(folder, 'f1');
  await writeFile(path, 'the bytes of it');
  return {
    ...{ message: 'm1', to: '+34600111222', text: 'Aquí la tiene', language: 'es', lastReceivedAtMs: clock.nowMs() },
    file: { id: 'f1', path, name: 'factura.jpg', type, bytes: 15 },
    ...fields,
  };
}

function uploads(): readonly string[] {
  return api.asked.flatMap(({ path, raw }) => (path === '/v21.0/1055/media' ? [raw ?? ''] : []));
}

/** The bytes that the messenger gives out for the id. */
async function loaded(id: string): Promise<string> {
  return (
    messenger.load?.(id, async (bytes) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    }) ?? Promise.reject(new Error('no files'))
  );
}

describe('what the customer sends', () => {
  test.each([
    [
      'a picture with words',
      { type: 'image', image: { id: '77', mime_type: 'image/jpeg', caption: 'Mire' } },
      'Mire',
      undefined,
    ],
    ['a voice message', { type: 'audio', audio: { id: '77', voice: true } }, '', undefined],
    ['a document', { type: 'document', document: { id: '77', filename: 'contrato.pdf' } }, '', 'contrato.pdf'],
  ])('%s is a message with a file', async (_what, message, text, name) => {
    const body = messagePayload(message);
    expect(await webhook.receive(body, signed(body, 'secret'))).toBe('accepted');
    expect(received).toMatchObject([{ text, files: [name === undefined ? { source: '77' } : { source: '77', name }] }]);
  });

  test('a file without a usable id is passed over', async () => {
    const body = messagePayload({ type: 'image', image: { id: '../../1055' } }, { id: 'wamid.2', type: 'image' });
    expect(await webhook.receive(body, signed(body, 'secret'))).toBe('accepted');
    expect(received).toEqual([]);
  });

  test('is fetched with our token, from where the API says', async () => {
    api.answer = (response, count) => {
      if (count === 1) reply(response, 200, { url: `${api.url}/files/77`, mime_type: 'image/jpeg' });
      else reply(response, 200, 'bytes');
    };
    expect(await loaded('77')).toBe('bytes');
    expect(api.asked).toMatchObject([
      { path: '/v21.0/77', authorization: 'Bearer token' },
      { path: '/v21.0/files/77', authorization: 'Bearer token' },
    ]);
  });

  test('is not fetched from a stranger: the token goes nowhere else', async () => {
    api.answer = (response) => reply(response, 200, { url: 'https://graph.facebook.com.example.org/77' });
    await expect(loaded('77')).rejects.toMatchObject({ code: 'not-found' });
    expect(api.asked).toHaveLength(1);
  });

  test.each([
    ['is gone', 404, 'not-found'],
    ['is not to be had now', 503, 'message-not-sent'],
  ])('%s', async (_what, status, code) => {
    api.answer = (response, count) => {
      if (count === 1) reply(response, 200, { url: `${api.url}/files/77` });
      else reply(response, status, 'no');
    };
    await expect(loaded('77')).rejects.toMatchObject({ code });
  });

  test('under an id that Meta does not know is gone for good', async () => {
    api.answer = (response) => fail(response, 400, 100);
    await expect(loaded('77')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('what an agent sends', () => {
  beforeEach(() => {
    api.answer = (response, count, { path }) => {
      if (path.endsWith('/media')) reply(response, 200, { id: '88' });
      else accept(response, count);
    };
  });

  test.each([
    ['image/jpeg', 'image', { id: '88', caption: 'Aquí la tiene' }],
    ['application/pdf', 'document', { id: '88', caption: 'Aquí la tiene', filename: 'factura.jpg' }],
  ])('%s is uploaded and goes as %s', async (type, kind, content) => {
    await messenger.send(await written({}, type));
    expect(uploads()).toHaveLength(1);
    expect(uploads()[0]).toContain('the bytes of it');
    expect(api.asked.at(-1)?.body).toMatchObject({ type: kind, [kind]: content });
  });

  test('is uploaded once, however often it is tried', async () => {
    let tries = 0;
    api.answer = (response, count, { path }) => {
      if (path.endsWith('/media')) reply(response, 200, { id: '88' });
      else if (++tries === 1) fail(response, 500, 131000);
      else accept(response, count);
    };
    const message = await written();
    await expect(messenger.send(message)).rejects.toMatchObject({ code: 'message-not-sent' });
    await messenger.send(message);
    expect(uploads()).toHaveLength(1);
  });

  test('with too many words is refused before anything is uploaded', async () => {
    const message = await written({ text: 'x'.repeat(MAX_CAPTION_CHARS + 1) });
    await expect(messenger.send(message)).rejects.toMatchObject({ code: 'message-refused' });
    expect(api.asked).toEqual([]);
  });

  test('after 24 hours is refused: a reply is never replaced by a template', async () => {
    const message = await written({ lastReceivedAtMs: clock.nowMs() - DAY_MS });
    await expect(messenger.send(message)).rejects.toMatchObject({ code: 'message-refused' });
    expect(api.asked).toEqual([]);
  });
});

test('a template that an agent chose goes as such, also within the window', async () => {
  await messenger.send({
    ...{ message: 'm2', to: '+34600111222', text: 'Hola, soy Ana', language: 'es', lastReceivedAtMs: clock.nowMs() },
    template: { name: 'hilo_follow_up', parameters: ['H-1', 'Ana'], always: true },
  });
  expect(api.asked[0]?.body).toMatchObject({
    type: 'template',
    template: { name: 'hilo_follow_up', language: { code: 'es' } },
  });
});

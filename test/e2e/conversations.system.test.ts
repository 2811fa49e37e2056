// A written conversation through the running server: the customer in the sandbox, the agent by the API, files both ways.
import { beforeEach, expect, test } from 'vitest';
import { PASSWORD } from '../support/hilo/server.js';
import { onStage } from '../support/hilo/stage.js';
import { eventually } from '../support/servers.js';

interface Conversation {
  readonly id: string;
  readonly state: string;
  readonly offer?: string;
  readonly unread: number;
  readonly customer?: { readonly address: { readonly value: string } };
}

interface Thread {
  readonly yours: boolean;
  readonly window?: { readonly state: string };
  readonly messages: readonly {
    readonly id: string;
    readonly direction: string;
    readonly text: string;
    readonly status: string;
    readonly attachments: readonly { readonly state: string; readonly url?: string; readonly name: string }[];
  }[];
}

const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4]);

const scene = onStage();
let token: string;
beforeEach(async () => {
  const body = JSON.stringify({ user: 'ana', password: PASSWORD });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${scene.hilo.http}/api/sign-in`, { method: 'POST', headers, body });
  ({ token } = (await response.json()) as { token: string });
});

/** As Ana. */
async function ask(method: string, path: string, body?: object | Uint8Array<ArrayBuffer>): Promise<Response> {
  const isFile = body instanceof Uint8Array;
  const type = isFile ? 'application/octet-stream' : 'application/json';
  const response = await fetch(`${scene.hilo.http}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

async function answer<T>(method: string, path: string, body?: object | Uint8Array<ArrayBuffer>): Promise<T> {
  return (await (await ask(method, path, body)).json()) as T;
}

test('a customer writes, the agent gets it, answers with a picture, gets one, and closes', async () => {
  const customer = scene.newNumber();
  await scene.agent('ana-desk');
  await scene.api.write(customer, 'Hola, ¿me pueden ayudar?');
  const mine = async () =>
    (await answer<{ conversations: Conversation[] }>('GET', '/api/conversations')).conversations.find(
      (one) => one.customer?.address.value === customer,
    );
  await eventually('Ana is offered it', async () => (await mine())?.state === 'offered');
  await ask('POST', `/api/offers/${(await mine())?.offer}/accept`);
  const id = (await mine())?.id ?? '';
  const path = `/api/conversations/${id}`;
  const thread = () => answer<Thread>('GET', path);
  const [first] = (await thread()).messages;
  expect(await thread()).toMatchObject({ yours: true, window: { state: 'open' } });
  expect((await mine())?.unread).toBe(1);
  await ask('POST', `${path}/read`, { message: first?.id });
  expect((await mine())?.unread).toBe(0);

  const { texts } = await answer<{ texts: { text: { es: string } }[] }>('GET', `/api/canned-texts?conversation=${id}`);
  expect(texts[0]?.text.es).toContain('Soy Ana Molina');
  const { attachment } = await answer<{ attachment: { id: string } }>('POST', `${path}/attachments?name=foto`, JPEG);
  await ask('POST', `${path}/messages`, { text: texts[0]?.text.es, attachment: attachment.id });
  await eventually('it is delivered', async () => (await thread()).messages.at(-1)?.status === 'delivered');
  const shown = await scene.api.get<{ messages: { attachments?: { url: string }[] }[] }>(
    `/api/sandbox/messages?address=${encodeURIComponent(customer)}`,
  );
  const url = shown.messages.at(-1)?.attachments?.[0]?.url ?? '';
  expect(new Uint8Array(await (await fetch(`${scene.hilo.http}${url}`)).arrayBuffer())).toEqual(JPEG);

  const query = `from=${encodeURIComponent(customer)}&name=mi%20foto.jpg`;
  await ask('POST', `/api/sandbox/attachments?${query}`, JPEG);
  const last = async () => (await thread()).messages.at(-1)?.attachments[0];
  await eventually('the picture is here', async () => (await last())?.state === 'ready');
  const file = await ask('GET', (await last())?.url ?? '');
  expect(new Uint8Array(await file.arrayBuffer())).toEqual(JPEG);
  expect(Object.fromEntries(file.headers)).toMatchObject({
    'content-type': 'image/jpeg',
    'content-disposition': `attachment; filename="mi foto.jpg"; filename*=UTF-8''mi%20foto.jpg`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  });

  await ask('POST', `${path}/close`, { note: 'resuelto' });
  expect(await mine()).toBeUndefined();
  const { timeline } = await scene.api.get<{ timeline: { text: string }[] }>(`/api/interactions/${id}`);
  expect(timeline.map(({ text }) => text).join('\n')).toMatch(/ana escribe al .*\[foto\.jpg\]/);
}, 40_000);

test('nobody gets a file that is a program, and strangers get none', async () => {
  const query = `from=${encodeURIComponent(scene.newNumber())}&name=foto.jpg`;
  const program = new Uint8Array([0x4d, 0x5a, 0x90, 0]);
  const sent = await fetch(`${scene.hilo.http}/api/sandbox/attachments?${query}`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: program },
  });
  expect(sent.status).toBe(415);
  const response = await fetch(`${scene.hilo.http}/api/conversations/any/attachments/any`);
  expect(response.status).toBe(401);
});

// The chat's routes: whose pages may show it and ask, what a visitor may say, and when a page is cut off.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { HELLO_MS, MAX_UNREAD_BYTES, SAID_PER_BEAT } from '../../src/api/chat/socket.js';
import { LIMITS } from '../../src/api/limits.js';
import type { ChatDoor, ChatLooker, NewChatMessage } from '../../src/app/chat/chat-door.js';
import type { ChatState } from '../../src/app/chat/chat-matters.js';
import type { ChatProgress } from '../../src/app/chat/chat-store.js';
import { HiloError } from '../../src/app/errors.js';
import { CHAT_BEAT_MS, CHAT_CLOSE } from '../../src/contract/chat/link.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

const TOKEN = 'e'.repeat(43);
const ID = '3f0e8f3c-8a0e-4b7e-9d58-0a4b6d1f2c11';
const ORIGINS = ['https://www.example.com', 'https://*.example.org'];
const HEADERS = { authorization: `Bearer ${TOKEN}` };
/** Passwords of the people of a scene are hashed. */
const SET_UP_MS = 60_000;
const AT_MS = Date.UTC(2026, 0, 5, 9);

class FakeDoor implements ChatDoor {
  readonly written: NewChatMessage[] = [];
  readonly seen: [number, ChatProgress][] = [];
  lookers: ChatLooker[] = [];
  refusal: HiloError | undefined;
  refreshed = 0;
  addressOf = (): string => 'web-abcdefghijklmnopabcdefgh';
  knows = async (): Promise<boolean> => true;
  greet = async (): Promise<void> => undefined;
  keep = async (_token: string, name: string) => ({ id: 'f1', name, type: 'image/png', bytes: 1 });
  file = async () => undefined;

  async write(_token: string, message: NewChatMessage): Promise<number> {
    if (this.refusal !== undefined) throw this.refusal;
    return this.written.push(message);
  }

  async look(_token: string, _after: number, looker: ChatLooker) {
    if (this.refusal !== undefined) throw this.refusal;
    this.lookers.push(looker);
    return {
      refresh: (): void => {
        this.refreshed += 1;
      },
      seen: async (upTo: number, progress: ChatProgress) => void this.seen.push([upTo, progress]),
      stop: (): void => {
        this.lookers = this.lookers.filter((one) => one !== looker);
      },
    };
  }
}

let folder: string;
let door: FakeDoor;
let called: string[];
let watching: ((state: ChatState) => void)[];
let scene: ApiScene;
let sockets: WebSocket[];

async function open(origins: readonly string[] = ORIGINS, trustedProxies?: readonly string[]): Promise<ApiScene> {
  await scene?.close();
  scene = await openApiScene({
    change(options) {
      const plain = options.centre();
      const rules = { greeting: { es: 'Hola', en: 'Hello' }, origins, ask: ['name'] as const, callBack: true };
      const { chat: _sample, ...without } = plain;
      const centre = () => (origins.length === 0 ? without : { ...plain, chat: rules });
      const matters = {
        opening: () => ({ open: false, opensAtMs: AT_MS }) as const,
        callable(number: string): string {
          if (number === '112') throw new HiloError('not-allowed', 'no', { why: { reason: 'prefix-denied' } });
          return `+34${number}`;
        },
        callMe: async (_address: string, number: string) => void called.push(number),
        watch(_address: string, told: (state: ChatState) => void) {
          watching.push(told);
          told({ talk: { state: 'talking', agent: 'Ana' } });
          return () => {
            watching = watching.filter((one) => one !== told);
          };
        },
      };
      const proxies = trustedProxies === undefined ? {} : { trustedProxies };
      return { ...options, ...proxies, centre, chat: { door, matters }, pages: { folder } };
    },
  });
  return scene;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hilo-chat-pages-'));
  for (const inner of ['assets', 'chat']) mkdirSync(join(folder, inner));
  writeFileSync(join(folder, 'index.html'), 'the application');
  writeFileSync(join(folder, 'chat', 'chat.html'), '<script nonce="hilo-nonce-of-this-answer"></script>');
  writeFileSync(join(folder, 'chat.js'), 'load();');
  [door, called, watching, sockets] = [new FakeDoor(), [], [], []];
  await open();
}, SET_UP_MS);
afterEach(async () => {
  for (const socket of sockets) socket.terminate();
  await scene.close();
  rmSync(folder, { recursive: true });
});

const write = (body: object = {}, headers: object = {}) =>
  scene.ask('POST', '/api/chat/messages', {
    body: { id: ID, text: 'Hola', ...body },
    headers: { ...HEADERS, ...headers },
  });

describe('the page and the script', () => {
  test('are shown by the sites of the centre, and by nobody else', async () => {
    const { headers, body } = await scene.ask('GET', '/chat');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain(`frame-ancestors 'self' ${ORIGINS.join(' ')};`);
    expect(policy).not.toMatch(/unsafe/);
    expect(headers).not.toHaveProperty('x-frame-options');
    expect(policy).toContain(`'nonce-${/nonce="([^"]+)"/.exec(body)?.[1]}'`);
    const script = await scene.ask('GET', '/chat.js');
    expect([script.body, script.headers['cross-origin-resource-policy']]).toEqual(['load();', 'cross-origin']);
    expect(script.headers['cache-control']).toMatch(/max-age=\d+/);
  });

  test.each(['/chat', '/chat.js', '/api/chat'])('%s is not there without a chat in the file', async (path) => {
    await open([]);
    expect((await scene.ask('GET', path)).statusCode).toBe(404);
    expect((await write()).statusCode).toBe(404);
  });

  test('how it greets comes in a language of the centre', async () => {
    const greets = async (query: string) => (await scene.ask('GET', `/api/chat${query}`)).json();
    expect(await greets('?language=en-GB')).toMatchObject({ language: 'en', greeting: 'Hello', ask: ['name'] });
    expect(await greets('?language=fr')).toMatchObject({ language: 'es', greeting: 'Hola', callBack: true });
    expect((await greets('')).opening).toEqual({ open: false, opensAt: new Date(AT_MS).toISOString() });
  });
});

describe('a message', () => {
  test('is taken, with what the visitor says of themselves', async () => {
    const answer = await write({ name: ' Eva ', number: '600123123', language: 'en-US' });
    expect([answer.statusCode, answer.json()]).toEqual([201, { number: 1 }]);
    expect(door.written).toMatchObject([{ id: ID, writer: { name: 'Eva', number: '+34600123123', language: 'en' } }]);
  });

  test.each([
    ['a number that may not be called', { number: '112' }, 403],
    ['an empty text', { text: ' ' }, 400],
    ['an id that is none', { id: 'one' }, 400],
    ['a text without end', { text: 'x'.repeat(4_097) }, 400],
    ['a body without end', { text: 'x'.repeat(30_000) }, 413],
    ['a name without end', { name: 'x'.repeat(81) }, 400],
    ['something else', { role: 'admin' }, 400],
  ])('with %s: refused', async (_case, body, status) => {
    expect((await write(body)).statusCode).toBe(status);
    expect(door.written).toEqual([]);
  });

  test('without a token, or from the page of another site: refused', async () => {
    expect((await write({}, { authorization: '' })).statusCode).toBe(400);
    expect((await write({}, { origin: ORIGINS[0], host: 'hilo.example' })).statusCode).toBe(403);
    expect((await write({}, { origin: 'http://hilo.example', host: 'hilo.example' })).statusCode).toBe(201);
  });

  test('too many from one address: later', async () => {
    for (let count = 0; count < LIMITS.chatMessages; count += 1) expect((await write()).statusCode).toBe(201);
    expect((await write()).statusCode).toBe(429);
  });

  test.each([
    ['nobody is trusted', undefined, '127.0.0.1'],
    ['the proxy in front is trusted', ['127.0.0.0/8'], '203.0.113.9'],
    ['another proxy is trusted', ['10.0.0.1'], '127.0.0.1'],
  ])('comes from the address that counts: %s', async (_case, trusted, from) => {
    await open(ORIGINS, trusted);
    await write({}, { 'x-forwarded-for': '203.0.113.9' });
    expect(door.written).toMatchObject([{ from }]);
  });

  test('its token and text are in no line of the log', async () => {
    await write({ text: 'a secret matter' });
    door.refusal = new HiloError('store-unavailable', 'no database');
    await write({ text: 'a secret matter' });
    const lines = JSON.stringify(scene.log.lines);
    expect(lines).toContain('/api/chat/messages');
    expect(lines).not.toMatch(/eeeee|a secret matter/);
  });
});

test('the wish to be called: by the policy, a few times from one address', async () => {
  const ask = async (number: string) =>
    (await scene.ask('POST', '/api/chat/call-back', { body: { number }, headers: HEADERS })).statusCode;
  expect([await ask('112'), await ask('600123123')]).toEqual([403, 201]);
  expect(called).toEqual(['+34600123123']);
  for (let count = 2; count < LIMITS.forms; count += 1) await ask('600123123');
  expect(await ask('600123123')).toBe(429);
});

describe('the WebSocket', () => {
  let url = '';
  beforeEach(async () => {
    await scene.app.listen({ port: 0, host: '127.0.0.1' });
    url = `ws://127.0.0.1:${(scene.app.server.address() as AddressInfo).port}/api/chat/live`;
  });

  interface Line {
    readonly socket: WebSocket;
    readonly news: { type: string }[];
    readonly closed: Promise<number>;
  }

  async function connect(hello: object | 'nothing' = { token: TOKEN, after: 0 }, headers = {}): Promise<Line> {
    const socket = new WebSocket(url, { headers });
    sockets.push(socket);
    const news: { type: string }[] = [];
    socket.on('message', (text) => news.push(JSON.parse(String(text))));
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await new Promise<void>((resolve, reject) => socket.on('open', resolve).on('error', reject));
    if (hello !== 'nothing') socket.send(JSON.stringify(hello));
    return { socket, news, closed };
  }

  test('tells the lines and how it stands; the page says how far it has come', async () => {
    const { socket, news } = await connect();
    await expect.poll(() => door.lookers).toHaveLength(1);
    door.lookers[0]?.lines([{ number: 7, id: ID, direction: 'out', text: '<b>Hola</b>', atMs: AT_MS }]);
    await expect.poll(() => news).toHaveLength(2);
    expect(news).toEqual([
      expect.objectContaining({ type: 'state', talk: { state: 'talking', agent: 'Ana' } }),
      {
        type: 'lines',
        lines: [{ number: 7, id: ID, by: 'centre', text: '<b>Hola</b>', at: new Date(AT_MS).toISOString() }],
      },
    ]);
    for (const seen of [{ got: 7 }, { read: 7 }]) socket.send(JSON.stringify(seen));
    await expect
      .poll(() => door.seen)
      .toEqual([
        [7, 'delivered'],
        [7, 'read'],
      ]);
    socket.close();
    await expect.poll(() => [door.lookers, watching]).toEqual([[], []]);
  });

  test('looks again with each beat, and gives up who says nothing to it', async () => {
    const { news, closed, socket } = await connect();
    await expect.poll(() => door.lookers).toHaveLength(1);
    socket.pause();
    scene.clock.advance(CHAT_BEAT_MS);
    expect(door.refreshed).toBe(1);
    for (let beat = 0; beat < 3; beat += 1) scene.clock.advance(CHAT_BEAT_MS);
    await expect.poll(() => door.lookers).toEqual([]);
    socket.resume();
    await closed;
    expect(news.map(({ type }) => type)).toContain('beat');
  });

  test('cuts off who says something else than who they are', async () => {
    expect(await (await connect({ after: 0 })).closed).toBe(CHAT_CLOSE.policy);
  });

  test('cuts off who does not say who they are in time', async () => {
    const { closed } = await connect('nothing');
    scene.clock.advance(HELLO_MS);
    expect(await closed).toBe(CHAT_CLOSE.policy);
  });

  test('cuts off who says too much', async () => {
    const { socket, closed } = await connect();
    await expect.poll(() => door.lookers).toHaveLength(1);
    for (let count = 0; count <= SAID_PER_BEAT; count += 1) socket.send('{"got":1}');
    expect(await closed).toBe(CHAT_CLOSE.policy);
  });

  test.each([
    ['not-found', CHAT_CLOSE.unknown],
    ['too-many-requests', CHAT_CLOSE.busy],
    ['store-unavailable', CHAT_CLOSE.away],
  ] as const)('%s: the page is told what to do by the code', async (code, close) => {
    door.refusal = new HiloError(code, 'as the test wants it');
    expect(await (await connect()).closed).toBe(close);
  });

  test('cuts off a page that does not read', async () => {
    const { socket, closed } = await connect();
    await expect.poll(() => door.lookers).toHaveLength(1);
    socket.pause();
    const line = { number: 1, id: ID, direction: 'out', text: 'x'.repeat(MAX_UNREAD_BYTES), atMs: AT_MS } as const;
    // As much as the system keeps on the way, too.
    for (let count = 0; count < 200 && door.lookers.length > 0; count += 1) {
      door.lookers[0]?.lines([line]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(door.lookers).toEqual([]);
    socket.resume();
    expect(await closed).toBe(1006);
  });

  test('is for pages of Hilo, and for so many from one address', async () => {
    await expect(connect('nothing', { origin: ORIGINS[0] })).rejects.toThrow('403');
    const lines = await Promise.all(Array.from({ length: LIMITS.chatSockets }, () => connect()));
    await expect(connect()).rejects.toThrow('429');
    lines[0]?.socket.close();
    await lines[0]?.closed;
    await expect.poll(async () => (await connect().catch(() => undefined)) !== undefined).toBe(true);
  });
});

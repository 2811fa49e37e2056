// The server on a real socket: broken HTTP, slow senders, large bodies, and closing.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openApi, type RunningApi } from '../../src/api/server.js';
import { systemClock } from '../../src/lib/clock.js';
import { type ApiScene, openApiScene, type SceneOptions } from '../support/api-scene.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function listening(options: SceneOptions = {}): Promise<{ api: RunningApi; port: number; scene: ApiScene }> {
  const scene = await openApiScene(options);
  // Tokens are as old as the scene says; time-outs are real.
  const clock = { ...systemClock, nowMs: () => scene.clock.nowMs() };
  const api = await openApi({ ...scene.options, clock });
  open.push(scene, api);
  return { api, port: Number(new URL(api.address).port), scene };
}

function socketTo(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined); // Cut off while sending: what was answered counts.
  open.push({ close: () => socket.destroy() });
  return socket;
}

/** What the server says until it closes the connection. */
function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.on('close', () => resolve(text));
  });
}

const HEAD = 'POST /api/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const BODY = '{"user":"ana","password":"x"}';

test('port 0 is any free one, and the address names it', async () => {
  const { api } = await listening();
  expect(api.address).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
  expect((await fetch(`${api.address}/health/live`)).status).toBe(200);
});

test.each([
  ['two lengths', `${HEAD}Content-Length: 5\r\nContent-Length: 29\r\n\r\n${BODY}`, 400],
  ['a length and chunks', `${HEAD}Content-Length: 29\r\nTransfer-Encoding: chunked\r\n\r\n${BODY}`, 400],
  ['a length that is none', `${HEAD}Content-Length: many\r\n\r\n${BODY}`, 400],
  ['something that is not HTTP', 'INVITE sip:1000@hilo SIP/2.0\r\n\r\n', 400],
  ['a line break in a header', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n', 400],
  ['endless headers', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 413],
])('%s', async (_title, request, status) => {
  const { port, api } = await listening();
  const socket = socketTo(port);
  const answer = answerOf(socket);
  socket.write(request);
  const [head = '', body = ''] = (await answer).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(head).toContain('Content-Type: application/problem+json');
  expect(JSON.parse(body)).toMatchObject({ status, instance: expect.stringMatching(/^urn:uuid:/) });
  expect((await fetch(`${api.address}/health/live`)).status).toBe(200);
});

test('headers that never end: 408', async () => {
  const { port } = await listening({ limits: { headersMs: 100 } });
  const socket = socketTo(port);
  const answer = answerOf(socket);
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
  expect(await answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"request-time-out"/);
});

test('a body that never ends: 408', async () => {
  const { port } = await listening({ limits: { headersMs: 100, requestMs: 200 } });
  const socket = socketTo(port);
  const answer = answerOf(socket);
  socket.write(`${HEAD}Content-Length: 29\r\n\r\n{`);
  expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
});

test('a connection on which nothing is said is closed', async () => {
  const { port } = await listening({ limits: { idleMs: 100, headersMs: 60_000 } });
  const answer = answerOf(socketTo(port));
  expect(await answer).toBe('');
});

test('20 MB are refused without being read', async () => {
  const { port } = await listening();
  const socket = socketTo(port);
  const answer = answerOf(socket);
  socket.write(`${HEAD}Content-Length: 20000000\r\n\r\n`);
  expect(await answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"too-large"/);
});

test('20 MB in chunks, which announce no length, are refused at the limit', async () => {
  const { port } = await listening();
  const socket = socketTo(port);
  const answer = answerOf(socket);
  socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
  const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`;
  for (let sent = 0; sent < 4 && socket.writable; sent += 1) socket.write(chunk);
  expect(await answer).toMatch(/^HTTP\/1\.1 413 /);
});

test('a stranger is refused before the body is read', async () => {
  const { port } = await listening();
  const socket = socketTo(port);
  const said = new Promise<string>((resolve) => {
    socket.once('data', (chunk: Buffer) => resolve(chunk.toString()));
  });
  socket.write(
    'PUT /api/flows/main HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/yaml\r\nContent-Length: 9999\r\n\r\n',
  );
  expect(await said).toMatch(/^HTTP\/1\.1 401 /);
});

test('300 slow senders do not keep others waiting', async () => {
  const { port, api } = await listening();
  const slow = Array.from({ length: 300 }, () => socketTo(port));
  const answered = slow.map(answerOf);
  for (const [index, socket] of slow.entries()) socket.write(`${HEAD}X-${index}:`);
  await Promise.all(slow.map((socket) => socket.connecting && once(socket, 'connect')));
  const first = await Promise.race([fetch(`${api.address}/health/live`), ...answered]);
  // Before a single slow one was given up.
  expect(first).toMatchObject({ status: 200 });
});

test('connections beyond the limit are not taken', async () => {
  const { port } = await listening({ limits: { connections: 2 } });
  const first = [socketTo(port), socketTo(port)];
  await Promise.all(first.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  expect(await answerOf(socketTo(port))).toBe('');
});

test('closing waits for a request under way, and for an idle connection not at all', async () => {
  const answering = deferred();
  const asked = deferred();
  const { api, scene } = await listening({
    change: (options) => ({
      ...options,
      failedJobs: async () => {
        asked.resolve();
        await answering.promise;
        return [];
      },
    }),
  });
  await fetch(`${api.address}/health/live`); // Its connection stays open.
  const headers = { authorization: `Bearer ${await scene.token('sofia')}` };
  const slow = fetch(`${api.address}/api/jobs/failed`, { headers });
  await asked.promise;
  const closing = api.close();
  expect(api.close()).toBe(closing);
  answering.resolve();
  expect((await slow).status).toBe(200);
  await closing;
  await expect(fetch(`${api.address}/health/live`)).rejects.toThrow('fetch failed');
});

test('closing does not wait for ever', async () => {
  const asked = deferred();
  const { api, scene } = await listening({
    limits: { closeMs: 100 },
    change: (options) => ({
      ...options,
      failedJobs: () => {
        asked.resolve();
        return new Promise(() => undefined);
      },
    }),
  });
  const headers = { authorization: `Bearer ${await scene.token('sofia')}` };
  const slow = fetch(`${api.address}/api/jobs/failed`, { headers }).catch((error: unknown) => String(error));
  await asked.promise;
  await api.close();
  expect(await slow).toContain('fetch failed');
});

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function deferred(): Deferred {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

// A talk with a bot over a real WebSocket: one answer for each message, and every way in which it can go wrong.
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { HttpClient } from '../../../src/channels/web/http-client.js';
import type { WebRequest } from '../../../src/core/ivr/outside/web-request.js';
import { systemClock } from '../../../src/lib/clock.js';
import { freePort } from '../../../src/lib/free-port.js';
import { silentLog } from '../../../src/lib/log.js';

const LONG_MS = 20_000;
const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function bot(answer: (text: string, socket: WebSocket) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const seen = { connections: 0, authorization: '', closed: new Promise<number>(() => undefined) };
  server.on('connection', (socket, request) => {
    seen.connections += 1;
    seen.authorization = request.headers.authorization ?? '';
    seen.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data) => answer(String(data), socket));
  });
  opened.push({
    close: () => {
      for (const socket of server.clients) socket.terminate();
      return new Promise((resolve) => server.close(resolve));
    },
  });
  return { port: (server.address() as AddressInfo).port, seen };
}

function talkTo(port: number, { isPrivate = true, host = '127.0.0.1' } = {}) {
  const web = new HttpClient({ secrets: new Map([['BOT', 'key']]), clock: systemClock, log: silentLog });
  const headers = [{ name: 'authorization', secret: 'BOT', before: '' }];
  const request: WebRequest = { method: 'GET', url: `ws://${host}:${port}/`, headers };
  const talk = web.talk(request, { host, port, insecure: true, private: isPrivate });
  opened.push(web, talk);
  return talk;
}

test('one connection for the whole talk, an answer for each message, closed at the end', async () => {
  const { port, seen } = await bot((text, socket) => socket.send(JSON.stringify({ say: JSON.parse(text).n })));
  const talk = talkTo(port);
  expect(await talk.ask({ n: 'one' }, LONG_MS)).toEqual({ outcome: 'answered', status: 200, body: { say: 'one' } });
  expect(await talk.ask({ n: 'two' }, LONG_MS)).toEqual({ outcome: 'answered', status: 200, body: { say: 'two' } });
  expect(seen).toMatchObject({ connections: 1, authorization: 'key' });
  talk.close();
  expect(await seen.closed).toBe(1000);
  expect(await talk.ask({ n: 'three' }, LONG_MS)).toEqual({ outcome: 'failed', reason: 'unreachable' });
});

test('what the bot says unasked is passed over', async () => {
  const { port } = await bot((text, socket) => {
    const { n } = JSON.parse(text);
    socket.send(`{"n":${n}}`);
    socket.send('{"n":"unasked"}');
  });
  const talk = talkTo(port);
  expect(await talk.ask({ n: 1 }, LONG_MS)).toMatchObject({ body: { n: 1 } });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await talk.ask({ n: 2 }, LONG_MS)).toMatchObject({ body: { n: 2 } });
});

test('a bot that does not answer in time is over, also for the next turn', async () => {
  const { port } = await bot(() => undefined);
  const talk = talkTo(port);
  expect(await talk.ask({ n: 1 }, 300)).toEqual({ outcome: 'failed', reason: 'time-out' });
  expect(await talk.ask({ n: 2 }, 300)).toEqual({ outcome: 'failed', reason: 'time-out' });
});

test.each<[string, string | Buffer, string]>([
  ['no JSON', 'hello', 'not-json'],
  ['bytes', Buffer.from('{}'), 'not-json'],
  ['too much', JSON.stringify('x'.repeat(70_000)), 'unreachable'],
])('an answer of %s is none', async (_, answer, reason) => {
  const { port } = await bot((__, socket) => socket.send(answer));
  expect(await talkTo(port).ask({ n: 1 }, LONG_MS)).toEqual({ outcome: 'failed', reason });
});

test('a bot that hangs up, and one that is not there', async () => {
  const { port } = await bot((_, socket) => socket.close());
  expect(await talkTo(port).ask({ n: 1 }, LONG_MS)).toEqual({ outcome: 'failed', reason: 'unreachable' });
  const nobody = await freePort();
  expect(await talkTo(nobody).ask({ n: 1 }, LONG_MS)).toEqual({ outcome: 'failed', reason: 'unreachable' });
});

test.each(['127.0.0.1', 'localhost'])('%s is not asked unless the centre says that it is private', async (host) => {
  const { port, seen } = await bot((_, socket) => socket.send('{}'));
  expect(await talkTo(port, { isPrivate: false, host }).ask({ n: 1 }, LONG_MS)).toEqual({
    outcome: 'failed',
    reason: 'private-address',
  });
  expect(seen.connections).toBe(0);
});

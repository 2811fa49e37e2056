// The WebSocket of the live picture, over real connections.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import type { LiveMessage } from '../../../src/contract/live/live.js';
import { type ApiScene, openApiScene, PASSWORD } from '../../support/api-scene.js';
import { eventually } from '../../support/servers.js';

let scene: ApiScene;
let port: number;
const sockets: WebSocket[] = [];
beforeEach(async () => {
  scene = await openApiScene();
  await scene.app.listen({ host: '127.0.0.1', port: 0 });
  port = (scene.app.server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await scene?.close();
});

interface Line {
  readonly socket: WebSocket;
  readonly heard: LiveMessage[];
}

function open(options: ClientOptions, query = ''): Line {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/live${query}`, options);
  sockets.push(socket);
  const heard: LiveMessage[] = [];
  socket.on('message', (data) => heard.push(JSON.parse(String(data))));
  socket.on('error', () => undefined);
  return { socket, heard };
}

async function openAs(user: string, query = ''): Promise<Line> {
  const line = open({ headers: { authorization: `Bearer ${await scene.token(user)}` } }, query);
  await eventually('the first message', () => line.heard.length > 0);
  return line;
}

async function statusOf(options: ClientOptions): Promise<number | undefined> {
  const { socket } = open(options);
  const [, response] = await once(socket, 'unexpected-response');
  return response.statusCode;
}

test('agents and queues at first, and what changes afterwards', async () => {
  const { heard } = await openAs('ana');
  const [first] = heard;
  if (first?.type !== 'snapshot') throw new Error('no snapshot came');
  expect(first.documents).toContainEqual(expect.objectContaining({ kind: 'agent', id: 'ana' }));
  expect(first.documents).toContainEqual(expect.objectContaining({ kind: 'queue', id: 'support' }));
  await scene.ask('POST', '/api/agents/ana/state', { as: 'ana', body: { state: 'break', reason: 'lunch' } });
  scene.clock.advance(1_000);
  await eventually('the change', () => heard.length > 1);
  expect(heard[1]).toMatchObject({
    type: 'changes',
    changes: expect.arrayContaining([
      expect.objectContaining({ kind: 'agent', id: 'ana', value: expect.objectContaining({ state: 'break' }) }),
      expect.objectContaining({ kind: 'queue', id: 'support' }),
    ]),
  });
});

test('goes on where it was cut off', async () => {
  const { heard, socket } = await openAs('ana');
  const [first] = heard;
  if (first?.type !== 'snapshot') throw new Error('no snapshot came');
  socket.terminate();
  const again = await openAs('ana', `?epoch=${first.epoch}&after=${first.number}`);
  expect(again.heard[0]).toEqual({ type: 'resumed', epoch: first.epoch, number: first.number });
});

describe('is let in', () => {
  test('a browser from our own page, with its cookie', async () => {
    const response = await scene.ask('POST', '/api/session', { body: { user: 'ana', password: PASSWORD } });
    const cookie = String(response.headers['set-cookie']).split(';')[0] ?? '';
    const line = open({ headers: { cookie }, origin: `http://127.0.0.1:${port}` });
    await eventually('the snapshot', () => line.heard.length > 0);
    expect(await statusOf({ headers: { cookie }, origin: 'http://evil.test' })).toBe(403);
    expect(await statusOf({ headers: { cookie } })).toBe(403);
  });

  test('nobody without a token, and none with a wrong one', async () => {
    expect(await statusOf({})).toBe(401);
    expect(await statusOf({ headers: { authorization: 'Bearer wrong' } })).toBe(401);
  });
});

describe('is closed', () => {
  test('when something is said', async () => {
    const { socket } = await openAs('ana');
    socket.send('{}');
    expect((await once(socket, 'close'))[0]).toBe(1008);
  });

  test('when something very long is said', async () => {
    const { socket } = await openAs('ana');
    socket.send('x'.repeat(100_000));
    expect((await once(socket, 'close'))[0]).toBe(1009);
  });

  test('when the session ends', async () => {
    const { socket } = await openAs('ana');
    await scene.ask('POST', '/api/sign-out', { as: 'ana' });
    scene.clock.advance(10_000);
    expect((await once(socket, 'close'))[0]).toBe(4401);
  });

  test('when the person has another role from now on', async () => {
    await scene.ask('POST', '/api/users', { as: 'admin', body: { name: 'olga', role: 'admin', password: PASSWORD } });
    const { socket } = await openAs('olga');
    await scene.ask('PATCH', '/api/users/olga', { as: 'admin', body: { role: 'supervisor' } });
    scene.clock.advance(10_000);
    expect((await once(socket, 'close'))[0]).toBe(4401);
  });

  test('when no sign of life comes: three beats in vain', async () => {
    const { socket } = await openAs('ana');
    socket.pause();
    for (let beat = 0; beat <= 3; beat += 1) scene.clock.advance(10_000);
    socket.resume();
    expect((await once(socket, 'close'))[0]).toBe(1006);
  });

  test('when it does not read: the others go on', async () => {
    const [slow, quick] = [await openAs('ana'), await openAs('bruno')];
    slow.socket.pause();
    let isCutOff = false;
    slow.socket.on('close', () => {
      isCutOff = true;
    });
    // Each change of an agent is a kilobyte or two: sockets hold a few megabytes before they say no.
    for (let round = 0; round < 40_000 && scene.app.websocketServer.clients.size > 1; round += 1) {
      const state = round % 2 === 0 ? { state: 'break', reason: `x${round}`.padEnd(64, 'x') } : { state: 'available' };
      await scene.ask('POST', '/api/agents/bruno/state', { as: 'bruno', body: state });
      scene.clock.advance(150);
    }
    slow.socket.resume();
    await eventually('the slow one is cut off', () => isCutOff);
    expect(quick.socket.readyState).toBe(WebSocket.OPEN);
  });
});

test('garbage in place of a handshake harms nobody', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.write(
    'GET /api/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 99\r\n\r\n',
  );
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 4\d\d /);
  socket.destroy();
  expect((await openAs('ana')).heard[0]).toMatchObject({ type: 'snapshot' });
});

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock, systemClock } from '../../../../src/lib/clock.js';
import { systemIds } from '../../../../src/lib/ids.js';
import { silentLog } from '../../../../src/lib/log.js';
import { withTimeOut } from '../../../../src/lib/time-out.js';
import type { Peer } from '../../../../src/switch/sip/peer.js';
import { MAX_UNSENT_BYTES } from '../../../../src/switch/sip/transport/connection.js';
import { IDLE_LIMIT_MS } from '../../../../src/switch/sip/transport/idle-watch.js';
import { DEFAULT_PLACES, Places } from '../../../../src/switch/sip/transport/places.js';
import {
  CONNECT_TIMEOUT_MS,
  LINGER_MS,
  MESSAGE_TIMEOUT_MS,
} from '../../../../src/switch/sip/transport/stream-connection.js';
import { openTcp } from '../../../../src/switch/sip/transport/tcp.js';
import type { ListenOptions, Transport } from '../../../../src/switch/sip/transport/transport.js';
import { openUdp } from '../../../../src/switch/sip/transport/udp.js';
import { LIMIT_MS, Told } from './told.js';

const MESSAGE = 'MESSAGE sip:b@h SIP/2.0\r\nContent-Length: 2\r\n\r\nhi';

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

interface Opened {
  readonly transport: Transport;
  readonly told: Told;
  readonly clock: FakeClock;
  readonly peer: Peer;
}

async function open(
  name: 'udp' | 'tcp',
  address = '127.0.0.1',
  idleMs: number | 'keep' = IDLE_LIMIT_MS,
): Promise<Opened> {
  const told = new Told();
  const clock = new FakeClock();
  const binding: ListenOptions = { transport: name, address, port: 0 };
  const transport = await (name === 'udp' ? openUdp : openTcp)(binding, told.events, {
    clock,
    ids: systemIds,
    log: silentLog,
    places: new Places(),
    idleMs,
  });
  toClose.push(() => transport.close());
  const { port } = transport.listener;
  return { transport, told, clock, peer: { transport: name, address, port } };
}

async function client(to: Peer): Promise<{ socket: Socket; received: () => string; ended: Promise<unknown> }> {
  const socket = connect({ host: to.address, port: to.port });
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.on('error', () => undefined);
  const ended = withTimeOut(systemClock, 'close', LIMIT_MS, once(socket, 'close'));
  ended.catch(() => undefined);
  toClose.push(() => socket.destroy());
  await once(socket, 'connect');
  return { socket, received: () => text, ended };
}

describe('udp', () => {
  it('carries messages both ways', async () => {
    const [a, b] = [await open('udp'), await open('udp')];
    a.transport.send(Buffer.from(MESSAGE), b.peer, () => undefined);
    await b.told.until('message', () => b.told.messages.length === 1);
    expect(b.told.messages[0]).toEqual({ text: MESSAGE, source: a.peer });
  });

  it('speaks IPv6', async () => {
    const [a, b] = [await open('udp', '::1'), await open('udp', '::1')];
    a.transport.send(Buffer.from(MESSAGE), b.peer, () => undefined);
    await b.told.until('message', () => b.told.messages.length === 1);
    expect(b.told.messages[0]?.source.address).toBe('::1');
  });

  it('is silent about keep-alives and STUN', async () => {
    const b = await open('udp');
    const socket = createSocket('udp4');
    toClose.push(() => socket.close());
    for (const bytes of [
      '',
      '\r\n',
      '\r\n\r\n',
      '\u0000\u0000\u0000\u0000',
      '\u0000\u0001\u0000\u0000!\u0012\u00a4B',
      MESSAGE,
    ]) {
      socket.send(Buffer.from(bytes, 'latin1'), b.peer.port, b.peer.address);
    }
    await b.told.until('message', () => b.told.messages.length > 0);
    expect(b.told.messages.map(({ text }) => text)).toEqual([MESSAGE]);
  });

  it.each([
    ['port 0', { transport: 'udp', address: '127.0.0.1', port: 0 }],
    ['a name', { transport: 'udp', address: 'nowhere.invalid', port: 5060 }],
  ] as const)('tells that it cannot send to %s', async (_what, to) => {
    const { transport } = await open('udp');
    const error = await new Promise<Error>((resolve) => {
      transport.send(Buffer.from(MESSAGE), to, resolve);
    });
    expect(error).toBeInstanceOf(Error);
  });

  it('rejects when its port is taken', async () => {
    const { peer } = await open('udp');
    const ports = { clock: new FakeClock(), ids: systemIds, log: silentLog, places: new Places() };
    await expect(openUdp({ ...peer }, new Told().events, ports)).rejects.toThrow('EADDRINUSE');
  });

  it('sends nothing when closed, and says so', async () => {
    const { transport, peer } = await open('udp');
    await transport.close();
    await transport.close();
    const error = await new Promise<Error>((resolve) => {
      transport.send(Buffer.from(MESSAGE), peer, resolve);
    });
    expect(error.message).toBe('udp socket is closed');
  });
});

describe('tcp', () => {
  it('cuts messages out of the stream, byte by byte and many at once', async () => {
    const { told, peer } = await open('tcp');
    const { socket } = await client(peer);
    for (const byte of Buffer.from(MESSAGE)) socket.write(Buffer.of(byte));
    socket.write(MESSAGE.repeat(3));
    await told.until('messages', () => told.messages.length === 4);
    expect(told.messages.every(({ text }) => text === MESSAGE)).toBe(true);
    expect(told.messages[0]?.source).toMatchObject({ transport: 'tcp', address: '127.0.0.1', port: socket.localPort });
  });

  it('answers a double CRLF with a single one', async () => {
    const { peer } = await open('tcp');
    const { socket, received } = await client(peer);
    socket.write('\r\n\r\n');
    await withTimeOut(systemClock, 'pong', LIMIT_MS, once(socket, 'data'));
    expect(received()).toBe('\r\n');
  });

  it('opens a connection once, and uses it in both directions', async () => {
    const [a, b] = [await open('tcp'), await open('tcp')];
    const first = a.transport.send(Buffer.from(MESSAGE), b.peer, () => undefined);
    const second = a.transport.send(Buffer.from(MESSAGE), b.peer, () => undefined);
    await b.told.until('two', () => b.told.messages.length === 2);
    expect(second).toBe(first);
    const { source } = b.told.messages[0] ?? {};
    if (source === undefined) throw new Error('no source');
    expect(b.transport.has(source.connectionId ?? '')).toBe(true);
    b.transport.send(Buffer.from(MESSAGE), source, () => undefined);
    await a.told.until('back', () => a.told.messages.length === 1);
    expect(a.told.messages[0]?.source.connectionId).toBe(first);
    expect([a.transport.connections, b.transport.connections]).toEqual([1, 1]);
  });

  it('tells when nobody listens there, and what cannot be an address', async () => {
    const a = await open('tcp');
    const gone = await open('tcp');
    await gone.transport.close();
    for (const to of [gone.peer, { ...gone.peer, port: 70_000 }, { ...gone.peer, address: 'nowhere.invalid' }]) {
      const error = await new Promise<Error>((resolve) => {
        a.transport.send(Buffer.from(MESSAGE), to, resolve);
      });
      expect(error).toBeInstanceOf(Error);
    }
    await a.told.until('closed', () => a.transport.connections === 0);
    expect(a.clock.pending).toBe(0);
  });

  it('tells when a connection closes', async () => {
    const { transport, told, peer } = await open('tcp');
    const { socket } = await client(peer);
    socket.write(MESSAGE);
    await told.until('message', () => told.messages.length === 1);
    socket.destroy();
    await told.until('close', () => told.closed.length === 1);
    expect(told.closed[0]).toBe(told.messages[0]?.source.connectionId);
    expect(transport.connections).toBe(0);
  });

  it.each([
    ['without Content-Length', 'MESSAGE sip:b@h SIP/2.0\r\n\r\n', 400],
    ['too long', 'MESSAGE sip:b@h SIP/2.0\r\nContent-Length: 70000\r\n\r\n', 513],
    ['without end', `MESSAGE sip:b@h SIP/2.0\r\nX: ${'y'.repeat(66_000)}`, 513],
  ])('answers a message %s, and closes the stream', async (_what, text, status) => {
    const { told, peer, clock } = await open('tcp');
    const { socket, received, ended } = await client(peer);
    socket.write(text);
    await ended;
    expect(received()).toBe('ANSWER');
    await told.until('close', () => told.closed.length === 1);
    expect(told.problems).toEqual([status]);
    expect(clock.pending).toBe(0);
  });

  it(`closes a broken stream after ${LINGER_MS} ms though the peer holds on`, async () => {
    const { told, peer, clock } = await open('tcp');
    const socket = connect({ host: peer.address, port: peer.port, allowHalfOpen: true });
    toClose.push(() => socket.destroy());
    socket.write('MESSAGE sip:b@h SIP/2.0\r\n\r\n');
    await told.until('broken', () => told.problems.length === 1);
    clock.advance(LINGER_MS - 1);
    expect(told.closed).toEqual([]);
    clock.advance(1);
    await told.until('close', () => told.closed.length === 1);
  });

  it(`closes a connection that says nothing for ${MESSAGE_TIMEOUT_MS} ms, or does not finish a message`, async () => {
    const { transport, told, peer, clock } = await open('tcp');
    await client(peer);
    const { socket } = await client(peer);
    socket.write(MESSAGE + MESSAGE.slice(0, 30));
    await told.until('message', () => told.messages.length === 1);
    clock.advance(MESSAGE_TIMEOUT_MS - 1);
    expect(transport.connections).toBe(2);
    clock.advance(1);
    await told.until('both closed', () => told.closed.length === 2);
  });

  it('closes a connection that was not used for ten minutes', async () => {
    const { transport, told, peer, clock } = await open('tcp');
    const { socket, ended } = await client(peer);
    socket.write(MESSAGE);
    await told.until('message', () => told.messages.length === 1);
    clock.advance(IDLE_LIMIT_MS - 1);
    socket.write(MESSAGE);
    await told.until('message', () => told.messages.length === 2);
    clock.advance(IDLE_LIMIT_MS - 1);
    expect(transport.connections).toBe(1);
    clock.advance(1);
    await ended;
    await told.until('close', () => told.closed.length === 1);
    expect(clock.pending).toBe(0);
  });

  it('keeps an idle connection whose peer sends keep-alives', async () => {
    const { transport, told, peer, clock } = await open('tcp');
    const { socket } = await client(peer);
    socket.write(MESSAGE);
    await told.until('message', () => told.messages.length === 1);
    for (let n = 0; n < 3; n++) {
      clock.advance(IDLE_LIMIT_MS - 1);
      socket.write('\r\n\r\n');
      await withTimeOut(systemClock, 'pong', LIMIT_MS, once(socket, 'data'));
    }
    expect(transport.connections).toBe(1);
  });

  it('keeps an idle connection while something depends on it, and one more period', async () => {
    const { transport, told, peer, clock } = await open('tcp');
    const { socket, ended } = await client(peer);
    socket.write(MESSAGE);
    await told.until('message', () => told.messages.length === 1);
    const { connectionId = '' } = told.messages[0]?.source ?? {};
    told.needed.add(connectionId);
    clock.advance(6 * IDLE_LIMIT_MS);
    expect(transport.connections).toBe(1);
    told.needed.clear();
    clock.advance(IDLE_LIMIT_MS);
    await ended;
  });

  it('keeps idle connections for ever when it is told to', async () => {
    const { transport, told, peer, clock } = await open('tcp', '127.0.0.1', 'keep');
    const { socket } = await client(peer);
    socket.write(MESSAGE);
    await told.until('message', () => told.messages.length === 1);
    expect(clock.pending).toBe(0);
    clock.advance(24 * 3_600_000);
    expect(transport.connections).toBe(1);
  });

  it(`gives up a connection that is not there after ${CONNECT_TIMEOUT_MS} ms`, async () => {
    const { transport, clock, peer } = await open('tcp');
    const failed = new Promise<Error>((resolve) => {
      transport.send(Buffer.from(MESSAGE), { ...peer, port: 1 }, resolve);
    });
    clock.advance(CONNECT_TIMEOUT_MS); // before the kernel can say that nobody listens there
    expect((await failed).message).not.toContain('ECONNREFUSED');
  });

  it(`drops a peer that does not read, at ${MAX_UNSENT_BYTES} bytes`, async () => {
    const { transport, told, peer } = await open('tcp');
    const { socket } = await client(peer);
    socket.pause();
    socket.write(MESSAGE);
    await told.until('message', () => told.messages.length === 1);
    const { source } = told.messages[0] ?? {};
    if (source === undefined) throw new Error('no source');
    const chunk = Buffer.alloc(64 * 1024);
    let failed = 0;
    for (let n = 0; n < 400 && transport.connections > 0; n++) {
      transport.send(chunk, source, () => failed++);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await told.until('close', () => told.closed.length === 1);
    expect(failed).toBeGreaterThan(0);
  });

  it(`takes ${DEFAULT_PLACES.perSource} connections of one address, and as many again when they are gone`, async () => {
    const { transport, told, peer } = await open('tcp');
    const clients = await Promise.all(Array.from({ length: DEFAULT_PLACES.perSource }, () => client(peer)));
    const refused = await client(peer);
    await expect(refused.ended).rejects.toThrow('ECONNRESET');
    expect(transport.connections).toBe(DEFAULT_PLACES.perSource);
    for (const { socket } of clients) socket.destroy();
    await told.until('closes', () => told.closed.length === DEFAULT_PLACES.perSource);
    const again = await Promise.all(Array.from({ length: DEFAULT_PLACES.perSource }, () => client(peer)));
    for (const { socket } of again) socket.write(MESSAGE);
    await told.until('messages', () => told.messages.length === DEFAULT_PLACES.perSource);
  });

  it('rejects when its port is taken', async () => {
    const { peer } = await open('tcp');
    const ports = { clock: new FakeClock(), ids: systemIds, log: silentLog, places: new Places() };
    await expect(openTcp({ ...peer }, new Told().events, ports)).rejects.toThrow('EADDRINUSE');
  });

  it('closes its connections with itself', async () => {
    const { transport, peer } = await open('tcp');
    const { ended } = await client(peer);
    await transport.close();
    await transport.close();
    await ended;
    const error = await new Promise<Error>((resolve) => {
      transport.send(Buffer.from(MESSAGE), peer, resolve);
    });
    expect(error.message).toBe('transport is closed');
  });
});

import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { FakeClock, systemClock } from '../../../../src/lib/clock.js';
import { systemIds } from '../../../../src/lib/ids.js';
import { silentLog } from '../../../../src/lib/log.js';
import { withTimeOut } from '../../../../src/lib/time-out.js';
import { type Certificates, openCertificates } from '../../../../src/switch/certificates.js';
import type { Peer } from '../../../../src/switch/sip/peer.js';
import { SETUP_TIMEOUT_MS } from '../../../../src/switch/sip/transport/connections.js';
import { IDLE_LIMIT_MS } from '../../../../src/switch/sip/transport/idle-watch.js';
import type { Origins } from '../../../../src/switch/sip/transport/origin.js';
import { Places } from '../../../../src/switch/sip/transport/places.js';
import { openTls } from '../../../../src/switch/sip/transport/tls.js';
import type { Transport } from '../../../../src/switch/sip/transport/transport.js';
import { openWebSocket } from '../../../../src/switch/sip/transport/web-socket.js';
import { PING_EVERY_MS } from '../../../../src/switch/sip/transport/web-socket-connection.js';
import { LIMIT_MS, Told } from './told.js';

const MESSAGE = 'MESSAGE sip:b@h SIP/2.0\r\nContent-Length: 2\r\n\r\nhi';
type Name = 'tls' | 'ws' | 'wss';

let folder: string;
let certificates: Certificates;
const toClose: (() => unknown)[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hilo-tls-'));
  certificates = await certificatesIn(folder);
});
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});
afterAll(() => {
  certificates?.close();
  rmSync(folder, { recursive: true });
});

function certificatesIn(own: string, hosts: readonly string[] = ['127.0.0.1']): Promise<Certificates> {
  return openCertificates({ folder: own, hosts, clock: systemClock, log: silentLog, lookEveryMs: 20 });
}

interface Opened {
  readonly transport: Transport;
  readonly told: Told;
  readonly clock: FakeClock;
  readonly places: Places;
  readonly peer: Peer;
}

interface Settings {
  readonly origins?: Origins;
  readonly authorities?: string;
  readonly places?: Places;
  readonly idleMs?: number;
}

async function open(
  name: Name,
  { origins = 'own-host', authorities, places = new Places(), idleMs = IDLE_LIMIT_MS }: Settings = {},
): Promise<Opened> {
  const [told, clock] = [new Told(), new FakeClock()];
  const tls = { context: certificates.context, ...(authorities === undefined ? {} : { authorities }) };
  const opener = name === 'tls' ? openTls(tls) : openWebSocket({ origins, ...(name === 'wss' ? { tls } : {}) });
  const ports = { clock, ids: systemIds, log: silentLog, places, idleMs };
  const transport = await opener({ transport: name, address: '127.0.0.1', port: 0 }, told.events, ports);
  toClose.push(() => transport.close());
  const peer = { transport: name, address: '127.0.0.1', port: transport.listener.port };
  return { transport, told, clock, places, peer };
}

interface Browser {
  readonly socket: WebSocket;
  readonly heard: string[];
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  next(count: number): Promise<void>;
}

async function browser({ transport, port }: Peer, options: ClientOptions = {}, protocol = 'sip'): Promise<Browser> {
  const socket = new WebSocket(`${transport}://127.0.0.1:${port}`, protocol, { rejectUnauthorized: false, ...options });
  toClose.push(() => socket.terminate());
  const heard: string[] = [];
  let woken = (): void => undefined;
  socket.on('message', (data: Buffer, isBinary) => {
    heard.push(isBinary ? `binary ${data.toString('hex')}` : data.toString());
    woken();
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await withTimeOut(systemClock, 'upgrade', LIMIT_MS, once(socket, 'open')); // rejects on 'error'
  socket.on('error', () => undefined);
  const next = async (count: number): Promise<void> => {
    while (heard.length < count)
      await withTimeOut(systemClock, 'message', LIMIT_MS, new Promise<void>((r) => (woken = r)));
  };
  return { socket, heard, closed: withTimeOut(systemClock, 'close', LIMIT_MS, closed), next };
}

describe.each(['ws', 'wss'] as const)('%s', (name) => {
  it('carries one message in each, both ways over the connection', async () => {
    const { transport, told, peer } = await open(name);
    const { socket, heard, next } = await browser(peer);
    expect(socket.protocol).toBe('sip');
    socket.send(MESSAGE);
    socket.send(Buffer.from(MESSAGE));
    await told.until('messages', () => told.messages.length === 2);
    const { source, text } = told.messages[0] ?? {};
    if (source === undefined) throw new Error('no source');
    expect(text).toBe(MESSAGE);
    expect(source).toMatchObject({ transport: name, address: '127.0.0.1' });
    expect(transport.has(source.connectionId ?? '')).toBe(true);
    transport.send(Buffer.from(MESSAGE), source, () => undefined);
    transport.send(Buffer.from([0xff, 0xfe]), source, () => undefined);
    await next(2);
    expect(heard).toEqual([MESSAGE, 'binary fffe']); // a text frame must be UTF-8
  });

  it('answers the keep-alive of RFC 5626', async () => {
    const { peer } = await open(name);
    const { socket, heard, next } = await browser(peer);
    socket.send('\r\n\r\n');
    await next(1);
    expect(heard).toEqual(['\r\n']);
  });

  it('keeps a silent browser that answers pings, drops one that does not', async () => {
    const { transport, told, clock, peer } = await open(name);
    const { socket, closed } = await browser(peer);
    await until(() => transport.connections === 1);
    for (let n = 0; n < 4; n++) {
      const pinged = once(socket, 'ping');
      clock.advance(PING_EVERY_MS);
      await withTimeOut(systemClock, 'ping', LIMIT_MS, pinged);
      socket.send(MESSAGE); // comes after the pong
      await told.until('message', () => told.messages.length === n + 1);
    }
    expect(transport.connections).toBe(1);
    socket.pause();
    clock.advance(PING_EVERY_MS * 2);
    await told.until('dropped', () => told.closed.length === 1);
    socket.resume();
    expect(await closed).toBe(1006);
  });

  it('closes one that is not used, keeps those who ask for it by either kind of keep-alive', async () => {
    const idleMs = PING_EVERY_MS - 1_000;
    const { transport, told, clock, peer } = await open(name, { idleMs });
    const [silent, pinging, asking] = [await browser(peer), await browser(peer), await browser(peer)];
    await until(() => transport.connections === 3);
    clock.advance(idleMs - 1);
    const ponged = once(pinging.socket, 'pong');
    pinging.socket.ping();
    asking.socket.send('\r\n\r\n');
    await withTimeOut(systemClock, 'pong', LIMIT_MS, ponged);
    await asking.next(1);
    clock.advance(1);
    expect([1001, 1006]).toContain(await silent.closed);
    await told.until('close', () => told.closed.length === 1);
    expect(transport.connections).toBe(2);
  });

  it('drops one that pings without ever reading the answers', async () => {
    const { told, peer } = await open(name);
    const { socket } = await browser(peer);
    socket.pause();
    const payload = Buffer.alloc(125);
    for (let pings = 0; pings < 400_000 && told.closed.length === 0; pings++) {
      socket.ping(payload);
      if (pings % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await told.until('dropped', () => told.closed.length === 1);
  });

  it('closes one that sends more than a message may have', async () => {
    const { told, peer } = await open(name);
    const { socket, closed } = await browser(peer);
    socket.send(Buffer.alloc(70_000, 'x'));
    await told.until('close', () => told.closed.length === 1);
    expect(await closed).toBe(1009);
    expect(told.messages).toEqual([]);
  });

  it.each([
    ['another subprotocol', {}, 'mqtt', '400'],
    ['a page not on the list', { origin: 'https://evil.example' }, 'sip', '403'],
  ])('refuses %s', async (_what, options, protocol, status) => {
    const { places, peer } = await open(name, { origins: ['https://centre.example'] });
    await expect(browser(peer, options, protocol)).rejects.toThrow(status);
    await until(() => places.taken === 0);
  });

  it('takes pages on the list, and what is no page', async () => {
    const { transport, peer } = await open(name, { origins: ['https://centre.example'] });
    await browser(peer, { origin: 'https://centre.example' });
    await browser(peer);
    await until(() => transport.connections === 2);
  });

  it('is never dialled', async () => {
    const { transport, peer } = await open(name);
    const error = await new Promise<Error>((resolve) => {
      transport.send(Buffer.from(MESSAGE), peer, resolve);
    });
    expect(error.message).toContain('cannot be dialled');
  });

  it(`gives up a handshake after ${SETUP_TIMEOUT_MS} ms, and its place is free again`, async () => {
    const { transport, places, clock, peer } = await open(name);
    const slow = connectTcp({ host: '127.0.0.1', port: peer.port });
    toClose.push(() => slow.destroy());
    slow.write(name === 'ws' ? 'GET / HTTP/1.1\r\nHost: h\r\n' : Buffer.from([0x16, 0x03]));
    slow.resume();
    slow.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => slow.once('close', () => resolve()));
    await until(() => places.taken === 1);
    clock.advance(SETUP_TIMEOUT_MS);
    await withTimeOut(systemClock, 'close', LIMIT_MS, closed);
    await until(() => places.taken === 0);
    expect([transport.connections, clock.pending]).toEqual([0, 0]);
  });

  it('refuses beyond the limit, and goes on with those who are there', async () => {
    const places = new Places({ total: 40, perSource: 5 });
    const { transport, told, peer } = await open(name, { places });
    const first = await browser(peer);
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, () => browser(peer)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect([transport.connections, places.taken]).toEqual([5, 5]);
    first.socket.send(MESSAGE);
    await told.until('message', () => told.messages.length === 1);
  });

  it('closes its connections with itself', async () => {
    const { transport, places, peer } = await open(name);
    const { closed } = await browser(peer);
    await until(() => transport.connections === 1);
    await transport.close();
    expect([1001, 1006]).toContain(await closed);
    await until(() => places.taken === 0);
  });
});

it('ws tells a plain HTTP client what is spoken here', async () => {
  const { peer } = await open('ws');
  const response = await fetch(`http://127.0.0.1:${peer.port}/`);
  expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket']);
});

describe('tls', () => {
  it('carries messages both ways over one connection', async () => {
    const [a, b] = [await open('tls'), await open('tls')];
    const id = a.transport.send(Buffer.from(MESSAGE), b.peer, () => undefined);
    expect(a.transport.isUp(id ?? '')).toBe(false);
    await b.told.until('message', () => b.told.messages.length === 1);
    expect(a.transport.isUp(id ?? '')).toBe(true);
    const { source } = b.told.messages[0] ?? {};
    if (source === undefined) throw new Error('no source');
    b.transport.send(Buffer.from(MESSAGE), source, () => undefined);
    await a.told.until('back', () => a.told.messages.length === 1);
    expect([a.transport.connections, b.transport.connections]).toEqual([1, 1]);
  });

  it('tells when the peer speaks no TLS, or is not there', async () => {
    const a = await open('tls');
    const plain = await open('ws');
    const gone = await open('tls');
    await gone.transport.close();
    for (const { peer } of [plain, gone]) {
      const error = await new Promise<Error>((resolve) => {
        a.transport.send(Buffer.from(MESSAGE), { ...peer, transport: 'tls' }, resolve);
      });
      expect(error).toBeInstanceOf(Error);
    }
    await until(() => a.places.taken === 0);
  });

  it('with authorities given, calls only peers with a certificate of theirs', async () => {
    const other = mkdtempSync(join(tmpdir(), 'hilo-tls-'));
    const stranger = await certificatesIn(other);
    toClose.push(
      () => rmSync(other, { recursive: true }),
      () => stranger.close(),
    );
    const callee = await open('tls');
    const trusting = await open('tls', { authorities: readFileSync(certificates.files.cert, 'utf8') });
    const doubting = await open('tls', { authorities: readFileSync(stranger.files.cert, 'utf8') });
    trusting.transport.send(Buffer.from(MESSAGE), callee.peer, () => undefined);
    await callee.told.until('message', () => callee.told.messages.length === 1);
    const error = await new Promise<Error>((resolve) => {
      doubting.transport.send(Buffer.from(MESSAGE), callee.peer, resolve);
    });
    expect(error.message).toMatch(/self.signed|unable to verify/);
  });

  it('closes what is no handshake at once', async () => {
    const { places, peer } = await open('tls');
    const socket = connectTcp({ host: '127.0.0.1', port: peer.port });
    socket.on('error', () => undefined);
    socket.resume();
    socket.write('OPTIONS sip:b@h SIP/2.0\r\n\r\n');
    await withTimeOut(systemClock, 'close', LIMIT_MS, new Promise((resolve) => socket.once('close', resolve)));
    await until(() => places.taken === 0);
  });
});

describe('certificates', () => {
  it('are made once, for the hosts named', async () => {
    const again = await certificatesIn(folder);
    again.close();
    expect(readFileSync(again.files.cert, 'utf8')).toBe(readFileSync(certificates.files.cert, 'utf8'));
    const { peer } = await open('tls');
    expect((await certificateShown(peer)).subjectaltname).toContain('IP Address:127.0.0.1');
  });

  it('are made anew for another host', async () => {
    const own = mkdtempSync(join(tmpdir(), 'hilo-tls-'));
    toClose.push(() => rmSync(own, { recursive: true }));
    const first = await certificatesIn(own);
    const text = readFileSync(first.files.cert, 'utf8');
    first.close();
    (await certificatesIn(own, ['192.0.2.7'])).close();
    expect(readFileSync(first.files.cert, 'utf8')).not.toBe(text);
  });

  it('are read again when their files change; what cannot be used leaves the old one in force', async () => {
    const [own, other] = [mkdtempSync(join(tmpdir(), 'hilo-tls-')), mkdtempSync(join(tmpdir(), 'hilo-tls-'))];
    toClose.push(
      () => rmSync(own, { recursive: true }),
      () => rmSync(other, { recursive: true }),
    );
    const mine = await certificatesIn(own);
    const newer = await certificatesIn(other);
    toClose.push(
      () => mine.close(),
      () => newer.close(),
    );
    const before = mine.context();
    writeFileSync(mine.files.cert, 'no certificate');
    mine.reload();
    expect(mine.context()).toBe(before);
    writeFileSync(mine.files.key, readFileSync(newer.files.key));
    writeFileSync(mine.files.cert, readFileSync(newer.files.cert));
    await until(() => mine.context() !== before); // noticed by itself
    const kept = certificates;
    certificates = mine;
    toClose.push(() => {
      certificates = kept;
    });
    const { peer } = await open('tls');
    const shown = await certificateShown(peer);
    certificates = newer;
    expect(shown.fingerprint256).toBe((await certificateShown((await open('tls')).peer)).fingerprint256);
  });

  it('that are configured and not there stop the start', async () => {
    const configured = { cert: join(folder, 'nothing.pem'), key: join(folder, 'nothing.pem') };
    const options = { configured, folder, hosts: [], clock: systemClock, log: silentLog };
    await expect(openCertificates(options)).rejects.toThrow('nothing.pem');
  });
});

async function certificateShown({ port }: Peer): Promise<{ fingerprint256: string; subjectaltname?: string }> {
  const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await withTimeOut(systemClock, 'handshake', LIMIT_MS, once(socket, 'secureConnect'));
  const shown = socket.getPeerCertificate();
  socket.destroy();
  return shown;
}

async function until(fact: () => boolean): Promise<void> {
  const end = systemClock.monotonicMs() + LIMIT_MS;
  while (!fact()) {
    if (systemClock.monotonicMs() > end) throw new Error('still not so');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

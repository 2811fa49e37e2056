import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.js';
import { freePort } from '../../../src/lib/free-port.js';
import { systemIds } from '../../../src/lib/ids.js';
import { type Log, silentLog } from '../../../src/lib/log.js';
import { withTimeOut } from '../../../src/lib/time-out.js';
import { type AcceptedInvite, acceptInvite } from '../../../src/switch/sip/accepted-invite.js';
import { dialogFromRequest, dialogFromResponse, requestInDialog } from '../../../src/switch/sip/dialog.js';
import type { SipResponse } from '../../../src/switch/sip/message/message.js';
import { makeResponse } from '../../../src/switch/sip/message/response.js';
import type { Peer } from '../../../src/switch/sip/peer.js';
import { openStack, type SipStack, type StackHandlers } from '../../../src/switch/sip/stack.js';
import type { ClientHandlers } from '../../../src/switch/sip/transaction/transaction.js';
import { newRequest } from './fake-network.js';
import { answering, Recorder } from './stack-fixture.js';

const LIMIT_MS = 5_000;
const TRANSPORTS = ['udp', 'tcp'] as const;
type Name = (typeof TRANSPORTS)[number];

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

async function open(transports: readonly Name[], handlers: StackHandlers, log: Log = silentLog): Promise<SipStack> {
  const listen = transports.map((transport) => ({ transport, address: '127.0.0.1', port: 0 }));
  const stack = await openStack({ listen, clock: systemClock, ids: systemIds, log }, handlers);
  toClose.push(() => stack.close());
  return stack;
}

function peerOf(stack: SipStack, transport: Name): Peer {
  const listener = stack.listeners.find((candidate) => candidate.transport === transport);
  if (listener === undefined) throw new Error(`no ${transport}`);
  return { transport, address: listener.address, port: listener.port };
}

/** The first final response, or the failure. */
function finalOf(start: (handlers: ClientHandlers) => unknown): Promise<SipResponse> {
  const final = new Promise<SipResponse>((resolve, reject) => {
    start({
      onResponse: (response) => {
        if (response.status >= 200) resolve(response);
      },
      onFailure: (reason) => reject(new Error(reason)),
    });
  });
  return withTimeOut(systemClock, 'final response', LIMIT_MS, final);
}

describe.each(TRANSPORTS)('two stacks over %s', (transport) => {
  it('make a call, and end it from either side', async () => {
    const bobHears = new Recorder();
    const acked = new Promise<void>((resolve) => {
      let accepted: AcceptedInvite | undefined;
      bobHears.answer = (transaction) => {
        if (transaction.request.method !== 'INVITE') return answering(200)(transaction);
        answering(180)(transaction);
        const headers = [['Contact', '<sip:bob@127.0.0.1>']] as const;
        const ok = makeResponse(transaction.request, 200, { toTag: transaction.localTag, headers });
        accepted = acceptInvite(transaction, ok, {
          clock: systemClock,
          onTimeout: () => bobHears.told.push('timeout'),
        });
      };
      bobHears.onAck = (ack) => {
        bobHears.told.push(`ACK ${ack.headers.get('CSeq')}`);
        accepted?.acknowledged();
        resolve();
      };
    });
    const aliceHears = new Recorder();
    aliceHears.answer = answering(200);
    const alice = await open([transport], aliceHears);
    const bob = await open([transport], bobHears);

    const invite = newRequest('INVITE');
    const ok = await finalOf((handlers) => alice.request(invite, peerOf(bob, transport), handlers));
    const aliceDialog = dialogFromResponse(invite, ok);
    if (aliceDialog === undefined) throw new Error('no dialog');
    alice.send(requestInDialog(aliceDialog, 'ACK', { cseq: 1 }).request, peerOf(bob, transport));
    await withTimeOut(systemClock, 'ACK', LIMIT_MS, acked);

    const received = bobHears.transactions[0];
    const bobDialog = received && dialogFromRequest(received.request, ok);
    if (received === undefined || bobDialog === undefined) throw new Error('no dialog');
    // Back to where the INVITE came from: over tcp by the same connection.
    const info = await finalOf((handlers) =>
      bob.request(requestInDialog(bobDialog, 'INFO').request, received.source, handlers),
    );
    const bye = await finalOf((handlers) =>
      alice.request(requestInDialog(aliceDialog, 'BYE').request, peerOf(bob, transport), handlers),
    );
    expect([info.status, bye.status]).toEqual([200, 200]);
    expect(bobHears.told).toEqual(['INVITE', 'ACK 1 ACK', 'BYE']);
    expect(aliceHears.told).toEqual(['INFO']);
    expect(alice.snapshot().connections).toBe(transport === 'tcp' ? 1 : 0);
  });

  it('carry a body of 20 kB', async () => {
    const bobHears = new Recorder();
    bobHears.answer = answering(200);
    const [alice, bob] = [await open([transport], new Recorder()), await open([transport], bobHears)];
    const body = Buffer.from('x'.repeat(20_000));
    await finalOf((handlers) => alice.request({ ...newRequest('MESSAGE'), body }, peerOf(bob, transport), handlers));
    expect(bobHears.transactions[0]?.request.body).toEqual(body);
  });

  it('cancel a call', async () => {
    const bobHears = new Recorder();
    const [alice, bob] = [await open([transport], new Recorder()), await open([transport], bobHears)];
    const final = await finalOf((handlers) => {
      const client = alice.request(newRequest('INVITE'), peerOf(bob, transport), handlers);
      client.cancel();
    });
    expect(final.status).toBe(487);
    expect(bobHears.told).toEqual(['INVITE', 'CANCEL']);
  });
});

it('a udp request to a port where nobody listens fails with the first repetition, not after 32 s', async () => {
  const gone = await open(['udp'], new Recorder());
  const alice = await open(['udp'], new Recorder());
  const nobody = peerOf(gone, 'udp');
  await gone.close();
  const failure = finalOf((handlers) => alice.request(newRequest('INVITE'), nobody, handlers));
  await expect(failure).rejects.toThrow('transport');
});

it('a udp peer that is slow answers what was repeated', async () => {
  const bobHears = new Recorder();
  bobHears.answer = (transaction) => void setTimeout(() => answering(200)(transaction), 700);
  const [alice, bob] = [await open(['udp'], new Recorder()), await open(['udp'], bobHears)];
  const ok = await finalOf((handlers) => alice.request(newRequest('OPTIONS'), peerOf(bob, 'udp'), handlers));
  expect(ok.status).toBe(200);
  expect(bobHears.transactions).toHaveLength(1);
});

it('a tcp request whose connection closes fails at once', async () => {
  const bob = await open(['tcp'], new Recorder());
  const alice = await open(['tcp'], new Recorder());
  const failure = finalOf((handlers) => {
    const client = alice.request(newRequest('INVITE'), peerOf(bob, 'tcp'), {
      ...handlers,
      onResponse: () => void bob.close(), // after the 100
    });
    expect(client.destination.connectionId).toBeDefined();
  });
  await expect(failure).rejects.toThrow('transport');
});

it('a response whose connection is gone goes to the port of the Via (RFC 3261 §18.2.2)', async () => {
  const home = createServer().listen(0, '127.0.0.1');
  toClose.push(() => home.close());
  await once(home, 'listening');
  const address = home.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const bobHears = new Recorder();
  const closed = new Promise<void>((resolve) => Object.assign(bobHears, { onConnectionClosed: resolve }));
  const bob = await open(['tcp'], bobHears);
  const socket = connect({ host: '127.0.0.1', port: peerOf(bob, 'tcp').port });
  const head =
    'OPTIONS sip:bob@h SIP/2.0\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n';
  socket.end(`${head}Via: SIP/2.0/TCP 127.0.0.1:${address.port};branch=z9hG4bK1\r\nContent-Length: 0\r\n\r\n`);
  await withTimeOut(systemClock, 'close', LIMIT_MS, closed);
  bobHears.transactions.forEach(answering(200));
  const [back] = await withTimeOut(systemClock, 'connection', LIMIT_MS, once(home, 'connection'));
  const [bytes] = await withTimeOut(systemClock, 'response', LIMIT_MS, once(back, 'data'));
  back.destroy();
  expect(String(bytes)).toMatch(/^SIP\/2\.0 200 OK/);
});

it('a connection is found again whichever listener took it', async () => {
  const [aliceHears, bobHears] = [new Recorder(), new Recorder()];
  bobHears.answer = aliceHears.answer = answering(200);
  const alice = await open(['tcp'], aliceHears);
  const listen = ['127.0.0.1', '127.0.0.2'].map((address) => ({ transport: 'tcp', address, port: 0 }) as const);
  const bob = await openStack({ listen, clock: systemClock, ids: systemIds, log: silentLog }, bobHears);
  toClose.push(() => bob.close());
  const farther = bob.listeners[1];
  if (farther === undefined) throw new Error('no listener');
  await finalOf((handlers) => alice.request(newRequest('OPTIONS'), farther, handlers));
  const source = bobHears.transactions[0]?.source;
  if (source === undefined) throw new Error('no request');
  expect(bob.listenerFor(source)).toEqual(farther);
  const back = await finalOf((handlers) => bob.request(newRequest('OPTIONS'), source, handlers));
  expect(back.status).toBe(200);
  expect(bob.snapshot().connections).toBe(1);
});

it('opens all listeners or none', async () => {
  const port = await freePort();
  const udp = { transport: 'udp', address: '127.0.0.1', port } as const;
  const first = await openStack({ listen: [udp], clock: systemClock, ids: systemIds, log: silentLog }, new Recorder());
  toClose.push(() => first.close());
  const listen = [{ transport: 'tcp', address: '127.0.0.1', port }, udp] as const;
  const options = { listen, clock: systemClock, ids: systemIds, log: silentLog };
  await expect(openStack(options, new Recorder())).rejects.toThrow('EADDRINUSE');
  const again = await openStack({ ...options, listen: listen.slice(0, 1) }, new Recorder());
  toClose.push(() => again.close());
  expect(again.listeners).toEqual([listen[0]]);
  const tls = { ...options, listen: [{ ...listen[0], transport: 'tls' as const }] };
  await expect(openStack(tls, new Recorder())).rejects.toThrow('cannot listen on tls');
});

describe('the RFC 4475 messages on the wire', () => {
  const folder = fileURLToPath(new URL('./torture/', import.meta.url));
  const messages = readdirSync(folder).map((name) => readFileSync(`${folder}${name}`));
  const probe = async (bob: SipStack, transport: Name): Promise<number> => {
    const alice = await open([transport], new Recorder());
    const final = await finalOf((handlers) => alice.request(newRequest('OPTIONS'), peerOf(bob, transport), handlers));
    return final.status;
  };

  it.each(TRANSPORTS)('over %s leave the stack alive, and no handler fails', async (transport) => {
    const errors: object[] = [];
    const bobHears = new Recorder();
    bobHears.answer = answering(200);
    const bob = await open(TRANSPORTS, bobHears, { ...silentLog, error: (fields) => errors.push(fields) });
    const { address, port } = peerOf(bob, transport);
    if (transport === 'udp') {
      const socket = createSocket('udp4');
      toClose.push(() => socket.close());
      for (const bytes of messages) {
        await new Promise((resolve) => socket.send(bytes, port, address, resolve));
      }
    } else {
      for (const bytes of messages) {
        const socket = connect({ host: address, port });
        socket.on('error', () => undefined).resume();
        socket.end(bytes);
        await withTimeOut(systemClock, 'close', LIMIT_MS, once(socket, 'close'));
      }
    }
    expect(await probe(bob, transport)).toBe(200);
    expect(errors).toEqual([]);
    expect(bobHears.told.length).toBeGreaterThan(20);
  });
});

import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock, systemClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { withTimeOut } from '../../../src/lib/time-out.js';
import {
  CONNECT_PATIENCE_MS,
  isLarge,
  LARGE_BYTES,
  MAX_REFUSALS,
  REFUSAL_LASTS_MS,
  TcpFirst,
  TcpRefusals,
} from '../../../src/switch/sip/large-request.js';
import type { SipRequest, SipResponse } from '../../../src/switch/sip/message/message.js';
import { makeResponse } from '../../../src/switch/sip/message/response.js';
import type { Peer, TransportName } from '../../../src/switch/sip/peer.js';
import { openStack, type SipStack } from '../../../src/switch/sip/stack.js';
import type { ClientHandlers } from '../../../src/switch/sip/transaction/transaction.js';
import { newRequest, peer } from './fake-network.js';
import { answering, Recorder } from './stack-fixture.js';

const LIMIT_MS = 10_000;
const LARGE: SipRequest = { ...newRequest('INVITE'), body: Buffer.alloc(LARGE_BYTES, 'x') };

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

async function open(
  handlers: Recorder,
  listen: readonly { transport: TransportName; port: number }[],
): Promise<SipStack> {
  const bindings = listen.map((one) => ({ ...one, address: '127.0.0.1' }));
  const stack = await openStack({ listen: bindings, clock: systemClock, ids: systemIds, log: silentLog }, handlers);
  toClose.push(() => stack.close());
  return stack;
}

/** UDP and TCP on the same port, as phones have it. */
async function phone(transports: readonly ('udp' | 'tcp')[]): Promise<{ stack: SipStack; hears: Recorder; at: Peer }> {
  const hears = new Recorder();
  hears.answer = answering(486);
  for (;;) {
    const stack = await open(hears, [{ transport: 'udp', port: 0 }]);
    const port = stack.listeners[0]?.port ?? 0;
    const at: Peer = { transport: 'udp', address: '127.0.0.1', port };
    if (!transports.includes('tcp')) return { stack, hears, at };
    try {
      await open(hears, [{ transport: 'tcp', port }]);
      return { stack, hears, at };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

function final(stack: SipStack, message: SipRequest, to: Peer): Promise<SipResponse> {
  const answer = new Promise<SipResponse>((resolve, reject) => {
    stack.request(message, to, {
      onResponse: (response) => response.status >= 200 && resolve(response),
      onFailure: (reason) => reject(new Error(reason)),
    });
  });
  return withTimeOut(systemClock, 'answer', LIMIT_MS, answer);
}

const caller = (): Promise<SipStack> =>
  open(new Recorder(), [
    { transport: 'udp', port: 0 },
    { transport: 'tcp', port: 0 },
  ]);
const vias = (hears: Recorder): (string | undefined)[] =>
  hears.transactions.map(({ request }) => request.headers.get('Via')?.slice(8, 11));

describe('a request too large for a datagram', () => {
  it('goes over TCP to a peer that takes it there, a small one over UDP', async () => {
    const [alice, bob] = [await caller(), await phone(['udp', 'tcp'])];
    expect((await final(alice, LARGE, bob.at)).status).toBe(486);
    expect((await final(alice, newRequest('INVITE', { callId: 'small' }), bob.at)).status).toBe(486);
    expect(vias(bob.hears)).toEqual(['TCP', 'UDP']);
  });

  it('goes over UDP to a peer that has no TCP', async () => {
    const [alice, bob] = [await caller(), await phone(['udp'])];
    expect((await final(alice, LARGE, bob.at)).status).toBe(486);
    expect(vias(bob.hears)).toEqual(['UDP']);
  });

  it('goes over UDP when we have no TCP', async () => {
    const alice = await open(new Recorder(), [{ transport: 'udp', port: 0 }]);
    const bob = await phone(['udp', 'tcp']);
    await final(alice, LARGE, bob.at);
    expect(vias(bob.hears)).toEqual(['UDP']);
  });

  it('fails as any other when a peer that was connected hangs up without an answer', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.destroy());
    });
    server.listen(0, '127.0.0.1');
    toClose.push(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const alice = await caller();
    // Without an ear for UDP, too: what fell back to it is told by ICMP.
    await expect(final(alice, LARGE, peer(port))).rejects.toThrow('transport');
  });

  it('is measured with all that it carries', () => {
    expect([isLarge(LARGE), isLarge(newRequest('INVITE'))]).toEqual([true, false]);
    const manyHeaders = newRequest('INVITE');
    for (let n = 0; n < 20; n++) manyHeaders.headers.append('X-Long', 'y'.repeat(60));
    expect(isLarge(manyHeaders)).toBe(true);
  });
});

describe('a connection that does not come about', () => {
  interface Begun {
    readonly transport: string;
    readonly handlers: ClientHandlers;
    cancelled: boolean;
  }

  function begin(): { clock: FakeClock; begun: Begun[]; gaveUp: string[]; told: string[]; request: TcpFirst } {
    const clock = new FakeClock();
    const [begun, gaveUp, told]: [Begun[], string[], string[]] = [[], [], []];
    const request = new TcpFirst(
      {
        clock,
        start(transport, handlers) {
          const one: Begun = { transport, handlers, cancelled: false };
          begun.push(one);
          const destination = { ...peer(5060), transport, connectionId: 'c' };
          const cancel = (): void => {
            one.cancelled = true;
          };
          return { id: transport, request: LARGE, destination, local: peer(5070), cancel };
        },
        giveUp: (id) => gaveUp.push(id),
        onRefused: () => told.push('refused'),
      },
      {
        onResponse: ({ status }) => told.push(String(status)),
        onFailure: (reason) => told.push(reason),
      },
    );
    return { clock, begun, gaveUp, told, request };
  }

  it(`is given up after ${CONNECT_PATIENCE_MS} ms; the request keeps its id, and a CANCEL is not forgotten`, () => {
    const { clock, begun, gaveUp, told, request } = begin();
    request.cancel();
    clock.advance(CONNECT_PATIENCE_MS);
    expect(gaveUp).toEqual(['c']);
    begun[0]?.handlers.onFailure('transport');
    expect(begun.map(({ transport, cancelled }) => [transport, cancelled])).toEqual([
      ['tcp', true],
      ['udp', true],
    ]);
    expect([request.id, request.destination.transport, told]).toEqual(['tcp', 'udp', ['refused']]);
    begun[1]?.handlers.onFailure('timeout');
    expect([told.at(-1), clock.pending]).toEqual(['timeout', 0]);
  });

  it('is no matter once there was an answer', () => {
    const { clock, begun, told } = begin();
    begun[0]?.handlers.onResponse(makeResponse(LARGE, 100), peer(5060));
    expect(clock.pending).toBe(0);
    begun[0]?.handlers.onFailure('transport');
    expect([begun.length, told]).toEqual([1, ['100', 'transport']]);
  });

  it('is not tried again for a while, by at most so many peers remembered', () => {
    const clock = new FakeClock();
    const refusals = new TcpRefusals(clock);
    refusals.add(peer(1));
    clock.advance(REFUSAL_LASTS_MS - 1);
    expect([refusals.has(peer(1)), refusals.has(peer(2))]).toEqual([true, false]);
    clock.advance(1);
    expect(refusals.has(peer(1))).toBe(false);
    for (let port = 2; port < MAX_REFUSALS + 2; port++) refusals.add(peer(port));
    expect([refusals.has(peer(2)), refusals.has(peer(MAX_REFUSALS + 1))]).toEqual([true, true]);
    refusals.add(peer(MAX_REFUSALS + 2));
    expect(refusals.has(peer(2))).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { makeResponse } from '../../../src/switch/sip/message/response.js';
import { NoTransport } from '../../../src/switch/sip/stack.js';
import {
  MAX_NEW_PER_SOURCE,
  MAX_PER_SOURCE,
  MAX_SERVER_TRANSACTIONS,
} from '../../../src/switch/sip/transaction/server-table.js';
import { newRequest, peer } from './fake-network.js';
import { BOB, firstLines, RAW, raw, rawPeer } from './raw-peer.js';
import { answering, Outcome, openPair, type Pair } from './stack-fixture.js';

describe('a request coming in', () => {
  it('is answered to where it came from, whatever its Via says', async () => {
    const pair = await openPair();
    const got = rawPeer(pair);
    pair.bobHears.answer = answering(200);
    pair.network.inject(
      raw({ method: 'OPTIONS', via: 'SIP/2.0/UDP 10.9.9.9:7777;branch=z9hG4bKx;received=8.8.8.8' }),
      RAW,
      5070,
    );
    pair.clock.advance(10);
    expect(got[0]).toContain('Via: SIP/2.0/UDP 10.9.9.9:7777;branch=z9hG4bKx;received=127.0.0.1;rport=6000\r\n');
  });

  it('of any method reaches the core, which knows what it speaks', async () => {
    const pair = await openPair();
    for (const method of ['OPTIONS', 'BYE', 'REFER', 'PRACK', 'WHATEVER', 'invite']) {
      pair.network.inject(raw({ method, via: `SIP/2.0/UDP h;branch=z9hG4bK${method}` }), RAW, 5070);
    }
    pair.clock.advance(10);
    expect(pair.bobHears.told).toEqual(['OPTIONS', 'BYE', 'REFER', 'PRACK', 'WHATEVER', 'invite']);
  });

  it('gets 100 only when it is an INVITE, and only when wanted', async () => {
    for (const [auto100, expected] of [
      [true, ['SIP/2.0 100 Trying']],
      [false, []],
    ] as const) {
      const pair = await openPair({ auto100 });
      const got = rawPeer(pair);
      pair.network.inject(raw({}), RAW, 5070);
      pair.network.inject(raw({ method: 'OPTIONS' }), RAW, 5070);
      pair.clock.advance(10);
      expect(firstLines(got)).toEqual(expected);
    }
  });

  it('is told once, though it arrives again; the last answer is repeated', async () => {
    const pair = await openPair();
    const got = rawPeer(pair);
    pair.bobHears.answer = answering(180);
    for (let n = 0; n < 3; n++) {
      pair.network.inject(raw({}), RAW, 5070);
      pair.clock.advance(10);
    }
    expect(pair.bobHears.told).toEqual(['INVITE']);
    expect(firstLines(got)).toEqual([
      'SIP/2.0 100 Trying',
      'SIP/2.0 180 Ringing',
      'SIP/2.0 180 Ringing',
      'SIP/2.0 180 Ringing',
    ]);
  });

  it('from an RFC 2543 peer is matched without a branch, its ACK too', async () => {
    const pair = await openPair();
    const got = rawPeer(pair);
    pair.bobHears.answer = answering(486);
    for (const via of ['SIP/2.0/UDP 10.0.0.1', 'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK']) {
      pair.network.inject(raw({ via, cseq: got.length + 1 }), RAW, 5070);
      pair.network.inject(raw({ via, cseq: got.length + 1 }), RAW, 5070);
      pair.clock.advance(10);
      pair.network.inject(raw({ via, cseq: got.length - 2, method: 'ACK', to: '<sip:bob@h>;tag=any' }), RAW, 5070);
      pair.clock.advance(2_000);
    }
    expect(pair.bobHears.told).toEqual(['INVITE', 'INVITE']);
    expect(got).toHaveLength(6); // twice 100, 486 and its copy; nothing after the ACK
  });

  it('by a second path is a loop, 482', async () => {
    const pair = await openPair();
    const got = rawPeer(pair);
    pair.network.inject(raw({}), RAW, 5070);
    pair.network.inject(raw({ via: 'SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKsecond' }), RAW, 5070);
    pair.clock.advance(10);
    expect(pair.bobHears.told).toEqual(['INVITE']);
    expect(firstLines(got)).toEqual(['SIP/2.0 100 Trying', 'SIP/2.0 482 Loop Detected']);
  });

  it('of the same numbers inside a dialog is no loop', async () => {
    const pair = await openPair();
    const to = '<sip:bob@h>;tag=b';
    pair.network.inject(raw({ method: 'INFO', to }), RAW, 5070);
    pair.network.inject(raw({ method: 'INFO', to, via: 'SIP/2.0/UDP h;branch=z9hG4bKsecond' }), RAW, 5070);
    pair.clock.advance(10);
    expect(pair.bobHears.told).toEqual(['INFO', 'INFO']);
  });

  it('gets 500 when the core fails over it, and the stack lives on', async () => {
    const pair = await openPair();
    const got = rawPeer(pair);
    pair.bobHears.answer = () => {
      throw new Error('a fault in the core');
    };
    pair.network.inject(raw({ method: 'OPTIONS' }), RAW, 5070);
    pair.clock.advance(10);
    expect(firstLines(got)).toEqual(['SIP/2.0 500 Server Internal Error']);
    pair.bobHears.answer = answering(200);
    pair.network.inject(raw({ method: 'OPTIONS', cseq: 2, via: 'SIP/2.0/UDP h;branch=z9hG4bK2' }), RAW, 5070);
    pair.clock.advance(10);
    expect(firstLines(got).at(-1)).toBe('SIP/2.0 200 OK');
  });

  it('that the core never answers is forgotten after 64*T1, unless it is an INVITE', async () => {
    const pair = await openPair();
    pair.network.inject(raw({ method: 'OPTIONS' }), RAW, 5070);
    pair.network.inject(raw({}), RAW, 5070);
    pair.clock.advance(40_000);
    const [options, invite] = pair.bobHears.transactions;
    expect([options?.state, invite?.state]).toEqual(['terminated', 'proceeding']);
    if (options === undefined) throw new Error('no OPTIONS');
    expect(options.respond(makeResponse(options.request, 200))).toBe(false);
    expect(pair.bob.snapshot().serverTransactions).toBe(1);
  });

  it('takes one final answer only', async () => {
    const pair = await openPair();
    pair.network.inject(raw({}), RAW, 5070);
    pair.clock.advance(10);
    const invite = pair.bobHears.transactions[0];
    if (invite === undefined) throw new Error('no INVITE');
    const respond = (status: number): boolean => invite.respond(makeResponse(invite.request, status, { toTag: 't' }));
    expect([respond(180), respond(486), respond(200), respond(180)]).toEqual([true, true, false, false]);
  });

  /** OPTIONS from one address; returns how many found room. */
  function flood({ network, bob }: Pair, count: number, address: string, to = '<sip:bob@h>'): number {
    const before = bob.snapshot().serverTransactions;
    for (let cseq = 1; cseq <= count; cseq++) {
      const via = `SIP/2.0/UDP ${address};branch=z9hG4bK${to.length}-${cseq}`;
      network.deliver(raw({ method: 'OPTIONS', cseq, via, to, callId: address }), RAW, 5070, address);
    }
    return bob.snapshot().serverTransactions - before;
  }

  it(`gets 503 when ${MAX_SERVER_TRANSACTIONS} others are alive`, async () => {
    const pair = await openPair();
    const got = rawPeer(pair);
    expect(flood(pair, MAX_NEW_PER_SOURCE, '127.0.0.2')).toBe(MAX_NEW_PER_SOURCE);
    const room = MAX_SERVER_TRANSACTIONS - MAX_NEW_PER_SOURCE;
    expect(flood(pair, room + 1, '127.0.0.3')).toBe(room);
    pair.clock.advance(1);
    expect(got.at(-1)).toMatch(/^SIP\/2\.0 503 .*\r\nRetry-After: 10\r\n/s);
  });

  it('finds room beside a flood from another address, whose own calls can still end', async () => {
    const pair = await openPair();
    expect(flood(pair, MAX_SERVER_TRANSACTIONS, '127.0.0.2')).toBe(MAX_NEW_PER_SOURCE);
    const inDialogs = MAX_PER_SOURCE - MAX_NEW_PER_SOURCE;
    expect(flood(pair, MAX_SERVER_TRANSACTIONS, '127.0.0.2', '<sip:bob@h>;tag=b')).toBe(inDialogs);
    expect(flood(pair, 10, '127.0.0.3')).toBe(10);
  });
});

describe('what cannot be understood', () => {
  it('is answered once with 400 to where it came from', async () => {
    const pair = await openPair();
    const got = rawPeer(pair);
    pair.network.inject(raw({ method: 'INVITE', cseqMethod: 'BYE' }), RAW, 5070);
    pair.clock.advance(60_000);
    expect(firstLines(got)).toEqual(['SIP/2.0 400 CSeq Method Differs']);
    expect(got[0]).toContain('rport=6000');
    expect(pair.bobHears.told).toEqual([]);
    expect(pair.clock.pending).toBe(0);
  });

  it.each([
    ['an ACK', raw({ method: 'ACK', cseqMethod: 'INVITE' })],
    ['a response', 'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h\r\n\r\n'],
    ['a web request', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['noise', '\u0001\u0002\u0003'],
    ['nothing', ''],
  ])('%s is met with silence', async (_what, text) => {
    const pair = await openPair();
    const got = rawPeer(pair);
    pair.network.inject(text, RAW, 5070);
    pair.clock.advance(60_000);
    expect(got).toEqual([]);
  });

  it('as a response without transaction goes nowhere', async () => {
    const pair = await openPair();
    const outcome = new Outcome();
    const client = pair.alice.request(newRequest('OPTIONS'), peer(RAW), outcome);
    const got = rawPeer(pair);
    pair.clock.advance(1_000);
    const via = client.request.headers.get('Via') ?? '';
    const answer = (branch: string, method: string): string =>
      `SIP/2.0 200 OK\r\nVia: ${via.replace(/branch=\w+/, `branch=${branch}`)}\r\nFrom: <sip:a@h>\r\nTo: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 1 ${method}\r\n\r\n`;
    const branch = /branch=(\w+)/.exec(via)?.[1] ?? '';
    pair.network.inject(answer('z9hG4bKguess', 'OPTIONS'), RAW, 5060);
    pair.network.inject(answer(branch, 'INVITE'), RAW, 5060);
    pair.clock.advance(10);
    expect(outcome.told).toEqual([]);
    pair.network.inject(answer(branch, 'OPTIONS'), RAW, 5060);
    pair.clock.advance(10);
    expect(outcome.told).toEqual(['200']);
    expect(got.length).toBeGreaterThan(0);
  });
});

describe('a request going out', () => {
  it('gets Via on top, Max-Forwards, Content-Length; the given message stays as it was', async () => {
    const pair = await openPair();
    const message = newRequest('OPTIONS');
    message.headers.append('Via', 'SIP/2.0/UDP before.example');
    const client = pair.alice.request(message, BOB, new Outcome());
    const vias = client.request.headers.all('Via');
    expect(vias[0]).toMatch(/^SIP\/2\.0\/UDP 127\.0\.0\.1:5060;branch=z9hG4bK[0-9a-f]{24};rport$/);
    expect(vias[1]).toBe('SIP/2.0/UDP before.example');
    expect(client.request.headers.get('Max-Forwards')).toBe('70');
    expect(message.headers.all('Via')).toHaveLength(1);
    expect(client.local).toEqual(pair.alice.listeners[0]);
  });

  it('shows the external address of its listener', async () => {
    const listen = [{ transport: 'udp', address: '127.0.0.1', port: 5060, external: '203.0.113.5' }] as const;
    const pair = await openPair({ listen });
    const client = pair.alice.request(newRequest('OPTIONS'), BOB, new Outcome());
    expect(client.request.headers.get('Via')).toContain(' 203.0.113.5:5060;');
    expect(pair.alice.listenerFor(BOB)?.external).toBe('203.0.113.5');
  });

  it('cannot go by a transport that is not there', async () => {
    const { alice } = await openPair();
    const byTls = { ...BOB, transport: 'tls' } as const;
    expect(alice.listenerFor(byTls)).toBeUndefined();
    expect(() => alice.request(newRequest('OPTIONS'), byTls, new Outcome())).toThrow(NoTransport);
    expect(() => alice.send(newRequest('ACK'), byTls)).toThrow(NoTransport);
  });

  it('has a branch that no other has', async () => {
    const { alice } = await openPair();
    const vias = Array.from({ length: 50 }, () =>
      alice.request(newRequest('OPTIONS'), BOB, new Outcome()).request.headers.get('Via'),
    );
    expect(new Set(vias).size).toBe(50);
  });
});

it('a closed stack is silent: no timers, no calls', async () => {
  const pair = await openPair();
  const outcome = new Outcome();
  pair.alice.request(newRequest('INVITE'), BOB, outcome);
  pair.clock.advance(10);
  await pair.alice.close();
  await pair.alice.close();
  await pair.bob.close();
  pair.clock.advance(100_000);
  expect(pair.clock.pending).toBe(0);
  expect(outcome.told).toEqual(['100']);
  expect(() => pair.alice.request(newRequest('OPTIONS'), BOB, outcome)).toThrow(NoTransport);
});

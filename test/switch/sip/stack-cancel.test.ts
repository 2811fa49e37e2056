import { describe, expect, it } from 'vitest';
import { Headers } from '../../../src/switch/sip/message/headers.js';
import { newRequest } from './fake-network.js';
import { BOB, firstLines, RAW, raw, rawPeer } from './raw-peer.js';
import { answering, Outcome, openPair } from './stack-fixture.js';

describe('CANCEL', () => {
  it('waits for the first provisional response, and ends in 487', async () => {
    const pair = await openPair({ auto100: false });
    const outcome = new Outcome();
    const client = pair.alice.request(newRequest('INVITE'), BOB, outcome);
    client.cancel(Headers.of([['Reason', 'SIP;cause=200;text="Call completed elsewhere"']]));
    client.cancel();
    pair.clock.advance(400);
    expect(pair.network.countOf('CANCEL')).toBe(0);
    pair.bobHears.transactions.forEach(answering(180));
    pair.clock.advance(100);
    expect(outcome.told).toEqual(['180', '487']);
    expect(pair.bobHears.told).toEqual(['INVITE', 'CANCEL']);
    const [cancel] = pair.bobHears.cancels;
    expect(cancel?.headers.get('Reason')).toBe('SIP;cause=200;text="Call completed elsewhere"');
    expect(cancel?.headers.get('CSeq')).toBe('1 CANCEL');
    expect(cancel?.headers.get('To')).toBe('<sip:bob@127.0.0.1>');
    expect(cancel?.headers.all('Via')).toHaveLength(1);
    pair.clock.advance(70_000);
    expect(pair.clock.pending).toBe(0);
  });

  it('carries the tag of the INVITE in its 200', async () => {
    const pair = await openPair();
    const got = rawPeer(pair);
    pair.network.inject(raw({}), RAW, 5070);
    pair.network.inject(raw({ method: 'CANCEL' }), RAW, 5070);
    pair.clock.advance(10);
    expect(firstLines(got)).toEqual(['SIP/2.0 100 Trying', 'SIP/2.0 200 OK', 'SIP/2.0 487 Request Terminated']);
    const tag = pair.bobHears.transactions[0]?.localTag;
    expect(got.slice(1).every((text) => text.includes(`To: <sip:bob@h>;tag=${tag}\r\n`))).toBe(true);
  });

  it('finds its INVITE though a NAT shows another sent-by, as does the ACK', async () => {
    const pair = await openPair();
    const got = rawPeer(pair);
    const via = 'SIP/2.0/UDP 192.168.1.7:5060;branch=z9hG4bKraw';
    pair.network.inject(raw({}), RAW, 5070);
    pair.network.inject(raw({ method: 'CANCEL', via }), RAW, 5070);
    pair.clock.advance(10);
    pair.network.inject(raw({ method: 'ACK', via, to: '<sip:bob@h>;tag=x' }), RAW, 5070);
    pair.clock.advance(60_000);
    expect(pair.bobHears.told).toEqual(['INVITE', 'CANCEL']);
    expect(firstLines(got)).toEqual(['SIP/2.0 100 Trying', 'SIP/2.0 200 OK', 'SIP/2.0 487 Request Terminated']);
  });

  it.each([
    ['another call', { cseq: 2 }],
    ['another branch', { via: 'SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKother' }],
  ])('for %s is unknown, 481', async (_what, parts) => {
    const pair = await openPair();
    const got = rawPeer(pair);
    pair.network.inject(raw({}), RAW, 5070);
    pair.network.inject(raw({ method: 'CANCEL', via: 'SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKraw', ...parts }), RAW, 5070);
    pair.clock.advance(10);
    expect(firstLines(got).at(-1)).toBe('SIP/2.0 481 Call/Transaction Does Not Exist');
    expect(pair.bobHears.told).toEqual(['INVITE']);
  });

  it('repeated is answered again and told once', async () => {
    const pair = await openPair();
    const got = rawPeer(pair);
    pair.network.inject(raw({}), RAW, 5070);
    for (let n = 0; n < 3; n++) pair.network.inject(raw({ method: 'CANCEL' }), RAW, 5070);
    pair.clock.advance(10);
    expect(pair.bobHears.told).toEqual(['INVITE', 'CANCEL']);
    expect(firstLines(got).filter((line) => line === 'SIP/2.0 200 OK')).toHaveLength(3);
  });

  it('crossing the 200 leaves the call standing: told as late, the 200 passes', async () => {
    const pair = await openPair();
    const outcome = new Outcome();
    const client = pair.alice.request(newRequest('INVITE'), BOB, outcome);
    pair.clock.advance(10);
    client.cancel();
    pair.bobHears.transactions.forEach(answering(200));
    pair.clock.advance(10);
    expect(outcome.told).toEqual(['100', '200']);
    expect(pair.bobHears.told).toEqual(['INVITE', 'late CANCEL']);
    client.cancel(); // nothing to cancel any more
    pair.clock.advance(70_000);
    expect(pair.network.countOf('CANCEL')).toBe(1);
    expect(pair.clock.pending).toBe(0);
  });

  it('crossing a refusal is without effect', async () => {
    const pair = await openPair();
    const outcome = new Outcome();
    const client = pair.alice.request(newRequest('INVITE'), BOB, outcome);
    pair.clock.advance(10);
    client.cancel();
    pair.bobHears.transactions.forEach(answering(486));
    pair.clock.advance(70_000);
    expect(outcome.told).toEqual(['100', '486']);
    expect(pair.bobHears.told).toEqual(['INVITE']);
    expect(pair.clock.pending).toBe(0);
  });

  it('that changes nothing is given up after 64*T1', async () => {
    const pair = await openPair();
    const outcome = new Outcome();
    pair.bobHears.onCancel = () => undefined;
    const client = pair.alice.request(newRequest('INVITE'), BOB, outcome);
    pair.clock.advance(10);
    client.cancel();
    pair.clock.advance(31_999);
    expect(outcome.told).toEqual(['100']);
    pair.clock.advance(1);
    expect(outcome.told).toEqual(['100', 'timeout']);
    expect(pair.alice.snapshot().clientTransactions).toBe(0);
  });

  it('of another method than INVITE does nothing', async () => {
    const pair = await openPair();
    const client = pair.alice.request(newRequest('OPTIONS'), BOB, new Outcome());
    pair.clock.advance(10);
    client.cancel();
    pair.clock.advance(1_000);
    expect(pair.network.countOf('CANCEL')).toBe(0);
  });
});

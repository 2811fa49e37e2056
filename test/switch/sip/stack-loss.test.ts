import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/lib/ids.js';
import { acceptInvite } from '../../../src/switch/sip/accepted-invite.js';
import { dialogFromResponse, requestInDialog } from '../../../src/switch/sip/dialog.js';
import type { SipResponse } from '../../../src/switch/sip/message/message.js';
import { makeResponse } from '../../../src/switch/sip/message/response.js';
import { newRequest, peer, TRAVEL_MS } from './fake-network.js';
import { answering, Outcome, openPair, type Pair } from './stack-fixture.js';

const BOB = peer(5070);
/** Long enough for every timer of a transaction. */
const ALL_OVER_MS = 70_000;

function expectNothingLeft({ clock, alice, bob }: Pair): void {
  clock.advance(ALL_OVER_MS);
  expect([alice.snapshot(), bob.snapshot()]).toMatchObject([
    { serverTransactions: 0, clientTransactions: 0 },
    { serverTransactions: 0, clientTransactions: 0 },
  ]);
  expect(clock.pending).toBe(0);
}

/** Loses the first `times` copies of messages with that start. */
function losing(pair: Pair, start: RegExp, times: number): void {
  let left = times;
  pair.network.copies = (text) => (start.test(text) && left-- > 0 ? 0 : 1);
}

describe('lost and doubled messages', () => {
  it('an INVITE lost three times makes one call', async () => {
    const pair = await openPair();
    const outcome = new Outcome();
    pair.bobHears.answer = answering(180, 486);
    losing(pair, /^INVITE/, 3);
    pair.alice.request(newRequest('INVITE'), BOB, outcome);
    pair.clock.advance(3_400);
    expect(outcome.told).toEqual([]);
    pair.clock.advance(200); // 0.5 + 1 + 2 s
    expect(outcome.told).toEqual(['100', '180', '486']);
    expect(pair.bobHears.told).toEqual(['INVITE']);
    expect(pair.network.countOf('INVITE')).toBe(4);
    expectNothingLeft(pair);
  });

  it('a lost refusal is repeated until the ACK comes, and told once', async () => {
    const pair = await openPair();
    const outcome = new Outcome();
    pair.bobHears.answer = answering(486);
    losing(pair, /^SIP\/2\.0 486/, 2);
    pair.alice.request(newRequest('INVITE'), BOB, outcome);
    expectNothingLeft(pair);
    expect(outcome.told).toEqual(['100', '486']);
    expect(pair.network.countOf('486 INVITE')).toBe(3);
    expect(pair.bobHears.told).toEqual(['INVITE']); // its ACK stays inside the transaction
  });

  it('a lost ACK to a refusal is sent again for the repeated refusal', async () => {
    const pair = await openPair();
    const outcome = new Outcome();
    pair.bobHears.answer = answering(486);
    losing(pair, /^ACK/, 2);
    pair.alice.request(newRequest('INVITE'), BOB, outcome);
    expectNothingLeft(pair);
    expect(outcome.told).toEqual(['100', '486']);
    expect(pair.network.countOf('ACK')).toBe(3);
    expect(pair.bobHears.told).toEqual(['INVITE']);
  });

  it('a refusal that nobody ever acknowledges is given up after 64*T1', async () => {
    const pair = await openPair();
    pair.bobHears.answer = answering(486);
    losing(pair, /^ACK/, Number.POSITIVE_INFINITY);
    pair.alice.request(newRequest('INVITE'), BOB, new Outcome());
    expectNothingLeft(pair);
    expect(pair.bobHears.told).toEqual(['INVITE', 'no ACK']);
    // 0, 0.5, 1.5, 3.5, 7.5, 11.5 … 31.5 s
    expect(pair.network.countOf('486 INVITE')).toBe(11);
  });

  it('everything doubled changes nothing that the cores see', async () => {
    const pair = await openPair();
    const outcome = new Outcome();
    const info = new Outcome();
    pair.bobHears.answer = (transaction) => answering(transaction.request.method === 'INVITE' ? 486 : 200)(transaction);
    pair.network.copies = () => 2;
    pair.alice.request(newRequest('INVITE'), BOB, outcome);
    pair.alice.request(newRequest('OPTIONS', { callId: 'call-2' }), BOB, info);
    expectNothingLeft(pair);
    expect(outcome.told.filter((status) => status !== '100')).toEqual(['486']);
    expect(info.told).toEqual(['200']);
    expect(pair.bobHears.told).toEqual(['INVITE', 'OPTIONS']);
  });

  it('an unanswered INVITE ends after 32 s, sent seven times; another request is sent eleven times', async () => {
    const pair = await openPair();
    const outcomes = { INVITE: new Outcome(), OPTIONS: new Outcome() };
    pair.network.copies = () => 0;
    pair.alice.request(newRequest('INVITE'), BOB, outcomes.INVITE);
    pair.alice.request(newRequest('OPTIONS'), BOB, outcomes.OPTIONS);
    pair.clock.advance(31_999);
    expect([outcomes.INVITE.told, outcomes.OPTIONS.told]).toEqual([[], []]);
    pair.clock.advance(1);
    expect([outcomes.INVITE.told, outcomes.OPTIONS.told]).toEqual([['timeout'], ['timeout']]);
    expect(pair.network.countOf('INVITE')).toBe(7);
    expect(pair.network.countOf('OPTIONS')).toBe(11);
    expectNothingLeft(pair);
  });

  it('a peer that cannot be reached is told at once, but not while request() runs', async () => {
    const pair = await openPair();
    const outcome = new Outcome();
    pair.alice.request(newRequest('INVITE'), peer(9), outcome);
    expect(outcome.told).toEqual([]);
    pair.clock.advance(1);
    expect(outcome.told).toEqual(['transport']);
    expectNothingLeft(pair);
  });
});

describe('the 2xx of an INVITE', () => {
  interface Accepted extends Pair {
    readonly outcome: Outcome;
    readonly timeouts: string[];
    /** Sends or repeats alice's ACK. */
    acknowledge(): void;
  }

  async function openAccepted(): Promise<Accepted> {
    const pair = await openPair();
    const outcome = new Outcome();
    const timeouts: string[] = [];
    pair.bobHears.answer = (transaction) => {
      const headers = [['Contact', '<sip:bob@127.0.0.1:5070>']] as const;
      const ok = makeResponse(transaction.request, 200, { toTag: transaction.localTag, headers });
      const accepted = acceptInvite(transaction, ok, {
        clock: pair.clock,
        onTimeout: () => timeouts.push('no ACK to the 200'),
      });
      const note = pair.bobHears.onAck.bind(pair.bobHears);
      pair.bobHears.onAck = (ack) => {
        note(ack);
        accepted.acknowledged();
      };
    };
    const client = pair.alice.request(newRequest('INVITE'), BOB, outcome);
    let sent: { resend(): void } | undefined;
    const acknowledge = (): void => {
      if (sent !== undefined) {
        sent.resend();
        return;
      }
      const ok = outcome.responses.find((response) => response.status === 200);
      const dialog = ok === undefined ? undefined : dialogFromResponse(client.request, ok);
      if (dialog === undefined) throw new Error('no dialog');
      sent = pair.alice.send(requestInDialog(dialog, 'ACK', { cseq: 1 }).request, BOB);
    };
    return { ...pair, outcome, timeouts, acknowledge };
  }

  it('is repeated at 0.5, 1, 2, 4, 4 s until the ACK comes', async () => {
    const call = await openAccepted();
    call.clock.advance(12_000); // copies at 0, 0.5, 1.5, 3.5, 7.5, 11.5 s
    expect(call.outcome.told).toEqual(['100', ...Array.from({ length: 6 }, () => '200')]);
    call.acknowledge();
    expectNothingLeft(call);
    expect(call.network.countOf('200 INVITE')).toBe(6);
    expect(call.bobHears.told).toEqual(['INVITE', 'ACK']);
    expect(call.timeouts).toEqual([]);
  });

  it('needs its ACK again when that was lost: the same one', async () => {
    const call = await openAccepted();
    call.network.copies = (text) => (text.startsWith('ACK') && call.network.countOf('ACK') === 1 ? 0 : 1);
    call.clock.advance(10);
    call.acknowledge();
    call.clock.advance(600);
    expect(call.outcome.told).toEqual(['100', '200', '200']);
    call.acknowledge();
    expectNothingLeft(call);
    expect(call.network.countOf('ACK')).toBe(2);
    expect(call.bobHears.acks).toHaveLength(1);
    expect(call.timeouts).toEqual([]);
  });

  it('is given up after 64*T1 without ACK', async () => {
    const call = await openAccepted();
    call.clock.advance(TRAVEL_MS + 31_999);
    expect(call.timeouts).toEqual([]);
    call.clock.advance(1);
    expect(call.timeouts).toEqual(['no ACK to the 200']);
    expectNothingLeft(call);
    expect(call.timeouts).toHaveLength(1);
    expect(call.bobHears.told).toEqual(['INVITE']);
  });

  it('of a second fork is told too', async () => {
    const call = await openAccepted();
    call.clock.advance(10);
    const first = call.outcome.responses.at(-1);
    const invite = call.bobHears.transactions[0]?.request;
    if (first === undefined || invite === undefined) throw new Error('no 200');
    const fork: SipResponse = makeResponse(invite, 200, { toTag: 'another' });
    call.bobHears.transactions[0]?.respond(fork);
    call.clock.advance(10);
    expect(call.outcome.responses.slice(-2).map((response) => response.headers.get('To')?.split('tag=')[1])).toEqual([
      call.bobHears.transactions[0]?.localTag,
      'another',
    ]);
    call.acknowledge();
    expectNothingLeft(call);
  });
});

describe('a bad line', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'loses, doubles and still brings every request to one end (seed %i)',
    async (seed) => {
      const pair = await openPair();
      const random = seededRandom(seed);
      pair.network.copies = () => {
        const chance = random.next();
        return chance < 0.25 ? 0 : chance < 0.4 ? 2 : 1;
      };
      pair.bobHears.answer = (transaction) =>
        answering(transaction.request.method === 'INVITE' ? 486 : 200)(transaction);
      const outcomes: Outcome[] = [];
      for (let call = 0; call < 20; call++) {
        const outcome = new Outcome();
        outcomes.push(outcome);
        const method = call % 2 === 0 ? 'INVITE' : 'OPTIONS';
        pair.alice.request(newRequest(method, { callId: `call-${call}` }), BOB, outcome);
      }
      expectNothingLeft(pair);
      expect(pair.bobHears.transactions).toHaveLength(20);
      for (const outcome of outcomes) {
        expect(outcome.told.filter((word) => word !== '100')).toHaveLength(1);
        expect(outcome.told.at(-1)).toMatch(/^(200|486)$/);
      }
    },
  );
});

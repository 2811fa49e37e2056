// An agent's desk phone with SRTP (keys in SDP): it is rung with an offer of it, and talks with a caller in the clear.
import { afterEach, expect, it } from 'vitest';
import { eventually } from '../support/servers.js';
import { heardMs } from '../switch/event-socket/tones.js';
import { SrtpPeer } from '../switch/secure/srtp-peer.js';
import { ALL_TONES, openBench, TONES } from './bench.js';

const LIMIT_MS = 10_000;

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

it('a phone that wants SDES is offered it, and both hear each other', async () => {
  const bench = await openBench();
  open.push(bench);
  const dora = await bench.agent('dora-desk');
  const srtp = await SrtpPeer.open('AES_CM_128_HMAC_SHA1_80');
  open.push(srtp);
  let offer = '';
  dora.onCall = (call) => {
    offer = call.invite.body;
    call.answer(srtp.sdp);
  };
  const caller = await bench.answeredCall();
  const outcome = await bench.telephony.dial({
    targets: [{ kind: 'device', agent: 'dora', device: 'dora-desk' }],
    order: 'together',
    ringMs: LIMIT_MS,
    from: { number: '5551234', name: '' },
    headers: {},
    signal: new AbortController().signal,
    beside: caller.leg,
  });
  expect(offer).toMatch(/^m=audio \d+ RTP\/SAVP 0/m);
  if (outcome.kind !== 'answered') throw new Error(`not answered: ${JSON.stringify(outcome)}`);
  // Not before the answer with its keys is there: this phone’s sequence numbers wrap at once (RFC 3711 §3.3.1).
  srtp.follow(offer);
  await caller.leg.bridge(outcome.leg);
  caller.call.audio.say(TONES.caller);
  srtp.say(TONES.agent);
  await eventually('the caller hears', () => caller.call.audio.tone(ALL_TONES) === TONES.agent, LIMIT_MS);
  await eventually('the phone hears', () => heardMs(srtp.samples, TONES.caller) >= 300, LIMIT_MS);
  await caller.leg.hangUp({ by: 'hilo', reason: 'test over' });
});

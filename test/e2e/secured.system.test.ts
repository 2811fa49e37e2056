// An agent's desk phone with SRTP (keys in SDP, RFC 4568): it is called, and both hear each other.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TONES } from '../support/hilo/centre.js';
import { hears, nextCall } from '../support/hilo/scene.js';
import { onStage } from '../support/hilo/stage.js';
import { eventually } from '../support/servers.js';
import { heardMs } from '../switch/event-socket/tones.js';
import { SrtpPeer } from '../switch/secure/srtp-peer.js';

const LIMIT_MS = 10_000;

const scene = onStage();
let srtp: SrtpPeer;
beforeEach(async () => {
  srtp = await SrtpPeer.open('AES_CM_128_HMAC_SHA1_80');
});
afterEach(async () => {
  await scene.close();
  srtp?.close();
});

test('a desk phone with SRTP is rung by a caller in the clear', async () => {
  const dora = await scene.agent('dora-desk');
  const { number, phone } = await scene.customer();
  const calling = phone.invite('2004');
  const ringing = await nextCall(dora);
  ringing.answer(srtp.sdp);
  const ack = await ringing.acked.seen;
  // The embedded switch offers keys; a real one has the phone make the offer, and answers it in the ACK (RFC 3261 §13.2.1).
  srtp.follow(ringing.invite.body === '' ? ack.body : ringing.invite.body);
  const call = await calling;
  call.audio.say(TONES.other);
  srtp.say(TONES.agent);
  await hears(call, TONES.agent);
  await eventually('the phone hears', () => heardMs(srtp.samples, TONES.other) >= 300, LIMIT_MS);
  call.bye();
  const matter = await scene.matters.untilOver(number);
  expect(matter.talkedTo).toEqual(['dora']);
});

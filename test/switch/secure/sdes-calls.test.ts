// Desk phones with SRTP (SDES) at the whole switch: what is heard under the keys, and what is not without them.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Suite } from '../../../src/switch/secure/session-keys.js';
import { type Endpoint, MediaScene } from '../event-socket/media-scene.js';
import { heardMs } from '../event-socket/tones.js';
import { SrtpPeer } from './srtp-peer.js';

let scene: MediaScene;
const peers: SrtpPeer[] = [];
beforeAll(async () => {
  scene = await MediaScene.open();
});
afterEach(() => {
  for (const peer of peers.splice(0)) peer.close();
});
afterAll(() => scene?.close());

async function open(suite: Suite = 'AES_CM_128_HMAC_SHA1_80'): Promise<SrtpPeer> {
  const peer = await SrtpPeer.open(suite);
  peers.push(peer);
  return peer;
}

async function call(suite?: Suite): Promise<{ peer: SrtpPeer; endpoint: Endpoint }> {
  const peer = await open(suite);
  const { phone } = await scene.phone();
  const { endpoint } = await scene.ring(phone, peer.sdp, (answer) => peer.follow(answer));
  return { peer, endpoint };
}

test.each(['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const)(
  'a secured phone and a plain one talk (%s)',
  async (suite) => {
    const secured = await call(suite);
    const plain = await scene.caller();
    await secured.endpoint.bridge(plain.endpoint);
    secured.peer.say(700);
    plain.rtp.say(1_100);
    await scene.until('the plain phone hears', () => heardMs(plain.rtp.samples, 700) >= 300);
    await scene.until('the secured phone hears', () => heardMs(secured.peer.samples, 1_100) >= 300);
    expect(secured.peer.refused).toBe(0);
    await secured.endpoint.destroy();
    await plain.endpoint.destroy();
  },
);

test('what comes under another key is not heard, and is counted', async () => {
  const { peer, endpoint } = await call();
  const plain = await scene.caller();
  await endpoint.bridge(plain.endpoint);
  peer.say(700);
  await scene.until('the plain phone hears', () => heardMs(plain.rtp.samples, 700) >= 200);
  peer.useWrongKey();
  await new Promise((resolve) => setTimeout(resolve, 100));
  plain.rtp.forget();
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(heardMs(plain.rtp.samples, 700)).toBe(0);
  await endpoint.destroy();
  await plain.endpoint.destroy();
});

test('a change of the call keeps the keys: nothing is lost, no key stream begins again', async () => {
  const { peer, endpoint } = await call();
  const before = endpoint.local.sdp;
  await endpoint.modify(peer.sdp.replace('a=sendrecv', 'a=sendonly'));
  expect(endpoint.local.sdp).toContain(/inline:\S+/.exec(before)?.[0]);
  await endpoint.modify(peer.sdp);
  peer.forget();
  await endpoint.play('tone_stream://%(500,0,500)');
  await scene.until('the phone hears', () => heardMs(peer.samples, 500) >= 300);
  expect(peer.refused).toBe(0);
  await endpoint.destroy();
});

test('keys that come back after plain RTP are others', async () => {
  const { peer, endpoint } = await call();
  const before = /inline:\S+/.exec(endpoint.local.sdp)?.[0];
  const { rtp } = await scene.phone();
  await endpoint.modify(rtp.sdp);
  expect(endpoint.local.sdp).toContain('RTP/AVP 0');
  await endpoint.modify(peer.sdp);
  expect(endpoint.local.sdp).toContain('RTP/SAVP 0');
  expect(endpoint.local.sdp).not.toContain(before);
  await endpoint.destroy();
});

test.each(['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const)(
  'a secured phone is called with an offer of ours (%s)',
  async (suite) => {
    const peer = await open(suite);
    const endpoint = await scene.media.createEndpoint({ headers: { 'X-Secure-RTP': 'sdes' } });
    peer.follow(endpoint.local.sdp);
    await endpoint.modify(peer.sdp);
    await endpoint.play('tone_stream://%(500,0,500)');
    await scene.until('the phone hears', () => heardMs(peer.samples, 500) >= 300);
    await endpoint.destroy();
  },
);

// Phones with SRTP and browsers on a real media path: keys by SDES and DTLS, offers of both sides (RFC 4568, RFC 5763).
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { Browser } from '../../src/sim/phone/browser.js';
import type { Suite } from '../../src/switch/secure/session-keys.js';
import type { Endpoint } from '../switch/event-socket/media-scene.js';
import { heardMs } from '../switch/event-socket/tones.js';
import { SrtpPeer } from '../switch/secure/srtp-peer.js';
import { MediaScene } from './media-scene.js';
import { conforms, pairKind } from './pair.js';

let scene: MediaScene;
const open: { close(): void }[] = [];

beforeAll(async () => {
  scene = await MediaScene.open();
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});
afterAll(() => scene?.close());

interface Party {
  say(hz: number): void;
  readonly samples: Int16Array;
}

async function hears(who: Party, hz: number): Promise<void> {
  await scene.until(`${hz} Hz`, () => heardMs(who.samples, hz) >= 300);
}

/** The leg and a plain phone hear each other. */
async function talks(party: Party, endpoint: Endpoint): Promise<void> {
  const plain = await scene.caller();
  await plain.endpoint.set('park_after_bridge', 'true');
  await endpoint.bridge(plain.endpoint);
  party.say(700);
  plain.rtp.say(1_100);
  await hears(plain.rtp, 700);
  await hears(party, 1_100);
  await endpoint.destroy();
  await plain.endpoint.destroy();
}

async function secured(suite: Suite = 'AES_CM_128_HMAC_SHA1_80'): Promise<SrtpPeer> {
  const peer = await SrtpPeer.open(suite);
  open.push(peer);
  return peer;
}

/** FreeSWITCH has to be told where a browser is; our switch waits to be found, and so cannot be too early ({@link Browser.offer}). */
function browser(): Browser {
  const opened = new Browser({ candidates: pairKind === 'real' });
  open.push(opened);
  return opened;
}

describe('a phone with SDES', () => {
  for (const suite of ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const) {
    conforms(`calls, and talks with a plain one (${suite})`, async () => {
      const peer = await secured(suite);
      const { endpoint } = await scene.answered(peer.sdp, (answer) => peer.follow(answer));
      await talks(peer, endpoint);
    });
  }

  conforms('is called with an offer of keys, and no plain line', async () => {
    const peer = await secured();
    const endpoint = await scene.media.createEndpoint({ headers: { 'X-Secure-RTP': 'sdes' } });
    expect(endpoint.local.sdp.match(/^m=.*/gm)).toHaveLength(1);
    peer.follow(endpoint.local.sdp);
    await endpoint.modify(peer.sdp);
    await talks(peer, endpoint);
  });
});

describe('a browser', () => {
  conforms('calls, and talks with a phone', async () => {
    const web = browser();
    const { endpoint } = await scene.answered(web.offer(), (answer) => web.accept(answer));
    await web.connected;
    await talks(web, endpoint);
  });

  conforms('presses keys, which the application is told once each', async () => {
    const web = browser();
    const { endpoint } = await scene.answered(web.offer(), (answer) => web.accept(answer));
    await web.connected;
    const keys: string[] = [];
    endpoint.on('dtmf', (event) => keys.push(event['dtmf'] ?? ''));
    await web.press('4');
    await web.press('2');
    await scene.until('two keys', () => keys.length >= 2);
    expect(keys).toEqual(['4', '2']);
    await endpoint.destroy();
  });

  conforms('is called with an offer of DTLS, and no plain line', async () => {
    const web = browser();
    const endpoint = await scene.media.createEndpoint({ srtp: true });
    expect(endpoint.local.sdp.match(/^m=.*/gm)).toHaveLength(1);
    const answer = web.answer(endpoint.local.sdp);
    await endpoint.modify(answer);
    await web.connected;
    await talks(web, endpoint);
  });
});

describe('an offer of the media server that nobody asked to be secure', () => {
  conforms('has one line of audio, in the clear', async () => {
    const endpoint = await scene.media.createEndpoint();
    expect(endpoint.local.sdp.match(/^m=.*/gm)).toEqual([expect.stringMatching(/^m=audio \d+ RTP\/AVP 0 /)]);
    expect(endpoint.local.sdp).not.toContain('a=crypto');
    await endpoint.destroy();
  });
});

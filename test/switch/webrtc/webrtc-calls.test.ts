// Browsers at the whole switch, with an application on the unmodified drachtio-fsmrf: what each side hears, by content.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Browser, type BrowserOptions } from '../../../src/sim/phone/browser.js';
import type { Dlg } from '../drachtio/application.js';
import { type Endpoint, MediaScene } from '../event-socket/media-scene.js';
import { heardMs } from '../event-socket/tones.js';

let scene: MediaScene;
const browsers: Browser[] = [];

beforeAll(async () => {
  scene = await MediaScene.open({}, { webPort: 0 });
});
afterEach(() => {
  for (const browser of browsers.splice(0)) browser.close();
});
afterAll(() => scene?.close());

function open(options: BrowserOptions = {}): Browser {
  const browser = new Browser(options);
  browsers.push(browser);
  return browser;
}

interface WebCall {
  readonly browser: Browser;
  readonly endpoint: Endpoint;
  readonly dialog: Dlg;
  readonly answer: string;
  /** What the application does with a new offer of the browser; the new answer. */
  reinvite(sdp: string): Promise<string>;
}

/** A browser calls and is answered with `connectCaller`. */
async function call(options: BrowserOptions = {}): Promise<WebCall> {
  const browser = open(options);
  const { phone } = await scene.phone();
  const { endpoint, dialog } = await scene.ring(phone, browser.offer(), (answer) => browser.accept(answer));
  await browser.connected;
  const reinvite = async (sdp: string): Promise<string> => {
    await endpoint.modify(sdp);
    return endpoint.local.sdp;
  };
  return { browser, endpoint, dialog, answer: endpoint.local.sdp, reinvite };
}

async function hears(what: string, samples: () => Int16Array, hz: number, ms = 300): Promise<void> {
  await scene.until(`${what} hears ${hz} Hz`, () => heardMs(samples(), hz) >= ms);
}

test('a browser hears what is played, and its keys arrive once each', async () => {
  const { browser, endpoint } = await call();
  const keys: string[] = [];
  endpoint.on('dtmf', (event) => keys.push(`${event['dtmf']} ${event['duration']}`));
  const played = endpoint.play('tone_stream://%(800,0,500)');
  await hears('the browser', () => browser.samples, 500, 600);
  await played;
  await browser.press('4');
  await browser.press('2');
  await scene.until('two keys', () => keys.length === 2);
  expect(keys).toEqual(['4 800', '2 800']);
  expect(String((await endpoint.getChannelVariables(true))['variable_rtp_use_codec_name'])).toBe('PCMU');
  await endpoint.destroy();
});

test('a browser and a phone talk, and press keys to each other', async () => {
  const web = await call();
  const phone = await scene.caller();
  await web.endpoint.bridge(phone.endpoint);
  web.browser.say(700);
  phone.rtp.say(1_100);
  await hears('the phone', () => phone.rtp.samples, 700);
  await hears('the browser', () => web.browser.samples, 1_100);
  await web.browser.press('7');
  await phone.rtp.press('9');
  await scene.until('keys at both ends', () => phone.rtp.keys === '7' && web.browser.keys === '9');
  await web.endpoint.destroy();
  await phone.endpoint.destroy();
});

test('a browser that has only Opus talks with a phone that has only G.711, keys with its own clock', async () => {
  const web = await call({ codec: 'opus' });
  expect(web.answer).toContain('a=rtpmap:111 opus/48000/2');
  const keys: string[] = [];
  web.endpoint.on('dtmf', (event) => keys.push(`${event['dtmf']} ${event['duration']}`));
  await web.browser.press('5');
  await scene.until('a key', () => keys.length === 1);
  expect(keys).toEqual(['5 800']);
  const phone = await scene.caller();
  await web.endpoint.bridge(phone.endpoint);
  web.browser.say(700);
  phone.rtp.say(1_100);
  await hears('the phone', () => phone.rtp.samples, 700);
  await hears('the browser', () => web.browser.samples, 1_100);
  await phone.rtp.press('9');
  await scene.until('a key at the browser', () => web.browser.keys === '9');
  await web.endpoint.destroy();
  await phone.endpoint.destroy();
});

describe('a call in being', () => {
  test('goes on through an ICE restart', async () => {
    const { browser, endpoint, reinvite, answer } = await call();
    const restarted = browser.restart();
    const again = await reinvite(restarted);
    expect(again).not.toContain(/a=ice-ufrag:(\S+)/.exec(answer)?.[1]);
    browser.accept(again);
    await browser.connected;
    browser.forget();
    const played = endpoint.play('tone_stream://%(800,0,500)');
    await hears('the browser', () => browser.samples, 500, 600);
    await played;
    await endpoint.destroy();
  });

  test('is held and taken back without a new connection', async () => {
    const { browser, endpoint, reinvite, answer } = await call();
    const offer = browser.localSdp;
    const held = await reinvite(offer.replace('a=sendrecv', 'a=sendonly'));
    expect(held).toContain('a=recvonly\r\n');
    expect(held).toContain(/a=ice-ufrag.*/.exec(answer)?.[0]);
    await reinvite(offer);
    browser.forget();
    const played = endpoint.play('tone_stream://%(800,0,500)');
    await hears('the browser', () => browser.samples, 500, 600);
    await played;
    await endpoint.destroy();
  });

  test('may not become plain RTP', async () => {
    const { endpoint, reinvite } = await call();
    const { rtp } = await scene.phone();
    await expect(reinvite(rtp.sdp)).rejects.toMatchObject({ status: 488 });
    await endpoint.destroy();
  });
});

test('a browser is called: our offer goes out, its answer comes back by modify', async () => {
  const browser = open();
  const endpoint = await scene.media.createEndpoint({ srtp: true });
  expect(endpoint.local.sdp).toContain('UDP/TLS/RTP/SAVPF 0 8 101');
  expect(endpoint.local.sdp).toContain('a=setup:actpass');
  const answer = browser.answer(endpoint.local.sdp);
  await endpoint.modify(answer);
  await browser.connected;
  const phone = await scene.caller();
  await endpoint.bridge(phone.endpoint);
  browser.say(700);
  phone.rtp.say(1_100);
  await hears('the phone', () => phone.rtp.samples, 700);
  await hears('the browser', () => browser.samples, 1_100);
  await endpoint.destroy();
  await phone.endpoint.destroy();
});

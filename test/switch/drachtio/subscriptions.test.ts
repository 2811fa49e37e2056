// Subscriptions whose end nobody tells: they are forgotten all the same.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_SUBSCRIPTION_S } from '../../../src/switch/control/exchange/subscriptions.js';
import type { SipRequest } from '../../../src/switch/sip/message/message.js';
import type { Phone } from './phone.js';
import { RawApp } from './raw-app.js';
import { Scene, SECRET } from './scene.js';

/** After its time, the last NOTIFY is waited for. */
const TIMER_N_MS = 32_000;

let scene: Scene;
let app: RawApp;
let phone: Phone;

beforeEach(async () => {
  scene = await Scene.open();
  phone = await scene.phone();
  app = await RawApp.open(scene.server.address.port, SECRET);
  await app.ask('route|subscribe');
});
afterEach(async () => {
  app?.destroy();
  await scene?.close();
});

const dialogs = (): number => scene.server.snapshot().dialogs;

describe('a phone that has subscribed', () => {
  async function accept(expires: string): Promise<string> {
    const { tokens } = await app.told('SUBSCRIBE');
    const head = `SIP/2.0 200 OK\r\ncseq: 1 SUBSCRIBE\r\n${expires}\r\n\r\n`;
    const echo = await app.ask(`sip|${tokens[8]}|\r\n${head}`);
    await phone.response(200, 'SUBSCRIBE');
    return echo[8] ?? '';
  }
  const subscribe = (): SipRequest =>
    phone.ask('SUBSCRIBE', scene.sipPort, { headers: { Event: 'presence', Expires: '7200' } });

  it.each([
    ['as long as it was granted', 'Expires: 60', 60],
    ['as long as it has asked for, when the answer does not say', 'X-No: expires', 7_200],
    ['a day at the longest', 'Expires: 4294967295', MAX_SUBSCRIPTION_S],
  ])('stays subscribed %s', async (_, expires, seconds) => {
    subscribe();
    await accept(expires);
    scene.clock.advance(seconds * 1_000 + TIMER_N_MS - 1);
    expect(dialogs()).toBe(1);
    scene.clock.advance(1);
    expect(dialogs()).toBe(0);
  });

  it.each([
    [481, 0],
    [408, 0],
    [500, 1],
    [200, 1],
  ])('and answers a NOTIFY with %i: %i subscription is left', async (status, left) => {
    subscribe();
    const id = await accept('Expires: 60');
    app.send(`sip||${id}\r\nNOTIFY sip:placeholder SIP/2.0\r\nSubscription-State: active\r\nEvent: presence\r\n\r\n`);
    phone.answer(await phone.asked('NOTIFY'), status);
    await app.told(String(status));
    expect(dialogs()).toBe(left);
  });
});

it('an application stays subscribed as long as it renews', async () => {
  app.send(`sip||\r\nSUBSCRIBE ${phone.uri} SIP/2.0\r\nEvent: presence\r\nExpires: 60\r\n\r\n`);
  phone.answer(await phone.asked('SUBSCRIBE'), 200, { headers: { Expires: '60' } });
  const { tokens } = await app.told('200');
  scene.clock.advance(50_000);
  app.send(`sip||${tokens[9]}\r\nSUBSCRIBE sip:placeholder SIP/2.0\r\nEvent: presence\r\nExpires: 60\r\n\r\n`);
  phone.answer(await phone.asked('SUBSCRIBE'), 200, { headers: { Expires: '60' } });
  await app.told('200');
  scene.clock.advance(60_000 + TIMER_N_MS - 1);
  expect(dialogs()).toBe(1);
  scene.clock.advance(1);
  expect(dialogs()).toBe(0);
});

// A real browser: it registers over WSS, calls the centre, and takes a call of it; what each side hears is judged by content.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Chromium } from '../support/chromium/chromium.js';
import { describeInBrowser, isWithoutBrowser } from '../support/chromium/stage.js';
import { TONES } from '../support/hilo/centre.js';
import { hears, nextCall } from '../support/hilo/scene.js';
import { isOnRealPair, PASSWORD } from '../support/hilo/server.js';
import { onStage } from '../support/hilo/stage.js';

// Said aloud, because these tests are never left out by themselves.
if (isWithoutBrowser) console.warn('HILO_NO_BROWSER=1: the tests in a real browser are left out');

describeInBrowser('a browser', () => {
  const scene = onStage();
  let chromium: Chromium;
  beforeAll(async () => {
    chromium = await Chromium.open(TONES.other);
  });
  afterAll(() => chromium?.close());

  const phone = (user: string) =>
    chromium.phone({ server: `wss://127.0.0.1:${scene.hilo.wssPort}`, user, password: PASSWORD });

  test('calls the centre: greeting, key 1, music, an agent at a desk phone; both hear each other, also after an ICE restart', async () => {
    const web = await phone('carla-desk');
    await web.call('1000');
    await web.hearsSpeech();
    await web.press('1');
    await web.hears(TONES.music);
    const agent = await scene.agent('ana-desk');
    const ringing = await nextCall(agent);
    ringing.audio.say(TONES.agent);
    ringing.answer();
    await web.hears(TONES.agent);
    await hears(ringing, TONES.other);
    // FreeSWITCH takes what the browser would like best.
    const codec = isOnRealPair ? 'audio/opus' : 'audio/PCMU';
    expect(await web.codecs()).toEqual([codec, codec]);
    await web.restartIce();
    ringing.audio.say(TONES.supervisor);
    await web.hears(TONES.supervisor);
    await hears(ringing, TONES.other);
    await web.hangUp();
    await ringing.byeReceived.seen;
    await web.close();
  });

  test('is an agent: it rings, answers, and talks with a customer, who hangs up', async () => {
    const web = await phone('ana-desk');
    const { phone: customer } = await scene.customer();
    const call = await customer.invite('1001');
    call.audio.say(TONES.caller);
    await web.answer();
    await web.hears(TONES.caller);
    await hears(call, TONES.other);
    call.bye();
    await web.ended;
    await web.close();
  });

  test('as an agent hangs up: the customer gets BYE', async () => {
    const web = await phone('ana-desk');
    const { phone: customer } = await scene.customer();
    const call = await customer.invite('1001');
    await web.answer();
    await hears(call, TONES.other);
    await web.hangUp();
    await call.byeReceived.seen;
    await web.close();
  });
});

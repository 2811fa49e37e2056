// The telephone in an agent's browser, judged by what both sides hear: calls in and out, a page loaded anew, a lost network.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { PhoneCall } from '../../../src/sim/phone/call.js';
import { PageEars } from '../../support/chromium/page-ears.js';
import { PageNetwork } from '../../support/chromium/page-network.js';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { changeCentre, TONES } from '../../support/hilo/centre.js';
import { answering, hears, hearsSpeech, nextCall } from '../../support/hilo/scene.js';
import { eventually } from '../../support/servers.js';

/** Of ana, in one story. */
const MOBILE = '+34600123456';
/** Of the ringing (src/web/phone/audio/ring-tone.ts). */
const RING = 425;

describeInBrowser('the telephone in the browser', () => {
  const { app, scene } = onBrowserStage({ afterCalls: turnOff });
  let open: Page | undefined;

  async function turnOff(): Promise<void> {
    await open?.getByRole('button', { name: 'Disconnect' }).click();
    await eventually('ana’s browser is gone', async () =>
      (await scene.api.agent('ana')).devices.every(({ registered }) => !registered),
    );
    open = undefined;
  }

  /** The page of ana's telephone, connected. */
  async function connected(): Promise<{ page: Page; ears: PageEars }> {
    const page = await app.person('ana', '/agent/phone', { language: 'en-GB' });
    return { page, ears: await connect(page) };
  }

  async function connect(page: Page): Promise<PageEars> {
    open = page;
    const ears = await PageEars.open(page);
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByRole('status').filter({ hasText: 'Ready' }).waitFor();
    return ears;
  }

  /** A customer who dials ana's own number, and is answered with the button. */
  async function talking(page: Page): Promise<PhoneCall> {
    const { phone } = await scene.customer();
    const call = await phone.invite('2001');
    call.audio.say(TONES.caller);
    await page.getByRole('button', { name: 'Answer' }).click();
    await page.getByText('talking').waitFor();
    return call;
  }

  test('a customer calls, the agent answers, and both hear each other; muted means muted', async () => {
    const { page, ears } = await connected();
    const call = await talking(page);
    await Promise.all([hears(call, TONES.other), ears.hears(TONES.caller)]);
    await page.getByRole('button', { name: 'Mute', exact: true }).click();
    await hears(call, 0);
    await page.getByRole('button', { name: 'Unmute' }).click();
    await hears(call, TONES.other);
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'phone-call');
    await page.getByRole('button', { name: 'Hang up' }).click();
    await call.byeReceived.seen;
  });

  test('it rings on one output and talks on another, as chosen; what is unplugged is not waited for', async () => {
    const { page, ears } = await connected();
    const choose = async (role: string, label: string): Promise<string> =>
      (await page.getByLabel(role).selectOption({ label })).join();
    const speaker = await choose('Speaker or headset', 'Fake Audio Output 1');
    const ringer = await choose('Rings on', 'Fake Audio Output 2');
    // The choice is of this browser: it is there when the page is loaded anew.
    await page.reload();
    await page.getByRole('status').filter({ hasText: 'Ready' }).waitFor();
    await expect.poll(() => page.getByLabel('Speaker or headset').inputValue()).toBe(speaker);
    expect(await page.getByLabel('Rings on').inputValue()).toBe(ringer);
    const level = page.getByRole('progressbar', { name: 'Level of the microphone' });
    const reads = async () => Number(await level.getAttribute('aria-valuenow'));
    await expect.poll(reads).toBeGreaterThan(60);
    await page.getByText('You are heard.').waitFor();

    const { phone } = await scene.customer();
    const call = await phone.invite('2001');
    call.audio.say(TONES.caller);
    await ears.hearsAt(ringer, RING);
    expect(await ears.isQuietAt(speaker)).toBe(true);
    await page.getByRole('button', { name: 'Answer' }).click();
    await Promise.all([ears.hearsAt(speaker, TONES.caller), hears(call, TONES.other)]);
    expect(await ears.isQuietAt(ringer)).toBe(true);

    await page.getByRole('button', { name: 'Mute', exact: true }).click();
    await page.getByText('Muted in the call: you are not heard.').waitFor();
    expect(await reads()).toBe(0);
    await page.getByRole('button', { name: 'Unmute' }).click();
    await expect.poll(reads).toBeGreaterThan(60);

    await ears.unplug(speaker);
    await page.getByText('The speaker you chose is not plugged in').waitFor();
    await ears.hearsAt('', TONES.caller);
    await picture(page, 'phone-sound');
    await ears.unplug(speaker, false);
    await ears.hearsAt(speaker, TONES.caller);
    await ears.loseMicrophone();
    await hears(call, TONES.other);
    expect(await accessFaults(page)).toEqual([]);
  });

  test('calls come to a mobile as chosen: taken with a key, and without it they go on to the next agent', async () => {
    const outside = await scene.outside();
    await hasMobile(true);
    try {
      const page = await app.person('ana', '/agent/phone', { language: 'en-GB' });
      await page.getByRole('radio', { name: 'My other number' }).click();
      await page.getByText('press 1 to accept the call').waitFor();
      await page.goto('/agent');
      await page.getByRole('button', { name: 'Available' }).click();
      await page.getByText('The next call is yours').waitFor();
      const calls = async (): Promise<{ customer: PhoneCall; mobile: PhoneCall }> => {
        const known = [...outside.calls];
        const { phone } = await scene.customer();
        const customer = await phone.invite('1001');
        customer.audio.say(TONES.caller);
        const mobile = await nextCall(outside, known);
        expect(mobile.invite.start).toContain(`sip:${MOBILE}@`);
        mobile.audio.say(TONES.other);
        mobile.answer();
        return { customer, mobile };
      };

      const taken = await calls();
      await hearsSpeech(taken.mobile);
      await taken.mobile.audio.press('1');
      await Promise.all([hears(taken.customer, TONES.other), hears(taken.mobile, TONES.caller)]);
      await page.getByRole('region', { name: 'Call', exact: true }).waitFor();
      taken.customer.bye();
      await taken.mobile.byeReceived.seen;
      await page.getByText('The next call is yours').waitFor();

      // A voicemail would answer like this.
      const bruno = await scene.agent('bruno-desk');
      await scene.api.post('/api/agents/bruno/state', { state: 'break' });
      const left = await calls();
      answering(bruno, TONES.agent);
      await scene.api.post('/api/agents/bruno/state', { state: 'available' });
      await left.mobile.byeReceived.seen;
      await hears(left.customer, TONES.agent);
      left.customer.bye();
      await page.goto('/agent/phone');
      await page.getByRole('radio', { name: 'All of them, in their order' }).click();
      await scene.api.post('/api/agents/ana/state', { state: 'offline' });
    } finally {
      await hasMobile(false);
    }
  });

  async function hasMobile(on: boolean): Promise<void> {
    await changeCentre(scene.hilo.flowsFolder, (centre) => {
      if (on) centre.addIn(['agents', 'ana', 'devices'], centre.createNode({ number: MOBILE }));
      else centre.deleteIn(['agents', 'ana', 'devices', 2]);
    });
    await eventually('the devices are in force', async () => (await scene.api.flow('centre')).includes(MOBILE) === on);
  }

  test('the page is loaded anew in the middle of a call: the talk goes on', async () => {
    const { page, ears } = await connected();
    const call = await talking(page);
    await hears(call, TONES.other);
    await page.reload();
    await page.getByText('talking').waitFor();
    await Promise.all([hears(call, TONES.other), ears.hears(TONES.caller)]);
    expect(call.byeReceived.happened).toBe(false);
    const { loadedMs, registeredMs = 0, heardMs = 0 } = await ears.moments();
    expect(heardMs).toBeGreaterThan(registeredMs);
    // Said, not judged: how long it takes is the machine's affair.
    console.info(
      `loaded anew: registered after ${registeredMs - loadedMs} ms, heard ${heardMs - registeredMs} ms later`,
    );
    // The page that is gone is no telephone any more: one is registered, not two.
    expect((await scene.api.agent('ana')).state).toBe('busy');
  });

  test('the tab is closed for good: ana is no longer reachable, and her customer gets the next agent', async () => {
    const { page } = await connected();
    const { phone } = await scene.customer();
    const call = await phone.invite('1001');
    call.audio.say(TONES.caller);
    await page.getByRole('button', { name: 'Answer' }).click();
    await hears(call, TONES.other);
    const bruno = await scene.agent('bruno-desk');
    const offered = nextCall(bruno, [], 60_000);
    await page.close();
    open = undefined;
    await eventually('ana’s browser is gone', async () =>
      (await scene.api.agent('ana')).devices.every(({ registered }) => !registered),
    );
    const ringing = await offered;
    ringing.audio.say(TONES.agent);
    ringing.answer();
    await Promise.all([hears(call, TONES.agent), hears(ringing, TONES.caller)]);
    expect(call.byeReceived.happened).toBe(false);
  });

  test('the network goes away and comes back: the same call, by another way', async () => {
    const page = await app.person('ana', '/agent/phone', { language: 'en-GB' });
    const network = await PageNetwork.between(page);
    try {
      const ears = await connect(page);
      const call = await talking(page);
      const both = () => Promise.all([hears(call, TONES.other), ears.hears(TONES.caller)]);
      await both();
      const way = await ears.way();
      // Only the connection to the SIP server: closed by somebody in between.
      await ears.cutOff();
      await page.getByRole('status').filter({ hasText: 'Not working' }).waitFor();
      await page.getByRole('status').filter({ hasText: 'Ready' }).waitFor();
      await expect.poll(() => ears.way(), { timeout: 15_000 }).not.toBe(way);
      await both();
      // And once more just when new ways are asked for: the server answers, and nobody hears it.
      const before = await ears.way();
      await ears.cutOffInBetween();
      await expect.poll(() => ears.way(), { timeout: 15_000 }).not.toBe(before);
      await both();
      // Everything, and nothing says that it is closed: it is found out.
      const port = await ears.port();
      await network.goes();
      await Promise.all([hears(call, 0), ears.hearsNothing()]);
      await page.getByText('The connection was cut').waitFor();
      await page.getByRole('status').filter({ hasText: 'Not working' }).waitFor();
      await network.comes();
      const backMs = Date.now();
      await both();
      console.info(`another network: both heard ${Date.now() - backMs} ms after it was there`);
      expect(await ears.port()).not.toBe(port);
      expect(call.byeReceived.happened).toBe(false);
    } finally {
      network.close();
    }
  });
});

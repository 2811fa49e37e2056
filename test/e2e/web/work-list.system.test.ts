// The work-list in a real browser: a voicemail is heard, a lost customer is called by a click, a call-back is cancelled.
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import type { WireWorkList } from '../../../src/contract/owed/work-list.js';
import { toneOf } from '../../../src/sim/phone/audio.js';
import { PageEars } from '../../support/chromium/page-ears.js';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { ALL_TONES, TONES } from '../../support/hilo/centre.js';
import { answering, hears, nextCall } from '../../support/hilo/scene.js';
import { eventually } from '../../support/servers.js';

const WAV_HEAD_BYTES = 44;
const during = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describeInBrowser('the work-list', () => {
  const { app, scene } = onBrowserStage();
  afterEach(async () => {
    const { callbacks } = await scene.api.get<WireWorkList>('/api/work-list?scope=all');
    for (const { interaction } of callbacks) {
      await scene.api.post(`/api/work-list/${interaction}/cancel`, { reason: 'the test is over' });
    }
    await scene.api.post('/api/agents/carla/state', { state: 'offline' });
  });

  interface Owed {
    readonly spoke: string;
    readonly lost: string;
    readonly promised: string;
    readonly kept: string;
  }

  /** Nobody serves the queue of sales: three customers who called are owed something, and one who asked elsewhere. */
  async function owed(): Promise<Owed> {
    const kept = scene.newNumber();
    await scene.api.post('/api/callbacks', { number: kept, queue: 'sales' });
    const [spoke, lost, promised] = [await scene.customer(), await scene.customer(), await scene.customer()];
    const calls = await Promise.all([spoke, lost, promised].map(({ phone }) => phone.invite('1005')));
    const [atMachine, gone, asking] = calls;
    if (atMachine === undefined || gone === undefined || asking === undefined) throw new Error('three have called');
    await Promise.all(calls.map((call) => hears(call, TONES.music)));
    await atMachine.audio.press('2');
    await asking.audio.press('1');
    await hears(atMachine, TONES['voicemail-greeting']);
    atMachine.audio.say(TONES.caller);
    await during(7_000);
    atMachine.bye();
    gone.bye();
    await scene.matters.until(spoke.number, (matter) => matter.has('voicemail-left'));
    await scene.matters.until(lost.number, (matter) => matter.has('call-ended'));
    await scene.matters.until(promised.number, (matter) => matter.has('callback-requested'));
    return { spoke: spoke.number, lost: lost.number, promised: promised.number, kept };
  }

  const card = (page: Page, number: string) => page.getByRole('article', { name: number });

  test('a voicemail is heard, who was lost is called by a click and talks, a call-back is cancelled with a reason', async () => {
    // On a break nothing is offered: what is done is done by hand.
    await scene.api.post('/api/agents/carla/state', { state: 'break', reason: 'calls' });
    const { spoke, lost, promised, kept } = await owed();
    const outside = await scene.outside();
    answering(outside, TONES.caller);

    const page = await app.person('carla', '/agent');
    const ears = await PageEars.open(page);
    await page.getByRole('button', { name: 'Conectar', exact: true }).click();
    await page.getByText('Teléfono: Listo').waitFor();
    await page.getByRole('link', { name: /Pendientes/ }).click();
    await card(page, spoke).getByText('Nuevo').waitFor();
    await card(page, promised).getByText('Prometida').or(card(page, promised).getByText('En cola')).waitFor();
    await card(page, lost).waitFor();
    await page
      .getByRole('link', { name: /Pendientes/ })
      .getByLabel(/por hacer/)
      .waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'work-list');

    // The voicemail: it sounds, it is not new any more, and the audit knows.
    const listen = card(page, spoke).getByRole('button', { name: 'Escuchar' });
    await listen.click();
    // The button of the player stands above the one that has shown it.
    await eventually('the player', async () => (await listen.count()) === 2);
    await listen.first().click();
    await eventually('time passes', () =>
      page.evaluate(() => (document.querySelector('audio')?.currentTime ?? 0) > 0.3),
    );
    await card(page, spoke).getByText('Escuchado').waitFor();
    const message = await scene.matters.until(spoke, (matter) => matter.has('voicemail-heard'));
    expect(message.last('voicemail-heard')).toMatchObject({ by: 'carla' });
    const samples = samplesOf(await readFile(message.last('voicemail-left').path));
    // By parts: on a busy machine a late packet shifts the wave, and the whole is no single tone any more.
    const tones = partsOf(samples).map((part) => toneOf(part, ALL_TONES));
    expect(new Set(tones.filter((tone) => tone))).toEqual(new Set([TONES.caller]));

    /** The telephone in the page answers by itself, then the customer is called, and both hear each other. */
    const talk = async (press: () => Promise<void>, number: string): Promise<void> => {
      const known = [...outside.calls];
      await press();
      const atCustomer = await nextCall(outside, known);
      expect(atCustomer.invite.start).toContain(`sip:${number}@`);
      await Promise.all([hears(atCustomer, TONES.other), ears.hears(TONES.caller)]);
      await page.getByRole('status').getByText(`En conversación con ${number}`).waitFor();
      atCustomer.bye();
      await page.getByText(`Llamada terminada con ${number}`).waitFor();
      expect(await scene.matters.of(number)).toHaveLength(1);
    };
    const click = (number: string) =>
      card(page, number)
        .getByRole('button', { name: `Llamar a ${number}` })
        .click();

    await talk(() => click(spoke), spoke);
    await card(page, spoke).getByRole('button', { name: 'Dar por atendido' }).click();
    await page.getByLabel('Nota (opcional)').fill('ya tiene su factura');
    await page.keyboard.press('Enter');
    await card(page, spoke).waitFor({ state: 'detached' });

    // Who was lost: in the same matter.
    await talk(() => click(lost), lost);
    await card(page, lost).waitFor({ state: 'detached' });
    const called = await scene.matters.until(lost, (matter) => matter.all('call-ended').length === 2);
    expect(called.last('call-placed')).toMatchObject({ agent: 'carla', number: lost });

    // What was promised is kept.
    await talk(() => click(kept), kept);
    await card(page, kept).waitFor({ state: 'detached' });
    const keeping = await scene.matters.until(kept, (matter) => matter.has('callback-ended'));
    expect(keeping.last('callback-ended')).toMatchObject({ result: 'connected' });

    // The call-back: taken, then cancelled with the reason.
    await card(page, promised).getByRole('button', { name: 'Me encargo' }).click();
    await card(page, promised).getByText('Se encarga carla').waitFor();
    await card(page, promised).getByRole('button', { name: 'Cancelar devolución' }).click();
    await page.getByLabel('Motivo').fill('ha escrito que ya no hace falta');
    await page.keyboard.press('Enter');
    await card(page, promised).waitFor({ state: 'detached' });
    const over = await scene.matters.until(promised, (matter) => matter.has('callback-ended'));
    expect(over.last('callback-ended')).toMatchObject({ note: 'ha escrito que ya no hace falta' });

    // Anybody else, on behalf of a queue.
    await page.getByRole('link', { name: 'Puesto' }).click();
    const somebody = scene.newNumber();
    const field = page.getByRole('region', { name: 'Llamar a un número' });
    await field.getByLabel('Número').fill(somebody);
    await field.getByLabel('Por la cola').selectOption('Ventas');
    await talk(() => field.getByRole('button', { name: 'Llamar' }).click(), somebody);
    await page.getByRole('button', { name: 'Desconectar', exact: true }).click();
    await eventually('carla’s browser is gone', async () =>
      (await scene.api.agent('carla')).devices.every(({ registered }) => !registered),
    );
  });

  test('in English, on a telephone’s screen, with the keyboard: a field for any number, and search from everywhere', async () => {
    await scene.api.post('/api/agents/carla/state', { state: 'break', reason: 'calls' });
    await scene.agent('carla-desk');
    const page = await app.person('carla', '/agent', { language: 'en-GB', viewport: { width: 390, height: 844 } });
    await page.getByLabel('Number', { exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Desk' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('+34600000001');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/agent\/interactions\?text=/);
    await page.goto('/agent/work');
    await page.getByRole('heading', { name: 'To do' }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await picture(page, 'work-list-narrow');
  });
});

/** Of a quarter of a second each. */
function partsOf(samples: Int16Array): readonly Int16Array[] {
  return Array.from({ length: Math.floor(samples.length / 2_000) }, (_, at) =>
    samples.subarray(2_000 * at, 2_000 * (at + 1)),
  );
}

function samplesOf(wav: Buffer): Int16Array {
  const samples = new Int16Array(Math.floor((wav.length - WAV_HEAD_BYTES) / 2));
  for (let at = 0; at < samples.length; at += 1) samples[at] = wav.readInt16LE(WAV_HEAD_BYTES + 2 * at);
  return samples;
}

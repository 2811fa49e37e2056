// The history in a real browser: after a recorded call it is found, read and heard; texts of customers stay texts.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { changeCentre, TONES } from '../../support/hilo/centre.js';
import { answering, hears, hearsSpeech, nextCall } from '../../support/hilo/scene.js';
import { eventually } from '../../support/servers.js';

/** So much is said that there is something to see in the picture. */
const during = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const HOSTILE = '<img src=x onerror="document.title=\'owned\'">';

describeInBrowser('the history', () => {
  const { app, scene } = onBrowserStage();
  beforeAll(async () => {
    await changeCentre(scene.hilo.flowsFolder, (centre) => centre.setIn(['queues', 'support', 'record'], true));
    await eventually('the centre records', async () => /record: true/.test(await scene.api.flow('centre')));
  });
  afterAll(async () => {
    await changeCentre(scene.hilo.flowsFolder, (centre) => centre.deleteIn(['queues', 'support', 'record']));
  });

  /** A customer talks with Ana, recorded, with a pause in the middle; the number. */
  async function recordedCall(): Promise<string> {
    const ana = await scene.agent('ana-desk');
    answering(ana, TONES.agent);
    const { phone, number } = await scene.customer();
    const call = await phone.invite('1001');
    call.audio.say(TONES.caller);
    await hears(call, TONES.agent);
    await hears(await nextCall(ana), TONES.caller);
    const [{ id } = { id: '' }] = await scene.matters.of(number);
    await during(1_000);
    await scene.api.post(`/api/calls/${id}/recording`, { action: 'pause' });
    await during(1_000);
    await scene.api.post(`/api/calls/${id}/recording`, { action: 'resume' });
    await during(1_000);
    call.bye();
    await scene.matters.until(number, (matter) => matter.has('call-ended') && matter.has('recording-started'));
    return number;
  }

  test('a recorded call is found by its number, read, seen as a wave, and heard', async () => {
    const number = await recordedCall();
    const name = `Eva ${HOSTILE}`;
    await scene.api.patch('/api/contacts', { number, name, tags: ['vip'] });
    const page = await app.person('ana', '/agent/interactions');
    await page.getByText('Escriba el número o la referencia de un cliente.').waitFor();
    await page.getByLabel(/^Número, referencia/).fill(number);
    await page.keyboard.press('Enter');
    // Above the table stands what became of the last call that she placed.
    const found = page.getByRole('table').getByRole('link', { name: /^H-/ });
    await found.waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'interactions');
    await found.click();
    // As a text: the markup of the customer does nothing.
    await page.getByRole('heading', { name }).waitFor();
    expect(await page.title()).not.toBe('owned');
    expect(await page.locator('img').count()).toBe(0);
    await page.getByText(/^Conectada con ana/).waitFor();
    await page
      .getByText(/Llamada entrante · atendida · con ana/)
      .first()
      .waitFor();
    await eventually('the wave', async () => (await page.locator('.wave[data-peaks="600"]').count()) === 1);
    expect(await page.locator('.wave-pause').count()).toBe(1);
    await page.getByText(/^No se grabó: 0:01 – 0:0[23]/).waitFor();
    await page.getByRole('button', { name: 'Escuchar' }).click();
    await page.getByRole('button', { name: 'Parar' }).waitFor();
    await eventually('time passes', () =>
      page.evaluate(() => (document.querySelector('audio')?.currentTime ?? 0) > 0.5),
    );
    const [matter] = await scene.matters.of(number);
    const heard = `/api/audit?on=${matter?.last('recording-started').recording}`;
    const { lines } = await scene.api.get<{ lines: readonly object[] }>(heard);
    expect(lines).toMatchObject([{ act: 'recording-heard', by: 'ana', detail: { interaction: matter?.id } }]);
    await page.getByRole('button', { name: 'Parar' }).click();
    const slider = page.getByRole('slider');
    await slider.focus();
    await page.keyboard.press('Home');
    expect(await slider.getAttribute('aria-valuenow')).toBe('0');
    for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowRight');
    expect(Number(await slider.getAttribute('aria-valuenow'))).toBeCloseTo(0.5);
    expect(await page.evaluate(() => document.querySelector('audio')?.currentTime)).toBeCloseTo(0.5);
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'interaction');
    await page.getByRole('button', { name: 'Claro u oscuro' }).click();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'interaction-dark');
    await page.getByLabel('Idioma').selectOption('en');
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
    await page.getByText(/^Connected with ana/).waitFor();
  });

  test('another agent does not hear it; a supervisor sees why, and puts two profiles together and apart', async () => {
    const number = await recordedCall();
    const [matter] = await scene.matters.of(number);
    const carla = await app.person('carla', `/agent/interactions/${matter?.id}`);
    await carla.getByText('Solo la oye quien habló en ella, o un supervisor.').waitFor();
    expect(await carla.getByRole('button', { name: 'Escuchar' }).count()).toBe(0);
    const other = await scene.customer();
    const call = await other.phone.invite('1000');
    await hearsSpeech(call);
    await call.audio.press('1');
    await hears(call, TONES.agent);
    call.bye();
    const second = await scene.matters.until(other.number, (one) => one.has('call-ended'));
    const page = await app.person('admin', `/agent/interactions/${matter?.reference}`, { language: 'en-GB' });
    await page.getByRole('button', { name: 'Why did it go like this?' }).click();
    await page.getByRole('list').getByText(/ana/).first().waitFor();
    await page.getByLabel('Is the same person as…').fill(second.reference);
    await page.getByRole('button', { name: 'Put together' }).click();
    await page.getByRole('link', { name: second.reference }).first().waitFor();
    await page
      .getByText(`${number}, ${other.number}`)
      .or(page.getByText(`${other.number}, ${number}`))
      .waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Take out' }).click();
    await page.getByRole('link', { name: second.reference }).waitFor({ state: 'detached' });
    // What happened in the flow has its title; whoever has to find it in the file sees its name there.
    await page.goto(`/agent/interactions/${second.id}`);
    const step = page.getByText('Step “Welcome”: pressed 1.');
    await step.getByText('main/greeting', { exact: true }).waitFor();
    await carla.goto(`/agent/interactions/${second.id}`);
    await carla.getByText('Paso «Bienvenida»: ha pulsado 1.', { exact: true }).waitFor();
  });

  test('on a telephone’s screen nothing is wider than the screen', async () => {
    const number = await recordedCall();
    const [matter] = await scene.matters.of(number);
    const page = await app.person('ana', `/agent/interactions/${matter?.id}`, {
      viewport: { width: 390, height: 844 },
    });
    await page.getByRole('button', { name: 'Escuchar' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await picture(page, 'interaction-narrow');
  });
});

// Prompts in a real browser and on real calls: recorded, sent, read aloud, taken back, and heard by who calls.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeWav } from '../../../src/core/sound/wav-writing.js';
import { sine } from '../../core/sound/tones.js';
import { PageEars } from '../../support/chromium/page-ears.js';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { changeCentre, TONES } from '../../support/hilo/centre.js';
import { hears } from '../../support/hilo/scene.js';
import { eventually } from '../../support/servers.js';

const NUMBER = '1077';
const NAME = 'shop-welcome';
const FLOW = `version: 1
name: shop
languages: [es, en]
start: hello
person: { none: 'a test of prompts: it only plays them' }
steps:
  hello: { do: play, play: ${NAME}, next: bye }
  bye: { do: hangup }
`;
/** Said by the microphone of the browser. */
const VOICE = TONES.other;

describeInBrowser('prompts', () => {
  const { app, scene } = onBrowserStage();
  const { api } = scene;
  const { flowsFolder } = scene.hilo;
  const flowFile = join(flowsFolder, 'shop.yaml');
  beforeAll(async () => {
    await writeFile(flowFile, FLOW);
    await known(true);
    await changeCentre(flowsFolder, (centre) => centre.setIn(['numbers', NUMBER], { to: { flow: 'shop' } }));
    await numbered(true);
  });
  afterAll(async () => {
    await changeCentre(flowsFolder, (centre) => centre.deleteIn(['numbers', NUMBER]));
    await numbered(false);
    await rm(flowFile);
    await known(false);
    await api.delete(`/api/prompts/${NAME}`);
  });

  const known = (isThere: boolean) =>
    eventually('the flow is known', async () => {
      const { flows } = await api.get<{ flows: { name: string }[] }>('/api/flows');
      return flows.some(({ name }) => name === 'shop') === isThere;
    });
  const numbered = (isThere: boolean) =>
    eventually('the number is known', async () => (await api.flow('centre')).includes(NUMBER) === isThere);

  const tone = (hertz: number, seconds: number) => ({
    name: 'tone.wav',
    mimeType: 'audio/wav',
    buffer: Buffer.from(writeWav(sine(hertz, 44_100, { level: 0.05, seconds }))),
  });

  async function caller() {
    const { phone } = await scene.customer();
    return phone.invite(NUMBER);
  }

  test('what is sent is what the next caller hears; who hears the one before hears it on', async () => {
    const page = await app.person('admin', '/admin/prompts');
    await page.getByRole('row', { name: NAME }).getByText('Falta').first().waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'prompts');
    await page.getByRole('link', { name: NAME }).click();
    const spanish = page.getByRole('region', { name: 'Español', exact: true });
    await spanish.locator('input[type=file]').setInputFiles(tone(TONES.agent, 20));
    await spanish.getByText(/^Guardada\. .*a -19\.0 dBFS/).waitFor();
    await spanish.getByText('Grabada · 20.0 s').waitFor();
    const first = await caller();
    await hears(first, TONES.agent);
    await spanish.locator('input[type=file]').setInputFiles(tone(TONES.supervisor, 3));
    await spanish.getByText('Grabada · 3.0 s').waitFor();
    await hears(await caller(), TONES.supervisor);
    await hears(first, TONES.agent);
    expect(first.byeReceived.happened).toBe(false);
    first.bye();

    const text = { name: 'a.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('<script>alert(1)</script>') };
    await spanish.locator('input[type=file]').setInputFiles(text);
    await spanish.getByText(/^Este navegador no sabe leer ese fichero/).waitFor();
    await spanish.getByRole('button', { name: 'Historial' }).click();
    await spanish
      .getByRole('button', { name: /^Volver a esta/ })
      .first()
      .click();
    await spanish.getByText('Grabada · 20.0 s').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await hears(await caller(), TONES.agent);

    await heardInStudio();

    // What the browser plays is converted there, and heard by the next caller.
    const sounds = [
      ['tone.mp3', TONES.agent],
      ['tone.ogg', TONES.supervisor],
      ['tone.flac', TONES.agent],
    ] as const;
    for (const [file, hertz] of sounds) {
      const kept = page.waitForResponse((response) => response.request().method() === 'PUT' && response.ok());
      await spanish.locator('input[type=file]').setInputFiles(join('test', 'support', 'sounds', file));
      await kept;
      const heard = await caller();
      await hears(heard, hertz);
      heard.bye();
    }
  });

  /** The studio's telephone plays what a caller would hear, until it is hung up. */
  async function heardInStudio(): Promise<void> {
    const page = await app.person('admin', '/admin/flows/shop', { language: 'en-GB' });
    const ears = await PageEars.open(page);
    await page.getByRole('tab', { name: 'Telephone' }).click();
    await page.getByRole('switch', { name: 'With sound' }).check();
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await ears.hearsPlayed(TONES.agent);
    await page.getByRole('button', { name: 'Hang up' }).click();
    expect(await ears.playsNothing()).toBe(true);
    await page.getByRole('button', { name: 'Call again' }).click();
    await ears.hearsPlayed(TONES.agent);
    // Kept in this browser.
    await page.getByRole('tab', { name: 'Graph' }).click();
    expect(await ears.playsNothing()).toBe(true);
    await page.getByRole('tab', { name: 'Telephone' }).click();
    await page.getByRole('switch', { name: 'With sound', checked: true }).waitFor();
  }

  test('what is recorded in the browser is what the caller hears; where there is nothing the text is read', async () => {
    const page = await app.person('admin', `/admin/prompts/${NAME}`, { language: 'en-GB' });
    const english = page.getByRole('region', { name: 'English', exact: true });
    await english.getByText('Callers hear nothing.').waitFor();
    await english.getByLabel('Text').fill('Welcome to the shop.');
    const speech = page.waitForResponse((response) => response.url().endsWith('/api/prompts/speech') && response.ok());
    await english.getByLabel('Voice').selectOption('en+f2');
    await english.getByRole('button', { name: 'Hear how it sounds' }).click();
    await speech;
    await english.getByRole('button', { name: 'Save' }).click();
    await english.getByText('This text is read.').waitFor();

    const spanish = page.getByRole('region', { name: 'Spanish', exact: true });
    await spanish.getByRole('button', { name: 'Record…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Begin to record' }).click();
    await dialog.getByText('You can be heard well.').waitFor();
    await dialog.getByText(/^0:0[2-9]$/).waitFor();
    await picture(page, 'prompt-recording');
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await dialog.getByLabel(/^Cut the silence/).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Listen: Spanish' }).click();
    await dialog.getByRole('button', { name: 'Stop: Spanish' }).waitFor();
    await dialog.getByRole('button', { name: 'Use this one' }).click();
    await spanish.getByText(/^Saved\. Loudness/).waitFor();
    await picture(page, 'prompt');
    await hears(await caller(), VOICE);

    await page.getByRole('link', { name: 'shop, line 7' }).click();
    await page.locator('.cm-activeLine', { hasText: `play: ${NAME}` }).waitFor();
  });
});

// The flow studio in a real browser: a draft is written, drawn, called, tested, published for the next real caller, and taken back.
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PageEars } from '../../support/chromium/page-ears.js';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { hearsSpeech } from '../../support/hilo/scene.js';

const SALES = 'queue: sales';
const SALES_WRONG = 'queue: saels';
const GREETING = 'gracias por llamar a Hilo';

describeInBrowser('the flow studio', () => {
  const { app, scene } = onBrowserStage();
  let before: string;
  beforeEach(async () => {
    before = await scene.api.flow('main');
  });
  afterEach(async () => {
    if ((await scene.api.flow('main')) !== before) await scene.api.publish('main', before);
  });

  const editor = (page: Page) => page.getByRole('textbox', { name: /^(Texto de|Text of) main$/ });
  const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();
  const step = (page: Page, name: string) => page.locator('.studio-step', { hasText: name }).first();

  /** With the keyboard alone. */
  async function write(page: Page, text: string): Promise<void> {
    await editor(page).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(text);
    await page.keyboard.press('Escape');
  }

  async function publish(page: Page, note: string): Promise<void> {
    await page.getByRole('button', { name: 'Publicar…' }).click();
    await page.getByLabel('Nota: por qué').fill(note);
    await page.getByRole('button', { name: 'Publicar', exact: true }).click();
    // The tests beside the flow expect the other greeting.
    await page.getByLabel(/^Publicar aunque fallen las pruebas/).check();
    await page.getByRole('button', { name: 'Publicar', exact: true }).click();
    await page.getByText(/^Publicado como/).waitFor();
  }

  test('a mistake is told at its line and column and is red in the graph; the draft survives a reload', async () => {
    const page = await app.person('admin', '/admin/flows');
    await page.getByRole('link', { name: 'main' }).click();
    await page.getByText('Sin errores').waitFor();
    await page.getByText('Como está publicado').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'studio');
    await write(page, before.replace(SALES, SALES_WRONG));
    const line = before.split('\n').findIndex((one) => one.trim() === SALES) + 1;
    const issue = page.getByRole('button', { name: new RegExp(`^Error ${line}:12`) });
    await issue.waitFor();
    await page.locator('.studio-step[data-fault="error"]', { hasText: 'sales' }).waitFor();
    expect(await page.getByRole('button', { name: 'Publicar…' }).isDisabled()).toBe(true);
    await page.reload();
    await page.getByText('Borrador, guardado en este navegador').waitFor();
    await issue.click();
    expect(await page.evaluate('document.activeElement.className')).toContain('cm-content');
    await page.locator('.cm-activeLine', { hasText: SALES_WRONG }).waitFor();
    await page.locator('.studio-step[aria-current="step"]', { hasText: 'sales' }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'studio-mistake');
  });

  test('a step in the graph leads to its line; proposals and meanings come from the language', async () => {
    const page = await app.person('admin', '/admin/flows/main', { language: 'en-GB' });
    await page.getByText('No faults').waitFor();
    // By its title in the language of who reads; its name is there as well.
    await step(page, 'Opening hours').getByText('timetable · menu').waitFor();
    await step(page, 'timetable').click();
    await page.locator('.cm-activeLine', { hasText: 'timetable:' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('tri');
    await page.locator('.cm-tooltip-autocomplete', { hasText: 'tries' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Home');
    await page.locator('.yaml-key', { hasText: 'languages' }).hover();
    await page.locator('.studio-meaning', { hasText: 'Every text has to be there' }).waitFor();
  });

  test('the telephone walks the draft to the queue, and is heard where somebody wants it', async () => {
    const page = await app.person('admin', '/admin/flows/main');
    const ears = await PageEars.open(page);
    await write(page, before.replace(GREETING, 'bienvenido a la prueba'));
    await tab(page, 'Teléfono');
    await page.getByRole('button', { name: 'Llamar', exact: true }).click();
    const talk = page.getByRole('region', { name: 'La llamada' });
    await talk.getByText('Hola, bienvenido a la prueba.').waitFor();
    expect(await ears.playsNothing()).toBe(true);
    await page.getByRole('switch', { name: 'Con sonido' }).check();
    await ears.hearsSpeechPlayed();
    await page.getByRole('group', { name: 'Teclado' }).getByRole('button', { name: '1' }).click();
    await talk.getByText('Espera en la cola support.').waitFor();
    // Soft music: one of its notes.
    await ears.hearsPlayed(523);
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'studio-telephone');
    await page.getByRole('button', { name: 'Un agente contesta' }).click();
    await talk.getByText(/La llamada termina/).waitFor();
    expect(await ears.playsNothing()).toBe(true);
  });

  test('what is published is what the next caller gets, and one step leads back', async () => {
    const page = await app.person('admin', '/admin/flows/main');
    await write(page, before.replace(GREETING, 'bienvenido a Hilo'));
    await page.getByText('Sin errores').waitFor();
    await tab(page, 'Cambios');
    await page.locator('.cm-changedLine', { hasText: 'bienvenido' }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'studio-changes');
    await publish(page, 'warmer');
    const revision = await callerGets();
    await tab(page, 'Historial');
    const row = page.getByRole('row', { name: new RegExp(revision) });
    await row.getByText('warmer').waitFor();
    await row.getByText('en vigor').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'studio-history');
    await page.getByRole('button', { name: 'Volver a esta…' }).first().click();
    await page.getByRole('button', { name: 'Volver', exact: true }).click();
    await page.getByRole('button', { name: 'Volver', exact: true }).waitFor({ state: 'detached' });
    expect(await scene.api.flow('main')).toBe(before);
    expect(await callerGets()).not.toBe(revision);
    await expect(app.leave()).rejects.toThrow('422');
  });

  test('somebody else publishes in between: nothing of either is lost', async () => {
    const page = await app.person('admin', '/admin/flows/main');
    const mine = before.replace(GREETING, 'bienvenido a Hilo');
    const theirs = before.replace('Deje su mensaje', 'Deje aquí su mensaje');
    await write(page, mine);
    await page.getByText('Sin errores').waitFor();
    await page.getByRole('button', { name: 'Publicar…' }).click();
    await scene.api.publish('main', theirs);
    await page.getByRole('button', { name: 'Publicar', exact: true }).click();
    await page.getByText(/not at/).waitFor();
    expect(await scene.api.flow('main')).toBe(theirs);
    await page.getByRole('dialog').getByRole('button', { name: 'Cancelar' }).last().click();
    await page.getByText(/Otra persona ha publicado/).waitFor();
    await page.getByRole('button', { name: 'Comparar' }).click();
    await page.getByText('Lo que ha cambiado la otra persona').click();
    await page.getByText(/donde empezó el borrador/).waitFor();
    await page.locator('.cm-changedLine', { hasText: 'Deje aquí su mensaje' }).waitFor();
    expect(await page.locator('.cm-changedLine', { hasText: 'bienvenido' }).count()).toBe(0);
    await page.getByText('Mi borrador').click();
    await page.locator('.cm-deletedChunk', { hasText: 'Deje aquí su mensaje' }).waitFor();
    await page
      .locator('.cm-deletedChunk', { hasText: 'Deje aquí su mensaje' })
      .getByRole('button', { name: 'Tomar lo publicado' })
      .click();
    await page.getByRole('button', { name: 'Seguir desde lo publicado' }).click();
    await publish(page, 'both');
    expect(await scene.api.flow('main')).toBe(theirs.replace(GREETING, 'bienvenido a Hilo'));
    // The browser tells of every refusal.
    await expect(app.leave()).rejects.toThrow('409');
  });

  /** The revision of the flow that a real caller goes through now. */
  async function callerGets(): Promise<string> {
    const { phone, number } = await scene.customer();
    const call = await phone.invite('1000');
    await hearsSpeech(call);
    call.bye();
    const matter = await scene.matters.until(number, (one) => one.has('call-ended'));
    return matter.last('flow-entered').revision;
  }
});

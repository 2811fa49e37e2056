// Written conversations in a real browser: a customer writes, an agent takes it, answers, sends a file, and ends it.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { eventually } from '../../support/servers.js';

/** A picture of one pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const HOSTILE = `<img src=x onerror="document.title='owned'">`;

describeInBrowser('written conversations', () => {
  const { app, scene } = onBrowserStage();

  const writes = (from: string, text: string): Promise<unknown> =>
    scene.api.post('/api/sandbox/messages', { from, text });
  const sendsPicture = async (page: Page, from: string): Promise<void> => {
    const asked = new URLSearchParams({ from, name: 'foto.png', text: 'Mire' });
    const headers = { 'content-type': 'application/octet-stream', origin: scene.hilo.http };
    const response = await page.request.post(`/api/sandbox/attachments?${asked}`, { data: PNG, headers });
    expect(response.status()).toBe(204);
  };
  const got = async (address: string): Promise<string> =>
    JSON.stringify(await scene.api.get(`/api/sandbox/messages?address=${encodeURIComponent(address)}`));

  test('two at a time: taken, read, answered with a canned text and a file, ended', async () => {
    const [eva, luis] = [scene.newNumber(), scene.newNumber()];
    await scene.agent('ana-desk');
    const page = await app.person('ana', '/agent');
    await writes(eva, `Hola ${HOSTILE} https://example.com/pedido`);
    const all = page.getByRole('region', { name: 'Conversaciones' });
    await all.getByRole('button', { name: `Atender a ${eva}` }).click();
    const messages = all.getByRole('region', { name: 'Mensajes' });
    await messages.getByText(HOSTILE).waitFor();
    expect(await messages.getByRole('link').getAttribute('rel')).toContain('noopener');
    await all.getByRole('progressbar', { name: /Tiempo que queda/ }).waitFor();
    // What the guide says about the queue.
    const guide = all.getByRole('region', { name: 'Guía para este asunto' });
    await guide.getByRole('button', { name: /^Devolución de una compra.*Por la cola support/s }).click();
    await guide.getByText('30 días').first().waitFor();

    const field = all.getByLabel('Escribir al cliente');
    await field.fill('/salu');
    await all.getByRole('option', { name: /^Saludo/ }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await expect.poll(() => field.inputValue()).toMatch(/ayudarle/);
    await page.keyboard.press('Enter');
    await messages.getByText('entregado').first().waitFor();
    await eventually('the customer has it', async () => (await got(eva)).includes('ayudarle'));

    await writes(luis, 'Soy Luis');
    await all.getByRole('button', { name: `Atender a ${luis}` }).click();
    await messages.getByText('Soy Luis').waitFor();
    await sendsPicture(page, eva);
    const item = all.getByRole('button', { name: new RegExp(`${eva.replace('+', '\\+')}.*1 sin leer`, 's') });
    await item.click();
    const image = messages.getByRole('img', { name: 'Imagen: foto.png' });
    const show = all.getByRole('button', { name: /^Ver la imagen/ });
    // What is told meanwhile may draw the thread anew: whoever wants to see it presses again.
    const shown = async (): Promise<number> => {
      if ((await image.count()) === 0) await show.click();
      return image.count();
    };
    await expect.poll(shown, { timeout: 30_000 }).toBe(1);
    await expect.poll(() => all.getByText('sin leer').count()).toBe(0);

    await all.locator('input[type=file]').setInputFiles({ name: 'plano.png', mimeType: 'image/png', buffer: PNG });
    await all.getByText('Va con el mensaje: plano.png').waitFor();
    await field.fill('Aquí tiene el plano');
    await page.keyboard.press('Enter');
    await eventually('the customer has the file', async () => (await got(eva)).includes('plano.png'));
    expect(await page.title()).not.toContain('owned');
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'conversations');

    for (const name of [eva, luis]) {
      await all
        .getByRole('button', { name: new RegExp(name.replace('+', '\\+')) })
        .first()
        .click();
      await all.getByRole('button', { name: 'Terminar', exact: true }).click();
      await all.getByRole('button', { name: 'Terminar la conversación' }).click();
      await expect.poll(() => all.getByRole('button', { name: new RegExp(name.replace('+', '\\+')) }).count()).toBe(0);
    }
  });

  test('on a narrow screen, in English: the list, the thread, and a colleague who gets it', async () => {
    const eva = scene.newNumber();
    await scene.agent('ana-desk');
    const page = await app.person('ana', '/agent', { language: 'en-GB', viewport: { width: 390, height: 844 } });
    await writes(eva, 'Hello');
    const all = page.getByRole('region', { name: 'Conversations' });
    await all.getByRole('button', { name: `Take ${eva}` }).click();
    await all.getByRole('region', { name: 'Messages' }).getByText('Hello').waitFor();
    await all.getByRole('button', { name: 'All conversations' }).click();
    await all.getByRole('button', { name: new RegExp(eva.replace('+', '\\+')) }).click();
    await all.getByRole('region', { name: 'Messages' }).getByText('Hello').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'conversations-phone');
    await all.getByRole('button', { name: 'Pass on', exact: true }).click();
    await all.getByLabel('To whom').selectOption('bruno');
    await all.getByLabel('Note for whoever gets it').fill('knows more');
    await all.getByRole('button', { name: 'Pass the conversation on' }).click();
    await expect.poll(() => all.getByRole('button', { name: new RegExp(eva.replace('+', '\\+')) }).count()).toBe(0);
    await scene.agent('bruno-desk');
    const bruno = await app.person('bruno', '/agent', { language: 'en-GB' });
    const his = bruno.getByRole('region', { name: 'Conversations' });
    await his.getByText(/Passed on by .*knows more/).waitFor();
    await his.getByRole('button', { name: `Take ${eva}` }).click();
    await his.getByRole('button', { name: 'Finish', exact: true }).click();
    await his.getByRole('button', { name: 'Finish the conversation' }).click();
    await expect.poll(() => his.getByRole('button', { name: new RegExp(eva.replace('+', '\\+')) }).count()).toBe(0);
  });
});

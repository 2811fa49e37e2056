// Written conversations in a real browser: a customer writes, an agent takes it, answers, sends a file, and ends it.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { TONES } from '../../support/hilo/centre.js';
import { answering, hears, nextCall } from '../../support/hilo/scene.js';
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
    await guide.getByRole('button', { name: /^Devolución de una compra.*Por la cola Soporte/s }).click();
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
    await all.getByRole('button', { name: /^Ver la imagen/ }).click();
    await image.waitFor();
    // What comes in, and looking at somebody else, draws the thread anew: what was opened stays open.
    await writes(eva, 'Y ahora');
    await messages.getByText('Y ahora').waitFor();
    await all
      .getByRole('button', { name: new RegExp(luis.replace('+', '\\+')) })
      .first()
      .click();
    await messages.getByText('Soy Luis').waitFor();
    await all
      .getByRole('button', { name: new RegExp(eva.replace('+', '\\+')) })
      .first()
      .click();
    await image.waitFor();
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

  test('somebody who has not written: by a template, then freely; called in the same matter; shut out by the clock', async () => {
    const desk = await scene.agent('ana-desk');
    answering(desk, TONES.agent);
    const outside = await scene.outside();
    answering(outside, TONES.caller);
    const eva = scene.newNumber();
    const page = await app.person('ana', '/agent');
    const all = page.getByRole('region', { name: 'Conversaciones' });
    await page.getByRole('button', { name: 'Escribir a alguien' }).click();
    await all.getByLabel('Número').fill(eva);
    expect(await accessFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await all.getByText('Todavía no ha escrito por aquí').waitFor();
    const field = all.getByLabel('Escribir al cliente');
    await all.getByLabel('Plantillas').selectOption('Cita');
    expect(await field.count()).toBe(0);
    await all.getByLabel('Día').fill('martes');
    await all.getByText('Le esperamos el martes a las {Hora}').waitFor();
    await all.getByLabel('Hora').fill('10:00');
    await all.getByText('Le esperamos el martes a las 10:00').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'conversations-template');
    await all.getByRole('button', { name: 'Enviar la plantilla' }).click();
    const messages = all.getByRole('region', { name: 'Mensajes' });
    await messages.getByText('Le esperamos el martes a las 10:00').waitFor();
    await messages.getByText('entregado').waitFor();
    await eventually('the customer has it', async () => (await got(eva)).includes('martes a las 10:00'));
    await writes(eva, 'Allí estaré');
    await messages.getByText('Allí estaré').waitFor();
    await field.fill('Gracias');
    await page.keyboard.press('Enter');
    await messages.getByText('Gracias').waitFor();

    await all.getByRole('button', { name: 'Llamar a esta persona' }).click();
    const [ana, customer] = [await nextCall(desk), await nextCall(outside)];
    await hears(customer, TONES.agent);
    await hears(ana, TONES.caller);
    await all.getByText('En llamada').waitFor();
    customer.bye();
    const { id } = await scene.matters.until(eva, (matter) => matter.has('call-ended'));
    await all.getByRole('button', { name: 'Llamar a esta persona' }).waitFor();

    await page.clock.setSystemTime(Date.now() + 25 * 3_600_000);
    await all.getByText('Han pasado 24 horas').waitFor();
    await all.getByLabel('Plantillas').waitFor();
    expect(await field.count()).toBe(0);
    await all.getByRole('button', { name: 'Terminar', exact: true }).click();
    await all.getByRole('button', { name: 'Terminar la conversación' }).click();
    const matter = await scene.matters.until(eva, ({ types }) => types.includes('work-finished'));
    expect(matter.id).toBe(id);
    expect(matter.types).toEqual(expect.arrayContaining(['conversation-begun', 'message-received', 'connected']));
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

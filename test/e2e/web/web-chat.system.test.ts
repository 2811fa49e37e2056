// The chat on the page of another site, with the line that docs/web-chat.md gives: a visitor writes, an agent answers, the net fails, a call is asked for.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { changeCentre } from '../../support/hilo/centre.js';
import { eventually } from '../../support/servers.js';

const SNIPPET = /```html\n(.+)\n```/.exec(readFileSync('docs/web-chat.md', 'utf8'))?.[1] ?? '';
const HOSTILE = `<img src=x onerror="document.title='owned'">`;
/** A picture of one pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
/** Styles that would spoil the chat, were they to reach it. */
const STYLES =
  'button, iframe, div, ol, li { all: initial; position: static !important; display: inline; color: lime; }';
/** The net is taken away, and a call asked for at a number that may not be called. */
const EXPECTED = /ERR_INTERNET_DISCONNECTED|status of 403/;
const CALL_ME = 'Prefiero que me llamen';

describeInBrowser('the chat on another site', () => {
  const { app, scene } = onBrowserStage();
  const { http, flowsFolder } = scene.hilo;
  let site: Server;
  let origin = '';
  const mayShow = (origins: readonly string[]) =>
    changeCentre(flowsFolder, (centre) => centre.setIn(['chat', 'origins'], origins));
  const policy = async (): Promise<string> =>
    (await fetch(`${http}/chat`)).headers.get('content-security-policy') ?? '';

  beforeAll(async () => {
    site = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.setHeader(
        'content-security-policy',
        `default-src 'none'; script-src ${http}; frame-src ${http}; style-src 'sha256-none'`,
      );
      const script = SNIPPET.replace('https://hilo.example.com', http);
      response.end(`<!doctype html><html lang="es"><title>Una tienda</title><h1>Una tienda</h1>${script}</html>`);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    expect(await policy()).not.toContain(origin);
    await mayShow([origin]);
    await eventually('the site may show the chat', async () => (await policy()).includes(origin));
  });
  afterAll(async () => {
    await mayShow([]);
    await new Promise<void>((resolve) => site.close(() => resolve()));
  });

  /** A visitor on the page of the site, with styles that are none of ours. */
  async function visitor(): Promise<{ page: Page; chat: FrameLocator }> {
    const page = await app.stranger('/chat', { expected: EXPECTED });
    await page.goto(origin);
    await page.evaluate(`document.adoptedStyleSheets = [Object.assign(new CSSStyleSheet(), {})];
      document.adoptedStyleSheets[0].replaceSync(${JSON.stringify(STYLES)})`);
    return { page, chat: page.frameLocator('hilo-chat iframe') };
  }
  const frameOf = (page: Page) => {
    const frame = page.frames().find((one) => one.url().startsWith(`${http}/chat`));
    if (frame === undefined) throw new Error('the chat is not shown');
    return frame;
  };

  test('written, answered with a file, kept over a reload and a lost net, ended, and called', async () => {
    await scene.agent('ana-desk');
    const desk = await app.person('ana', '/agent');
    const all = desk.getByRole('region', { name: 'Conversaciones' });
    const messages = all.getByRole('region', { name: 'Mensajes' });
    const field = all.getByLabel('Escribir al cliente');
    const { page, chat } = await visitor();
    const name = `Eva ${Date.now()}`;
    const log = chat.getByRole('log');
    const said = (text: string) => log.getByText(text, { exact: false });
    const write = async (text: string): Promise<void> => {
      await chat.getByRole('textbox', { name: 'Escriba su mensaje' }).fill(text);
      await page.keyboard.press('Enter');
    };

    await page.getByRole('button', { name: 'Abrir el chat' }).click();
    await said('¿En qué podemos ayudarle?').waitFor();
    expect(await accessFaults(frameOf(page))).toEqual([]);
    await chat.getByLabel('Su nombre').fill(name);
    await write(`Hola ${HOSTILE}`);
    await all.getByRole('button', { name: `Atender a ${name}` }).click();
    await messages.getByText(HOSTILE).waitFor();
    await chat.getByText('Le atiende Ana Molina.').waitFor();
    await field.fill('Buenos días');
    await desk.keyboard.press('Enter');
    await said('Buenos días').waitFor();
    await messages.getByText('leído').first().waitFor();

    await all.locator('input[type=file]').setInputFiles({ name: 'plano.png', mimeType: 'image/png', buffer: PNG });
    await all.getByText('Va con el mensaje: plano.png').waitFor();
    await field.fill('Aquí tiene');
    await desk.keyboard.press('Enter');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      chat.getByRole('button', { name: /Descargar plano.png/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('plano.png');
    await chat.locator('input[type=file]').setInputFiles({ name: 'foto.png', mimeType: 'image/png', buffer: PNG });
    await messages.getByText('foto.png').first().waitFor();
    expect(await accessFaults(frameOf(page))).toEqual([]);
    await picture(page, 'web-chat');

    // The panel opens again by itself, with everything once.
    await page.reload();
    await said('Aquí tiene').waitFor();
    expect(await log.getByRole('listitem').count()).toBe(5);
    await page.context().setOffline(true);
    await write('Sin red');
    await said('Enviando…').waitFor();
    await field.fill('¿Sigue ahí?');
    await desk.keyboard.press('Enter');
    await page.context().setOffline(false);
    await messages.getByText('Sin red').waitFor();
    await said('¿Sigue ahí?').waitFor();
    await expect.poll(() => said('Enviando…').count()).toBe(0);
    expect(await said('Sin red').count()).toBe(1);

    await all.getByRole('button', { name: 'Terminar', exact: true }).click();
    await all.getByRole('button', { name: 'Terminar la conversación' }).click();
    await chat.getByText('La conversación ha terminado', { exact: false }).waitFor();
    await nameless(desk);
    await scene.unregister('ana-desk');
    const number = scene.newNumber();
    await chat.getByText(CALL_ME).click();
    await chat.getByLabel('A qué número').fill('803 123 123');
    await chat.getByRole('button', { name: 'Pedir la llamada' }).click();
    await chat.getByText('A ese número no se puede llamar', { exact: false }).waitFor();
    await chat.getByLabel('A qué número').fill(number);
    await chat.getByRole('button', { name: 'Pedir la llamada' }).click();
    await chat.getByText(`Le llamaremos al ${number}`, { exact: false }).waitFor();
    const { callbacks } = await scene.api.get<{ callbacks: { id: string; number: string }[] }>('/api/callbacks');
    const promised = callbacks.find((one) => one.number === number);
    await scene.api.delete(`/api/callbacks/${promised?.id}`);
    await expect.poll(() => chat.getByText(CALL_ME).isVisible()).toBe(true);
    expect(await page.title()).toBe('Una tienda');
    expect(await desk.title()).toMatch(/Hilo$/);
  });

  /** Who gives no name is a visitor to people, wherever they read of them. */
  async function nameless(desk: Page): Promise<void> {
    const all = desk.getByRole('region', { name: 'Conversaciones' });
    const chat = await app.stranger('/chat');
    const text = `Hola, ${Date.now()}`;
    await chat.getByRole('textbox', { name: 'Escriba su mensaje' }).fill(text);
    await chat.keyboard.press('Enter');
    const take = all.getByRole('button', { name: /^Atender a Visitante [A-P]{4}$/ });
    const visitor = (await take.getAttribute('aria-label'))?.replace('Atender a ', '') ?? '';
    await take.click();
    await all.getByRole('region', { name: 'Mensajes' }).getByText(text).waitFor();
    await all.getByRole('heading', { name: visitor }).waitFor();
    const floor = await app.person('admin', '/supervisor');
    await floor.getByRole('row', { name: new RegExp(`^${visitor} Ana Molina`) }).waitFor();
    await all.getByRole('button', { name: 'Terminar', exact: true }).click();
    await all.getByRole('button', { name: 'Terminar la conversación' }).click();
    await floor.getByText(visitor).waitFor({ state: 'detached' });
    await floor.goto('/agent/interactions');
    await floor.getByRole('row', { name: visitor }).getByRole('link').click();
    await floor.getByText(`para ${visitor} (chat)`).waitFor();
    expect(await floor.getByText(/web-[a-p]{24}/).count()).toBe(0);
  }

  test('on a phone, in English, with the keyboard alone', async () => {
    const page = await app.stranger('/chat?language=en', {
      ...{ language: 'en-GB', viewport: { width: 390, height: 700 }, colorScheme: 'dark' },
    });
    await page.getByText('How can we help you?').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    expect(await page.evaluate('document.activeElement.id')).toBe('text');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });
});

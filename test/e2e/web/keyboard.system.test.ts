// Whole stories with the keyboard alone: what is come to is told by the tab key, is seen, and lies under nothing; what one leaves gives the focus
// back.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { changeCentre, TONES } from '../../support/hilo/centre.js';
import { answering, hears, nextCall } from '../../support/hilo/scene.js';
import { PASSWORD } from '../../support/hilo/server.js';
import { eventually } from '../../support/servers.js';

/** More than any page has to stop at. */
const STOPS_MAX = 80;
/** One goes through a page stop by stop: an offer has to wait for that, also on a slow machine. */
const [RING, PATIENT_RING] = ['3s', '60s'];
/** Serves sales, and no other test leaves anybody there. */
const AGENT = 'carla';

describeInBrowser('with the keyboard alone', () => {
  const { app, scene } = onBrowserStage({ afterCalls: turnOff });
  let open: Page | undefined;
  beforeAll(() => ringFor(PATIENT_RING));
  afterAll(() => ringFor(RING));

  async function ringFor(time: string): Promise<void> {
    await changeCentre(scene.hilo.flowsFolder, (centre) => {
      for (const queue of ['support', 'sales']) centre.setIn(['queues', queue, 'ring'], time);
    });
    await eventually('it rings so long', async () => (await scene.api.flow('centre')).includes(`ring: ${time}`));
  }

  async function turnOff(): Promise<void> {
    const origin = { origin: scene.hilo.http };
    await open?.request.put('/api/phone/devices', { data: { kind: null }, headers: origin });
    await open?.close();
    open = undefined;
    await eventually('the browser is gone', async () =>
      (await scene.api.agent(AGENT)).devices.every(({ registered }) => !registered),
    );
  }

  test('an agent signs in, chooses the telephone, takes a call, holds it, passes it on and is free again', async () => {
    const page = await app.stranger('/agent/phone');
    open = page;
    await page.getByLabel('Usuario').waitFor();
    await reach(page, 'Usuario');
    await page.keyboard.type(AGENT);
    await reach(page, 'Contraseña');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Teléfono', level: 1 }).waitFor();

    await reach(page, 'Todos, en su orden');
    await page.keyboard.press('ArrowUp');
    await page.getByRole('radio', { name: 'Este navegador', checked: true }).waitFor();
    await press(page, 'Conectar');
    await page.getByRole('status').filter({ hasText: 'Listo' }).waitFor();
    await press(page, 'Ir al contenido');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    await press(page, 'Puesto');
    await page.getByText('La próxima llamada es suya').waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');

    const { number, phone } = await scene.customer();
    const customer = await phone.invite('1005');
    await page.getByRole('alert').filter({ hasText: number }).waitFor();
    await press(page, 'Coger');
    await hears(customer, TONES.other);
    await press(page, 'Espera');
    await hears(customer, TONES.music);
    await press(page, 'Recuperar');
    await hears(customer, TONES.other);

    await press(page, 'Pasar…');
    await reach(page, 'Agente');
    await page.keyboard.press('ArrowRight');
    // From the choice of what it is passed to, to the field of the same name.
    await page.keyboard.press('Tab');
    await reach(page, 'Cola');
    await page.keyboard.type('Soporte');
    await press(page, 'Pasar sin avisar');
    await hears(customer, TONES.music);
    await page.getByText('La próxima llamada es suya').waitFor();
    const matter = await scene.matters.until(number, (one) => one.has('transferred'));
    expect(matter.last('transferred')).toMatchObject({ by: AGENT, way: 'blind', to: 'queue support' });
  });

  test('a supervisor finds an agent, gives her another state, listens, sends the caller elsewhere, and tells everybody', async () => {
    const ana = await scene.agent('ana-desk');
    answering(ana, TONES.agent);
    const carla = await scene.agent('carla-desk');
    const { number, phone } = await scene.customer();
    const customer = await phone.invite('1001');
    customer.audio.say(TONES.caller);
    await hears(customer, TONES.agent);
    const page = await app.person('admin', '/supervisor');
    const row = page.getByRole('row', { name: /^Carla Santos/ });
    await row.waitFor();

    await reach(page, 'Buscar agente o equipo');
    await page.keyboard.type('carla');
    await expect.poll(() => page.getByRole('row', { name: /^Ana Molina/ }).count()).toBe(0);
    await pick(page, 'Acciones: Carla Santos', 'Poner en pausa');
    await row.getByText('Pausa', { exact: true }).waitFor();
    await isAt(page, 'Acciones: Carla Santos');
    await pick(page, 'Acciones: Carla Santos', 'Poner disponible');
    await row.getByText('Disponible', { exact: true }).waitFor();

    const talk = `Acciones: Ana Molina, ${number}`;
    await pick(page, talk, 'Escuchar');
    await reach(page, 'Teléfono que suena');
    await page.keyboard.type('carla-desk');
    await press(page, 'Empezar');
    (await nextCall(carla)).answer();
    await page.getByText('admin escucha').waitFor();
    await isAt(page, talk);
    await pick(page, talk, 'Pasar a otra cola…');
    await reach(page, 'A la cola');
    await page.keyboard.type('Ventas');
    await press(page, 'Pasar');
    await hears(customer, TONES.music);
    await page.getByRole('button', { name: talk }).waitFor({ state: 'detached' });

    await press(page, 'Aviso a todos');
    await reach(page, 'Texto');
    await page.keyboard.type('Cierre a las 20');
    await press(page, 'Enviar');
    await page.getByText('“Cierre a las 20”').waitFor();
    await isAt(page, 'Aviso a todos');
    await press(page, 'Retirar');
    await page.getByText('“Cierre a las 20”').waitFor({ state: 'detached' });
  });

  test('an agent takes what somebody writes, reads it, answers with a prepared text, and ends it', async () => {
    await scene.agent('ana-desk');
    const eva = scene.newNumber();
    const page = await app.person('ana', '/agent');
    await scene.api.write(eva, '¿Cuánto tardan en devolver el dinero?');
    const all = page.getByRole('region', { name: 'Conversaciones' });
    await all.getByRole('button', { name: `Atender a ${eva}` }).waitFor();
    await press(page, `Atender a ${eva}`);
    const messages = all.getByRole('region', { name: 'Mensajes' });
    await messages.getByText('¿Cuánto tardan').waitFor();
    await isAt(page, 'Conversaciones');
    await reach(page, 'Escribir al cliente');
    await page.keyboard.type('/salu');
    await all.getByRole('option', { name: /^Saludo/ }).waitFor();
    await page.keyboard.press('Enter');
    const field = all.getByLabel('Escribir al cliente');
    await expect.poll(() => field.inputValue()).toMatch(/ayudarle/);
    await page.keyboard.press('Enter');
    await messages.getByText('entregado').waitFor();
    await isAt(page, 'Escribir al cliente');
    await press(page, 'Terminar');
    await press(page, 'Terminar la conversación');
    await expect.poll(() => all.getByRole('button', { name: new RegExp(`\\${eva}`) }).count()).toBe(0);
    await isAt(page, 'Conversaciones');
  });

  test('an administrator changes opening hours and publishes them', async () => {
    const page = await app.person('admin', '/admin/centre/hours');
    await page.getByRole('heading', { name: 'office' }).waitFor();
    const before = await scene.api.flow('centre');
    const opens = async (from: string, to: string): Promise<void> => {
      await reach(page, 'Desde');
      expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe(from);
      await page.keyboard.press('Control+A');
      await page.keyboard.type(to);
      await page.keyboard.press('Tab');
      await page.getByRole('button', { name: 'Publicar…', disabled: false }).waitFor();
      await press(page, 'Publicar…');
      await page.getByRole('dialog').waitFor();
      await press(page, 'Publicar');
      await page.getByText('No hay cambios sin publicar.').waitFor();
      await isAt(page, 'Publicar…');
    };
    await opens('09:00', '08:30');
    expect(await scene.api.flow('centre')).toContain('08:30');
    await opens('08:30', '09:00');
    expect(await scene.api.flow('centre')).toBe(before);
  });
});

async function press(page: Page, name: string): Promise<void> {
  await reach(page, name);
  await page.keyboard.press('Enter');
}

/** Opens a menu and goes down in it. */
async function pick(page: Page, menu: string, name: string): Promise<void> {
  await press(page, menu);
  await page.getByRole('menuitem', { name, exact: true }).waitFor();
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    await page.keyboard.press('ArrowDown');
    if ((await page.evaluate(readFocus)).name !== name) continue;
    await page.keyboard.press('Enter');
    return;
  }
  throw new Error(`the arrow keys do not lead to ${name}`);
}

/** The focus comes there by itself. */
async function isAt(page: Page, name: string): Promise<void> {
  await expect.poll(async () => (await page.evaluate(readFocus)).name).toContain(name);
}

/** Goes there with the tab key; fails when it cannot be come to, or is not seen there (WCAG 2.1.1, 2.4.7, 2.4.11). */
async function reach(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    const focused = await page.evaluate(readFocus);
    if (focused.name.includes(name) && focused.isStop) {
      expect(focused).toMatchObject({ isMarked: true, isCovered: false });
      return;
    }
    passed.push(focused.name);
    await page.keyboard.press('Tab');
  }
  throw new Error(`the tab key does not lead to ${name}, but to ${passed.join(' | ')}`);
}

/** Runs in the page. */
function readFocus() {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body) {
    return { name: '', isStop: false, isMarked: false, isCovered: false };
  }
  const isField = [HTMLInputElement, HTMLSelectElement, HTMLTextAreaElement].some((kind) => element instanceof kind);
  const labels = isField ? [...((element as HTMLInputElement).labels ?? [])] : [];
  const label = element.getAttribute('aria-label') ?? labels.map(({ textContent }) => textContent).join();
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { left, top, width, height } = element.getBoundingClientRect();
  const atop = document.elementFromPoint(left + width / 2, top + height / 2);
  const mine = [element, ...labels];
  return {
    name: label === '' ? (element.textContent ?? '') : label,
    isStop: element.tabIndex >= 0,
    isMarked: outlineStyle !== 'none' && outlineWidth !== '0px',
    isCovered: !mine.some((one) => one.contains(atop) || atop?.contains(one) === true),
  };
}

// An agent's whole story with the keyboard alone: what is come to is told by the tab key, is seen, and lies under nothing.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { TONES } from '../../support/hilo/centre.js';
import { hears } from '../../support/hilo/scene.js';
import { PASSWORD } from '../../support/hilo/server.js';
import { eventually } from '../../support/servers.js';

/** More than any page has to stop at. */
const STOPS_MAX = 80;
/** Serves sales, and no other test leaves anybody there. */
const AGENT = 'carla';

describeInBrowser('with the keyboard alone', () => {
  const { app, scene } = onBrowserStage({ afterCalls: turnOff });
  let open: Page | undefined;

  async function turnOff(): Promise<void> {
    const origin = { origin: scene.hilo.http };
    await open?.request.put('/api/phone/devices', { data: { kind: null }, headers: origin });
    await open?.close();
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
});

async function press(page: Page, name: string): Promise<void> {
  await reach(page, name);
  await page.keyboard.press('Enter');
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
  const isField = element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
  const labels = isField ? [...(element.labels ?? [])] : [];
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

// The flow studio with what is around a flow: callers who are in it, its tests, its name, a staged roll-out; with real calls.
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PhoneCall } from '../../../src/sim/phone/call.js';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { TONES } from '../../support/hilo/centre.js';
import { answering, hears, hearsSpeech } from '../../support/hilo/scene.js';

const NEWS = 'e2e-news';
const RENAMED = 'e2e-noticias';

describeInBrowser('around a flow', () => {
  const { app, scene } = onBrowserStage();
  let before: string;
  beforeEach(async () => {
    before = await scene.api.flow('main');
  });
  afterEach(async () => {
    if ((await scene.api.flow('main')) !== before) await scene.api.publish('main', before);
    const { flows } = await scene.api.get<{ flows: { name: string }[] }>('/api/flows');
    // Who names another one goes first.
    for (const { name } of flows.toReversed())
      if (name.startsWith('e2e-')) await scene.api.delete(`/api/flows/${name}`);
  });

  const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();
  const editor = (page: Page, name: string | RegExp) => page.getByRole('textbox', { name });
  /** With the keyboard alone. */
  async function write(page: Page, name: string | RegExp, text: string): Promise<void> {
    await editor(page, name).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(text);
    await page.keyboard.press('Escape');
  }
  /** Which shows so many callers in its corner; 0: no corner. */
  const stands = (page: Page, step: string, callers: number) =>
    callers > 0
      ? page.locator(`.studio-step[data-callers="${callers}"]`, { hasText: step }).first().waitFor()
      : page.locator('.studio-step[data-callers]', { hasText: step }).waitFor({ state: 'detached' });
  async function calling(): Promise<{ readonly call: PhoneCall; readonly number: string }> {
    const { phone, number } = await scene.customer();
    const call = await phone.invite('1000');
    await call.final.seen;
    return { call, number };
  }

  test('callers stand at their step as they go through it', async () => {
    const page = await app.person('admin', '/admin/flows/main', { language: 'en-GB' });
    await page.getByText('No call in this flow now').waitFor();
    const { call } = await calling();
    await stands(page, 'greeting', 1);
    const other = await calling();
    await stands(page, 'greeting', 2);
    await page.getByText('2 calls now').waitFor();
    await hearsSpeech(call);
    call.info('1');
    await stands(page, 'support', 1);
    await stands(page, 'greeting', 1);
    expect(await accessFaults(page)).toEqual([]);
    answering(await scene.agent('ana-desk'), TONES.agent);
    await hears(call, TONES.agent);
    await page.locator('.studio-corner', { hasText: '1 call here, 1 talking with a person' }).waitFor();
    await page.getByRole('button', { name: 'Large graph' }).click();
    await editor(page, 'Text of main').waitFor({ state: 'hidden' });
    await picture(page, 'studio-callers');
    await page.getByRole('button', { name: 'With the text' }).click();
    call.bye();
    other.call.bye();
    await page.getByText('No call in this flow now').waitFor();
    await stands(page, 'support', 0);
    await page.getByText('Today', { exact: true }).click();
    await page
      .locator('.studio-corner', { hasText: /^\d+Left today: \d+ \(.*key:1 \d+/ })
      .first()
      .waitFor();
  });

  test('with the keyboard alone one goes from a step to its line, to the tests and to what they take', async () => {
    const page = await app.person('admin', '/admin/flows/main', { language: 'en-GB' });
    await page.getByText('No faults').waitFor();
    const key = (name: string) => page.keyboard.press(name);
    await page.locator('.studio-step', { hasText: 'timetable' }).focus();
    await key('Enter');
    await page.locator('.cm-activeLine', { hasText: 'timetable:' }).waitFor();
    await page.getByRole('radio', { name: 'main.yaml' }).focus();
    await key('ArrowRight');
    await editor(page, 'Tests of main').waitFor();
    await page.getByRole('tab', { name: 'Graph' }).focus();
    await key('ArrowRight');
    await key('ArrowRight');
    await page.getByText('15 passed, 0 failed').waitFor();
    await page.getByText('Ways taken: 100 %').waitFor();
  });

  test('tests are written beside the flow: what fails is told at its line, what is not tried is seen in the graph', async () => {
    const page = await app.person('admin', '/admin/flows');
    await page.getByRole('button', { name: 'Flujo nuevo…' }).click();
    await page.getByLabel('Nombre').fill(NEWS);
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Empezar' }).click();
    await page.getByText('Flujo nuevo, sin publicar').waitFor();
    await page.getByText('Sin errores').waitFor();
    await tab(page, 'Pruebas');
    await page.getByRole('button', { name: 'Escribir las pruebas' }).click();
    await page.getByText('1 bien, 0 mal').waitFor();
    const file = (name: string) => page.locator('label', { hasText: name }).click();
    await file(`${NEWS}.yaml`);
    await page.getByRole('button', { name: 'Publicar…' }).click();
    expect(await page.getByLabel(/^Publicar también las pruebas/).isChecked()).toBe(true);
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Publicar', exact: true }).click();
    await page.getByText(/^Publicado como/).waitFor();
    expect(await (await page.request.get(`/api/flows/${NEWS}/tests`)).text()).toContain('cases:');
    await file(`${NEWS}.test.yaml`);

    const cases = `version: 1
cases:
  - case: wrong
    script:
      - hears: { es: Buenos días }
  - case: first
    script:
      - presses: 1
      - quue: sales
`;
    const tests = /^Pruebas de e2e-news$/;
    await write(page, tests, cases);
    await page.getByRole('button', { name: /^Error 9:9/ }).waitFor();
    await write(page, tests, cases.replace('quue', 'queue').replace('sales', 'support'));
    const failing = page.getByRole('button', { name: /^Error 5:9.*se esperaba.*Buenos días/ });
    await failing.waitFor();
    await page.getByText(/1 bien, 1 mal|0 bien, 2 mal/).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'studio-tests');
    await tab(page, 'Gráfico');
    await page.getByText('Pruebas', { exact: true }).last().click();
    await page.locator('.studio-corner[data-kind="open"]').first().waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'studio-coverage');
    await page.getByRole('button', { name: 'Publicar las pruebas' }).click();
    await page.getByText(/^Pruebas publicadas como/).waitFor();
    await page.reload();
    await page.getByText('Como está publicado').waitFor();
    await tab(page, 'Pruebas');
    await page.getByRole('button', { name: 'línea 5 de las pruebas' }).click();
    await page.locator('.cm-activeLine', { hasText: 'Buenos días' }).waitFor();
  });

  test('a flow gets another name everywhere, and is deleted when nothing names it', async () => {
    await scene.api.publish(NEWS, before.replace('name: main', `name: ${NEWS}`));
    await scene.api.publish(
      'e2e-other',
      `version: 1\nname: e2e-other\nlanguages: [es, en]\nstart: go\nsteps:\n  go: { do: flow, flow: ${NEWS}, next: on }\n  on: { do: queue, queue: support }\n`,
    );
    const page = await app.person('admin', '/admin/flows', { language: 'en-GB' });
    const acts = (name: string, item: string) => async () => {
      await page.getByRole('button', { name: `Actions on ${name}` }).click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await acts(NEWS, 'Delete…')();
    await page.getByText('While something names it, it cannot be deleted.').waitFor();
    await page.getByRole('dialog').getByText('e2e-other.yaml').waitFor();
    expect(await page.getByRole('button', { name: 'Delete', exact: true }).isDisabled()).toBe(true);
    expect(await accessFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await acts(NEWS, 'Rename…')();
    await page.getByLabel(/^Name/).fill(RENAMED);
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
    await page.getByRole('link', { name: RENAMED }).waitFor();
    expect(await scene.api.flow('e2e-other')).toContain(`flow: ${RENAMED}`);
    expect(await scene.api.flow(RENAMED)).toContain(`name: ${RENAMED}`);
    await acts('e2e-other', 'Delete…')();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('link', { name: 'e2e-other' }).waitFor({ state: 'detached' });
    await acts(RENAMED, 'Delete…')();
    await page.getByText('Nothing names it.').waitFor();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('link', { name: RENAMED }).waitFor({ state: 'detached' });
  });

  test('a staged roll-out gives the draft to some callers, shows both sides, and is taken back', async () => {
    const page = await app.person('admin', '/admin/flows/main');
    await write(page, 'Texto de main', before.replace('gracias por llamar a Hilo', 'bienvenido a Hilo'));
    await page.getByText('Sin errores').waitFor();
    await tab(page, 'Despliegue');
    await page.getByLabel('Parte de quienes llaman (%)').fill('100');
    await page.getByLabel('Nota: por qué').fill('más cordial');
    await page.getByLabel(/^Aunque fallen las pruebas/).check();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'studio-rollout-begin');
    await page.getByRole('button', { name: 'Empezar con el borrador' }).click();
    await page.getByText('En marcha: 100 % de quienes llaman').waitFor();
    const { call, number } = await calling();
    await hearsSpeech(call);
    call.bye();
    const matter = await scene.matters.untilOver(number);
    const given = matter.last('flow-entered').revision;
    await page.getByText(given).first().waitFor();
    const calls = page.getByRole('row', { name: /^Llamadas/ }).getByRole('cell');
    await expect.poll(() => calls.allTextContents(), { timeout: 15_000 }).toEqual(['1', '0']);
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'studio-rollout');
    await page.getByRole('button', { name: 'Retirar' }).click();
    await page.getByText('El último').waitFor();
    expect(await scene.api.flow('main')).toBe(before);
  });
});

// The internal guide in a real browser: a supervisor writes, an agent finds it by a word and has it beside the call it fits.
import { expect, test } from 'vitest';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { TONES } from '../../support/hilo/centre.js';
import { answering, hears } from '../../support/hilo/scene.js';

const HOSTILE = `<img src=x onerror="document.title='owned'"> [bad](javascript:document.title='owned')`;

describeInBrowser('the guide', () => {
  const { app, scene } = onBrowserStage();

  test('an article is written, found, read in both languages, changed, brought back and removed', async () => {
    const page = await app.person('admin', '/agent/guide');
    await page.getByRole('link', { name: 'Escribir un artículo' }).click();
    await page.getByLabel('Título').fill('Garantía de los relojes');
    const body = `# Plazo\n\n**Tres años** desde la compra. [El fabricante](https://example.com)\n\n| Año | Paga |\n|---|---|\n| 1 | Nadie |\n\n${HOSTILE}`;
    await page.getByLabel('Texto (Markdown)').fill(body);
    await page.getByRole('region', { name: 'Así se verá' }).getByRole('heading', { name: 'Plazo' }).waitFor();
    await page.getByRole('tab', { name: 'En inglés' }).click();
    await page.getByLabel('Título').fill('Guarantee of watches');
    await page.getByText('Escriba título y texto').waitFor();
    await page.getByLabel('Texto (Markdown)').fill('# Term\n\n**Three years** from the purchase.');
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'guide-writing');
    await page.getByRole('button', { name: 'Guardar' }).click();

    await page.getByRole('heading', { name: 'Garantía de los relojes' }).waitFor();
    const link = page.getByRole('link', { name: /El fabricante/ });
    expect([await link.getAttribute('rel'), await link.getAttribute('target')]).toEqual([
      'noopener noreferrer',
      '_blank',
    ]);
    expect(await page.getByRole('link', { name: 'bad' }).count()).toBe(0);
    expect(await page.locator('article img').count()).toBe(0);
    expect(await page.title()).not.toContain('owned');
    await page.getByText('English', { exact: true }).last().click();
    await page.getByRole('heading', { name: 'Guarantee of watches' }).waitFor();

    await page.getByRole('link', { name: 'Cambiar' }).click();
    await page.getByLabel('Título').fill('Garantía de relojes');
    await page.getByLabel('Por qué (para la historia)').fill('más corto');
    await page.getByRole('button', { name: 'Guardar' }).click();
    await page.getByRole('heading', { name: 'Garantía de relojes' }).waitFor();
    await page.getByRole('button', { name: 'Historia' }).click();
    await page.getByText('más corto').waitFor();
    await page.getByRole('button', { name: 'Volver a la versión 1' }).click();
    await page.getByRole('heading', { name: 'Garantía de los relojes' }).waitFor();
    expect(await accessFaults(page)).toEqual([]);

    const agent = await app.person('ana', '/agent/guide', { viewport: { width: 390, height: 844 } });
    await agent.getByLabel('Buscar en la guía').fill('garantia relo');
    await agent.keyboard.press('Enter');
    await agent.getByText('1 artículo', { exact: true }).waitFor();
    expect(await agent.locator('mark').first().textContent()).toBe('Garantía');
    expect(await agent.getByRole('link', { name: 'Escribir un artículo' }).count()).toBe(0);
    expect(await accessFaults(agent)).toEqual([]);
    await picture(agent, 'guide-phone');
    await agent.getByRole('link', { name: /Garantía/ }).click();
    await agent.getByText('Tres años').waitFor();
    expect(await agent.getByRole('button', { name: 'Retirar' }).count()).toBe(0);

    await page.getByRole('button', { name: 'Retirar' }).click();
    await page.getByRole('alert').getByRole('button', { name: 'Retirar' }).click();
    await page.getByRole('heading', { name: 'Guía', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Artículos retirados' }).click();
    await page
      .getByRole('button', { name: /^Recuperar: Garantía/ })
      .first()
      .waitFor();
  });

  test('what fits the queue of a call is beside it on the desk', async () => {
    const texts = { en: { title: 'How to greet', body: 'Say your **name** first.' } };
    const { id, version } = await scene.api.post<{ id: string; version: number }>('/api/guide/articles', {
      texts,
      queues: ['support'],
    });
    try {
      const page = await app.person('ana', '/agent', { language: 'en-GB' });
      answering(await scene.agent('ana-desk'), TONES.agent);
      const { phone } = await scene.customer();
      const call = await phone.invite('1001');
      await hears(call, TONES.agent);
      const guide = page.getByRole('region', { name: 'Guide for this matter' });
      await guide.getByRole('button', { name: /How to greet.*For the queue Support/s }).click();
      await guide.getByText('name', { exact: true }).waitFor();
      expect(await accessFaults(page)).toEqual([]);
      await picture(page, 'guide-desk');
      call.bye();
    } finally {
      await scene.api.delete(`/api/guide/articles/${id}?version=${version}`);
    }
  });
});

// Webhooks as an administrator makes them in a browser: tried, failing, sent again, removed.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { Receiver } from '../../support/hilo/receiver.js';

describeInBrowser('the page of webhooks', () => {
  const { app, scene } = onBrowserStage();
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await Receiver.open(scene.hilo);
  });
  afterAll(() => receiver?.close());

  test('made, tried, failing, sent again, removed', async () => {
    const page = await app.person('admin', '/admin/webhooks', { language: 'en-GB' });
    await page.getByRole('button', { name: 'New webhook' }).click();
    await page.getByLabel('Name').fill('CRM');
    await page.getByLabel('Address').fill(receiver.address);
    await page.getByLabel('A call ends').check();
    await page.getByLabel('A call-back is promised').check();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Create' }).click();
    expect(
      await page
        .getByRole('dialog')
        .getByText(/^whsec_/)
        .textContent(),
    ).toHaveLength('whsec_'.length + 44);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();

    await page.getByRole('button', { name: 'Test CRM' }).click();
    await page.getByLabel('Deliveries of CRM').click();
    const log = page.getByRole('table', { name: 'Deliveries of CRM' });
    await log.getByRole('row', { name: /Test Delivered 1 204/ }).waitFor();
    expect(receiver.told.map(({ type }) => type)).toEqual(['test']);

    receiver.status = 503;
    await page.getByRole('button', { name: 'Test CRM' }).click();
    await log.getByRole('row', { name: /Test To deliver 1 503/ }).waitFor();
    await page.getByText('The last attempt has failed.').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'webhooks');
    receiver.status = 204;
    await log.getByRole('button', { name: 'Send again: delivery 2' }).click();
    await expect
      .poll(() => log.getByRole('row', { name: /Test Delivered 1 204/ }).count(), { timeout: 15_000 })
      .toBe(2);
    // The same event, however often it is sent.
    expect(new Set(receiver.told.slice(1).map(({ id }) => id)).size).toBe(1);

    await page.getByRole('button', { name: 'Remove CRM' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Yes, go on' }).click();
    await page.getByText('There is none yet.').waitFor();
  });

  test('a host that the centre does not name is refused at its field', async () => {
    const page = await app.person('admin', '/admin/webhooks', { viewport: { width: 390, height: 844 } });
    await page.getByRole('button', { name: 'Nuevo webhook' }).click();
    await page.getByLabel('Nombre').fill('Otro');
    await page.getByLabel('Dirección').fill('https://otro.example.com/');
    await page.getByLabel('De todo').check();
    const answer = page.waitForResponse(
      (response) => response.url().endsWith('/api/webhooks') && response.status() === 400,
    );
    await page.getByRole('button', { name: 'Crear' }).click();
    await answer;
    await page.getByText('El servidor no está entre los permitidos del centro.').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await expect(app.leave()).rejects.toThrow('400');
  });
});

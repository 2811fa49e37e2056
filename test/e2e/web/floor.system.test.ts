// The floor of the supervisor in a real browser: what happens is seen without asking, in both languages, with a keyboard alone.
import { expect, test } from 'vitest';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { TONES } from '../../support/hilo/centre.js';
import { hears } from '../../support/hilo/scene.js';
import { PASSWORD } from '../../support/hilo/server.js';

describeInBrowser('the floor', () => {
  const { app, scene } = onBrowserStage();

  test('a stranger signs in with the keyboard alone and comes where the link led', async () => {
    const page = await app.stranger('/supervisor');
    await page.getByLabel('Usuario').focus();
    await page.keyboard.type('admin');
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sala' }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'floor');
  });

  test('an agent is not let in, and is told by nobody else’s figures', async () => {
    const page = await app.person('ana', '/supervisor');
    await page.waitForURL('**/');
    expect(await page.getByRole('heading', { name: 'Sala' }).count()).toBe(0);
  });

  test('a customer who waits is seen at once, and gone at once', async () => {
    const page = await app.person('admin', '/supervisor', { language: 'en-GB' });
    const row = page.getByRole('row', { name: /^Support/ });
    await row.getByRole('cell').first().getByText('0').waitFor();
    const { phone } = await scene.customer();
    const call = await phone.invite('1001');
    await hears(call, TONES.music);
    await row.getByRole('cell').first().getByText('1').waitFor();
    call.bye();
    await row.getByRole('cell').first().getByText('0').waitFor();
  });

  test('an agent’s phone that registers is seen at once', async () => {
    const page = await app.person('admin', '/supervisor', { language: 'en-GB' });
    await page.getByLabel('Find an agent or a team').fill('Ana');
    const row = page.getByRole('row', { name: /^Ana/ });
    await row.getByText('Offline').waitFor();
    await scene.agent('ana-desk');
    await row.getByText('Available').waitFor();
  });

  test('on a telephone and in the dark nothing is wider than the screen: the floor, the wall board, the interactions', async () => {
    const viewport = { width: 390, height: 844 };
    for (const language of ['es-ES', 'en-GB'] as const) {
      const page = await app.person('admin', '/', { language, viewport });
      await page.emulateMedia({ colorScheme: 'dark' });
      for (const path of ['/supervisor', '/supervisor/wall', '/agent/interactions']) {
        await page.goto(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, viewport.width]);
        expect(await accessFaults(page)).toEqual([]);
        if (language === 'es-ES') await picture(page, `narrow${path.replaceAll('/', '-')}`);
      }
    }
  });
});

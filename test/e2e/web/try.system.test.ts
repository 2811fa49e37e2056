// The first run: somebody without an account is customer and agent in one browser, and sees one thread grow.
import type { Locator, Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { growEars, PageEars } from '../../support/chromium/page-ears.js';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, type PersonOptions, picture } from '../../support/chromium/web-app.js';
import { TONES } from '../../support/hilo/centre.js';

const STORY_LIMIT_MS = 120_000;
const STEP_LIMIT_MS = 30_000;
/** Who hangs up sooner gets no message (recovery.short-abandon of the test centre). */
const SHORT_MS = 1_000;

interface Tour {
  readonly page: Page;
  readonly ears: PageEars;
  readonly customer: Locator;
  readonly agent: Locator;
  readonly messages: Locator;
  readonly thread: Locator;
  /** Resolves when that is the step to be done now. */
  step(name: string): Promise<void>;
}

describeInBrowser('trying it out', () => {
  const { app, scene } = onBrowserStage();
  afterEach(async () => {
    await app.leave();
    await scene.unregister('ana-desk');
  });

  async function tour(options: PersonOptions = {}): Promise<Tour> {
    const page = await app.stranger('/', options);
    await growEars(page);
    await page.goto('/');
    await page.getByRole('link', { name: /Pruébelo|Try it/ }).click();
    const thread = page.getByRole('region', { name: /El hilo|The thread/ });
    const step = async (name: string): Promise<void> => {
      const present = page.locator('[aria-current="step"]').getByText(name, { exact: true });
      try {
        await present.waitFor({ timeout: STEP_LIMIT_MS });
      } catch (error) {
        throw new Error(`not yet at ${name}; the thread: ${await thread.innerText()}`, { cause: error });
      }
    };
    return {
      page,
      ears: new PageEars(page),
      customer: page.getByRole('region', { name: /Teléfono de Cliente|Phone: Customer/ }),
      agent: page.getByRole('region', { name: /Ana Molina/ }),
      messages: page.getByRole('region', { name: /Mensajes|Messages/ }),
      thread,
      step,
    };
  }

  test('call, menu, key, hang up, message, reply, call-back by Ana, talk: one thread', {
    timeout: STORY_LIMIT_MS,
  }, async () => {
    const { page, ears, customer, agent, messages, thread, step } = await tour();
    await step('Llame');
    await customer.getByRole('button', { name: 'Llamar al 1000' }).click();
    await step('Pulse 1');
    await ears.hearsSpeech(0);
    await page.keyboard.press('1');
    await step('Cuelgue antes');
    await agent.getByRole('button', { name: 'Contestar' }).waitFor();
    await page.waitForTimeout(2 * SHORT_MS);
    await customer.getByRole('button', { name: 'Colgar' }).click();

    await step('Responda 1');
    await messages.getByText(/Responda 1/).waitFor();
    await messages.getByLabel('Escriba a Hilo').fill('1');
    await page.keyboard.press('Enter');

    await step('Ana llama');
    await agent.getByRole('button', { name: 'Contestar' }).click();
    await step('Conteste');
    await page.getByLabel('Idioma').selectOption('en');
    await thread.getByText('Calling the customer back').waitFor();
    await picture(page, 'try');
    await page.getByLabel('Language').selectOption('es');
    expect(await accessFaults(page)).toEqual([]);
    await customer.getByRole('button', { name: 'Contestar' }).click();
    await step('Hablen y cuelguen');
    await ears.hears(TONES.other, 1);
    await page.getByText('Ana Molina', { exact: true }).click();
    await ears.hears(TONES.other, 2);
    await ears.hearsNothing(1);
    await agent.getByRole('button', { name: 'Colgar' }).click();
    await page.getByText('Ya está: un solo hilo').waitFor({ timeout: STEP_LIMIT_MS });

    await thread.getByText(/devol/i).first().waitFor();
    const number = (await customer.getByText(/\+346/).textContent())?.replace(/[^+0-9]/g, '') ?? '';
    expect(number).toMatch(/^\+3460000\d{4}$/);
    const matters = await scene.matters.of(number);
    expect(matters).toHaveLength(1);
    await page.getByRole('button', { name: 'Empezar otra vez' }).click();
    await step('Llame');
  });

  test('in English, on a telephone’s screen, without a microphone', { timeout: STORY_LIMIT_MS }, async () => {
    const { page, ears, customer, step } = await tour({ language: 'en-GB', viewport: { width: 390, height: 844 } });
    await step('Call');
    expect(await accessFaults(page)).toEqual([]);
    await customer.getByRole('button', { name: 'Call without microphone' }).click();
    await customer.getByText(/nobody hears you/).waitFor();
    await step('Press 1');
    await ears.hearsSpeech(0);
    await customer.getByRole('button', { name: 'Hang up' }).click();
  });

  test('somebody at another machine is refused, and so is the page of a stranger', async () => {
    const { http } = scene.hilo;
    const ask = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(`${http}/api/visits`, { method: 'POST', headers })).status;
    expect(await ask({ 'x-forwarded-for': '203.0.113.7' })).toBe(403);
    expect(await ask({ 'x-real-ip': '203.0.113.7' })).toBe(403);
    expect(await ask({ origin: 'https://example.com' })).toBe(403);
    expect(await ask({ origin: http })).toBe(201);
  });
});

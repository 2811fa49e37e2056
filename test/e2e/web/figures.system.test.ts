// Today beside yesterday in a real browser: calls are made, and the figures say so by themselves.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { WireFigures } from '../../../src/contract/figures/figures.js';
import { averagesOf, type Counts, NOTHING, QUARTER_MS, total } from '../../../src/core/interaction/figures/counts.js';
import { seededRandom } from '../../../src/lib/ids.js';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { TONES } from '../../support/hilo/centre.js';
import { answering, hears } from '../../support/hilo/scene.js';

const PATH = '/supervisor/figures';
/** Counted within seconds, asked for again every ten, on a machine that may be slow. */
const SOON = { timeout: 60_000 };

describeInBrowser('the figures', () => {
  const { app, scene } = onBrowserStage();

  test('who was answered and who hung up is counted, without asking; the same stands in the table and in the CSV', async () => {
    const page = await app.person('admin', '/supervisor', { language: 'en-GB' });
    await page.getByRole('navigation').getByRole('link', { name: 'Figures' }).press('Enter');
    await page.getByLabel('Queue', { exact: true }).waitFor();
    const before = await supportToday(page);

    const impatient = await scene.customer();
    const waiting = await impatient.phone.invite('1001');
    await hears(waiting, TONES.music);
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // Longer than a short abandonment in this centre.
    waiting.bye();
    await scene.matters.untilOver(impatient.number);
    answering(await scene.agent('ana-desk'), TONES.agent);
    const served = await scene.customer();
    const call = await served.phone.invite('1001');
    await hears(call, TONES.agent);
    call.bye();

    await page.getByLabel('Queue', { exact: true }).selectOption({ label: 'Support' });
    const tile = (name: string) => page.getByRole('region', { name, exact: true });
    await tile('Offered')
      .getByText(String(before.offered + 2), { exact: true })
      .first()
      .waitFor(SOON);
    await tile('Answered')
      .getByText(String(before.answered + 1), { exact: true })
      .first()
      .waitFor(SOON);
    await tile('Abandoned')
      .getByText(String(before.abandoned + 1), { exact: true })
      .first()
      .waitFor(SOON);
    await page.getByRole('img', { name: /^Calls by quarter of an hour, Today: \d+ offered/ }).waitFor();
    expect(await accessFaults(page)).toEqual([]);

    await page.getByText('Table', { exact: true }).click();
    await page.getByRole('table', { name: 'Today: By quarter of an hour' }).getByRole('row').nth(1).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download CSV' }).click();
    expect((await download).suggestedFilename()).toMatch(/^hilo-\d{4}-\d\d-\d\d\.csv$/);
  });

  test('each figure tells how it is computed: to the keyboard, and all at once', async () => {
    const page = await app.person('admin', PATH);
    await showDays(page);
    await picture(page, 'figures');
    await page.getByRole('button', { name: 'Cómo se calcula: Nivel de servicio' }).focus();
    await page
      .getByRole('tooltip')
      .getByText(/atendidas \+ abandonadas/)
      .waitFor();
    const formula = page.getByRole('region', { name: 'Nivel de servicio' }).getByText(/÷ \(atendidas/);
    expect(await formula.count()).toBe(0);
    await page.getByLabel('Mostrar cómo se calcula').press('Space');
    await formula.waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByLabel('Mostrar cómo se calcula').press('Space');
    await page.getByRole('button', { name: 'Claro u oscuro' }).click();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('img').last().scrollIntoViewIfNeeded();
    await picture(page, 'figures-dark');
  });

  test('on a telephone nothing is wider than the screen', async () => {
    const page = await app.person('admin', PATH, { viewport: { width: 390, height: 844 } });
    await showDays(page);
    await page.getByRole('img').first().waitFor();
    const widths = await page.evaluate('[document.documentElement.scrollWidth, window.innerWidth]');
    expect(widths).toEqual([390, 390]);
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'figures-narrow');
  });

  test('where nothing happened the page says why; an agent does not come here', async () => {
    const page = await app.person('admin', PATH);
    await page.route('**/api/figures?*', async (route) =>
      route.fulfill({ json: answer(route.request().url(), () => NOTHING) }),
    );
    await page.reload();
    await page.getByRole('heading', { name: 'Todavía no hay cifras' }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'figures-empty');
    const agent = await app.person('ana', PATH);
    await agent.waitForURL((url) => url.pathname !== PATH);
  });
});

async function supportToday(page: Page): Promise<Counts> {
  const figures: WireFigures = await (await page.request.get('/api/figures?day=today&queue=support')).json();
  return figures.total;
}

/** The page with two days of a centre of some size: what the running one has had today is too little to look at. */
async function showDays(page: Page): Promise<void> {
  const random = seededRandom(5);
  await page.route('**/api/figures?*', async (route) =>
    route.fulfill({ json: answer(route.request().url(), (slot) => quarterOf(slot, () => random.next())) }),
  );
  await page.reload();
  await page.getByRole('img').first().waitFor();
}

function answer(url: string, countsAt: (slot: number) => Counts): WireFigures {
  const today = url.includes('today');
  const fromMs = Date.UTC(2026, 10, today ? 23 : 22, 23);
  const slots = Array.from({ length: today ? 62 : 96 }, (_, slot) => ({ slot, counts: countsAt(slot) }));
  const busy = slots.filter(({ counts }) => counts.offered > 0);
  const all = total(busy.map(({ counts }) => counts));
  const sum = { ...all, ...averagesOf(all) };
  return {
    ...{ from: new Date(fromMs).toISOString(), to: new Date(fromMs + 96 * QUARTER_MS).toISOString() },
    ...{ timeZone: 'Europe/Madrid', step: 'quarter', uncounted: 0, total: sum },
    queues: busy.length === 0 ? [] : [{ queue: 'support', total: sum }],
    rows: busy.map(({ slot, counts }) => ({
      ...counts,
      ...{ start: new Date(fromMs + slot * QUARTER_MS).toISOString(), queue: 'support' },
    })),
  };
}

/** Open from 8 to 20, with a peak in the morning and a lower one in the afternoon. */
function quarterOf(slot: number, chance: () => number): Counts {
  const hour = slot / 4;
  if (hour < 8 || hour >= 20) return NOTHING;
  const load = Math.exp(-(((hour - 11) / 2) ** 2)) + 0.7 * Math.exp(-(((hour - 16.5) / 1.8) ** 2)) + 0.15;
  const offered = Math.round(26 * load * (0.8 + 0.4 * chance()));
  const abandoned = Math.round(offered * Math.max(0, load - 0.5) * 0.25 * chance());
  const shortAbandoned = chance() < 0.4 ? Math.min(1, offered - abandoned) : 0;
  const answered = offered - abandoned - shortAbandoned;
  const waitMs = 6_000 + 30_000 * load * chance();
  return {
    ...{ ...NOTHING, offered, abandoned, shortAbandoned, answered, handled: answered },
    answeredInTime: Math.round(answered * Math.max(0.3, 1 - load * 0.45 * chance())),
    ...{ answeredWaitMs: answered * waitMs, abandonedWaitMs: abandoned * waitMs * 2, longestWaitMs: waitMs * 4 },
    ...{ talkMs: answered * 190_000, wrapUpMs: answered * 25_000, lost: abandoned },
    ...{ callbacksPromised: Math.round(abandoned * 0.7), callbackAttempts: abandoned },
    ...{ callbacksReached: Math.round(abandoned * 0.6), recovered: Math.round(abandoned * 0.65) },
  };
}

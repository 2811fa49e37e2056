// Today beside yesterday in a real browser: calls are made, and the figures say so by themselves, as the record has them.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WireFigures } from '../../../src/contract/figures/figures.js';
import { systemClock } from '../../../src/lib/clock.js';
import { pause } from '../../../src/lib/pause.js';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { changeCentre, TONES } from '../../support/hilo/centre.js';
import { playDays } from '../../support/hilo/played-days.js';
import type { Matter } from '../../support/hilo/record.js';
import { answering, hears, nextCall } from '../../support/hilo/scene.js';
import { eventually } from '../../support/servers.js';

const PATH = '/supervisor/figures';
/** A queue that nobody else calls: its figures are those of the calls made here. */
const QUEUE = {
  title: { es: 'Reparaciones', en: 'Repairs' },
  ...{ skill: 'sales', ring: '3s', 'wrap-up': '1s', announce: 'never', 'service-level': '20s' },
  overflow: 'message',
  exits: { 1: 'callback' },
};
const NUMBER = '1077';
/** Of the centre of the tests. */
const SHORT_MS = 1_000;
const SERVICE_LEVEL_MS = 20_000;
/** Counted within seconds, asked for again every ten, on a machine that may be slow. */
const SOON = { timeout: 60_000 };

describeInBrowser('the figures', () => {
  const { app, scene } = onBrowserStage();
  beforeAll(async () => {
    await changeCentre(scene.hilo.flowsFolder, (centre) => {
      centre.setIn(['queues', 'repairs'], centre.createNode(QUEUE));
      centre.setIn(['numbers', NUMBER], centre.createNode({ to: { queue: 'repairs' } }));
    });
    await eventually('the queue is there', async () => (await scene.api.flow('centre')).includes('repairs'));
  });
  afterAll(() =>
    changeCentre(scene.hilo.flowsFolder, (centre) => {
      centre.deleteIn(['queues', 'repairs']);
      centre.deleteIn(['numbers', NUMBER]);
    }),
  );

  /** One hangs up at once, one after a while, one wants to be called back and is, one is served. */
  async function fourCalls(): Promise<readonly Matter[]> {
    const people = await Promise.all(Array.from({ length: 4 }, () => scene.customer()));
    const [atOnce, later, back, served] = people;
    if (!atOnce || !later || !back || !served) throw new Error('unreachable');
    const first = await atOnce.phone.invite(NUMBER);
    await scene.matters.until(atOnce.number, (matter) => matter.has('queued'));
    first.bye();
    const second = await later.phone.invite(NUMBER);
    const third = await back.phone.invite(NUMBER);
    await scene.matters.until(back.number, (matter) => matter.has('queued'));
    await hears(third, TONES.music, 30_000);
    await third.audio.press('1');
    await scene.matters.until(back.number, (matter) => matter.has('callback-requested'));
    await pause(systemClock, SHORT_MS + 500, []);
    second.bye();

    const outside = await scene.outside();
    answering(outside, TONES.caller);
    answering(await scene.agent('carla-desk'), TONES.agent);
    const calledBack = await nextCall(outside, [], 30_000);
    await hears(calledBack, TONES.agent);
    calledBack.bye();
    const fourth = await served.phone.invite(NUMBER);
    await hears(fourth, TONES.agent);
    fourth.bye();
    await scene.matters.until(served.number, (matter) => matter.has('wrapped-up'));
    await scene.matters.until(back.number, (matter) => matter.has('callback-ended'));
    return Promise.all(people.map(({ number }) => scene.matters.untilOver(number)));
  }

  test('are what the record says of the calls that were made, in tiles, tables and CSV, without asking', async () => {
    const page = await app.person('admin', '/supervisor', { language: 'en-GB' });
    await page.getByRole('navigation').getByRole('link', { name: 'Figures' }).press('Enter');
    const expected = expectedOf(await fourCalls());
    expect(expected).toMatchObject({ Offered: '4', Answered: '1', Abandoned: '1', 'Customers recovered': '1 of 2' });
    await page.getByLabel('Queue', { exact: true }).selectOption({ label: 'Repairs' });
    for (const [name, value] of Object.entries(expected)) {
      const tile = page.getByRole('region', { name, exact: true });
      await tile.getByText(value, { exact: true }).first().waitFor(SOON);
    }
    await page.getByRole('img', { name: /^Calls by quarter of an hour, Today: Answered: 1/ }).waitFor();
    await page.getByRole('img', { name: /^Call-backs and customers recovered, Today: Customers recovered/ }).waitFor();
    expect(await accessFaults(page)).toEqual([]);

    await page.getByText('Table', { exact: true }).click();
    const quarters = page.getByRole('table', { name: 'Today: By quarter of an hour' });
    expect(await quarters.getByRole('columnheader').allTextContents()).toEqual(['Time', ...Object.keys(expected)]);
    const offered = await quarters.locator('tbody td:nth-of-type(1)').allTextContents();
    expect(offered.reduce((sum, count) => sum + Number(count), 0)).toBe(4);
    expect(await accessFaults(page)).toEqual([]);
    await page.getByLabel('Queue', { exact: true }).selectOption({ label: 'All queues' });
    const row = page.getByRole('table', { name: 'Today, by queue' }).getByRole('row', { name: /^Repairs/ });
    expect(await row.getByRole('cell').allTextContents()).toEqual(Object.values(expected));
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download CSV' }).click();
    expect((await download).suggestedFilename()).toMatch(/^hilo-\d{4}-\d\d-\d\d\.csv$/);
  });

  test('tell how they are computed: to the keyboard, and all at once, beside the charts too', async () => {
    if (process.env['HILO_PICTURES'] === '1') {
      await playDays(scene.hilo);
      const uncounted = async () => (await scene.api.get<WireFigures>('/api/figures')).uncounted;
      await eventually('all is counted', async () => (await uncounted()) === 0, 60_000);
    }
    const page = await app.person('admin', PATH);
    await page.getByRole('img').first().waitFor();
    await picture(page, 'figures');
    await page.getByRole('button', { name: 'Cómo se calcula: Nivel de servicio' }).focus();
    await page
      .getByRole('tooltip')
      .getByText(/atendidas \+ abandonadas/)
      .waitFor();
    await page.keyboard.press('Tab');
    const formula = page.getByText(/÷ \(atendidas \+ abandonadas\)/);
    await formula.waitFor({ state: 'hidden' });
    await page.getByLabel('Mostrar cómo se calcula').press('Space');
    await eventually('at the tile and at the chart', async () => (await formula.count()) === 2);
    expect(await accessFaults(page)).toEqual([]);
    await page.getByLabel('Mostrar cómo se calcula').press('Space');
    await page.getByRole('button', { name: 'Claro u oscuro' }).click();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('img').last().scrollIntoViewIfNeeded();
    await picture(page, 'figures-dark');
  });

  test('on a telephone nothing is wider than the screen, as charts or as a table', async () => {
    const page = await app.person('admin', PATH, { viewport: { width: 390, height: 844 } });
    await page.getByRole('img').first().waitFor();
    expect(await widths(page)).toEqual([390, 390]);
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'figures-narrow');
    await page.getByText('Tabla', { exact: true }).click();
    await page.getByRole('table').first().waitFor();
    expect(await widths(page)).toEqual([390, 390]);
  });

  test('a new centre is told why there is nothing; an agent is not let in', async () => {
    const page = await app.person('admin', '/');
    await page.route('**/api/figures?*', async (route) => {
      const response = await route.fetch();
      const { total, ...rest } = await response.json();
      const nothing = Object.fromEntries(Object.keys(total).map((name) => [name, 0]));
      await route.fulfill({ json: { ...rest, total: nothing, rows: [], queues: [] } });
    });
    await page.goto(PATH);
    await page.getByRole('heading', { name: 'Todavía no hay cifras' }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'figures-empty');
    const agent = await app.person('ana', PATH);
    await agent.waitForURL((url) => url.pathname !== PATH);
  });
});

function widths(page: Page): Promise<unknown> {
  return page.evaluate('[document.documentElement.scrollWidth, window.innerWidth]');
}

/** Each figure by its formula in docs/figures.md, from the facts of the record; as it is written in English, in the order of the page. */
function expectedOf(matters: readonly Matter[]): Readonly<Record<string, string>> {
  const all = <T>(pick: (matter: Matter) => readonly T[]): readonly T[] => matters.flatMap(pick);
  const entries = new Set(
    all((matter) => matter.all('queued').flatMap(({ kind, entry }) => (kind === 'call' ? [entry] : []))),
  );
  const left = all((matter) => matter.all('left-queue')).filter(({ entry }) => entries.has(entry));
  const waits = (reason: string) => left.filter((one) => one.reason === reason).map(({ waitedMs }) => waitedMs);
  const [answered, hungUp] = [waits('connected'), waits('caller-hung-up')];
  const abandoned = hungUp.filter((ms) => ms >= SHORT_MS);
  const inTime = answered.filter((ms) => ms <= SERVICE_LEVEL_MS);
  const served = matters.filter((matter) => matter.all('connected').some(({ entry }) => entries.has(entry)));
  const talked = served.flatMap((matter) => matter.all('call-ended').map(({ talkedMs }) => talkedMs));
  const wrapUp = served.flatMap((matter) => matter.all('wrapped-up').map(({ wrapUpMs }) => wrapUpMs));
  const reached = all((matter) => matter.all('callback-ended')).filter(({ result }) => result === 'connected');
  return {
    Offered: String(entries.size),
    Answered: String(answered.length),
    Abandoned: String(abandoned.length),
    'Short abandonments': String(hungUp.length - abandoned.length),
    'Service level': percent(inTime.length / (answered.length + abandoned.length)),
    'Average speed of answer': clock(sum(answered) / answered.length),
    'Average handling time': clock((sum(talked) + sum(wrapUp)) / served.length),
    'Longest wait': clock(Math.max(...left.map(({ waitedMs }) => waitedMs))),
    'Call-backs promised': String(all((matter) => matter.all('callback-requested')).length),
    'Call-backs attempted': String(all((matter) => matter.all('callback-attempted')).length),
    'Call-backs reached': String(reached.length),
    // Who was called back was lost until then, who hung up after a while is lost still; who hangs up at once is not.
    'Customers recovered': `${reached.length} of ${reached.length + abandoned.length}`,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10}%`;
}

// What a supervisor changes on the floor for everybody: limits of alarms, alarms that were seen, teams; and how the wall board looks.
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { OVER_MS } from '../../../src/app/supervision/alarm-watch.js';
import { systemClock } from '../../../src/lib/clock.js';
import { pause } from '../../../src/lib/pause.js';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { TONES } from '../../support/hilo/centre.js';
import { hears } from '../../support/hilo/scene.js';

describeInBrowser('a supervisor changes the floor', () => {
  const { app, scene } = onBrowserStage();
  afterEach(async () => {
    await scene.api.delete('/api/queues/support/alarms');
  });

  test('sets limits of alarms: it is seen, heard, and silent for everybody once one has seen it', async () => {
    const page = await app.person('admin', '/supervisor', { language: 'en-GB' });
    await countTones(page);
    await page.getByRole('button', { name: 'Actions: Support' }).click();
    await page.getByRole('menuitem', { name: 'Alarm limits…' }).click();
    await page.getByLabel('Alarm when more wait than').fill('0');
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Sound of alarms' }).click();
    const before = await tones(page);
    expect(before).toBeGreaterThan(0);

    const { phone } = await scene.customer();
    const customer = await phone.invite('1001');
    await hears(customer, TONES.music);
    await page.getByText('Support: too many are waiting').waitFor();
    await page.waitForFunction((least) => (window as unknown as { tones: number }).tones > least, before);
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'supervisor-alarm');

    const other = await app.person('admin', '/supervisor', { language: 'es-ES' });
    await page.getByRole('button', { name: 'Seen: Support: too many are waiting' }).click();
    await other.getByText(/visto por admin, en silencio hasta las/).waitFor();
    await page.getByRole('button', { name: 'Seen: Support: too many are waiting' }).waitFor({ state: 'detached' });
    customer.bye();
    await page.getByText('Support: too many are waiting').waitFor({ state: 'detached' });
    const { lines } = await scene.api.get<{ lines: { act: string }[] }>('/api/audit?on=support');
    expect(lines.map(({ act }) => act)).toEqual(expect.arrayContaining(['alarm-limits-set', 'alarm-acknowledged']));

    // Over for a while, it is another one when it comes back: nobody has seen that, and it is heard.
    await pause(systemClock, OVER_MS + 3_000, []);
    const heard = await tones(page);
    const { phone: next } = await scene.customer();
    const second = await next.invite('1001');
    await hears(second, TONES.music);
    await page.getByRole('button', { name: 'Seen: Support: too many are waiting' }).waitFor();
    await page.waitForFunction((least) => (window as unknown as { tones: number }).tones > least, heard);
    second.bye();
  });

  test('puts an agent into another team for a while, and back', async () => {
    const page = await app.person('admin', '/supervisor', { language: 'en-GB' });
    await page.getByLabel('Find an agent or a team').fill('cárla');
    const row = page.getByRole('row', { name: /^Carla Santos/ });
    await row.getByText('day', { exact: true }).waitFor();
    expect(
      await page
        .getByRole('table', { name: /^Agents/ })
        .getByRole('row')
        .count(),
    ).toBe(2);
    await row.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Another team…' }).click();
    await page.getByLabel('Team', { exact: true }).selectOption('night');
    await page.getByLabel('For', { exact: true }).selectOption('30');
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
    await row.getByText(/^night \(until/).waitFor();
    await row.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Back to their team' }).click();
    await row.getByText('day', { exact: true }).waitFor();
    const { lines } = await scene.api.get<{ lines: { act: string }[] }>('/api/audit?on=carla');
    expect(lines.map(({ act }) => act)).toEqual(expect.arrayContaining(['agent-moved', 'agent-moved-back']));
  });

  test('what is unaccounted is listed with what to do; who writes and who is in another team is seen', async () => {
    const page = await app.person('admin', '/', { language: 'en-GB' });
    await page.routeWebSocket('**/api/live*', (socket) => socket.send(PICTURE));
    await page.goto('/supervisor');
    await page.getByRole('button', { name: '2 unaccounted' }).click();
    const window = page.getByRole('dialog');
    await window.getByText('Wait a minute').waitFor();
    await window.getByRole('row', { name: /^A line without a call/ }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByText('night (until').waitFor();
    await page.getByText('Ana Molina: 2 of 3').waitFor();
    await page.getByText('1 without an agent').waitFor();
    const row = page.getByRole('row', { name: /^<b>Eva<\/b>/ });
    expect(await row.getByRole('cell').nth(3).textContent()).toBe('4');
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'supervisor-written');
  });

  test.each([
    [1920, 1080],
    [3840, 2160],
  ])('the wall board fills %i × %i in the dark', async (width, height) => {
    const page = await app.person('admin', '/', { viewport: { width, height } });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.routeWebSocket('**/api/live*', (socket) => socket.send(PICTURE));
    await page.goto('/supervisor/wall');
    const board = page.getByRole('region', { name: 'Soporte' });
    await board.getByText('En espera').waitFor();
    const wall = await page.locator('.wall').evaluate(({ scrollHeight, scrollWidth, clientHeight, clientWidth }) => ({
      overflows: scrollHeight > clientHeight || scrollWidth > clientWidth,
    }));
    expect(wall.overflows).toBe(false);
    const share = await page
      .locator('.wall-large')
      .first()
      .evaluate((one) => one.getBoundingClientRect().height);
    expect(share / height).toBeGreaterThan(0.1);
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, `supervisor-wall-${height}`);
  });
});

async function countTones(page: Page): Promise<void> {
  await page.evaluate(() => {
    const counted = window as unknown as { tones: number };
    counted.tones = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
      counted.tones += 1;
      return start.apply(this, when);
    };
  });
}

function tones(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { tones: number }).tones);
}

const PICTURE = JSON.stringify({
  ...{ type: 'snapshot', epoch: 'e', number: 0 },
  documents: [
    queue('support', 'Soporte', 'Support', 7),
    queue('sales', 'Ventas', 'Sales', 0),
    queue('billing', 'Facturación', 'Billing', 2),
    { kind: 'figures', id: 'support', value: figures(131, 9) },
    { kind: 'figures', id: 'sales', value: figures(58, 1) },
    { kind: 'agent', id: 'ana', value: agent('ana', 'Ana Molina', 'night') },
    {
      kind: 'move',
      id: 'ana',
      value: { team: 'night', by: 'admin', until: new Date(Date.now() + 3_600_000).toISOString() },
    },
    {
      kind: 'centre',
      id: 'centre',
      value: {
        unaccounted: 2,
        items: [
          { kind: 'leg', id: 'l1', node: 'one' },
          { kind: 'call', id: 's1', node: 'two', interaction: 'i1' },
        ],
      },
    },
    {
      kind: 'entry',
      id: 'e1',
      value: {
        ...{ queue: 'support', interaction: 'i9', kind: 'message', state: 'waiting', priority: 5, offeredTo: [] },
        ...{ since: new Date(Date.now() - 40_000).toISOString(), customer: '+34600000009' },
      },
    },
    {
      kind: 'conversations',
      id: 'ana',
      value: {
        agent: 'ana',
        most: 3,
        conversations: [conversation('i1', '<b>Eva</b>', 4), conversation('i2', 'Luis', 0)],
      },
    },
  ],
});

function queue(id: string, es: string, en: string, waiting: number) {
  const since = new Date(Date.now() - 95_000).toISOString();
  const limits = { waiting: 5, waitMs: 60_000, serviceLevel: 0.8 };
  const common = {
    id,
    title: { es, en },
    skill: id,
    callbacks: 0,
    maxLength: 50,
    serviceLevelMs: 20_000,
    alarms: limits,
  };
  const value = { ...common, waiting, agents: { available: 3, busy: 4, break: 1 } };
  return { kind: 'queue', id, value: waiting === 0 ? value : { ...value, longestSince: since } };
}

function figures(answered: number, abandoned: number) {
  const level = answered / (answered + abandoned);
  const counts = { offered: answered + abandoned, answered, abandoned, shortAbandoned: 2, recovered: 3 };
  return { ...counts, serviceLevel: level, serviceLevelNow: level };
}

function agent(id: string, title: string, team: string) {
  const since = new Date(Date.now() - 60_000).toISOString();
  return {
    id,
    title,
    role: 'agent',
    skills: { support: 5 },
    team,
    state: 'available',
    since,
    idleSince: since,
    devices: [],
  };
}

function conversation(id: string, name: string, unread: number) {
  const since = new Date(Date.now() - 120_000).toISOString();
  const customer = { name, address: { channel: 'sms', value: '+34600000001' }, contact: 'c', reference: 'H-1' };
  const common = {
    id,
    entry: `w${id}`,
    version: 1,
    queue: 'support',
    queueTitle: { es: 'Soporte', en: 'Support' },
    channel: 'sms',
  };
  return { state: 'open', ...common, customer, unread, since, ...(unread > 0 ? { waitingSince: since } : {}) };
}

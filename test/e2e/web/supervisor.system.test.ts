// What a supervisor sees and does on the floor, with real customers and agents: judged by what they hear.
import type { Page, WebSocketRoute } from 'playwright-core';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/lib/clock.js';
import { pause } from '../../../src/lib/pause.js';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { TONES } from '../../support/hilo/centre.js';
import { answering, hears, hearsMix, hearsSpeech, nextCall } from '../../support/hilo/scene.js';

const { caller: CALLER, agent: AGENT, supervisor: SUPERVISOR } = TONES;
const SPANISH_WORDS = 'Hay una avería general. La estamos arreglando.';

describeInBrowser('a supervisor on the floor', () => {
  const { app, scene } = onBrowserStage();

  const floor = (): Promise<Page> => app.person('admin', '/supervisor', { language: 'en-GB' });

  test('listens, whispers, sees why, and hangs up: heard by those for whom it is meant', async () => {
    const page = await floor();
    const answered = page
      .getByRole('row', { name: /^Support/ })
      .getByRole('cell')
      .nth(4);
    const before = Number(await answered.textContent());
    const ana = await scene.agent('ana-desk');
    answering(ana, AGENT);
    const carla = await scene.agent('carla-desk');
    answering(carla, SUPERVISOR);
    const { number, phone } = await scene.customer();
    const customer = await phone.invite('1001');
    await customer.final.seen;
    customer.audio.say(CALLER);
    await hears(customer, AGENT);

    const menu = page.getByRole('button', { name: `Actions: Ana Molina, ${number}` });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Listen' }).click();
    const window = page.getByRole('dialog');
    await window.getByLabel('Phone to ring').selectOption('carla-desk');
    expect(await accessFaults(page)).toEqual([]);
    await window.getByRole('button', { name: 'Start' }).click();
    const supervisor = await nextCall(carla);
    await hearsMix(supervisor, [CALLER, AGENT]);
    await page.getByText('admin listens').waitFor();
    await picture(page, 'supervisor-floor');

    await menu.click();
    await page.getByRole('menuitem', { name: 'Whisper to the agent' }).click();
    await page.getByText('admin whispers').waitFor();
    const agent = await nextCall(ana);
    await hearsMix(agent, [CALLER, SUPERVISOR]);
    await hearsMix(customer, [AGENT]);

    await menu.click();
    await page.getByRole('menuitem', { name: 'Why this agent?' }).click();
    await page
      .getByRole('dialog')
      .getByText(/Offered to ana/)
      .waitFor();
    await page.keyboard.press('Escape');

    await menu.click();
    await page.getByRole('menuitem', { name: 'Hang up' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Hang up' }).click();
    await customer.byeReceived.seen;
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('monitor-started')).toMatchObject({ by: 'admin', device: 'carla-desk', mode: 'listen' });
    await page.waitForFunction(
      ([text, least]) =>
        [...document.querySelectorAll('tr')].some(
          (row) => row.textContent?.startsWith(String(text)) && Number(row.children[5]?.textContent) > Number(least),
        ),
      ['Support', before],
    );
  });

  test('sees who waits and why, gives another priority and sends the caller to another queue', async () => {
    const page = await floor();
    const { number, phone } = await scene.customer();
    const customer = await phone.invite('1001');
    await hears(customer, TONES.music);
    const row = page.getByRole('row', { name: new RegExp(`^\\${number}`) });
    await row.getByText('Support').waitFor();
    await page.getByText('Support: people wait and no agent is there').waitFor();
    expect(await accessFaults(page)).toEqual([]);

    // With the keyboard alone.
    await row.getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Why waiting?' }).press('Enter');
    await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'supervisor-why');
    await page.keyboard.press('Escape');

    await row.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Change priority…' }).click();
    await page.getByRole('textbox', { name: 'Priority' }).fill('1');
    await page.keyboard.press('Enter');
    await row.getByRole('cell', { name: '1', exact: true }).waitFor();

    await row.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Send to another queue…' }).click();
    await page.getByLabel('To the queue').selectOption('sales');
    await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
    await row.getByText('Sales').waitFor();
    await hears(customer, TONES.music);
    customer.bye();
    await row.waitFor({ state: 'detached' });
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('priority-changed')).toMatchObject({ queue: 'support', priority: 1, by: 'admin' });
    expect(matter.last('queue-changed')).toMatchObject({ queue: 'support', to: 'sales', by: 'admin' });
    expect(matter.all('queued').map(({ queue }) => queue)).toEqual(['support', 'sales']);
  });

  test('switches the emergency message on and off: the next caller hears it', async () => {
    const page = await floor();
    await page.getByRole('button', { name: 'Emergency message' }).click();
    await page.getByLabel('In Spanish').fill(SPANISH_WORDS);
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByText('Emergency message is on').waitFor();
    const { number, phone } = await scene.customer();
    const customer = await phone.invite('1001');
    await hearsSpeech(customer);
    await hears(customer, TONES.music);
    customer.bye();
    expect((await scene.matters.untilOver(number)).has('emergency-heard')).toBe(true);
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await page.getByText('Emergency message is on').waitFor({ state: 'detached' });
  });

  test('tells everybody something, and takes it back', async () => {
    const page = await floor();
    const agents = await app.person('ana', '/', { language: 'en-GB' });
    await page.getByRole('button', { name: 'Notice to everybody' }).click();
    await page.getByLabel('Text').fill('<b>Fire drill</b> at twelve');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await agents.getByText('<b>Fire drill</b> at twelve').waitFor();
    expect(await accessFaults(agents)).toEqual([]);
    await page.getByRole('button', { name: 'Take back' }).click();
    await agents.getByText('Fire drill').waitFor({ state: 'detached' });
  });

  test('changes the state and the skills of an agent; both are in the audit', async () => {
    const page = await floor();
    await scene.agent('bruno-desk');
    const row = page.getByRole('row', { name: /^Bruno Vidal/ });
    await row.getByText('Available').waitFor();
    await row.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Send on a break' }).click();
    await row.getByText('Break').waitFor();
    await row.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Skills…' }).click();
    await page.getByRole('textbox', { name: 'sales' }).fill('5');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await scene.api.patch('/api/agents/bruno', { skills: null });
    // A break outlives the telephone: the next test would find him on it.
    await scene.api.post('/api/agents/bruno/state', { state: 'available' });
    const { lines } = await scene.api.get<{ lines: { act: string; on: string }[] }>('/api/audit?on=bruno');
    const acts = lines.map(({ act }) => act);
    expect(acts).toEqual(expect.arrayContaining(['agent-state-changed', 'agent-skills-changed']));
  });

  test('an agent is refused all of it by the server', async () => {
    const page = await app.person('ana', '/');
    const origin = scene.hilo.http;
    const acts: readonly [method: string, path: string, data?: object][] = [
      ['POST', '/api/calls/x/monitor', { device: 'carla-desk' }],
      ['PATCH', '/api/calls/x/monitor', { mode: 'barge' }],
      ['DELETE', '/api/calls/x/monitor'],
      ['POST', '/api/calls/x/take-over', {}],
      ['POST', '/api/agents/bruno/state', { state: 'offline' }],
      ['PATCH', '/api/agents/ana', { skills: { sales: 5 } }],
      ['PATCH', '/api/queues/support/entries/x', { priority: 0 }],
      ['POST', '/api/notices', { text: 'hello' }],
      ['DELETE', '/api/notices/x'],
      ['PUT', '/api/emergency', { texts: { es: 'Hola' } }],
      ['DELETE', '/api/emergency'],
      ['GET', '/api/queues/support/entries/x/why'],
      ['GET', '/api/interactions/x/why'],
    ];
    for (const [method, path, data] of acts) {
      const response = await page.request.fetch(path, { method, headers: { origin }, ...(data && { data }) });
      expect([path, response.status()]).toEqual([path, 403]);
    }
  });

  test('has a wall board: large, alone on the screen, in both languages', async () => {
    const page = await app.person('admin', '/supervisor/wall', { viewport: { width: 1920, height: 1080 } });
    const board = page.getByRole('region', { name: 'Soporte' });
    await board.getByText('En espera').waitFor();
    const { phone } = await scene.customer();
    const call = await phone.invite('1001');
    await hears(call, TONES.music);
    await board.locator('.wall-large').getByText('1', { exact: true }).waitFor();
    await page.getByText('0 sin explicar').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'supervisor-wall');
    await page.getByRole('link', { name: 'Volver a la sala' }).click();
    await page.getByRole('heading', { name: 'Sala' }).waitFor();
  });

  test('shows 500 changes a second without falling behind, and scrolls through 5,000 who wait and 1,000 agents', async () => {
    const page = await app.person('admin', '/', { language: 'en-GB' });
    await page.routeWebSocket('**/api/live*', (socket) => void crowd(socket));
    await page.goto('/supervisor');
    await page.getByText('5000 waiting').waitFor();
    const late = await page.evaluate(async () => {
      const worst = { frameMs: 0, scrolled: 0 };
      const list = document.querySelector('[role=region][aria-labelledby=waiting-title]');
      let before = performance.now();
      for (let step = 0; step < 60; step += 1) {
        if (list) list.scrollTop += 4_000;
        await new Promise(requestAnimationFrame);
        worst.frameMs = Math.max(worst.frameMs, performance.now() - before);
        before = performance.now();
      }
      worst.scrolled = list?.scrollTop ?? 0;
      return worst;
    });
    expect(late.scrolled).toBeGreaterThan(100_000);
    await page
      .getByRole('row', { name: /^Queue 0/ })
      .getByText(`${BATCHES}`, { exact: true })
      .waitFor();
    process.stdout.write(`longest time between two pictures: ${Math.round(late.frameMs)} ms\n`);
    expect(await page.locator('[aria-rowcount] tr').count()).toBeLessThan(100);
    await keepsItsPlace(page);
  });
});

/** Of 1,000 agents some are drawn; whoever has reached the menu of one with the keyboard keeps it, wherever the row goes. */
async function keepsItsPlace(page: Page): Promise<void> {
  const table = page.getByRole('table', { name: /^Agents/ });
  expect(await table.getAttribute('aria-rowcount')).toBe(String(AGENTS + 1));
  const menu = table.getByRole('button', { name: 'Actions: Agent 0002' });
  const scrollTo = (share: number) =>
    page.getByRole('region', { name: /^Agents/ }).evaluate((place, to) => {
      place.scrollTop = to * place.scrollHeight;
    }, share);
  await menu.focus();
  await scrollTo(1);
  await table.getByText(`Agent 0${AGENTS - 1}`, { exact: true }).waitFor();
  expect(await menu.evaluate((button) => button === document.activeElement)).toBe(true);
  await scrollTo(0);
  await table.getByText('Agent 0000', { exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Skills…' }).press('Enter');
  await page.getByRole('dialog', { name: 'Skills of Agent 0002' }).waitFor();
}

const AGENTS = 1_000;
const QUEUES = 50;
const BATCHES = 60;

/** In place of Hilo: 5,000 who wait, then every 100 ms a change of each of 50 queues. */
async function crowd(socket: WebSocketRoute): Promise<void> {
  const queue = (index: number, waiting: number) => ({
    kind: 'queue',
    id: `q${index}`,
    value: { id: `q${index}`, title: { en: `Queue ${index}` }, skill: 's', waiting, callbacks: 0, agents: {} },
  });
  const entry = (index: number) => {
    const since = new Date(Date.now() - index * 1_000).toISOString();
    const place = { queue: `q${index % QUEUES}`, interaction: `i${index}`, kind: 'call', state: 'waiting' };
    return {
      kind: 'entry',
      id: `e${index}`,
      value: { ...place, priority: 5, since, offeredTo: [], customer: `+34${index}` },
    };
  };
  const agent = (index: number) => {
    const since = new Date(Date.now() - index * 1_000).toISOString();
    const title = `Agent ${String(index).padStart(4, '0')}`;
    return {
      kind: 'agent',
      id: `a${index}`,
      value: { id: `a${index}`, title, state: 'available', since, skills: {}, devices: [] },
    };
  };
  const indexes = Array.from({ length: QUEUES }, (_, index) => index);
  const documents = [
    ...indexes.map((index) => queue(index, 0)),
    ...Array.from({ length: 5_000 }, (_, index) => entry(index)),
    ...Array.from({ length: AGENTS }, (_, index) => agent(index)),
  ];
  socket.send(JSON.stringify({ type: 'snapshot', epoch: 'e', number: 0, documents }));
  for (let batch = 1; batch <= BATCHES; batch += 1) {
    await pause(systemClock, 100, []);
    const changes = indexes.map((index) => queue(index, batch));
    socket.send(JSON.stringify({ type: 'changes', after: (batch - 1) * QUEUES, number: batch * QUEUES, changes }));
  }
}

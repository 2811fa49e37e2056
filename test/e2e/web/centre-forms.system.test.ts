// The forms of the centre in a real browser: what is changed is told in sentences, published, and in force.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { PASSWORD } from '../../support/hilo/server.js';

const ENGLISH = { language: 'en-GB' } as const;
const NARROW = { width: 390, height: 844 };

async function textInForce(page: Page): Promise<string> {
  return (await page.request.get('/api/flows/centre')).text();
}

async function published(page: Page): Promise<void> {
  const publish = page.getByRole('button', { name: 'Publish…' });
  await expect.poll(() => publish.isEnabled()).toBe(true);
  await publish.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
  await page.getByText('There are no unpublished changes.').waitFor();
}

describeInBrowser('the forms of the centre', () => {
  const { app } = onBrowserStage();

  test('a queue rings for longer: told, published, and only that line is another', async () => {
    const page = await app.person('admin', '/admin/centre/queues', ENGLISH);
    await page.getByRole('heading', { name: 'support' }).waitFor();
    const before = await textInForce(page);
    const ring = page.getByLabel('Ring time');
    const old = await ring.inputValue();
    await ring.fill('33s');
    await page.keyboard.press('Enter');
    await page.getByText(/^Queue support: ring time, from “.+” to “33 s”\.$/).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'centre-queues');
    await published(page);
    const after = await textInForce(page);
    const [then, now] = [before.split('\n'), after.split('\n')];
    expect(now.filter((line, index) => line !== then[index]).map((line) => line.trim())).toEqual(['ring: 33s']);
    await ring.fill(old);
    await page.keyboard.press('Enter');
    await published(page);
    expect(await textInForce(page)).toBe(before);
  });

  test('a mistake is told at its place and cannot be published; dropped, it is gone', async () => {
    const page = await app.person('admin', '/admin/centre/queues');
    await page.getByLabel('Tiempo de timbre').fill('20 zanahorias');
    await page.keyboard.press('Tab');
    await page
      .getByRole('alert')
      .getByText(/^\d+:\d+: /)
      .waitFor();
    // And beside the field that has it.
    await page.getByText(/^\S20 zanahorias\S no es una duración/).waitFor();
    expect(await page.getByRole('button', { name: 'Publicar…' }).isDisabled()).toBe(true);
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Descartar los cambios' }).click();
    await page.getByText('No hay cambios sin publicar.').waitFor();
    expect(await page.getByLabel('Tiempo de timbre').inputValue()).not.toContain('zanahorias');
  });

  test('an agent learns a skill: who serves which queue is told', async () => {
    const page = await app.person('admin', '/admin/centre/agents', ENGLISH);
    await page.getByRole('button', { name: /^ana/ }).click();
    const skills = page.getByRole('group', { name: /^Skills/ });
    await skills.getByRole('button', { name: 'Add another line' }).click();
    // Of what the others know the first thing that this one does not.
    expect(await skills.getByLabel('Name').last().inputValue()).not.toBe('');
    await skills.getByLabel('Name').last().fill('sales');
    await page.keyboard.press('Enter');
    await page.getByText('ana will serve the queue sales too.').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'centre-agents');
  });

  test('a new number is made and leads to a queue', async () => {
    const page = await app.person('admin', '/admin/centre/numbers', ENGLISH);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).waitFor();
    await page.getByLabel('New name').fill('1999');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '1999' }).waitFor();
    await page.getByLabel('What answers').selectOption('queue');
    await page.getByLabel('Which').selectOption('sales');
    await page.getByText('Number 1999 is new.').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'centre-numbers');
  });

  test('opening hours are changed line by line', async () => {
    const page = await app.person('admin', '/admin/centre/hours', ENGLISH);
    await page.getByRole('heading', { name: 'office' }).waitFor();
    await page.getByRole('group', { name: 'Open' }).getByLabel(/^To/).first().fill('20:00');
    await page.keyboard.press('Enter');
    await page.getByText(/^Hours office: open, from /).waitFor();
    expect(await accessFaults(page)).toEqual([]);
  });

  test('hours get another name everywhere: where they are named is shown first, and nothing else is written', async () => {
    const page = await app.person('admin', '/admin/centre/hours', ENGLISH);
    const text = async (name: string) => (await page.request.get(`/api/flows/${name}`)).text();
    const before = [await text('centre'), await text('main')];
    const rename = async (from: string, to: string): Promise<void> => {
      await page.getByRole('button', { name: `Rename ${from}` }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('New name').fill('Late Hours');
      await dialog.getByRole('alert').waitFor();
      await dialog.getByLabel('New name').fill(to);
      await dialog.getByText(/^Written in centre\.yaml, main\.yaml/).waitFor();
      await dialog.getByText(/^main\.yaml:\d+:\d+$/).waitFor();
      expect(await accessFaults(page)).toEqual([]);
      await picture(page, 'centre-rename');
      await dialog.getByRole('button', { name: 'Rename and publish' }).click();
      await page.getByRole('heading', { name: to, exact: true }).waitFor();
    };
    await rename('office', 'desk-hours');
    expect(await text('main')).toBe(before[1]?.replaceAll('hours: office', 'hours: desk-hours'));
    await rename('desk-hours', 'office');
    expect([await text('centre'), await text('main')]).toEqual(before);
    // The browser tells of the name that was refused.
    await expect(app.leave()).rejects.toThrow('400');
  });

  test('an agent gets another name everywhere, not at work: the same password, and everybody finds them under it', async () => {
    const page = await app.person('admin', '/admin/centre/agents', ENGLISH);
    const api = page.request;
    const before = await textInForce(page);
    const { origin } = new URL(page.url());
    const setState = async (agent: string, data: object): Promise<void> => {
      expect((await api.post(`/api/agents/${agent}/state`, { data, headers: { origin } })).ok()).toBe(true);
    };
    await setState('carla', { state: 'break', reason: 'lunch' });
    await page.getByRole('button', { name: /^carla/ }).click();
    await page.getByRole('button', { name: 'Rename carla' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('New name').fill('carla-s');
    await dialog.getByRole('alert').getByText('carla is at work now.').waitFor();
    await setState('carla', { state: 'offline' });
    await dialog.getByLabel('New name').fill('carla-santos');
    await dialog
      .getByText(/^centre\.yaml:\d+:\d+$/)
      .first()
      .waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'centre-rename-agent');
    await dialog.getByRole('button', { name: 'Rename and publish' }).click();
    await page.getByRole('heading', { name: 'carla-santos', exact: true }).waitFor();
    const after = await textInForce(page);
    expect(after).toContain('to: { agent: carla-santos }');
    expect(after).not.toMatch(/agent: carla\b(?!-santos)/);
    // Without a page, whose telephone would bring her to work.
    const body = JSON.stringify({ user: 'carla-santos', password: PASSWORD });
    const signIn = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    expect((await fetch(`${origin}/api/sign-in`, signIn)).status).toBe(200);
    const { agents } = await (await api.get('/api/agents')).json();
    expect(agents).toContainEqual(expect.objectContaining({ id: 'carla-santos', state: 'offline' }));
    // As it was found: without the former name.
    await page.getByRole('button', { name: 'Rename carla-santos' }).click();
    await dialog.getByLabel('New name').fill('carla');
    await dialog.getByRole('button', { name: 'Rename and publish' }).click();
    await page.getByRole('heading', { name: 'carla', exact: true }).waitFor();
    const put = { data: before, headers: { origin, 'content-type': 'text/yaml' } };
    expect((await api.put('/api/flows/centre', put)).ok()).toBe(true);
    // The browser tells of what was refused.
    await expect(app.leave()).rejects.toThrow('409');
  });

  test('the holidays of a region are listed for the year ahead, and close the office', async () => {
    const page = await app.person('admin', '/admin/centre/hours', ENGLISH);
    await page.getByRole('heading', { name: 'office' }).waitFor();
    await page.getByLabel('Country of the holidays').selectOption('DE');
    await page.getByLabel('Region').selectOption('BY');
    const year = page.getByRole('table', { name: 'The next twelve months' });
    await year.getByRole('row', { name: / 6 January \d{4} Epiphany closed/ }).waitFor();
    await page.getByText(/^Hours office: public holidays, from /).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'centre-hours');
  });

  test('a team is made of agents; a queue asks it later; whom it touches is told', async () => {
    const page = await app.person('admin', '/admin/centre/teams', ENGLISH);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByLabel('New name').fill('late');
    await page.getByLabel('First agent').selectOption('ana');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'late' }).waitFor();
    await page.getByText('Agent ana: team, from “—” to “late”.').waitFor();
    await page.getByLabel('support', { exact: true }).fill('15s');
    await page.keyboard.press('Enter');
    await page.getByText(/^Queue support: teams that come in later, from “—” to “late 15/).waitFor();
    await page.getByText(/^Queues: support/).waitFor();
    await page.getByText(/^Agents: .*\bana\b/).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'centre-teams');
  });

  test('what may be dialled: a wrong prefix is told at its field, a right one in a sentence', async () => {
    const page = await app.person('admin', '/admin/centre/outbound', { ...ENGLISH, viewport: NARROW });
    const allowed = page.getByLabel('Prefixes that are allowed');
    const before = await allowed.inputValue();
    await allowed.fill(`${before}\nfrance`);
    await page.keyboard.press('Tab');
    await page.getByText('a prefix is digits, with + for other countries', { exact: true }).waitFor();
    await allowed.fill(`${before}\n+33`);
    await page.keyboard.press('Tab');
    await page.getByText(/^What may be dialled: prefixes that are allowed, from “.+” to “.+\+33”\.$/).waitFor();
    await page.getByText(/^It counts for every call that goes out from then on/).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Drop the changes' }).click();
  });

  test('a device is given to another agent; the codes of a queue are copied', async () => {
    const page = await app.person('admin', '/admin/centre/devices', ENGLISH);
    await page.getByLabel('Agent (2)').selectOption('bruno');
    await page.getByText(/^Agent bruno: where the agent answers, best first, from /).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Dispositions' }).click();
    await page.getByRole('button', { name: /^sales/ }).click();
    const codes = page.getByRole('group', { name: 'Codes', exact: true });
    await codes.getByRole('button', { name: 'Add another line' }).click();
    await codes.getByLabel('Title (es)').fill('Nuevo');
    await page.keyboard.press('Tab');
    await codes.getByLabel('Title (en)').fill('New');
    await page.keyboard.press('Tab');
    await page.getByText(/^Queue sales: codes of the conversation, from “—” to /).waitFor();
    expect(await accessFaults(page)).toEqual([]);
  });

  test('each part has its form, in both languages, without a fault', async () => {
    const page = await app.person('admin', '/admin/centre/general');
    for (const part of ['Canales', 'Recuperación', 'Límites y presupuestos', 'Textos', 'Pausas', 'Habilidades']) {
      await page.getByRole('link', { name: part, exact: true }).click();
      await page.locator('[aria-current=page]', { hasText: part }).waitFor();
      expect(await accessFaults(page), part).toEqual([]);
    }
    await page.getByRole('link', { name: 'Canales' }).click();
    await page.getByText('WHATSAPP_TOKEN').waitFor();
  });

  test('a test message: what the provider says to it, and that a channel is not set up', async () => {
    const page = await app.person('admin', '/admin/centre/general', { expected: /status of 404/ });
    // No provider here: the page is told that there is one, Hilo itself knows better.
    await page.route('**/api/channels/accounts', (route) =>
      route.fulfill({ json: { accounts: [{ channel: 'sms', inUse: true, settings: [] }] } }),
    );
    await page.getByRole('link', { name: 'Canales' }).click();
    await page.getByLabel('Su número').fill('600 123 123');
    const send = page.getByRole('button', { name: 'Enviar un mensaje de prueba' });
    await send.click();
    await page.getByRole('alert').getByText('Este canal no está configurado.').waitFor();
    const tried = { number: '+34600123123', providerId: 'abc-1' };
    await page.route('**/api/channels/sms/trials', (route) => route.fulfill({ json: tried }));
    await send.click();
    await page.getByText('El proveedor lo ha aceptado para +34600123123 (abc-1).', { exact: false }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await accessFaults(page)).toEqual([]);
  });

  test('an agent is not let in', async () => {
    const page = await app.person('ana', '/admin/centre/queues');
    await page.waitForURL('**/');
  });
});

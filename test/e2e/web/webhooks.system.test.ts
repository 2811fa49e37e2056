// Webhooks as an administrator makes them in a browser; what is to be told arrives although Hilo is killed meanwhile.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { changeCentre } from '../../support/hilo/centre.js';
import { Scene } from '../../support/hilo/scene.js';
import { type Hilo, startHilo } from '../../support/hilo/server.js';
import { eventually } from '../../support/servers.js';

interface Told {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What follows a call-back that is asked for. */
const ASKED = 4;

let hilo: Hilo;
let receiver: Server;
/** What arrived, whatever it was answered. */
const told: Told[] = [];
/** 0: there is no answer. */
let status = 204;

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    told.push(JSON.parse(body));
    if (status > 0) response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  hilo = await startHilo({ HILO_RTP_PORTS: '29000-29999' });
  await changeCentre(hilo.flowsFolder, (centre) => {
    centre.setIn(['http', 'hosts'], [{ host: `127.0.0.1:${port()}`, insecure: true, private: true }]);
  });
  const { api } = new Scene(hilo);
  await eventually('the host is in force', async () => (await api.flow('centre')).includes(String(port())));
});
afterAll(async () => {
  receiver?.closeAllConnections();
  receiver?.close();
  await hilo?.close();
});

const port = (): number => (receiver.address() as AddressInfo).port;
const address = (): string => `http://127.0.0.1:${port()}/hilo`;

describeInBrowser('the page of webhooks', () => {
  const { app } = onBrowserStage();

  test('made, tried, failing, sent again, removed', async () => {
    const page = await app.person('admin', '/admin/webhooks', { at: hilo.http, language: 'en-GB' });
    await page.getByRole('button', { name: 'New webhook' }).click();
    await page.getByLabel('Name').fill('CRM');
    await page.getByLabel('Address').fill(address());
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
    expect(told.map(({ type }) => type)).toEqual(['test']);

    status = 503;
    await page.getByRole('button', { name: 'Test CRM' }).click();
    await log.getByRole('row', { name: /Test To deliver 1 503/ }).waitFor();
    await page.getByText('The last attempt has failed.').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'webhooks');
    status = 204;
    await log.getByRole('button', { name: 'Send again: delivery 2' }).click();
    await expect
      .poll(() => log.getByRole('row', { name: /Test Delivered 1 204/ }).count(), { timeout: 15_000 })
      .toBe(2);
    // The same event, however often it is sent.
    expect(new Set(told.slice(1).map(({ id }) => id)).size).toBe(1);

    await page.getByRole('button', { name: 'Remove CRM' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Yes, go on' }).click();
    await page.getByText('There is none yet.').waitFor();
  });

  test('a host that the centre does not name is refused at its field', async () => {
    const page = await app.person('admin', '/admin/webhooks', { at: hilo.http, viewport: { width: 390, height: 844 } });
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

test('Hilo is killed while it tells: after its return each event arrives', async () => {
  const { api } = new Scene(hilo);
  const events = ['interaction-opened', 'callback-requested'];
  await api.post('/api/webhooks', { title: 'reports', url: address(), events });
  told.length = 0;
  status = 0;
  const numbers = Array.from({ length: ASKED }, (_, index) => `+3460077700${index}`);
  for (const number of numbers) await api.post('/api/callbacks', { number, queue: 'support' });
  await eventually('it is being told', () => told.length > 0);
  process.kill(hilo.pid, 'SIGKILL');
  await hilo.ended();
  status = 204;
  told.length = 0;
  await hilo.start();
  const promised = () =>
    new Set(told.filter(({ type }) => type === 'callback-requested').map(({ data }) => data['number']));
  await eventually('each promise is told', () => promised().size === ASKED, 60_000);
  expect([...promised()].toSorted()).toEqual(numbers);
  await eventually(
    'each matter is told',
    () => new Set(told.filter(({ type }) => type === 'interaction-opened').map(({ id }) => id)).size === ASKED,
    30_000,
  );
});

// What webhooks are to be told arrives although Hilo is killed meanwhile.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Api } from '../../support/hilo/api.js';
import { Receiver } from '../../support/hilo/receiver.js';
import { type Hilo, startHilo } from '../../support/hilo/server.js';
import { eventually } from '../../support/servers.js';

/** What follows a call-back that is asked for. */
const ASKED = 4;

let hilo: Hilo;
let receiver: Receiver;
beforeAll(async () => {
  hilo = await startHilo({ HILO_RTP_PORTS: '23000-25999' });
  receiver = await Receiver.open(hilo);
});
afterAll(async () => {
  await receiver?.close();
  await hilo?.close();
});

test('Hilo is killed while it tells: after its return each event arrives', async () => {
  const api = new Api(hilo.http);
  const events = ['interaction-opened', 'callback-requested'];
  await api.post('/api/webhooks', { title: 'reports', url: receiver.address, events });
  receiver.told.length = 0;
  receiver.status = 0;
  const numbers = Array.from({ length: ASKED }, (_, index) => `+3460077700${index}`);
  for (const number of numbers) await api.post('/api/callbacks', { number, queue: 'support' });
  await eventually('it is being told', () => receiver.told.length > 0);
  process.kill(hilo.pid, 'SIGKILL');
  await hilo.ended();
  receiver.status = 204;
  receiver.told.length = 0;
  await hilo.start();
  const promised = () =>
    new Set(receiver.told.filter(({ type }) => type === 'callback-requested').map(({ data }) => data['number']));
  await eventually('each promise is told', () => promised().size === ASKED, 60_000);
  expect([...promised()].toSorted()).toEqual(numbers);
  await eventually(
    'each matter is told',
    () => new Set(receiver.told.filter(({ type }) => type === 'interaction-opened').map(({ id }) => id)).size === ASKED,
    30_000,
  );
});

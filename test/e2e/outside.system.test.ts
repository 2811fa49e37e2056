// A flow that asks another system in a real call: the filler is heard while it thinks, its answer decides, the record tells it.
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { changeCentre, TONES } from '../support/hilo/centre.js';
import { hears } from '../support/hilo/scene.js';
import { onStage } from '../support/hilo/stage.js';
import { eventually } from '../support/servers.js';

const { flowsFolder } = inject('hilo');
const FILES = ['centre.yaml', 'main.yaml'].map((file) => join(flowsFolder, file));

const flow = (port: number): string => `version: 1
name: main
languages: [es, en]
start: known
variables: { name: '', vip: false }
steps:
  known: { do: customer, next: asked, otherwise: refused }
  asked:
    do: http
    method: POST
    url: 'http://127.0.0.1:${port}/customers/{{ call.from }}'
    body: { name: { cel: customer.name }, vip: { cel: '"vip" in customer.tags' } }
    take: { vip: /customer/vip }
    time-out: 20s
    meanwhile: { music: moh }
    next: decided
    failed: refused
  decided:
    do: branch
    cases: [{ when: vip, next: greeted }]
    otherwise: refused
  greeted: { do: play, play: voicemail-greeting, next: served }
  refused: { do: play, play: regret, next: served }
  served: { do: hangup }
`;

const scene = onStage();
let good: string[];
let server: Server;
let answer: ((response: { vip: boolean }) => void) | undefined;
const asked: string[] = [];

beforeEach(async () => {
  good = await Promise.all(FILES.map((file) => readFile(file, 'utf8')));
  server = createServer((request, response: ServerResponse) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      asked.push(`${request.method} ${decodeURIComponent(request.url ?? '')} ${body}`);
      answer = (customer) => response.end(JSON.stringify({ customer }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await scene.close();
  for (const [index, file] of FILES.entries()) await writeFile(file, good[index] ?? '');
  await eventually('the old flow is in force', async () => (await scene.api.flow('main')) === good[1]);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('music while another system thinks, then what it decides', async () => {
  const { port } = server.address() as AddressInfo;
  await changeCentre(flowsFolder, (centre) => {
    centre.setIn(['http'], { hosts: [{ host: `127.0.0.1:${port}`, private: true }] });
  });
  await writeFile(FILES[1] ?? '', flow(port));
  await eventually('the flow is in force', async () => (await scene.api.flow('main')) === flow(port));
  const { phone, number } = await scene.customer();
  const first = await phone.invite('1000');
  await hears(first, TONES.regret);
  first.bye();
  await eventually('the first call is told', async () =>
    (await scene.matters.of(number)).some((one) => one.has('call-ended')),
  );

  await scene.api.patch('/api/contacts', { number, name: 'Eva', tags: ['vip'] });
  const call = await phone.invite('1000');
  await hears(call, TONES.music);
  expect(asked).toEqual([`POST /customers/${number} {"name":"Eva","vip":true}`]);
  answer?.({ vip: true });
  await hears(call, TONES['voicemail-greeting']);
  await eventually('the flow hangs up', () => call.byeReceived.happened);
  const matter = (await scene.matters.of(number)).at(-1);
  expect(matter?.last('web-asked')).toMatchObject({ host: `127.0.0.1:${port}`, outcome: '2xx', tries: 1 });
});

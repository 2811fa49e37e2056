// Tools that read from a running Hilo: a server that is busy for a moment does not end them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunningHilo } from '../../src/sim/running-hilo.js';

let folder: string;
let server: Server;
let refusals: number;
let asked: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hilo-tools-'));
  writeFileSync(join(folder, 'credentials.json'), JSON.stringify({ devices: {}, users: { admin: 'secret' } }));
  refusals = 0;
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'application/json');
    if (request.url === '/api/sign-in') response.end(JSON.stringify({ token: 'good' }));
    else if (refusals-- > 0) response.writeHead(503).end('{"code":"store-unavailable"}');
    else response.end(JSON.stringify({ id: 'i1', events: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server?.close();
  rmSync(folder, { recursive: true });
});

async function open(): Promise<RunningHilo> {
  const { port } = server.address() as AddressInfo;
  return RunningHilo.open({ http: `http://127.0.0.1:${port}`, dataFolder: folder, language: 'en' });
}

test('what only reads is asked again', async () => {
  const hilo = await open();
  refusals = 2;
  expect(await hilo.eventsOf('i1')).toEqual([]);
  expect(asked.filter((one) => one.startsWith('GET'))).toHaveLength(3);
});

test('not for ever', async () => {
  const hilo = await open();
  refusals = 100;
  await expect(hilo.eventsOf('i1')).rejects.toThrow('503');
});

test('what changes something is asked once', async () => {
  const hilo = await open();
  refusals = 1;
  await expect(hilo.write('+34600000000', '1')).rejects.toThrow('503');
  expect(asked.filter((one) => one.startsWith('POST /api/sandbox'))).toHaveLength(1);
});

test('nobody there: a sentence that says what to do', async () => {
  const hilo = await open();
  await new Promise((resolve) => server.close(resolve).closeAllConnections());
  await expect(hilo.eventsOf('i1')).rejects.toThrow('is it running? (npm start)');
});

// Webhooks against real servers: the signature as the documentation checks it, no redirects, no addresses behind us, bounds of time.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { HttpWebhookSender } from '../../../src/channels/web/webhook-sender.js';
import { WEBHOOK_EVENTS } from '../../../src/core/interaction/outward/webhook-event.js';
import { FakeClock, systemClock } from '../../../src/lib/clock.js';
import { freePort } from '../../../src/lib/free-port.js';

const DOCS = readFileSync('docs/webhooks.md', 'utf8');
const SECRET = `whsec_${Buffer.from('a key of thirty-two bytes, or so.').toString('base64')}`;
const LIMITS = { timeOutMs: 20_000, signal: new AbortController().signal };
const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  });
  return (server.address() as AddressInfo).port;
}

function sender(clock = systemClock): HttpWebhookSender {
  const made = new HttpWebhookSender(clock);
  opened.push(made);
  return made;
}

const due = (port: number, host = '127.0.0.1') => ({
  ...{ url: `http://${host}:${port}/hilo`, secret: SECRET, event: 'i1.7', body: '{"id":"i1.7","text":"¿qué?"}' },
});
const host = (port: number, isPrivate = true) => ({ host: '127.0.0.1', port, insecure: true, private: isPrivate });

/** The example of the documentation, as a reader would take it. */
async function isFromHilo(): Promise<(secret: string, headers: object, body: string, nowSeconds?: number) => boolean> {
  const example = /```js\n([\s\S]+?)```/.exec(DOCS)?.[1] ?? '';
  const module = await import(`data:text/javascript,${encodeURIComponent(example)}`);
  return module.isFromHilo;
}

test('the example of the documentation takes what is ours, and nothing else', async () => {
  const check = await isFromHilo();
  const got: { headers: IncomingMessage['headers']; body: string }[] = [];
  const port = await serve(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    got.push({ headers: request.headers, body });
    response.writeHead(204).end();
  });
  expect(await sender().send(due(port), host(port), LIMITS)).toEqual({ outcome: 'answered', status: 204 });
  const { headers, body } = got[0] ?? expect.fail('nothing arrived');
  expect(headers['content-type']).toBe('application/json');
  expect(body).toBe(due(port).body);
  expect(check(SECRET, headers, body)).toBe(true);
  expect(check(`whsec_${Buffer.from('another').toString('base64')}`, headers, body)).toBe(false);
  expect(check(SECRET, headers, `${body} `)).toBe(false);
  expect(check(SECRET, { ...headers, 'webhook-id': 'i1.8' }, body)).toBe(false);
  expect(check(SECRET, headers, body, Number(headers['webhook-timestamp']) + 301)).toBe(false);
});

test('a redirect is not followed, an error is an answer', async () => {
  const asked: string[] = [];
  const port = await serve((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(asked.length === 1 ? 307 : 500, { location: '/elsewhere' }).end('x'.repeat(100_000));
  });
  expect(await sender().send(due(port), host(port), LIMITS)).toEqual({ outcome: 'failed', reason: 'redirected' });
  expect(await sender().send(due(port), host(port), LIMITS)).toEqual({ outcome: 'answered', status: 500 });
  expect(asked).toEqual(['/hilo', '/hilo']);
});

test('who does not answer in time has failed', async () => {
  const clock = new FakeClock(0);
  let arrived = false;
  const port = await serve(() => {
    arrived = true;
  });
  const sending = sender(clock).send(due(port), host(port), LIMITS);
  await expect.poll(() => arrived, { timeout: 15_000 }).toBe(true);
  clock.advance(LIMITS.timeOutMs);
  expect(await sending).toEqual({ outcome: 'failed', reason: 'time-out' });
});

test('an address behind us gets nothing unless the centre says so; where nobody listens is told', async () => {
  let asked = 0;
  const port = await serve((_, response) => {
    asked += 1;
    response.end();
  });
  expect(await sender().send(due(port), host(port, false), LIMITS)).toMatchObject({ reason: 'private-address' });
  expect(await sender().send(due(port, 'localhost'), host(port, false), LIMITS)).toMatchObject({
    reason: 'private-address',
  });
  expect(asked).toBe(0);
  const nobody = await freePort();
  expect(await sender().send(due(nobody), host(nobody), LIMITS)).toMatchObject({ reason: 'unreachable' });
});

test('the documentation names each event with its data', () => {
  for (const [type, keys] of Object.entries(WEBHOOK_EVENTS)) {
    const row = DOCS.split('\n').find((line) => line.startsWith(`| \`${type}\``)) ?? expect.fail(`no row of ${type}`);
    const named = [...(row.split('|')[2] ?? '').replace(/\(.+\)/, '').matchAll(/`(\w+)`/g)].map(([, key]) => key);
    expect(named, type).toEqual([...keys]);
  }
});

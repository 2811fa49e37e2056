// Requests of flows against real servers: bounds of time and size, no redirects, no addresses behind us, secrets put in.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, test } from 'vitest';
import { HttpClient, MAX_ANSWER_BYTES } from '../../../src/channels/web/http-client.js';
import { isPublic } from '../../../src/channels/web/public-address.js';
import type { WebRequest } from '../../../src/core/ivr/outside/web-request.js';
import { Secret } from '../../../src/core/ivr/variable/secret.js';
import { systemClock } from '../../../src/lib/clock.js';
import { freePort } from '../../../src/lib/free-port.js';
import { silentLog } from '../../../src/lib/log.js';

const opened: { close(): unknown }[] = [];
const NEVER = new AbortController().signal;
const PATIENT = { timeOutMs: 20_000, signal: NEVER };

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

function client(secrets: Record<string, string> = {}): HttpClient {
  const made = new HttpClient({ secrets: new Map(Object.entries(secrets)), clock: systemClock, log: silentLog });
  opened.push(made);
  return made;
}

function to(port: number, host = '127.0.0.1', isPrivate = true) {
  return { host, port, insecure: true, private: isPrivate };
}

function get(port: number, change: Partial<WebRequest> = {}): WebRequest {
  return { method: 'GET', url: `http://127.0.0.1:${port}/x`, headers: [], ...change };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

describe('what is sent and what comes back', () => {
  test('method, headers, body with a secret, and the JSON of the answer', async () => {
    const port = await serve((request, response) => {
      void textOf(request).then((body) => {
        const { method, headers } = request;
        const { authorization, accept } = headers;
        const type = headers['content-type'];
        response.writeHead(201).end(JSON.stringify({ method, authorization, accept, type, body }));
      });
    });
    const asked = get(port, {
      method: 'POST',
      headers: [{ name: 'authorization', secret: 'CRM', before: 'Bearer ' }],
      body: new Secret('{"pin":"1234"}'),
    });
    expect(await client({ CRM: 's3cret' }).send(asked, to(port), PATIENT)).toEqual({
      outcome: 'answered',
      status: 201,
      body: {
        method: 'POST',
        authorization: 'Bearer s3cret',
        accept: 'application/json',
        type: 'application/json',
        body: '{"pin":"1234"}',
      },
    });
  });

  test('a secret that the environment lacks: nobody is asked', async () => {
    let asked = 0;
    const port = await serve((_, response) => {
      asked += 1;
      response.end('{}');
    });
    const headers = [{ name: 'authorization', secret: 'CRM', before: '' }];
    expect(await client().send(get(port, { headers }), to(port), PATIENT)).toEqual({
      outcome: 'failed',
      reason: 'no-secret',
    });
    expect(asked).toBe(0);
  });

  test('nothing, and errors that are no JSON, have a status', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/empty') response.writeHead(204).end();
      else response.writeHead(502).end('<html>bad gateway');
    });
    const web = client();
    const empty = get(port, { url: `http://127.0.0.1:${port}/empty` });
    expect(await web.send(empty, to(port), PATIENT)).toEqual({ outcome: 'answered', status: 204, body: undefined });
    expect(await web.send(get(port), to(port), PATIENT)).toEqual({ outcome: 'answered', status: 502, body: undefined });
  });

  test('a success that is no JSON is none', async () => {
    const port = await serve((_, response) => response.end('hello'));
    expect(await client().send(get(port), to(port), PATIENT)).toEqual({ outcome: 'failed', reason: 'not-json' });
  });
});

describe('bounds', () => {
  test('an answer beyond the size is given up', async () => {
    const port = await serve((_, response) => response.end(JSON.stringify('x'.repeat(MAX_ANSWER_BYTES))));
    expect(await client().send(get(port), to(port), PATIENT)).toEqual({ outcome: 'failed', reason: 'too-large' });
  });

  test('an answer that never ends, and one that never begins, are given up', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/drip') response.writeHead(200).write('[');
    });
    const limits = { timeOutMs: 150, signal: NEVER };
    const web = client();
    const drip = get(port, { url: `http://127.0.0.1:${port}/drip` });
    expect(await web.send(get(port), to(port), limits)).toEqual({ outcome: 'failed', reason: 'time-out' });
    expect(await web.send(drip, to(port), limits)).toEqual({ outcome: 'failed', reason: 'time-out' });
  });

  test('who hangs up does not wait for the answer', async () => {
    const gone = new AbortController();
    const port = await serve(() => gone.abort());
    const result = await client().send(get(port), to(port), { timeOutMs: 60_000, signal: gone.signal });
    expect(result.outcome).toBe('failed');
  });

  test('nobody listens there', async () => {
    const port = await freePort();
    expect(await client().send(get(port), to(port), PATIENT)).toEqual({ outcome: 'failed', reason: 'unreachable' });
  });
});

test('a server whose certificate nobody vouches for gets nothing', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
  let asked = 0;
  const server = createTlsServer({ key, cert }, (_, response) => {
    asked += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  const { port } = server.address() as AddressInfo;
  const request = get(port, { url: `https://localhost:${port}/` });
  expect(await client().send(request, to(port, 'localhost'), PATIENT)).toEqual({
    outcome: 'failed',
    reason: 'unreachable',
  });
  expect(asked).toBe(0);
});

describe('where a request may end', () => {
  test('a redirect is not followed', async () => {
    let inside = 0;
    const secret = await serve((_, response) => {
      inside += 1;
      response.end('{"secret":1}');
    });
    const port = await serve((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${secret}/` }).end(),
    );
    expect(await client().send(get(port), to(port), PATIENT)).toEqual({ outcome: 'failed', reason: 'redirected' });
    expect(inside).toBe(0);
  });

  test.each(['localhost', '127.0.0.1'])('%s is not asked unless the centre says that it is private', async (host) => {
    let asked = 0;
    const port = await serve((_, response) => {
      asked += 1;
      response.end('{}');
    });
    const request = get(port, { url: `http://${host}:${port}/` });
    const web = client();
    expect(await web.send(request, to(port, host, false), PATIENT)).toEqual({
      outcome: 'failed',
      reason: 'private-address',
    });
    expect(asked).toBe(0);
    expect(await web.send(request, to(port, host, true), PATIENT)).toMatchObject({ outcome: 'answered' });
  });

  test.each([
    '10.0.0.1',
    '100.64.0.1',
    '127.1.2.3',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '0.0.0.0',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'fd00::1',
    'fe80::1',
    'ff02::1',
    'not an address',
  ])('%s is not public', (address) => {
    expect(isPublic(address)).toBe(false);
  });

  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '::ffff:8.8.8.8', '2606:4700::1111'])(
    '%s is public',
    (address) => {
      expect(isPublic(address)).toBe(true);
    },
  );
});

// Refusals: each one is the same kind of document with a stable code, and none says more than it should.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HiloError } from '../../src/app/errors.js';
import { type ApiScene, type AskOptions, openApiScene } from '../support/api-scene.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const SECRET = 'password=hunter2 at /srv/hilo/store.ts:12';

let scene: ApiScene;
beforeAll(async () => {
  scene = await openApiScene({
    change: (options) => ({
      ...options,
      records: {
        find: async () => {
          throw new HiloError('store-unavailable', 'PostgreSQL does not answer');
        },
        read: async () => {
          throw new TypeError(SECRET);
        },
      },
    }),
  });
});
afterAll(() => scene?.close());

type Case = readonly [
  title: string,
  'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  AskOptions,
  status: number,
  code: string,
];
const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;

const CASES: readonly Case[] = [
  ['an address that is none', 'GET', '/api/nothing', {}, 404, 'not-found'],
  ['another method', 'DELETE', '/api/agents', {}, 405, 'method-not-allowed'],
  ['another method on an address with a name in it', 'PUT', '/api/agents/ana/state', {}, 405, 'method-not-allowed'],
  ['a broken escape in the address', 'GET', '/api/agents/%zz/state', {}, 400, 'invalid-input'],
  ['a name that is none', 'GET', '/api/agents/..%2f..%2fetc/state', { as: 'ana' }, 400, 'invalid-input'],
  ['an agent who is none', 'GET', '/api/agents/zoe/state', { as: 'ana' }, 404, 'not-found'],
  ['no JSON', 'POST', '/api/sign-in', { body: '{"user":', headers: JSON_TYPE }, 400, 'invalid-input'],
  ['no body', 'POST', '/api/sign-in', { headers: JSON_TYPE }, 400, 'invalid-input'],
  ['JSON of another shape', 'POST', '/api/sign-in', { body: '[1]', headers: JSON_TYPE }, 400, 'invalid-input'],
  ['very deep JSON', 'POST', '/api/sign-in', { body: deep, headers: JSON_TYPE }, 400, 'invalid-input'],
  [
    'JSON that wants to be a prototype',
    'POST',
    '/api/sign-in',
    { body: '{"user":"ana","password":"x","__proto__":{"role":"admin"}}', headers: JSON_TYPE },
    400,
    'invalid-input',
  ],
  [
    'members that nobody asked for',
    'POST',
    '/api/sign-in',
    { body: { user: 'a', password: 'b', c: 1 } },
    400,
    'invalid-input',
  ],
  [
    'a form',
    'POST',
    '/api/sign-in',
    { body: 'user=ana', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'unsupported-media-type',
  ],
  [
    'a body that is too large',
    'POST',
    '/api/sign-in',
    { body: { user: 'a'.repeat(65_536), password: 'b' } },
    413,
    'too-large',
  ],
  [
    'a flow that is too large',
    'PUT',
    '/api/flows/main',
    { as: 'admin', body: 'a'.repeat(262_145), headers: { 'content-type': 'text/yaml' } },
    413,
    'too-large',
  ],
  ['a flow as JSON', 'PUT', '/api/flows/main', { as: 'admin', body: {} }, 415, 'unsupported-media-type'],
  ['a limit that is none', 'GET', '/api/interactions?limit=many', { as: 'admin' }, 400, 'invalid-input'],
  ['a limit that is too large', 'GET', '/api/interactions?limit=201', { as: 'admin' }, 400, 'invalid-input'],
  [
    'the same question twice',
    'GET',
    '/api/interactions?state=idle&state=closed',
    { as: 'admin' },
    400,
    'invalid-input',
  ],
  ['a question nobody knows', 'GET', '/api/interactions?colour=red', { as: 'admin' }, 400, 'invalid-input'],
  ['a time that is none', 'GET', '/api/interactions?from=yesterday', { as: 'admin' }, 400, 'invalid-input'],
  ['a database that is away', 'GET', '/api/interactions', { as: 'admin' }, 503, 'store-unavailable'],
  ['a fault of ours', 'GET', '/api/interactions/i1', { as: 'admin' }, 500, 'internal-error'],
];

test.each(CASES)('%s', async (_title, method, url, options, status, code) => {
  const response = await scene.ask(method, url, options);
  expect(response.statusCode).toBe(status);
  expect(response.headers['content-type']).toBe('application/problem+json');
  const { type, title, detail, instance, ...rest } = response.json();
  expect(rest).toEqual({ status, code });
  expect(type).toBe(`urn:hilo:problem:${code}`);
  expect(title).toMatch(/\S/);
  expect(detail).toMatch(/\S/);
  expect(instance).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
  expect(response.body).not.toMatch(/node_modules|\.ts:|\.js:|hunter2/);
});

test('another method is told which ones are possible', async () => {
  const { headers } = await scene.ask('DELETE', '/api/agents/ana/state');
  expect(headers['allow']).toBe('GET, HEAD, POST');
});

test('what was wrong is told with its place', async () => {
  const body = { state: 'asleep', colour: 'red' };
  const { detail } = (await scene.ask('POST', '/api/agents/ana/state', { as: 'ana', body })).json();
  expect(detail).toMatch(/^body state: .*available.*; body: Unrecognized key: "colour"$/);
});

test('a fault of ours is in the log, under the id that the client was given', async () => {
  const response = await scene.ask('GET', '/api/interactions/i1', { as: 'admin' });
  const id = response.json().instance.replace('urn:uuid:', '');
  const line = scene.log.lines.find(
    ({ level, fields }) => level === 'error' && 'request' in fields && fields.request === id,
  );
  expect(line?.fields).toMatchObject({ err: expect.objectContaining({ message: SECRET }) });
});

test('lines of the log name the route, not what was asked', async () => {
  const body = { state: 'break', reason: 'a private matter' };
  await scene.ask('POST', '/api/agents/ana/state?number=600123456', { as: 'ana', body });
  const text = JSON.stringify(scene.log.lines);
  expect(text).toContain('/api/agents/:id/state');
  expect(text).not.toMatch(/private|600123456/);
});

describe('too many requests', () => {
  test('of one address are refused, those of others are not', async () => {
    const own = await openApiScene({ limits: { requests: 5 } });
    const ask = (from: string) => own.ask('GET', '/docs/json', { from });
    for (let round = 0; round < 5; round += 1) expect((await ask('192.0.2.1')).statusCode).toBe(200);
    const refused = await ask('192.0.2.1');
    expect(refused.statusCode).toBe(429);
    expect(refused.json().code).toBe('too-many-requests');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask('192.0.2.2')).statusCode).toBe(200);
    await own.close();
  });

  test.each(['/api/nothing', '/api/me'])('%s counts as well, also for strangers', async (url) => {
    const own = await openApiScene({ limits: { requests: 5 } });
    const statuses: number[] = [];
    for (let round = 0; round < 7; round += 1) statuses.push((await own.ask('GET', url)).statusCode);
    expect(statuses.slice(0, 5)).not.toContain(429);
    expect(statuses.slice(5)).toEqual([429, 429]);
    await own.close();
  });

  test('health is told as often as somebody asks', async () => {
    const own = await openApiScene({ limits: { requests: 2 } });
    for (let round = 0; round < 5; round += 1) {
      expect((await own.ask('GET', '/health/live')).statusCode).toBe(200);
    }
    await own.close();
  });
});

test('no answer is to be kept, framed or guessed at by a browser', async () => {
  const { headers } = await scene.ask('GET', '/api/me');
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
  });
  expect(headers['content-security-policy']).toMatch(/default-src 'self'/);
  expect(headers['content-security-policy']).not.toMatch(/upgrade-insecure-requests/);
  expect(headers['access-control-allow-origin']).toBeUndefined();
});

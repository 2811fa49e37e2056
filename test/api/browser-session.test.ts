// A browser's session: in a cookie that scripts cannot read, and of no use to pages of others.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiScene, openApiScene, PASSWORD } from '../support/api-scene.js';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene?.close());

async function cookie(user = 'ana'): Promise<string> {
  const response = await scene.ask('POST', '/api/session', { body: { user, password: PASSWORD } });
  expect(response.statusCode).toBe(200);
  return String(response.headers['set-cookie']).split(';')[0] ?? '';
}

test('the token is in the cookie alone, which no script reads and no other site sends', async () => {
  const response = await scene.ask('POST', '/api/session', { body: { user: 'ana', password: PASSWORD } });
  expect(response.json()).toEqual({ expiresAt: expect.any(String), user: { name: 'ana', role: 'agent' } });
  expect(response.headers['set-cookie']).toMatch(
    /^hilo-session=[0-9a-f]{64}; Path=\/; Expires=.*; HttpOnly; SameSite=Strict$/,
  );
});

test('a wrong password: 401, and no cookie', async () => {
  const response = await scene.ask('POST', '/api/session', { body: { user: 'ana', password: 'wrong' } });
  expect(response.statusCode).toBe(401);
  expect(response.headers['set-cookie']).toBeUndefined();
});

test('it is a session like any other, until it is signed out', async () => {
  const headers = { cookie: await cookie() };
  expect((await scene.ask('GET', '/api/me', { headers })).json()).toEqual({ name: 'ana', role: 'agent' });
  const out = await scene.ask('DELETE', '/api/session', {
    headers: { ...headers, host: 'hilo.test', origin: 'http://hilo.test' },
  });
  expect(out.statusCode).toBe(204);
  expect(out.headers['set-cookie']).toMatch(/^hilo-session=; .*Expires=Thu, 01 Jan 1970/);
  expect((await scene.ask('GET', '/api/me', { headers })).statusCode).toBe(401);
});

describe('from a page of somebody else', () => {
  const change = async (headers: Readonly<Record<string, string>>) =>
    scene.ask('POST', '/api/agents/ana/state', {
      headers: { cookie: await cookie(), host: 'hilo.test', ...headers },
      body: { state: 'break', reason: 'lunch' },
    });

  test('our own page may', async () => {
    expect((await change({ origin: 'http://hilo.test' })).statusCode).toBe(200);
  });

  test.each([
    { title: 'another site', headers: { origin: 'http://evil.test' } },
    { title: 'another port of the same host', headers: { origin: 'http://hilo.test:8081' } },
    { title: 'a sandboxed frame', headers: { origin: 'null' } },
    { title: 'nobody says where it comes from', headers: {} },
  ])('$title may not', async ({ headers }) => {
    const response = await change(headers);
    expect(response.statusCode).toBe(403);
    expect(response.json()).toMatchObject({ code: 'not-allowed' });
    expect((await scene.ask('GET', '/api/agents/ana/state', { as: 'ana' })).json().state).not.toBe('break');
  });

  test('a token in the header is nobody else’s: any origin', async () => {
    const response = await scene.ask('POST', '/api/agents/ana/state', {
      as: 'ana',
      headers: { origin: 'http://evil.test' },
      body: { state: 'break', reason: 'lunch' },
    });
    expect(response.statusCode).toBe(200);
  });
});

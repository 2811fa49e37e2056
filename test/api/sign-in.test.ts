// Signing in: the right password, the wrong ones, and whoever tries many.
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiScene, openApiScene, PASSWORD } from '../support/api-scene.js';
import { processorMs } from '../support/processor-time.js';

const TWELVE_HOURS_MS = 12 * 3_600_000;
const HERE = '192.0.2.1';
const ELSEWHERE = '192.0.2.2';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene?.close());

const signIn = (user: string, password: string, from = HERE) =>
  scene.ask('POST', '/api/sign-in', { body: { user, password }, from });

describe('the right password', () => {
  test('gives a token that works', async () => {
    const response = await signIn('ana', PASSWORD);
    expect(response.statusCode).toBe(200);
    const { token, user, expiresAt } = response.json();
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(user).toEqual({ name: 'ana', role: 'agent' });
    expect(Date.parse(expiresAt)).toBe(scene.clock.nowMs() + TWELVE_HOURS_MS);
    const me = await scene.ask('GET', '/api/me', { headers: { authorization: `Bearer ${token}` } });
    expect(me.json()).toEqual({ name: 'ana', role: 'agent' });
    expect(me.headers['cache-control']).toBe('no-store');
  });

  test('lets nobody in who was taken out of the centre, neither by password nor by an old token', async () => {
    const ana = scene.users.users.get('ana');
    if (ana === undefined) throw new Error('ana is a user of the sample');
    scene.users.users.set('zoe', { ...ana, name: 'zoe' });
    expect((await signIn('zoe', PASSWORD)).statusCode).toBe(401);
    await scene.users.saveToken(createHash('sha256').update('old').digest('hex'), 'zoe', scene.clock.nowMs() + 1_000);
    const me = await scene.ask('GET', '/api/me', { headers: { authorization: 'Bearer old' } });
    expect(me.statusCode).toBe(401);
  });

  test('the token is stored as its hash only', async () => {
    const { token } = (await signIn('ana', PASSWORD)).json();
    const hash = createHash('sha256').update(token).digest('hex');
    expect([...scene.users.tokensByHash.keys()]).toEqual([hash]);
  });

  test('the token ends after twelve hours', async () => {
    await scene.token('ana');
    scene.clock.advance(TWELVE_HOURS_MS - 1);
    expect((await scene.ask('GET', '/api/me', { as: 'ana' })).statusCode).toBe(200);
    scene.clock.advance(1);
    expect((await scene.ask('GET', '/api/me', { as: 'ana' })).statusCode).toBe(401);
  });

  test('after signing out the token is worth nothing, and other tokens still are', async () => {
    const { token: other } = (await signIn('ana', PASSWORD)).json();
    expect((await scene.ask('POST', '/api/sign-out', { as: 'ana' })).statusCode).toBe(204);
    expect((await scene.ask('GET', '/api/me', { as: 'ana' })).statusCode).toBe(401);
    const stays = await scene.ask('GET', '/api/me', { headers: { authorization: `Bearer ${other}` } });
    expect(stays.statusCode).toBe(200);
  });
});

describe('a wrong password', () => {
  test('is answered as an unknown user is', async () => {
    const wrong = (await signIn('ana', 'wrong')).json();
    const unknown = (await signIn('nobody', 'wrong')).json();
    expect({ ...wrong, instance: '' }).toEqual({ ...unknown, instance: '' });
    expect(wrong).toMatchObject({ status: 401, code: 'not-signed-in', detail: 'user or password is wrong' });
  });

  test('costs as much as an unknown user does', async () => {
    const own = await openApiScene({ limits: { signInFailures: 100 } });
    const timeOf = (user: string): Promise<number> =>
      processorMs(() => own.ask('POST', '/api/sign-in', { body: { user, password: 'wrong' } }));
    const times: Record<'ana' | 'nobody', number[]> = { ana: [], nobody: [] };
    for (let round = 0; round < 5; round += 1) {
      for (const user of ['ana', 'nobody'] as const) times[user].push(await timeOf(user));
    }
    // Without the hash of nobody's password it is a hundredth.
    expect(Math.min(...times.nobody)).toBeGreaterThan(Math.min(...times.ana) / 3);
    await own.close();
  });

  test('five of them and the user has to wait, even with the right one, until the window is over', async () => {
    for (let round = 0; round < 5; round += 1) expect((await signIn('ana', `${round}`)).statusCode).toBe(401);
    const refused = await signIn('ana', PASSWORD);
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'too-many-requests', detail: expect.stringContaining('600 s') });
    scene.clock.advance(10 * 60_000);
    expect((await signIn('ana', PASSWORD)).statusCode).toBe(200);
  });

  test('many at once are counted one by one', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => (await signIn('ana', `guess ${index}`)).statusCode),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(15);
  });

  test('hinders neither the same user elsewhere nor others here', async () => {
    for (let round = 0; round < 6; round += 1) await signIn('ana', 'wrong');
    expect((await signIn('ana', PASSWORD, ELSEWHERE)).statusCode).toBe(200);
    expect((await signIn('bruno', PASSWORD)).statusCode).toBe(200);
  });

  test('slips before the right one are forgotten', async () => {
    for (let round = 0; round < 4; round += 1) await signIn('ana', 'wrong');
    expect((await signIn('ana', PASSWORD)).statusCode).toBe(200);
    for (let round = 0; round < 4; round += 1) await signIn('ana', 'wrong');
    expect((await signIn('ana', PASSWORD)).statusCode).toBe(200);
  });

  test('one password tried on many users stops at the limit of the address', async () => {
    const own = await openApiScene({ limits: { signInFailuresOfAddress: 6 } });
    const statuses: number[] = [];
    for (let user = 0; user < 8; user += 1) {
      const body = { user: `user${user}`, password: 'spring' };
      statuses.push((await own.ask('POST', '/api/sign-in', { body, from: HERE })).statusCode);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429, 429]);
    await own.close();
  });
});

test('neither password nor token is ever in the log', async () => {
  const { token } = (await signIn('ana', PASSWORD)).json();
  await signIn('ana', 'a wrong secret');
  await scene.ask('GET', '/api/me', { headers: { authorization: `Bearer ${token}` } });
  const text = JSON.stringify(scene.log.lines);
  expect(scene.log.lines.length).toBeGreaterThanOrEqual(3);
  for (const secret of [PASSWORD, 'a wrong secret', token]) expect(text).not.toContain(secret);
});

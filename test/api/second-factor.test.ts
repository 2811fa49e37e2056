// Second factors over the API: begun, proven, asked for at sign-in, good once, lost and reset.
import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RECOVERY_CODES } from '../../src/api/account/second-factors.js';
import { type ApiScene, openApiScene, PASSWORD } from '../support/api-scene.js';

const STEP_MS = 30_000;
const FACTOR = '/api/me/second-factor';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene?.close());

const codeOf = (secret: string): string =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: scene.clock.nowMs() });
const signIn = (code?: string) =>
  scene.ask('POST', '/api/sign-in', {
    ...{ from: '192.0.2.1', body: { user: 'ana', password: PASSWORD, ...(code === undefined ? {} : { code }) } },
  });

async function enrolled(): Promise<{ readonly secret: string; readonly codes: readonly string[] }> {
  const { secret } = (await scene.ask('POST', FACTOR, { as: 'ana', body: { password: PASSWORD } })).json();
  const confirmed = await scene.ask('PUT', FACTOR, { as: 'ana', body: { code: codeOf(secret) } });
  // The next code is another one.
  scene.clock.advance(STEP_MS);
  return { secret, codes: confirmed.json().recoveryCodes };
}

test('an app is told the secret, and proves it before anybody is asked for it', async () => {
  const begun = (await scene.ask('POST', FACTOR, { as: 'ana', body: { password: PASSWORD } })).json();
  expect(begun.secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(begun.uri).toBe(
    `otpauth://totp/Hilo:ana?issuer=Hilo&secret=${begun.secret}&algorithm=SHA1&digits=6&period=30`,
  );
  expect((await signIn()).statusCode).toBe(200);
  expect((await scene.ask('PUT', FACTOR, { as: 'ana', body: { code: '000000' } })).statusCode).toBe(400);
  expect((await signIn()).statusCode).toBe(200);
  const right = await scene.ask('PUT', FACTOR, { as: 'ana', body: { code: codeOf(begun.secret) } });
  expect(new Set(right.json().recoveryCodes).size).toBe(RECOVERY_CODES);
  expect((await signIn()).json()).toMatchObject({ status: 401, code: 'code-needed' });
  expect((await scene.ask('GET', '/api/me/account', { as: 'ana' })).json().secondFactor).toBe(true);
});

test('the password is asked for first: a session left open enrols nobody', async () => {
  expect((await scene.ask('POST', FACTOR, { as: 'ana', body: { password: 'wrong' } })).statusCode).toBe(401);
});

test('a code lets in once, a little early or late, and no other does', async () => {
  const { secret } = await enrolled();
  const code = codeOf(secret);
  expect((await signIn(code)).statusCode).toBe(200);
  expect((await signIn(code)).statusCode).toBe(401);
  scene.clock.advance(3 * STEP_MS);
  const early = codeOf(secret);
  scene.clock.advance(STEP_MS);
  expect((await signIn(`${early.slice(0, 3)} ${early.slice(3)}`)).statusCode).toBe(200);
  const old = codeOf(secret);
  scene.clock.advance(2 * STEP_MS);
  expect((await signIn(old)).statusCode).toBe(401);
  const failed = scene.audited.lines.filter(({ act }) => act === 'sign-in-failed');
  expect(failed.map(({ by, detail }) => [by, detail])).toEqual([
    ['ana', { wrong: 'code' }],
    ['ana', { wrong: 'code' }],
  ]);
});

test('codes are not guessed, whatever is sent in between', async () => {
  await enrolled();
  const answers: number[] = [];
  for (let tries = 0; tries < 6; tries += 1) {
    answers.push((await signIn('000000')).statusCode);
    await signIn();
  }
  expect(answers.at(-1)).toBe(429);
});

test('a recovery code lets in once', async () => {
  const { codes } = await enrolled();
  const [first = '', second = ''] = codes;
  expect((await signIn(first)).statusCode).toBe(200);
  expect((await signIn(first)).statusCode).toBe(401);
  expect((await signIn(second.toUpperCase().replaceAll('-', ' '))).statusCode).toBe(200);
});

test('it goes off with password and code, and an administrator resets it for who lost everything', async () => {
  const { secret } = await enrolled();
  const off = (code: string) => scene.ask('DELETE', FACTOR, { as: 'ana', body: { password: PASSWORD, code } });
  expect((await off('000000')).statusCode).toBe(401);
  expect((await off(codeOf(secret))).statusCode).toBe(204);
  expect((await signIn()).statusCode).toBe(200);
  await enrolled();
  expect((await scene.ask('DELETE', '/api/users/ana/second-factor', { as: 'admin' })).statusCode).toBe(204);
  expect((await scene.ask('GET', '/api/me', { as: 'ana' })).statusCode).toBe(401);
  expect((await signIn()).statusCode).toBe(200);
  const acts = scene.audited.lines.map(({ by, act, on }) => `${by} ${act} ${on}`);
  expect(acts).toEqual(
    expect.arrayContaining(['ana second-factor-on ana', 'ana second-factor-off ana', 'admin second-factor-reset ana']),
  );
});

test('the secret lies sealed, and when its key is lost the person is told; recovery codes are good all the same', async () => {
  await scene.close();
  let key = 'a key';
  scene = await openApiScene({ change: (options) => ({ ...options, sealKey: () => key }) });
  const { secret, codes } = await enrolled();
  expect(JSON.stringify([...scene.users.factors.values()])).not.toContain(secret);
  expect((await signIn(codeOf(secret))).statusCode).toBe(200);
  key = 'another key';
  scene.clock.advance(STEP_MS);
  const lost = await signIn(codeOf(secret));
  expect(lost.json()).toMatchObject({ status: 409, code: 'wrong-state' });
  expect(lost.json().detail).toMatch(/recovery code/);
  expect((await signIn(codes[0])).statusCode).toBe(200);
});

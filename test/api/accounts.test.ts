// Accounts over the API: made, changed and disabled by administrators; what ends with that; what is audited.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiScene, openApiScene, PASSWORD } from '../support/api-scene.js';

const GOOD = 'three green parrots';
const HERE = '192.0.2.1';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene?.close());

const signIn = (user: string, password: string) =>
  scene.ask('POST', '/api/sign-in', { body: { user, password }, from: HERE });
const asAdmin = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: object) =>
  scene.ask(method, url, { as: 'admin', ...(body === undefined ? {} : { body }) });
const make = (body: object) => asAdmin('POST', '/api/users', body);
const acts = () => scene.audited.lines.map(({ by, act, on }) => `${by} ${act} ${on}`);

describe('users', () => {
  test('all who belong to the centre are listed, without anything of their passwords', async () => {
    const response = await asAdmin('GET', '/api/users');
    const { users } = response.json();
    expect(users.map(({ name, comesFrom, role }: Record<string, string>) => `${name} ${comesFrom} ${role}`)).toEqual([
      'admin hilo admin',
      'ana centre agent',
      'bruno centre agent',
      'sofia centre supervisor',
    ]);
    expect(response.body).not.toMatch(/argon|hash/i);
  });

  test('one who left the centre’s text is not listed and cannot be changed', async () => {
    const ana = scene.users.users.get('ana') ?? expect.fail('ana');
    scene.users.users.set('zoe', { ...ana, name: 'zoe' });
    expect((await asAdmin('GET', '/api/users')).body).not.toContain('zoe');
    expect((await asAdmin('PATCH', '/api/users/zoe', { disabled: true })).statusCode).toBe(404);
  });

  test('a supervisor made here signs in although no agent has that name, and is audited', async () => {
    expect((await make({ name: 'eva', role: 'supervisor', password: GOOD })).json()).toMatchObject({
      ...{ name: 'eva', role: 'supervisor', comesFrom: 'account', password: 'own', disabled: false },
    });
    const { user, token } = (await signIn('eva', GOOD)).json();
    expect(user).toEqual({ name: 'eva', role: 'supervisor' });
    const me = await scene.ask('GET', '/api/interactions', { headers: { authorization: `Bearer ${token}` } });
    expect(me.statusCode).toBe(200);
    expect(acts()).toContain('admin user-made eva');
    expect(acts()).toContain(`eva signed-in ${HERE}`);
  });

  test.each([
    ['an agent by name', { name: 'ana', role: 'admin', password: GOOD }, 409],
    ['the administrator again', { name: 'admin', role: 'admin', password: GOOD }, 409],
    ['an agent by role', { name: 'eva', role: 'agent', password: GOOD }, 400],
    ['a short password', { name: 'eva', role: 'admin', password: 'short-one' }, 400],
    ['a name with a blank', { name: 'eva ruiz', role: 'admin', password: GOOD }, 400],
  ])('%s is not made', async (_title, body, status) => {
    expect((await make(body)).statusCode).toBe(status);
    expect(scene.audited.lines.filter(({ act }) => act === 'user-made')).toEqual([]);
  });

  test('nothing is made while it cannot be audited', async () => {
    await scene.token('admin');
    scene.audited.available = false;
    expect((await make({ name: 'eva', role: 'admin', password: GOOD })).statusCode).toBe(503);
    expect(scene.users.users.has('eva')).toBe(false);
  });

  test('a new password takes the place of the old one and ends all sessions', async () => {
    await scene.token('ana');
    expect((await asAdmin('PATCH', '/api/users/ana', { password: GOOD })).statusCode).toBe(200);
    expect((await scene.ask('GET', '/api/me', { as: 'ana' })).statusCode).toBe(401);
    expect((await signIn('ana', PASSWORD)).statusCode).toBe(401);
    expect((await signIn('ana', GOOD)).statusCode).toBe(200);
    expect(JSON.stringify(scene.audited.lines)).not.toContain(GOOD);
  });

  test('who is disabled is out at once, with all tokens, and comes back when enabled', async () => {
    await make({ name: 'eva', role: 'admin', password: GOOD });
    const { token: session } = (await signIn('eva', GOOD)).json();
    const bearer = { headers: { authorization: `Bearer ${session}` } };
    const body = { title: 'reports', role: 'admin', days: 30 };
    const { token: program } = (await scene.ask('POST', '/api/tokens', { ...bearer, body })).json();
    await asAdmin('PATCH', '/api/users/eva', { disabled: true });
    for (const token of [session, program]) {
      const me = await scene.ask('GET', '/api/me', { headers: { authorization: `Bearer ${token}` } });
      expect(me.statusCode).toBe(401);
    }
    expect((await signIn('eva', GOOD)).json()).toMatchObject({ detail: 'user or password is wrong' });
    await asAdmin('PATCH', '/api/users/eva', { disabled: false });
    expect((await signIn('eva', GOOD)).statusCode).toBe(200);
    expect(acts()).toEqual(expect.arrayContaining(['admin user-disabled eva', 'admin user-enabled eva']));
  });

  test('the role of an account changes at once; that of an agent stands in centre.yaml', async () => {
    await make({ name: 'eva', role: 'supervisor', password: GOOD });
    const { token } = (await signIn('eva', GOOD)).json();
    const users = () => scene.ask('GET', '/api/users', { headers: { authorization: `Bearer ${token}` } });
    expect((await users()).statusCode).toBe(403);
    await asAdmin('PATCH', '/api/users/eva', { role: 'admin' });
    expect((await users()).statusCode).toBe(200);
    expect((await asAdmin('PATCH', '/api/users/ana', { role: 'admin' })).json().detail).toMatch(/centre\.yaml/);
    const change = scene.audited.lines.find(({ act }) => act === 'role-changed');
    expect(change?.detail).toEqual({ from: 'supervisor', to: 'admin' });
  });

  test('nobody locks themselves out', async () => {
    expect((await asAdmin('PATCH', '/api/users/admin', { disabled: true })).statusCode).toBe(409);
    expect((await asAdmin('PATCH', '/api/users/admin', { role: 'supervisor' })).statusCode).toBe(409);
    expect((await scene.ask('GET', '/api/users', { as: 'admin' })).statusCode).toBe(200);
  });
});

describe('one’s own password', () => {
  const change = (present: string, wanted: string) =>
    scene.ask('PUT', '/api/me/password', { as: 'ana', body: { present, wanted } });

  test('takes the present one, and ends the other sessions', async () => {
    await scene.token('ana');
    const { token: other } = (await signIn('ana', PASSWORD)).json();
    expect((await change('wrong', GOOD)).statusCode).toBe(401);
    expect((await change(PASSWORD, 'short-one')).statusCode).toBe(400);
    expect((await change(PASSWORD, GOOD)).statusCode).toBe(204);
    expect((await scene.ask('GET', '/api/me', { as: 'ana' })).statusCode).toBe(200);
    const gone = await scene.ask('GET', '/api/me', { headers: { authorization: `Bearer ${other}` } });
    expect(gone.statusCode).toBe(401);
    expect((await signIn('ana', GOOD)).statusCode).toBe(200);
  });

  test('is not guessed with a stolen session either', async () => {
    const answers = [];
    for (let tries = 0; tries < 6; tries += 1) answers.push((await change(`guess ${tries}`, GOOD)).statusCode);
    expect(answers).toEqual([401, 401, 401, 401, 401, 429]);
  });
});

describe('sessions', () => {
  test('are listed with browser and address, and ended by an administrator', async () => {
    await scene.ask('POST', '/api/sign-in', {
      ...{ body: { user: 'ana', password: PASSWORD }, from: HERE, headers: { 'user-agent': 'Firefox/150' } },
    });
    const { token } = (await signIn('ana', PASSWORD)).json();
    const { sessions } = (await asAdmin('GET', '/api/sessions')).json();
    expect(sessions.map(({ user }: { user: string }) => user)).toEqual(['admin', 'ana', 'ana']);
    expect(sessions.at(-1)).toMatchObject({ browser: 'Firefox/150', address: HERE });
    expect(JSON.stringify(sessions)).not.toContain(token);
    const latest = sessions.find(({ user }: { user: string }) => user === 'ana');
    expect((await asAdmin('DELETE', `/api/sessions/${latest.id}`)).statusCode).toBe(204);
    expect((await asAdmin('DELETE', `/api/sessions/${latest.id}`)).statusCode).toBe(404);
    const me = await scene.ask('GET', '/api/me', { headers: { authorization: `Bearer ${token}` } });
    expect(me.statusCode).toBe(401);
    expect(acts()).toContain('admin session-ended ana');
  });
});

describe('tokens of programs', () => {
  const made = async (body: object) => (await asAdmin('POST', '/api/tokens', body)).json();
  const withToken = (token: string, url: string) =>
    scene.ask('GET', url, { headers: { authorization: `Bearer ${token}` } });

  test('may do what their role may and no more, are shown once, and are kept as a hash', async () => {
    const { token, id, user } = await made({ title: 'wall-board', role: 'supervisor', days: 30 });
    expect(user).toBe('admin');
    expect((await withToken(token, '/api/interactions')).statusCode).toBe(200);
    expect((await withToken(token, '/api/users')).statusCode).toBe(403);
    const listed = await asAdmin('GET', '/api/tokens');
    expect(listed.json().tokens).toEqual([expect.objectContaining({ id, title: 'wall-board', role: 'supervisor' })]);
    expect(listed.body).not.toContain(token);
    expect([...scene.users.tokensByHash.keys()]).not.toContain(token);
  });

  test('end by themselves, and when they are taken back', async () => {
    const first = await made({ title: 'a', role: 'agent', days: 1 });
    const second = await made({ title: 'b', role: 'agent', days: 2 });
    expect((await asAdmin('DELETE', `/api/tokens/${second.id}`)).statusCode).toBe(204);
    expect((await withToken(second.token, '/api/me')).statusCode).toBe(401);
    expect((await withToken(first.token, '/api/me')).statusCode).toBe(200);
    scene.clock.advance(24 * 3_600_000);
    expect((await withToken(first.token, '/api/me')).statusCode).toBe(401);
    expect(acts()).toEqual(expect.arrayContaining(['admin token-made admin', 'admin token-revoked admin']));
  });

  test.each([
    ['for ever', { title: 'a', role: 'agent', days: 10_000 }],
    ['without a name', { title: ' ', role: 'agent', days: 1 }],
  ])('%s: there are none', async (_title, body) => {
    expect((await asAdmin('POST', '/api/tokens', body)).statusCode).toBe(400);
  });
});

describe('the audit', () => {
  test('knows failed sign-ins, but no words that may be passwords', async () => {
    await signIn('ana', 'wrong');
    await signIn('my secret typed here', 'wrong');
    expect(acts()).toEqual([`ana sign-in-failed ${HERE}`, `? sign-in-failed ${HERE}`]);
  });

  test('is filtered, and read page by page', async () => {
    for (let times = 0; times < 5; times += 1) await signIn('ana', 'wrong');
    await signIn('bruno', PASSWORD);
    const first = (await asAdmin('GET', '/api/audit?act=sign-in-failed&by=ana&limit=3')).json();
    expect(first.lines.map(({ number }: { number: number }) => number)).toEqual([5, 4, 3]);
    const second = (await asAdmin('GET', `/api/audit?act=sign-in-failed&by=ana&limit=3&before=${first.next}`)).json();
    expect(second.lines.map(({ number }: { number: number }) => number)).toEqual([2, 1]);
    expect(second.next).toBeUndefined();
    const later = new Date(scene.clock.nowMs() + 1).toISOString();
    expect((await asAdmin('GET', `/api/audit?from=${later}`)).json().lines).toEqual([]);
    expect((await asAdmin('GET', '/api/audit?from=yesterday')).statusCode).toBe(400);
  });

  test('as a table has nothing that a spreadsheet would run', async () => {
    await scene.options.audit.note({ by: '=1+1', act: 'tested', on: '@SUM(A1)', detail: { a: 'b' } });
    const response = await asAdmin('GET', '/api/audit/csv?act=tested');
    expect(response.headers['content-type']).toMatch(/^text\/csv/);
    expect(response.headers['content-disposition']).toMatch(/^attachment/);
    const [titles, line] = response.body.split('\r\n');
    expect(titles).toBe('number,at,by,act,on,detail');
    expect(line).toMatch(/,'=1\+1,tested,'@SUM\(A1\),"\{""a"":""b""\}"$/);
    expect(acts()).toContain('admin audit-exported audit');
  });
});

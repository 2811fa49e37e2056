// Another name for a queue or an agent over HTTP: looked at, published as one change, refused over what somebody else wrote.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashOf } from '../../src/api/account/sessions.js';
import { type ApiScene, openApiScene, PASSWORD } from '../support/api-scene.js';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene.close());

const rename = (body: object) =>
  scene.ask('POST', '/api/centre/rename', {
    as: 'admin',
    body: { kind: 'queue', from: 'sales', to: 'ventas', ...body },
  });
const code = async (body: object) => {
  const found = await rename(body);
  return `${found.statusCode} ${found.json().code}`;
};

test('is looked at first, and then in force in the centre and its flows at once', async () => {
  const before = await scene.text('main.yaml');
  const look = (await rename({})).json();
  expect(look.files).toEqual(['centre.yaml', 'main.yaml']);
  expect(look.references).toContainEqual(expect.objectContaining({ file: 'main.yaml' }));
  expect(await scene.text('main.yaml')).toBe(before);
  expect((await rename({ publish: true, note: 'Spanish', over: look.revision })).statusCode).toBe(200);
  expect(await scene.text('main.yaml')).toBe(before.replaceAll('queue: sales', 'queue: ventas'));
  const { queues } = (await scene.ask('GET', '/api/queues', { as: 'ana' })).json();
  expect(queues.map(({ id }: { id: string }) => id)).toContain('ventas');
  expect(queues.map(({ id }: { id: string }) => id)).not.toContain('sales');
  for (const name of ['centre', 'main'])
    expect((await scene.history.revisions(name, 1))[0], name).toMatchObject({ author: 'admin', note: 'Spanish' });
  const { lines } = (await scene.ask('GET', '/api/flows/centre/journal', { as: 'sofia' })).json();
  expect(lines).toContainEqual(expect.objectContaining({ action: 'renamed', by: 'admin' }));
  // A new queue may not take the name that promises still know.
  expect(await code({ from: 'support', to: 'sales' })).toBe('409 wrong-state');
});

test.each([
  [{ from: 'saels' }, '404 not-found'],
  [{ to: 'support' }, '409 wrong-state'],
  [{ to: 'Ventas' }, '400 invalid-input'],
  [{ publish: true, over: 'older' }, '409 version-conflict'],
  [{ kind: 'trunk' }, '400 invalid-input'],
  [{ kind: 'agent', from: 'saels' }, '404 not-found'],
  [{ kind: 'agent', from: 'ana', to: 'bruno' }, '409 wrong-state'],
])('%j is refused', async (body, told) => {
  const before = await scene.text('centre.yaml');
  expect(await code(body)).toBe(told);
  expect(await scene.text('centre.yaml')).toBe(before);
});

const renameAna = (body: object = {}) => rename({ kind: 'agent', from: 'ana', to: 'ana-molina', ...body });
const signIn = (user: string) => scene.ask('POST', '/api/sign-in', { body: { user, password: PASSWORD } });

test('an agent at work keeps the name; offline, another one holds everywhere, and nobody has to tell the others', async () => {
  scene.registered.add('ana-desk');
  scene.agents.reconcile('ana');
  await expect.poll(() => scene.agents.presence('ana').state).toBe('available');
  const refused = await renameAna();
  expect(refused.statusCode).toBe(409);
  expect(refused.json()).toMatchObject({ code: 'wrong-state', why: { reason: 'agent-at-work', agent: 'ana' } });
  await scene.ask('POST', '/api/agents/ana/state', { as: 'ana', body: { state: 'offline' } });
  const about = { id: 'p1', kind: 'program', title: 'a program', address: '', madeAtMs: 0 } as const;
  await scene.users.saveToken(hashOf('a-program'), 'ana', scene.clock.nowMs() + 1_000, about);
  const session = await scene.token('ana');

  const look = (await renameAna()).json();
  expect(look.files).toContain('centre.yaml');
  expect(look.references.length).toBeGreaterThan(0);
  expect((await renameAna({ publish: true, note: 'married', over: look.revision })).statusCode).toBe(200);
  expect(await scene.text('centre.yaml')).toMatch(/^ {4}formerly: \[ ?ana ?\]$/m);
  expect((await scene.ask('GET', '/api/audit', { as: 'admin' })).json().lines).toContainEqual(
    expect.objectContaining({ act: 'centre-renamed', on: 'ana', detail: { kind: 'agent', to: 'ana-molina' } }),
  );

  // The open session is over; the same password holds under the new name, and the former one leads there.
  const withToken = (token: string) => scene.ask('GET', '/api/me', { headers: { authorization: `Bearer ${token}` } });
  expect((await withToken(session)).statusCode).toBe(401);
  expect((await withToken('a-program')).json()).toMatchObject({ name: 'ana-molina' });
  for (const typed of ['ana-molina', 'ana'])
    expect((await withToken((await signIn(typed)).json().token)).json()).toMatchObject({ name: 'ana-molina' });

  // The state went along, and there is one of her: not another one because her telephone is there.
  scene.agents.reconcile();
  await expect.poll(() => scene.live.agent('ana-molina')?.state).toBe('offline');
  expect(scene.live.agent('ana')).toBeUndefined();
  expect(
    (await scene.ask('POST', '/api/agents/ana/state', { as: 'sofia', body: { state: 'offline' } })).statusCode,
  ).toBe(404);
  // Nobody else gets the name, by the file or as a user.
  expect(await code({ kind: 'agent', from: 'bruno', to: 'ana' })).toBe('409 wrong-state');
  const made = { name: 'ana', role: 'supervisor', password: 'another good password' };
  expect((await scene.ask('POST', '/api/users', { as: 'admin', body: made })).statusCode).toBe(409);
});

test('a user whom an administrator made gives no agent the name', async () => {
  const made = { name: 'ana-molina', role: 'supervisor', password: 'another good password' };
  expect((await scene.ask('POST', '/api/users', { as: 'admin', body: made })).statusCode).toBe(201);
  expect((await renameAna()).json().code).toBe('wrong-state');
});

test('a file that calls an agent the former administration takes nobody’s account', async () => {
  const text = await scene.text('centre.yaml');
  const body = text.replace(/^ {2}ana: *$/m, '  ana:\n    formerly: [admin]');
  expect(body).not.toBe(text);
  const headers = { 'content-type': 'text/yaml' };
  expect((await scene.ask('PUT', '/api/flows/centre', { as: 'admin', body, headers })).statusCode).toBe(200);
  expect(await scene.text('centre.yaml')).toContain('formerly: [admin]');
  const { token } = (await signIn('admin')).json();
  const me = await scene.ask('GET', '/api/me', { headers: { authorization: `Bearer ${token}` } });
  expect(me.json()).toMatchObject({ name: 'admin' });
});

// The work-list and calls by a click over HTTP: who sees what, what is audited, and refusals with their reason.
import { afterEach, expect, test } from 'vitest';
import { EVA, openScene, type Scene } from '../app/scene.js';
import { type ApiScene, type AskOptions, openApiScene } from '../support/api-scene.js';

const apis: ApiScene[] = [];
afterEach(async () => {
  for (const api of apis.splice(0)) await api.close();
});

interface Both {
  readonly scene: Scene;
  readonly api: ApiScene;
}

async function both(): Promise<Both> {
  const scene = await openScene();
  const { placedCalls, workList, workActs } = scene.node.centre;
  const centre = () => scene.node.centre.centre();
  const api = await openApiScene({
    change: (given) => ({ ...given, placedCalls, workList, workActs, centre, clock: scene.clock }),
  });
  apis.push(api);
  return { scene, api };
}

async function ask({ scene, api }: Both, method: 'GET' | 'POST' | 'DELETE', url: string, options: AskOptions = {}) {
  const asking = api.ask(method, url, options);
  await scene.advance(300);
  const { statusCode, body } = await asking;
  return { status: statusCode, body: body === '' ? undefined : JSON.parse(body) };
}

async function lost({ scene }: Both): Promise<string> {
  const caller = scene.call('1001', EVA);
  await scene.advance(10_000);
  caller.hangUp();
  await scene.advance(1_000);
  return scene.records.interactions.at(-1)?.summary.id ?? '';
}

test('agents see the queues that they serve, supervisors everything; who took it stands there; all of it is audited', async () => {
  const here = await both();
  const id = await lost(here);
  expect((await ask(here, 'GET', '/api/work-list?scope=all', { as: 'ana' })).status).toBe(403);
  expect((await ask(here, 'GET', '/api/work-list', { as: 'sofia' })).body.lost).toEqual([]);
  expect((await ask(here, 'GET', '/api/work-list?scope=all', { as: 'sofia' })).body.lost).toMatchObject([
    { interaction: id, number: EVA, queue: 'support', calls: 1 },
  ]);
  expect((await ask(here, 'POST', `/api/work-list/${id}/take`, { as: 'ana', body: {} })).status).toBe(204);
  expect((await ask(here, 'GET', '/api/work-list?scope=mine', { as: 'ana' })).body.lost).toMatchObject([
    { holder: 'ana' },
  ]);
  const settle = { as: 'bruno', body: { as: 'dismissed', note: 'wrong number' } };
  expect(await ask(here, 'POST', `/api/work-list/${id}/settle`, settle)).toMatchObject({
    status: 409,
    body: { code: 'wrong-state', why: { reason: 'taken', agent: 'ana' } },
  });
  expect((await ask(here, 'POST', `/api/work-list/${id}/settle`, { ...settle, as: 'ana' })).status).toBe(204);
  expect((await ask(here, 'GET', '/api/work-list', { as: 'ana' })).body.lost).toEqual([]);
  const acts = here.api.audited.lines.map(({ act, by }) => `${by} ${act}`);
  expect(acts).toEqual(expect.arrayContaining(['ana matter-taken', 'bruno lost-settled', 'ana lost-settled']));
});

test('a reason has to be given', async () => {
  const here = await both();
  const id = await lost(here);
  const body = { as: 'recovered', note: '  ' };
  expect((await ask(here, 'POST', `/api/work-list/${id}/settle`, { as: 'ana', body })).status).toBe(400);
  expect((await ask(here, 'POST', `/api/work-list/${id}/cancel`, { as: 'ana', body: {} })).status).toBe(400);
});

test('a call by a click: 202 and how far it has come; refused with the reason; given up', async () => {
  const here = await both();
  const place = (body: object) => ask(here, 'POST', '/api/placed-calls', { as: 'ana', body });
  expect(await place({ number: EVA })).toMatchObject({ status: 409, body: { why: { reason: 'no-phone' } } });
  here.scene.agentComes('ana');
  await here.scene.advance(500);
  expect(await place({ number: '+34806123456' })).toMatchObject({
    status: 403,
    body: { why: { reason: 'premium-number' } },
  });
  expect((await place({ number: 'eva' })).status).toBe(400);
  expect((await place({})).status).toBe(400);
  const placed = await place({ number: EVA });
  expect(placed).toMatchObject({ status: 202, body: { agent: 'ana', number: EVA } });
  expect((await ask(here, 'GET', '/api/placed-calls', { as: 'bruno' })).body).toEqual({ call: null });
  const path = `/api/placed-calls/${placed.body.id}`;
  expect((await ask(here, 'DELETE', path, { as: 'bruno' })).status).toBe(404);
  expect((await ask(here, 'DELETE', path, { as: 'ana' })).status).toBe(204);
  await here.scene.advance(1_000);
  expect((await ask(here, 'GET', '/api/placed-calls', { as: 'ana' })).body.call).toMatchObject({
    state: 'over',
    reason: 'withdrawn',
  });
});

// Limits of alarms, alarms that were seen and teams over the API: by supervisors only, in the audit, shown live.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Alarms } from '../../src/app/supervision/alarms.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

const LIMITS = { waiting: 3, waitS: 45, serviceLevel: 90 };
let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene({
    change: (options) => ({
      ...options,
      centre: () => (options.alarms as Alarms).over(options.flows.centre()),
    }),
  });
});
afterEach(() => scene?.close());

const ROUTES: readonly [method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: object][] = [
  ['PUT', '/api/queues/support/alarms', LIMITS],
  ['DELETE', '/api/queues/support/alarms'],
  ['POST', '/api/queues/support/alarms/waiting/acknowledge', {}],
  ['GET', '/api/teams'],
  ['PUT', '/api/agents/ana/team', { team: 'day' }],
  ['DELETE', '/api/agents/ana/team'],
];

test.each(ROUTES)('%s %s takes a supervisor', async (method, url, body) => {
  expect((await scene.ask(method, url, { ...(body && { body }) })).statusCode).toBe(401);
  expect((await scene.ask(method, url, { as: 'ana', ...(body && { body }) })).statusCode).toBe(403);
});

test('limits are in force at once, and those of the file when they are taken back', async () => {
  const alarmsOf = async (): Promise<object> =>
    (await scene.ask('GET', '/api/queues', { as: 'sofia' }))
      .json()
      .queues.find(({ id }: { id: string }) => id === 'support').alarms;
  const before = await alarmsOf();
  expect((await scene.ask('PUT', '/api/queues/support/alarms', { as: 'sofia', body: LIMITS })).statusCode).toBe(204);
  expect(await alarmsOf()).toEqual({ waiting: 3, waitMs: 45_000, serviceLevel: 0.9 });
  expect((await scene.audited.audit({ limit: 1 }))[0]).toMatchObject({
    by: 'sofia',
    act: 'alarm-limits-set',
    on: 'support',
  });
  expect((await scene.ask('DELETE', '/api/queues/support/alarms', { as: 'sofia' })).statusCode).toBe(204);
  expect(await alarmsOf()).toEqual(before);
});

test.each([
  { waiting: -1, waitS: 45, serviceLevel: 90 },
  { waiting: 3, waitS: 0, serviceLevel: 90 },
  { waiting: 3, waitS: 45, serviceLevel: 101 },
  { waiting: 3 },
  { ...LIMITS, more: 1 },
])('%j is not understood', async (body) => {
  expect((await scene.ask('PUT', '/api/queues/support/alarms', { as: 'sofia', body })).statusCode).toBe(400);
});

test('an alarm is seen: who, which, how long stands in the audit', async () => {
  const url = '/api/queues/support/alarms/nobody/acknowledge';
  expect((await scene.ask('POST', url, { as: 'sofia', body: { minutes: 5 } })).statusCode).toBe(204);
  expect(scene.options.alarms.acknowledged('support')).toMatchObject([{ kind: 'nobody', by: 'sofia' }]);
  const [line] = await scene.audited.audit({ limit: 1 });
  expect(line).toMatchObject({ act: 'alarm-acknowledged', detail: { alarm: 'nobody', minutes: 5 } });
  const unknown = await scene.ask('POST', '/api/queues/support/alarms/fire/acknowledge', { as: 'sofia', body: {} });
  expect(unknown.statusCode).toBe(400);
  const nowhere = await scene.ask('POST', '/api/queues/nowhere/alarms/nobody/acknowledge', { as: 'sofia', body: {} });
  expect(nowhere.statusCode).toBe(404);
});

test('a team that is not there is refused with those that are', async () => {
  const response = await scene.ask('PUT', '/api/agents/ana/team', { as: 'sofia', body: { team: 'moon' } });
  expect([response.statusCode, response.json().code]).toEqual([400, 'invalid-input']);
  expect((await scene.ask('GET', '/api/teams', { as: 'sofia' })).json()).toEqual({ teams: [], moves: [] });
});

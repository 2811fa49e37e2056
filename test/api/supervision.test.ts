// Who may listen to conversations over the API, and what is refused.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

const URL = '/api/calls/some-interaction/monitor';
let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene?.close());

test.each(['POST', 'GET', 'PATCH', 'DELETE'] as const)('%s takes a supervisor', async (method) => {
  const body = method === 'POST' ? { device: 'ana-desk' } : method === 'PATCH' ? { mode: 'barge' } : undefined;
  const ask = (as?: string) => scene.ask(method, URL, { ...(as === undefined ? {} : { as }), ...(body && { body }) });
  expect((await ask()).statusCode).toBe(401);
  expect((await ask('ana')).statusCode).toBe(403);
  const allowed = await ask('sofia');
  expect(allowed.statusCode).toBe(404);
  expect(allowed.json()).toMatchObject({ code: 'not-found' });
});

test.each([
  {},
  { device: 'ana-desk', agent: 'ana' },
  { device: 'ana-desk', mode: 'shout' },
  { device: '../x' },
  { device: 'ana-desk', more: 1 },
])('%j is not understood', async (body) => {
  expect((await scene.ask('POST', URL, { as: 'sofia', body })).statusCode).toBe(400);
});

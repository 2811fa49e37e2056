// The emergency message by HTTP: who may switch it, what it takes, what is shown of it.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene?.close());

const URL = '/api/emergency';
const put = (body: object, as = 'sofia') => scene.ask('PUT', URL, { as, body });

test('is switched on by a supervisor, seen by everybody, and switched off', async () => {
  expect((await scene.ask('GET', URL, { as: 'ana' })).statusCode).toBe(404);
  const on = await put({ texts: { es: ' Avería ' }, numbers: ['1000'], afterwards: { queue: 'support' } });
  expect(on.statusCode).toBe(200);
  const seen = (await scene.ask('GET', URL, { as: 'ana' })).json();
  expect(seen).toMatchObject({
    ...{ texts: { es: 'Avería' }, numbers: ['1000'], afterwards: { queue: 'support' } },
    ...{ by: 'sofia', since: new Date(scene.clock.nowMs()).toISOString() },
  });
  expect((await scene.ask('DELETE', URL, { as: 'sofia' })).statusCode).toBe(204);
  expect((await scene.ask('GET', URL, { as: 'ana' })).statusCode).toBe(404);
  expect((await scene.ask('DELETE', URL, { as: 'sofia' })).statusCode).toBe(404);
  expect(scene.emergencies.decisions.map(({ by }) => by)).toEqual(['sofia', 'sofia']);
  expect(scene.log.lines.filter(({ message = '' }) => message.startsWith('emergency message'))).toHaveLength(2);
});

test('goes on unless it is told otherwise, and may be a recording alone', async () => {
  const made = { as: 'admin', body: { text: 'Hay una avería.' } };
  await scene.ask('PUT', '/api/prompts/outage/es/text', made);
  expect((await put({ recorded: 'outage' })).json()).toMatchObject({
    recorded: 'outage',
    texts: {},
    afterwards: 'go-on',
  });
});

test('agents may not switch it', async () => {
  expect((await put({ texts: { es: 'Avería' } }, 'ana')).statusCode).toBe(403);
  expect((await scene.ask('DELETE', URL, { as: 'ana' })).statusCode).toBe(403);
});

test.each([
  [{}, 400],
  [{ texts: { xx: 'Hi' } }, 400],
  [{ texts: { es: '' } }, 400],
  [{ texts: { es: 'x'.repeat(1_001) } }, 400],
  [{ texts: { es: 'a' }, afterwards: 'sleep' }, 400],
  [{ texts: { es: 'a' }, afterwards: { queue: 'suport' } }, 400],
  [{ texts: { es: 'a' }, numbers: ['77'] }, 400],
  [{ texts: { es: 'a' }, recorded: '../secret' }, 400],
  [{ texts: { es: 'a' }, more: 1 }, 400],
])('%j is refused', async (body, status) => {
  expect((await put(body)).statusCode).toBe(status);
  expect(scene.emergencies.decisions).toEqual([]);
});

test('is not switched on when it cannot be kept', async () => {
  scene.emergencies.available = false;
  expect((await put({ texts: { es: 'Avería' } })).statusCode).toBe(503);
  expect((await scene.ask('GET', URL, { as: 'ana' })).statusCode).toBe(404);
});

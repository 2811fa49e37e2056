// What supervisors say of customers: kept for the next call, for nobody who is not allowed, and never for everybody at once.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene?.close());

const say = (body: object, as = 'sofia') => scene.ask('PATCH', '/api/contacts', { as, body });

test('name, language, segment and tags; what is left out stays, null goes', async () => {
  const first = await say({ number: '600 123 123', name: 'Eva', segment: 'premium', tags: ['vip'] });
  expect(first.statusCode).toBe(200);
  const known = { addresses: [{ channel: 'voice', value: '+34600123123' }], consent: 'unknown' };
  expect(first.json()).toMatchObject({ ...known, name: 'Eva', segment: 'premium', tags: ['vip'] });
  const second = (await say({ number: '+34600123123', language: 'en', segment: null })).json();
  expect(second).toEqual({ ...known, id: first.json().id, name: 'Eva', language: 'en', tags: ['vip'] });
});

test.each([
  { number: '' },
  { number: 'anonymous', name: 'Everybody' },
  { number: '600123123', language: 'english' },
  { number: '600123123', tags: Array(21).fill('x') },
  { number: '600123123', name: 'x'.repeat(81) },
  { number: '600123123', nom: 'Eva' },
])('%j is refused', async (body) => {
  expect((await say(body)).statusCode).toBe(400);
});

test('agents may not', async () => {
  expect((await say({ number: '600123123', name: 'Eva' }, 'ana')).statusCode).toBe(403);
});

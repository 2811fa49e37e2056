// Why a call-back has not been made yet, over the API: in the language of whoever asks, with its last failure.
import { afterEach, expect, test } from 'vitest';
import { EVA, openScene } from '../app/scene.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

const apis: ApiScene[] = [];
afterEach(async () => {
  for (const api of apis.splice(0)) await api.close();
});

async function promised() {
  const scene = await openScene();
  const { callbackDesk, live, agents } = scene.node.centre;
  const api = await openApiScene({
    change: (given) => ({ ...given, callbackDesk, live, agents, records: scene.records, clock: scene.clock }),
  });
  apis.push(api);
  const atMs = scene.clock.nowMs() + 3_600_000;
  const asking = callbackDesk.request({ number: EVA, queue: 'support', when: { atMs } });
  await scene.settle();
  const { callback } = await asking;
  const why = async (language: string) => {
    const headers = { 'accept-language': language };
    const asked = api.ask('GET', `/api/callbacks/${callback.id}/why`, { as: 'sofia', headers });
    await scene.settle();
    return (await asked).json();
  };
  return { scene, api, why };
}

test('promised for later; then waiting, with what keeps each agent from it', async () => {
  const { scene, why } = await promised();
  expect((await why('en')).sentences).toEqual([
    expect.stringMatching(/^It is promised for .*; nobody dials before\.$/),
  ]);
  expect((await why('es')).sentences[0]).toMatch(/^Está prometida para las /);
  await scene.advance(3_601_000);
  const { sentences } = await why('en');
  expect(sentences[0]).toMatch(/^It waits in the queue support/);
  expect(sentences.length).toBeGreaterThan(1);
});

test('one that is not pending is not found', async () => {
  const { api } = await promised();
  const response = await api.ask('GET', '/api/callbacks/nothing/why', { as: 'sofia' });
  expect(response.statusCode).toBe(404);
});

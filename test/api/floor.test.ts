// What supervisors do on the floor over the API: notices to everybody, and the order of those who wait.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NOTICES_MAX } from '../../src/app/supervision/notices.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';
import { waiting } from '../support/floor.js';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene?.close());

const acts = (): readonly string[] => scene.audited.lines.map(({ act }) => act);

describe('a notice', () => {
  const send = (body: object, as = 'sofia') => scene.ask('POST', '/api/notices', { as, body });
  const shown = async (as = 'ana') => (await scene.ask('GET', '/api/notices', { as })).json().notices;

  test('is seen by everybody until its time is over, and noted with who sent it', async () => {
    const sent = await send({ text: 'The printer is on fire', minutes: 5 });
    expect(sent.statusCode).toBe(201);
    expect(sent.json()).toMatchObject({ by: 'sofia', text: 'The printer is on fire' });
    expect(await shown()).toEqual([sent.json()]);
    expect(Date.parse(sent.json().until) - Date.parse(sent.json().since)).toBe(5 * 60_000);
    expect(acts()).toContain('notice-sent');
    scene.clock.advance(5 * 60_000);
    expect(await shown()).toEqual([]);
  });

  test('is sent by supervisors only, and taken back by them', async () => {
    expect((await send({ text: 'hello', minutes: 5 }, 'ana')).statusCode).toBe(403);
    const { id } = (await send({ text: 'hello', minutes: 5 })).json();
    expect((await scene.ask('DELETE', `/api/notices/${id}`, { as: 'ana' })).statusCode).toBe(403);
    expect((await scene.ask('DELETE', `/api/notices/${id}`, { as: 'sofia' })).statusCode).toBe(204);
    expect(await shown()).toEqual([]);
    expect((await scene.ask('DELETE', `/api/notices/${id}`, { as: 'sofia' })).statusCode).toBe(404);
  });

  test.each([{ text: '', minutes: 5 }, { text: 'x', minutes: 0 }, { minutes: 5 }, { text: 'x', minutes: 5, more: 1 }])(
    '%j is not understood',
    async (body) => {
      expect((await send(body)).statusCode).toBe(400);
    },
  );

  test('is one of few: nobody reads more', async () => {
    for (let n = 0; n < NOTICES_MAX; n += 1) expect((await send({ text: `${n}`, minutes: 5 })).statusCode).toBe(201);
    expect((await send({ text: 'one more', minutes: 5 })).json()).toMatchObject({ code: 'wrong-state' });
    expect(await shown()).toHaveLength(NOTICES_MAX);
  });

  test('that cannot be kept is not shown', async () => {
    scene.notices.available = false;
    expect((await send({ text: 'lost', minutes: 5 })).statusCode).toBe(503);
    expect(await shown()).toEqual([]);
  });
});

describe('somebody who waits', () => {
  const change = (entry: string, body: object, as = 'sofia') =>
    scene.ask('PATCH', `/api/queues/support/entries/${entry}`, { as, body });

  async function joins(): Promise<string> {
    const opened = await scene.ask('POST', '/api/queues/support/entries', {
      as: 'sofia',
      body: { kind: 'task', title: 'Call the plumber' },
    });
    return opened.json().id;
  }

  test('is put to the front, and it is noted and told in the matter', async () => {
    const id = await joins();
    expect((await change(id, { priority: 1 })).statusCode).toBe(204);
    expect(scene.live.entry(id)?.priority).toBe(1);
    expect(acts()).toContain('priority-changed');
    const events = await scene.facts.read(scene.live.entry(id)?.interaction ?? '');
    expect(events.map(({ event }) => event.type)).toContain('priority-changed');
  });

  test('that an agent has already stays as it is', async () => {
    const entry = { ...waiting('e1', 'support', 0, { node: 'n1' }), state: 'accepted' as const };
    const offer = { id: 'o1', agent: 'ana', madeAtMs: 0, expiresAtMs: 0, why: {} as never };
    await scene.live.change(() => [{ kind: 'entry', id: 'e1', value: { ...entry, offer } }]);
    expect((await change('e1', { priority: 1 })).json()).toMatchObject({ code: 'wrong-state' });
  });

  test.each([
    ['nobody who waits there', 'none', { priority: 1 }, 404],
    ['no such priority', 'e1', { priority: 10 }, 400],
    ['a priority and a queue at once', 'e1', { priority: 1, queue: 'sales' }, 400],
    ['nothing', 'e1', {}, 400],
  ])('%s: refused', async (_what, entry, body, status) => {
    await scene.live.change(() => [{ kind: 'entry', id: 'e1', value: waiting('e1', 'support', 0, { node: 'n1' }) }]);
    expect((await change(entry, body)).statusCode).toBe(status);
  });

  test('is moved to a queue that there is, and to another one', async () => {
    const id = await joins();
    expect((await change(id, { queue: 'none' })).statusCode).toBe(404);
    expect((await change(id, { queue: 'support' })).statusCode).toBe(400);
    // A task is nobody's call: no caller waits there who could go.
    expect((await change(id, { queue: 'sales' })).json()).toMatchObject({ code: 'not-found' });
  });

  test('is not an agent’s to move', async () => {
    const id = await joins();
    expect((await change(id, { priority: 1 }, 'ana')).statusCode).toBe(403);
  });
});

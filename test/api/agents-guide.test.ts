// The chapter on agents in docs/routing.md: its requests are understood as written, its centre does what it says.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

const CHAPTER = /^## Agents$([\s\S]*?)^## /m.exec(readFileSync('docs/routing.md', 'utf8'))?.[1] ?? '';
const REQUESTS = [...CHAPTER.matchAll(/```http\n(\w+) (\S+)\n([\s\S]*?)```/g)].map(
  ([, method = '', url = '', body = '']) => [method, url, body.trim()] as const,
);
const VERBS = [...CHAPTER.matchAll(/^\| `(?:POST \/api\/calls\/:id\/)?([a-z-]+)`(?:, `([a-z-]+)`)?/gm)]
  .flatMap(([, one = '', other = '']) => [one, other])
  .filter((verb) => verb !== '' && !verb.startsWith('wrap-up') && !['none', 'until-done'].includes(verb));

let scene: ApiScene;
let operations: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
beforeAll(async () => {
  scene = await openApiScene();
  scene.registered.add('ana-desk');
  operations = (await scene.ask('GET', '/docs/json', { as: 'admin' })).json().paths;
});
afterAll(() => scene?.close());

test.each(REQUESTS)('%s %s', async (method, url, body) => {
  const [path = ''] = url.split('?');
  const pattern = path.replace(/\/(ana|4711)/, '/{id}');
  expect(Object.keys(operations)).toContain(pattern);
  expect(operations[pattern]).toHaveProperty(method.toLowerCase());
  const given = body === '' ? {} : { body: JSON.parse(body) as object };
  const { statusCode } = await scene.ask(method as 'GET', url, { as: 'sofia', ...given });
  // There is no such call here, and the dates are to come: understood all the same.
  const code = url.includes('/times') ? 400 : url.includes('4711') ? 404 : url.includes('wrap-up') ? 409 : 200;
  expect(statusCode).toBe(code);
});

test('every verb of a conversation is there', () => {
  expect(VERBS.length).toBeGreaterThan(10);
  for (const verb of VERBS) expect(operations).toHaveProperty([`/api/calls/{id}/${verb}`, 'post']);
});

describe('who may what', () => {
  test('agents end their own wrap-up and see their own times; supervisors those of all', async () => {
    const wrapUp = (as: string) => scene.ask('POST', '/api/agents/ana/wrap-up', { as, body: { action: 'finish' } });
    expect((await wrapUp('bruno')).json().code).toBe('not-allowed');
    expect((await wrapUp('ana')).json().code).toBe('wrong-state');
    const times = (as: string) => scene.ask('GET', '/api/agents/ana/times', { as });
    expect((await times('bruno')).statusCode).toBe(403);
    const { total, days } = (await times('sofia')).json();
    const sum = total.times.reduce((ms: number, time: { ms: number }) => ms + time.ms, 0);
    expect(sum).toBe(Date.parse(total.to) - Date.parse(total.from));
    expect(days).toHaveLength(sum > 0 ? 1 : 0);
  });

  test('when an agent came into which state is for supervisors, two days at most', async () => {
    const presence = (as: string, query = '') => scene.ask('GET', `/api/agents/ana/presence${query}`, { as });
    expect((await presence('ana')).statusCode).toBe(403);
    const { changes } = (await presence('sofia')).json();
    expect(changes.every(({ at, state }: { at: string; state: string }) => Date.parse(at) > 0 && state !== '')).toBe(
      true,
    );
    expect((await presence('sofia', '?from=2020-01-01')).json()).toMatchObject({ code: 'invalid-input' });
    expect((await scene.ask('GET', '/api/agents/nobody/presence', { as: 'sofia' })).statusCode).toBe(404);
  });

  test('skills are a supervisor’s to give, and what the file says is got back', async () => {
    const skills = (value: object | null, as = 'sofia') =>
      scene.ask('PATCH', '/api/agents/ana', { as, body: { skills: value } });
    expect((await skills({ sales: 2 }, 'ana')).statusCode).toBe(403);
    expect((await skills({ sales: 9 })).statusCode).toBe(400);
    expect((await skills({ juggling: 2 })).json()).toMatchObject({ code: 'invalid-input' });
    expect((await skills({ sales: 2 })).statusCode).toBe(200);
    expect((await skills(null)).statusCode).toBe(200);
    const { decisions } = (await scene.ask('GET', '/api/agents/ana/decisions', { as: 'sofia' })).json();
    expect(decisions[0]).toMatchObject({ by: 'sofia', skills: null });
    expect(decisions[1]).toMatchObject({ skills: { sales: 2 } });
  });
});

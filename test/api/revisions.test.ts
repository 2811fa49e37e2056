// Revisions and roll-outs over HTTP: read, compare, go back, try on some callers.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/api/limits.js';
import { CALLS_PER_SIDE } from '../../src/core/rollout/comparison.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

let scene: ApiScene;
let main: string;
let first: string;
beforeEach(async () => {
  scene = await openApiScene();
  main = await scene.text('main.yaml');
  first = (await scene.ask('GET', '/api/flows/main/revisions', { as: 'sofia' })).json().inForce;
});
afterEach(() => scene?.close());

const warmer = () => main.replace('gracias por llamar a Hilo', 'bienvenido a Hilo').replace('wait: 2s', 'wait: 3s');
const get = async (path: string) => (await scene.ask('GET', `/api/flows/main/${path}`, { as: 'sofia' })).json();
const post = (path: string, body: object = {}, as = 'admin') =>
  scene.ask('POST', `/api/flows/main/${path}`, { as, body });
const publish = (text: string, note = '') =>
  scene.ask('PUT', `/api/flows/main?note=${note}`, {
    as: 'admin',
    body: text,
    headers: { 'content-type': 'text/yaml' },
  });

describe('revisions', () => {
  test('the list tells who, when and why, newest first', async () => {
    const { revision } = (await publish(warmer(), 'warmer')).json();
    const list = await get('revisions');
    expect(list.inForce).toBe(revision);
    expect(list.revisions).toMatchObject([
      { revision, author: 'admin', note: 'warmer', at: expect.stringMatching(/^2026-/) },
      { revision: first, author: 'files', note: '' },
    ]);
    expect(
      (await scene.ask('GET', `/api/flows/main/revisions/${encodeURIComponent(first)}`, { as: 'sofia' })).body,
    ).toBe(main);
  });

  test('the difference, line by line and step by step', async () => {
    await publish(
      `${warmer().replace('  sales:', '  sales-team:').replaceAll(': sales\n', ': sales-team\n').replace('queue: sales-team', 'queue: sales')}# end\n`,
    );
    const { unified, changes } = await get(`diff?from=${encodeURIComponent(first)}`);
    expect(unified).toMatch(/^--- a\/main\.yaml\t/);
    expect(unified).toContain("-      - { in: es, text: 'Hola, gracias por llamar a Hilo.' }");
    expect(unified).toContain("+      - { in: es, text: 'Hola, bienvenido a Hilo.' }");
    expect(unified).toMatch(/^@@ -\d+,\d+ \+\d+,\d+ @@$/m);
    expect(changes).toEqual({
      added: ['steps/sales-team'],
      removed: ['steps/sales'],
      changed: [
        { part: 'steps/greeting', keys: ['say', 'wait'] },
        { part: 'steps/menu', keys: ['keys'] },
      ],
    });
    const same = await get('diff?from=current');
    expect([same.unified, same.changes]).toEqual(['', { added: [], removed: [], changed: [] }]);
  });

  test('the way back is one call, and stands in the journal', async () => {
    await publish(warmer());
    const response = await post('rollback', { revision: first, note: 'too warm' });
    expect([response.statusCode, response.json().revision]).toEqual([200, first]);
    expect(await scene.text('main.yaml')).toBe(main);
    const { lines } = await get('journal');
    expect(lines.map(({ action, by }: { action: string; by: string }) => `${action} ${by}`)).toEqual(
      expect.arrayContaining(['rolled-back admin', 'published admin', 'published files']),
    );
    expect((await get('revisions')).revisions[0]).toMatchObject({ revision: first, author: 'admin', note: 'too warm' });
  });

  test('back to what is in force is nothing to go back to, and leaves no line', async () => {
    const refused = await post('rollback', { revision: first });
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'wrong-state']);
    expect((await get('journal')).lines).toHaveLength(1);
  });

  test('who has not seen the text in force does not take its place', async () => {
    const put = (text: string, etag: string) =>
      scene.ask('PUT', '/api/flows/main', {
        as: 'admin',
        body: text,
        headers: { 'content-type': 'text/yaml', 'if-match': etag },
      });
    const { etag } = (await scene.ask('GET', '/api/flows/main', { as: 'sofia' })).headers;
    expect((await put(warmer(), String(etag))).statusCode).toBe(200);
    const late = await put(main, String(etag));
    expect([late.statusCode, late.json().code]).toEqual([409, 'version-conflict']);
    expect(await scene.text('main.yaml')).toBe(warmer());
    expect((await put(main, 'no quotes')).statusCode).toBe(400);
  });

  test.each([
    ['GET', 'revisions/none', 404],
    ['GET', 'diff?from=none', 404],
    ['GET', 'diff', 400],
    ['GET', 'rollout', 404],
    ['GET', '../mian/journal', 404],
  ] as const)('%s %s is %s', async (method, path, status) => {
    expect((await scene.ask(method, `/api/flows/main/${path}`, { as: 'sofia' })).statusCode).toBe(status);
  });

  test('to change anything takes an administrator', async () => {
    for (const path of ['rollback', 'rollout', 'rollout/promote', 'rollout/abort']) {
      expect((await post(path, { revision: first, percent: 5 }, 'sofia')).statusCode).toBe(403);
    }
    expect((await post('rollback', { revision: 'none' })).statusCode).toBe(404);
  });
});

describe('tests beside the flow that fail', () => {
  const TESTS = `version: 1
cases:
  - case: greeting
    script:
      - hears: { es: 'Hola, gracias por llamar a Hilo.' }
      - hangs-up
`;
  beforeEach(() => scene.files.write('main.test.yaml', TESTS));
  const put = (query: string) =>
    scene.ask('PUT', `/api/flows/main?${query}`, {
      as: 'admin',
      body: warmer(),
      headers: { 'content-type': 'text/yaml' },
    });

  test('keep it from being published, and say which case', async () => {
    const refused = await put('note=warmer');
    expect([refused.statusCode, refused.json().code]).toEqual([422, 'tests-failed']);
    expect(refused.json().issues).toMatchObject([
      { file: 'main.test.yaml', line: 5, message: expect.stringContaining("case 'greeting'") },
    ]);
    expect(await scene.text('main.yaml')).toBe(main);
  });

  test('are overruled with a note, which stands in the journal', async () => {
    expect((await put('force=true')).json()).toMatchObject({ code: 'invalid-input' });
    expect((await put('force=yes&note=urgent')).statusCode).toBe(400);
    const { revision } = (await put('force=true&note=urgent')).json();
    expect((await get('journal')).lines).toContainEqual(
      expect.objectContaining({ action: 'forced', by: 'admin', detail: { revision, note: 'urgent' } }),
    );
  });

  test('keep it from being rolled out, but not from being gone back to', async () => {
    const wish = { text: warmer(), percent: 20 };
    expect((await post('rollout', wish)).json()).toMatchObject({ code: 'tests-failed' });
    expect((await post('rollout', { ...wish, force: true })).json()).toMatchObject({ code: 'invalid-input' });
    expect((await post('rollout', { ...wish, force: true, note: 'to see' })).json()).toMatchObject({
      state: 'running',
    });
    const { candidate } = (await post('rollout/promote')).json();
    expect((await post('rollback', { revision: first })).statusCode).toBe(200);
    expect((await post('rollback', { revision: candidate })).statusCode).toBe(200);
  });
});

describe('a roll-out', () => {
  const begin = (changes: object = {}) => post('rollout', { text: warmer(), percent: 20, note: 'try', ...changes });

  test('begins, is shown with the figures of both sides, and is promoted', async () => {
    const begun = await begin({ watch: { minCalls: 50 } });
    expect(begun.json()).toMatchObject({
      state: 'running',
      baseline: first,
      percent: 20,
      watch: { minCalls: 50, alpha: 0.05 },
    });
    scene.history.calls = [
      { arm: 'candidate', result: 'served', talked: false },
      { arm: 'baseline', result: 'abandoned', talked: false },
      { arm: 'baseline', result: 'served', talked: true, toPersonMs: 9_000 },
    ];
    const { comparison } = await get('rollout');
    expect(comparison).toMatchObject({
      candidate: { calls: 1, over: 1, contained: 1 },
      baseline: { calls: 2, over: 2, abandoned: 1, persons: 1, medianToPersonMs: 9_000 },
      verdict: 'too-few',
    });
    expect((await post('rollout/promote')).json()).toMatchObject({ state: 'promoted', by: 'admin' });
    expect(await scene.text('main.yaml')).toBe(warmer());
    expect((await get('rollout')).state).toBe('promoted');
    expect(scene.audited.lines.slice(-2).map(({ act, on }) => `${act} ${on}`)).toEqual([
      'rollout-started main',
      'rollout-promoted main',
    ]);
  });

  test('is aborted with a reason, and everything is in the journal', async () => {
    await begin();
    expect((await post('rollout/abort', { reason: 'typo' })).json()).toMatchObject({
      state: 'aborted',
      reason: 'typo',
    });
    const { lines } = await get('journal');
    expect(lines.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['rollout-started', 'rollout-aborted']),
    );
    expect(scene.audited.lines.at(-1)).toMatchObject({ by: 'admin', act: 'rollout-aborted', on: 'main' });
    expect(await scene.text('main.yaml')).toBe(main);
  });

  test('is aborted without a word', async () => {
    await begin();
    const response = await scene.ask('POST', '/api/flows/main/rollout/abort', { as: 'admin' });
    expect(response.json()).toMatchObject({ state: 'aborted', reason: 'aborted' });
  });

  test.each([
    [{ percent: 0 }, 400],
    [{ percent: 101 }, 400],
    [{ revision: 'r' }, 400],
    [{ text: undefined }, 400],
    [{ watch: { alpha: 2 } }, 400],
    [{ watch: { minCalls: CALLS_PER_SIDE + 1 } }, 400],
    [{ watch: { measures: ['luck'] } }, 400],
    [{ text: `# ${'x'.repeat(LIMITS.flowBytes)}` }, 413],
    [{ text: 'x'.repeat(10_000_000) }, 413],
    [{ text: 'version: 1' }, 422],
  ])('%j is refused', async (changes, status) => {
    expect((await begin(changes)).statusCode).toBe(status);
  });

  test('of an older revision', async () => {
    await publish(warmer());
    expect((await begin({ text: undefined, revision: first })).json()).toMatchObject({
      candidate: first,
      state: 'running',
    });
    expect((await begin()).statusCode).toBe(409);
  });
});

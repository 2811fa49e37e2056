// Tests of flows over HTTP: published beside the flow, played on what is in force.
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

const TESTS = readFileSync('ivr-flows/main.test.yaml', 'utf8');
const CASES = TESTS.match(/^ {2}- case:/gm)?.length;
const YAML = { 'content-type': 'text/yaml' };

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene?.close());

const put = (text: string, as = 'admin', flow = 'main') =>
  scene.ask('PUT', `/api/flows/${flow}/tests?note=more`, { as, body: text, headers: YAML });
const run = (text?: string) =>
  scene.ask('POST', '/api/flows/main/tests/run', {
    as: 'sofia',
    ...(text === undefined ? {} : { body: text, headers: YAML }),
  });

test('are put beside the flow, read again, and played', async () => {
  expect((await run()).statusCode).toBe(404);
  expect((await put(TESTS)).json()).toMatchObject({ name: 'main', cases: CASES });
  expect((await scene.ask('GET', '/api/flows/main/tests', { as: 'sofia' })).body).toBe(TESTS);
  expect((await run()).json()).toMatchObject({
    ok: true,
    passed: CASES,
    failed: 0,
    percent: 100,
    coverage: [{ flow: 'main', open: [] }],
  });
  expect(await scene.history.revisions('main.test', 5)).toMatchObject([{ author: 'admin', note: 'more' }]);
  const { flows } = (await scene.ask('GET', '/api/flows', { as: 'sofia' })).json();
  expect(flows).toMatchObject([
    { name: 'centre', tests: false },
    { name: 'main', tests: true },
  ]);
});

test('a text that is sent is played and not kept; what fails says where and what was heard', async () => {
  const text = 'version: 1\ncases:\n  - case: c\n    script:\n      - hears: { es: Adiós }\n';
  const { ok, failed, cases, coverage } = (await run(text)).json();
  expect([ok, failed]).toEqual([false, 1]);
  expect(cases[0]).toMatchObject({ name: 'c', failure: { line: 5, column: 9, expected: 'to hear es: Adiós' } });
  expect(coverage[0].open.length).toBeGreaterThan(5);
  expect((await scene.ask('GET', '/api/flows/main/tests', { as: 'sofia' })).statusCode).toBe(404);
});

test.each([
  ['a mistake', 'version: 1\ncases: [{ case: c, script: [hear] }]', 'admin', 'main', 422],
  ['a flow that is not there', TESTS, 'admin', 'other', 404],
  ['somebody else', TESTS, 'sofia', 'main', 403],
])('%s is refused', async (_, text, as, flow, status) => {
  expect((await put(text, as, flow)).statusCode).toBe(status);
  expect(await scene.files.readTests('main')).toBeUndefined();
});

// The requests of docs/revisions.md, run one after the other as they stand there; its YAML is a part of centre.yaml.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileCentre } from '../../src/core/routing/compile-centre.js';
import { openApiScene } from '../support/api-scene.js';
import { SAMPLE_TEXT } from '../support/sample-centre.js';

const TEXT = readFileSync('docs/revisions.md', 'utf8');
const REQUEST = /^ {4}(GET|PUT|POST) (\S+)(?: (\{.*\}))?$/gm;

test('every request is understood', async () => {
  const scene = await openApiScene();
  const main = await scene.text('main.yaml');
  const warmer = main.replace('gracias por llamar a Hilo', 'bienvenido a Hilo');
  const { inForce: first } = (await scene.ask('GET', '/api/flows/main/revisions', { as: 'sofia' })).json();
  let second = '';
  const filled = (text: string) => text.replaceAll('{first}', first).replaceAll('{warmer}', second);
  const requests = [...TEXT.matchAll(REQUEST)];
  expect(requests.length).toBeGreaterThanOrEqual(9);
  for (const [, method, path = '', body] of requests) {
    const url = encodeURI(filled(decodeURI(path)));
    const yaml = method === 'PUT' ? { body: warmer, headers: { 'content-type': 'text/yaml' } } : {};
    const json = body === undefined ? {} : { body: JSON.parse(filled(body)) as object };
    const response = await scene.ask(method as 'GET', url, { as: 'admin', ...yaml, ...json });
    expect([path, response.statusCode, response.body]).toEqual([path, 200, expect.any(String)]);
    if (method === 'PUT') second = response.json().revision;
  }
  expect(await scene.text('main.yaml')).toBe(warmer);
  await scene.close();
});

test('the limits are understood', () => {
  const limits = /```yaml\n(limits:[\s\S]*?)```/.exec(TEXT)?.[1] ?? '';
  const text = `${SAMPLE_TEXT.replace(/^limits:\n( .*\n)+/m, '')}\n${limits}`;
  const compiled = compileCentre({ file: 'centre.yaml', text, revision: '' }, { flows: new Set(['main']) });
  expect(compiled).toMatchObject({
    ok: true,
    value: { limits: { steps: 500, timeMs: 3_600_000, exitQueue: 'support' } },
  });
  const unknown = text.replace('exit: support', 'exit: suport');
  const refused = compileCentre({ file: 'centre.yaml', text: unknown, revision: '' }, { flows: new Set(['main']) });
  expect(refused).toMatchObject({ ok: false, issues: [{ message: "there is no queue 'suport'" }] });
});

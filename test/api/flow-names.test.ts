// Flows that are made, get another name, and end; over HTTP, with what the folder holds afterwards.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

const NEWS = `version: 1
name: news
languages: [es]
start: say
steps:
  say: { do: say, say: Hola., next: person }
  person: { do: queue, queue: sales }
`;
const CASES = 'version: 1\nflow: news\ncases:\n  - { case: hello, script: [{ hears: Hola. }, { queue: sales }] }\n';
const yaml = { 'content-type': 'text/yaml' };

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene?.close());

const put = (path: string, body: string, headers: object = {}) =>
  scene.ask('PUT', `/api/flows/${path}`, { as: 'admin', body, headers: { ...yaml, ...headers } });
const names = async (): Promise<string[]> =>
  (await scene.ask('GET', '/api/flows', { as: 'sofia' })).json().flows.map(({ name }: { name: string }) => name);
const code = async (answer: Promise<{ statusCode: number; json(): { code?: string } }>) => {
  const found = await answer;
  return `${found.statusCode} ${found.json().code}`;
};

describe('made', () => {
  test('a new flow does not take the place of one that somebody made meanwhile', async () => {
    expect((await put('news', NEWS, { 'if-none-match': '*' })).statusCode).toBe(200);
    expect(await code(put('news', NEWS.replace('Hola', 'Adiós'), { 'if-none-match': '*' }))).toBe(
      '409 version-conflict',
    );
    expect(await scene.text('news.yaml')).toBe(NEWS);
  });

  test('nor do tests take the place of others', async () => {
    await put('news', NEWS);
    expect((await put('news/tests', CASES, { 'if-none-match': '*' })).statusCode).toBe(200);
    const { headers } = await scene.ask('GET', '/api/flows/news/tests', { as: 'sofia' });
    const etag = String(headers['etag']);
    expect(await code(put('news/tests', CASES, { 'if-none-match': '*' }))).toBe('409 version-conflict');
    expect((await put('news/tests', `${CASES}# mine\n`, { 'if-match': etag })).statusCode).toBe(200);
    expect(await code(put('news/tests', `${CASES}# theirs\n`, { 'if-match': etag }))).toBe('409 version-conflict');
  });
});

describe('with its tests', () => {
  const publish = (body: object, as = 'admin') => scene.ask('POST', '/api/flows/news/publish', { as, body });

  test('in one step: both, and over what was read', async () => {
    const answer = await publish({ text: NEWS, over: null, tests: { text: CASES, over: null }, note: 'new' });
    expect(answer.statusCode).toBe(200);
    const { revision, tests } = answer.json();
    expect(await scene.text('news.yaml')).toBe(NEWS);
    expect((await scene.ask('GET', '/api/flows/news/tests', { as: 'sofia' })).body).toBe(CASES);
    const [hi, hears] = [NEWS, CASES].map((text) => text.replace('Hola', 'Buenas'));
    const next = { text: hi, tests: { text: hears } };
    expect(await code(publish({ ...next, over: 'old' }))).toBe('409 version-conflict');
    expect(await code(publish({ ...next, tests: { text: hears, over: 'old' } }))).toBe('409 version-conflict');
    expect(await code(publish({ ...next, tests: { text: CASES } }))).toBe('422 tests-failed');
    expect(await scene.text('news.yaml')).toBe(NEWS);
    expect((await publish({ ...next, over: revision, tests: { text: hears, over: tests } })).statusCode).toBe(200);
    expect(await scene.text('news.yaml')).toBe(hi);
  });

  test('although they fail only with a note, and that stands in the journal', async () => {
    await publish({ text: NEWS, tests: { text: CASES } });
    const wrong = { text: NEWS.replace('Hola', 'Adiós'), tests: { text: CASES }, force: true };
    expect(await code(publish(wrong))).toBe('400 invalid-input');
    expect((await publish({ ...wrong, note: 'urgent' })).statusCode).toBe(200);
    const { lines } = (await scene.ask('GET', '/api/flows/news/journal', { as: 'sofia' })).json();
    expect(lines).toContainEqual(expect.objectContaining({ action: 'forced', by: 'admin' }));
  });
});

describe('another name', () => {
  beforeEach(async () => {
    await put('news', NEWS);
    await put('news/tests', CASES);
    const centre = await scene.text('centre.yaml');
    await put('centre', centre.replace(/^numbers:$/m, "numbers:\n  '1900': { to: { flow: news } }"));
  });
  const rename = (to: string, headers: object = {}) =>
    scene.ask('POST', '/api/flows/news/rename', {
      as: 'admin',
      body: { to, note: 'clearer' },
      headers: { ...headers },
    });

  test('in its text, its tests and where it is named, as one change with its note', async () => {
    const answer = (await rename('noticias')).json();
    expect(answer).toMatchObject({ name: 'noticias' });
    expect(answer.files.toSorted()).toEqual(['centre.yaml', 'noticias.test.yaml', 'noticias.yaml']);
    expect(await names()).toEqual(['centre', 'main', 'noticias']);
    expect(await scene.text('centre.yaml')).toContain("'1900': { to: { flow: noticias } }");
    expect((await scene.ask('GET', '/api/flows/noticias/tests', { as: 'sofia' })).body).toContain('flow: noticias');
    const { revisions } = (await scene.ask('GET', '/api/flows/noticias/revisions', { as: 'sofia' })).json();
    expect(revisions).toMatchObject([{ author: 'admin', note: 'clearer' }]);
    const { lines } = (await scene.ask('GET', '/api/flows/news/journal', { as: 'sofia' })).json();
    expect(lines).toContainEqual(
      expect.objectContaining({ action: 'renamed', by: 'admin', detail: { to: 'noticias', note: 'clearer' } }),
    );
  });

  test('refused: one that there is, one that is none, and over a text that is no longer there', async () => {
    expect(await code(rename('main'))).toBe('409 wrong-state');
    expect(await code(rename('centre'))).toBe('400 invalid-input');
    expect(await code(rename('../x'))).toBe('400 invalid-input');
    expect(await code(rename('x', { 'if-match': '"old"' }))).toBe('409 version-conflict');
    expect(await names()).toEqual(['centre', 'main', 'news']);
  });

  test('it is not taken away while a number leads to it; then it is, with its tests, and can come back', async () => {
    const remove = () => scene.ask('DELETE', '/api/flows/news?note=over', { as: 'admin' });
    const { references } = (await scene.ask('GET', '/api/flows/news/references', { as: 'sofia' })).json();
    expect(references).toMatchObject([{ file: 'centre.yaml' }]);
    expect(await code(remove())).toBe('409 wrong-state');
    const centre = await scene.text('centre.yaml');
    await put('centre', centre.replace("  '1900': { to: { flow: news } }\n", ''));
    expect((await remove()).statusCode).toBe(204);
    expect(await names()).toEqual(['centre', 'main']);
    expect((await scene.ask('GET', '/api/flows/news/tests', { as: 'sofia' })).statusCode).toBe(404);
    const { revisions, inForce } = (await scene.ask('GET', '/api/flows/news/revisions', { as: 'sofia' })).json();
    expect(inForce).toBeUndefined();
    const [{ revision }] = revisions;
    const path = `/api/flows/news/revisions/${encodeURIComponent(revision)}`;
    expect((await scene.ask('GET', path, { as: 'sofia' })).body).toBe(NEWS);
  });
});

test('whatever is done to texts is in the audit log, what is refused is not', async () => {
  const post = (path: string, body: object) => scene.ask('POST', `/api/${path}`, { as: 'admin', body });
  const first = (await put('news', NEWS)).json().revision;
  await put('news', NEWS.replace('queue: sales', 'queue: saels'));
  await put('news', NEWS.replace('Hola', 'Buenas'));
  await put('news/tests', CASES.replace('Hola', 'Buenas'));
  const back = (await post('flows/news/rollback', { revision: first })).json().revision;
  await post('flows/news/publish', { text: NEWS, tests: { text: CASES }, note: 'both' });
  await post('flows/news/rename', { to: 'noticias' });
  await scene.ask('DELETE', '/api/flows/noticias', { as: 'admin' });
  await post('centre/rename', { kind: 'queue', from: 'sales', to: 'ventas' });
  await post('centre/rename', { kind: 'queue', from: 'sales', to: 'ventas', publish: true });
  const [, ...lines] = scene.audited.lines;
  expect(lines.map(({ by, act, on }) => `${by} ${act} ${on}`)).toEqual([
    'admin text-published news',
    'admin text-published news',
    'admin tests-published news',
    'admin text-rolled-back news',
    'admin text-published news',
    'admin flow-renamed news',
    'admin flow-removed noticias',
    'admin centre-renamed sales',
  ]);
  expect(lines[3]?.detail).toMatchObject({ to: back });
});

test('mistakes are told in the language of whoever publishes', async () => {
  const wrong = NEWS.replace('queue: sales', 'queue: saels');
  const told = async (language: string) =>
    (await put('news', wrong, { 'accept-language': language }))
      .json()
      .issues.map(({ message }: { message: string }) => message);
  expect(await told('es-ES,es;q=0.9')).toEqual(['el centro no tiene cola «saels»']);
  expect(await told('en-GB')).toEqual(["the centre has no queue 'saels'"]);
});

// The internal guide over the API: who reads, who writes, what two writers at once get, and what fits a call.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WireGuideArticle, WireGuidePage } from '../../src/contract/guide/guide.js';
import type { RecordedEvent } from '../../src/core/interaction/event.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

const RETURNS = {
  texts: {
    es: { title: 'Devolución de compras', body: 'En **30 días**.' },
    en: { title: 'Returns', body: '30 days.' },
  },
  tags: ['money'],
  queues: ['support'],
  flows: ['main'],
};

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene?.close());

const write = (body: object = RETURNS, as = 'sofia') => scene.ask('POST', '/api/guide/articles', { as, body });
const found = async (query = '', language = 'es'): Promise<WireGuidePage> =>
  (
    await scene.ask('GET', `/api/guide/articles${query}`, { as: 'ana', headers: { 'accept-language': language } })
  ).json();
const acts = () => scene.audited.lines.map(({ act }) => act).filter((act) => act.startsWith('guide'));

describe('writing', () => {
  test('a supervisor writes, an agent reads it in the own language', async () => {
    const written = await write();
    expect(written.statusCode).toBe(201);
    expect(written.json()).toMatchObject({ id: 'devolucion-de-compras', version: 1, changedBy: 'sofia', ...RETURNS });
    const { articles } = await found();
    expect(articles).toMatchObject([{ title: [{ text: 'Devolución de compras' }], language: 'es' }]);
    expect((await found('', 'en')).articles).toMatchObject([{ title: [{ text: 'Returns' }], languages: ['es', 'en'] }]);
    const one = await scene.ask('GET', '/api/guide/articles/devolucion-de-compras', { as: 'ana' });
    expect(one.json<WireGuideArticle>().texts.en?.body).toBe('30 days.');
    expect(acts()).toEqual(['guide-article-written']);
  });

  test('of the same title the second one gets another address', async () => {
    await write();
    const { id } = (await write()).json<WireGuideArticle>();
    expect(id).toMatch(/^devolucion-de-compras-[0-9a-f]+$/);
  });

  test.each([
    ['without a text', { ...RETURNS, texts: {} }],
    ['with an empty title', { ...RETURNS, texts: { es: { title: ' ', body: 'x' } } }],
    ['with a title of 121 characters', { ...RETURNS, texts: { es: { title: 'a'.repeat(121), body: 'x' } } }],
    ['with a text of 40,001 characters', { ...RETURNS, texts: { es: { title: 'a', body: 'x'.repeat(40_001) } } }],
    ['with 13 tags', { ...RETURNS, tags: Array.from({ length: 13 }, (_, at) => `t${at}`) }],
    ['for a queue that cannot be one', { ...RETURNS, queues: ['no such thing'] }],
    ['in a third language', { ...RETURNS, texts: { ...RETURNS.texts, fr: { title: 'a', body: 'x' } } }],
  ])('%s it is refused', async (_title, body) => {
    expect((await write(body)).statusCode).toBe(400);
    expect(scene.guideStore.kept.size).toBe(0);
  });

  test('a long text is taken: two languages of 40,000 characters each', async () => {
    const text = { title: 'ñ', body: 'ñ'.repeat(40_000) };
    expect((await write({ texts: { es: text, en: text } })).statusCode).toBe(201);
  });
});

describe('changing', () => {
  const url = '/api/guide/articles/devolucion-de-compras';
  const change = (version: number, title: string) =>
    scene.ask('PUT', url, {
      as: 'admin',
      body: { ...RETURNS, texts: { es: { title, body: 'x' } }, version, note: 'why' },
    });

  test('who read an older version is told so, and nothing is lost', async () => {
    await write();
    expect((await change(1, 'first')).json()).toMatchObject({ version: 2, texts: { es: { title: 'first' } } });
    const late = await change(1, 'second');
    expect([late.statusCode, late.json().code]).toEqual([409, 'version-conflict']);
    expect(scene.guideStore.kept.get('devolucion-de-compras')?.texts.es?.title).toBe('first');
  });

  test('what was removed is gone for readers, and comes back as it was', async () => {
    await write();
    await change(1, 'changed');
    expect((await scene.ask('DELETE', `${url}?version=2`, { as: 'sofia' })).statusCode).toBe(204);
    expect((await scene.ask('GET', url, { as: 'ana' })).statusCode).toBe(404);
    expect((await found()).articles).toEqual([]);
    expect((await scene.ask('GET', '/api/guide/removed', { as: 'sofia' })).json()).toMatchObject({
      articles: [{ id: 'devolucion-de-compras', title: 'changed', version: 3, removedBy: 'sofia' }],
    });
    const back = await scene.ask('POST', `${url}/restore`, { as: 'sofia', body: { version: 3, of: 1 } });
    expect(back.json()).toMatchObject({ version: 4, ...RETURNS });
    const { revisions } = (await scene.ask('GET', `${url}/revisions`, { as: 'sofia' })).json();
    expect(revisions.map(({ act, by, note }: Record<string, string>) => [act, by, note])).toEqual([
      ['restored', 'sofia', '1'],
      ['removed', 'sofia', ''],
      ['changed', 'admin', 'why'],
      ['written', 'sofia', ''],
    ]);
    expect(acts()).toEqual([
      ...['guide-article-written', 'guide-article-changed', 'guide-article-removed', 'guide-article-restored'],
    ]);
  });

  test('what is not there cannot be changed, removed, or brought back', async () => {
    expect((await change(1, 'x')).statusCode).toBe(404);
    expect((await scene.ask('DELETE', `${url}?version=1`, { as: 'sofia' })).statusCode).toBe(404);
    const restore = await scene.ask('POST', `${url}/restore`, { as: 'sofia', body: { version: 1, of: 1 } });
    expect(restore.statusCode).toBe(404);
  });
});

describe('what fits', () => {
  const call: readonly RecordedEvent['event'][] = [
    { type: 'flow-entered', data: { segment: 's1', flow: 'main', revision: 'r', language: 'es' } },
    {
      type: 'queued',
      data: { segment: 's1', entry: 'e1', queue: 'support', priority: 5, seniorityMs: 0, kind: 'call' },
    },
  ];

  test('the queue counts for more than the flow, and says so', async () => {
    const only = (title: string, places: object) => write({ texts: { es: { title, body: 'x' } }, ...places });
    await only('Del flujo', { flows: ['main'] });
    await only('De la cola', { queues: ['support'] });
    await only('De los dos', { queues: ['support'], flows: ['main'] });
    await only('De otra', { queues: ['sales'] });
    scene.records.interactions.set(
      'i1',
      call.map((event, at) => ({ interaction: 'i1', version: at + 1, atMs: at, event })),
    );
    const answer = await scene.ask('GET', '/api/guide/suggestions?interaction=i1', { as: 'ana' });
    expect(answer.json().articles).toEqual([
      { id: 'de-los-dos', language: 'es', title: 'De los dos', queues: ['support'], flows: ['main'] },
      { id: 'de-la-cola', language: 'es', title: 'De la cola', queues: ['support'], flows: [] },
      { id: 'del-flujo', language: 'es', title: 'Del flujo', queues: [], flows: ['main'] },
    ]);
  });

  test('articles follow a queue and a flow that get other names, wherever they show them', async () => {
    await write({ texts: { es: { title: 'Los dos', body: 'x' } }, queues: ['support', 'sales'], flows: ['main'] });
    scene.records.interactions.set(
      'i1',
      call.map((event, at) => ({ interaction: 'i1', version: at + 1, atMs: scene.clock.nowMs(), event })),
    );
    const rename = async (url: string, body: object): Promise<void> => {
      expect((await scene.ask('POST', url, { as: 'admin', body })).statusCode).toBe(200);
    };
    await rename('/api/centre/rename', { kind: 'queue', from: 'support', to: 'help', publish: true });
    await rename('/api/flows/main/rename', { to: 'menu' });
    const places = { queues: ['help', 'sales'], flows: ['menu'] };
    const get = async (url: string) => (await scene.ask('GET', url, { as: 'ana' })).json();
    const { articles } = await get('/api/guide/suggestions?interaction=i1');
    expect(articles).toMatchObject([{ id: 'los-dos', queues: ['help'], flows: ['menu'] }]);
    for (const wanted of ['queue=help', 'flow=menu'])
      expect((await found(`?${wanted}`)).articles, wanted).toMatchObject([{ id: 'los-dos', ...places }]);
    const article = await get('/api/guide/articles/los-dos');
    expect(article).toMatchObject(places);
    // Another flow that takes the old name is another flow, also for what is brought back.
    const text = (await scene.text('menu.yaml')).replace('name: menu', 'name: main');
    const put = { as: 'admin', body: text, headers: { 'content-type': 'text/yaml' } };
    expect((await scene.ask('PUT', '/api/flows/main', put)).statusCode).toBe(200);
    expect(await get('/api/guide/articles/los-dos')).toMatchObject(places);
    const restore = { as: 'sofia', body: { version: article.version, of: 1 } };
    expect((await scene.ask('POST', '/api/guide/articles/los-dos/restore', restore)).json()).toMatchObject(places);
    expect((await found('?flow=main')).articles).toEqual([]);
  });

  test('of a matter that is not there nothing fits', async () => {
    expect((await scene.ask('GET', '/api/guide/suggestions?interaction=none', { as: 'ana' })).statusCode).toBe(404);
  });
});

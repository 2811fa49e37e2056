// The guide in a real PostgreSQL: words are found as people type them, and who writes at once does not lose anything.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GuideChange, GuideHit, GuideQuestion } from '../../../src/app/guide/guide-store.js';
import type { GuideContent } from '../../../src/core/guide/article.js';
import type { PostgresStore } from '../../../src/store/postgres/store.js';
import { openStore } from '../../support/postgres-store.js';
import { type Stores, startStores } from '../../support/servers.js';

let stores: Stores;
let store: PostgresStore;
beforeAll(async () => {
  stores = await startStores();
  store = await openStore(stores.postgres.url);
});
afterAll(async () => {
  await store?.close();
  await stores?.close();
});

const NONE = { tags: [], queues: [], flows: [] };
const change = (id: string, content: Partial<GuideContent>, act: GuideChange['act'] = 'written'): GuideChange => {
  return { id, act, by: 'sofia', atMs: 1_000, note: '', content: { texts: {}, ...NONE, ...content } };
};
const write = (id: string, content: Partial<GuideContent>, most = 100) => store.guide.write(change(id, content), most);
const search = (question: Partial<GuideQuestion>): Promise<readonly GuideHit[]> =>
  store.guide.search({ language: 'es', limit: 10, offset: 0, ...question });
const idsOf = async (question: Partial<GuideQuestion>) => (await search(question)).map(({ id }) => id);
/** `the [marked] words` */
const written = (parts: GuideHit['title'] = []) =>
  parts.map(({ text, marked }) => (marked ? `[${text}]` : text)).join('');

test('the first article makes the guide no longer fresh', async () => {
  expect(await store.guide.isFresh()).toBe(true);
  await write('first', { texts: { en: { title: 'First', body: 'x' } } });
  expect(await store.guide.isFresh()).toBe(false);
});

describe('words', () => {
  beforeAll(async () => {
    await write('devoluciones', {
      texts: {
        es: {
          title: 'Devolución de compras',
          body: 'El cliente **devuelve** el producto en 30 días. Véase el año <b>1 > 0</b>.',
        },
        en: { title: 'Returning a purchase', body: 'The customer returns it within 30 days.' },
      },
      tags: ['Garantía'],
      queues: ['support'],
    });
    await write('facturas', {
      texts: {
        es: { title: 'Facturas', body: 'Cómo se envía una factura. La devolución de una factura es otra cosa.' },
      },
      flows: ['main'],
    });
  });

  test.each([
    ['as written', 'devolución', ['devoluciones', 'facturas']],
    ['in another number', 'devoluciones', ['devoluciones', 'facturas']],
    ['without its accent', 'devolucion', ['devoluciones', 'facturas']],
    ['begun', 'devo', ['devoluciones', 'facturas']],
    ['two that are begun', 'fact env', ['facturas']],
    ['of a tag, without its accent', 'garantia', ['devoluciones']],
    ['of another language', 'purchases', ['devoluciones']],
    ['not the other', 'devolución -factura', ['devoluciones']],
    ['as they stand', '"envía una factura"', ['facturas']],
    ['in the wrong order, as they stand', '"factura una envía"', []],
    ['that mean nothing by themselves', 'de la', ['facturas']],
    ['of nothing but signs', `!!! '":* & | <>`, []],
    ['that are nowhere', 'murciélago', []],
  ])('%s: %s', async (_title, text, ids) => expect(await idsOf({ text })).toEqual(ids));

  test('are marked in title and excerpt, with accents where there were none', async () => {
    const [first, second] = await search({ text: 'devolucion' });
    expect(written(first?.title)).toBe('[Devolución] de compras');
    expect(written(second?.excerpt)).toBe('Cómo se envía una factura. La [devolución] de una factura es otra cosa.');
  });

  test('what looks like markup is found and shown as text', async () => {
    const [hit] = await search({ text: 'ano' });
    expect(written(hit?.excerpt)).toBe('El cliente devuelve el producto en 30 días. Véase el [año] <b>1 > 0</b>.');
  });

  test('the reader’s language is shown when the words are in both', async () => {
    expect((await search({ text: '30' })).map(({ language, languages }) => [language, languages])).toEqual([
      ['es', ['es', 'en']],
    ]);
    expect((await search({ text: '30', language: 'en' })).map(({ language }) => language)).toEqual(['en']);
  });

  test('without words all are told, by title, page after page', async () => {
    const all = await search({});
    expect(all.map(({ title }) => written(title))).toEqual(['Devolución de compras', 'Facturas', 'First']);
    expect(await idsOf({ limit: 1, offset: 1 })).toEqual(['facturas']);
    expect(await idsOf({ queues: ['support', 'help'] })).toEqual(['devoluciones']);
    expect(await idsOf({ flows: ['main'], text: 'factura' })).toEqual(['facturas']);
    expect(await idsOf({ tag: 'Garantía' })).toEqual(['devoluciones']);
  });

  test('those that fit name one of the queues or flows', async () => {
    const fitting = async (queues: string[], flows: string[]) =>
      (await store.guide.fitting(queues, flows, 10)).map(({ id }) => id);
    expect(await fitting(['support', 'sales'], [])).toEqual(['devoluciones']);
    expect(await fitting([], ['main'])).toEqual(['facturas']);
    expect(await fitting([], [])).toEqual([]);
  });
});

describe('writers', () => {
  const text = (title: string) => ({ texts: { es: { title, body: 'NUL \0 here' } } });

  test('of two who change the same version one is told so', async () => {
    await write('shared', text('one'));
    const outcomes = await Promise.all([
      store.guide.change(change('shared', text('two'), 'changed'), 1),
      store.guide.change(change('shared', text('three'), 'changed'), 1),
    ]);
    expect(outcomes.toSorted()).toEqual([2, undefined]);
    const revisions = await store.guide.revisions('shared', 10);
    expect(revisions.map(({ version, act }) => [version, act])).toEqual([
      [2, 'changed'],
      [1, 'written'],
    ]);
    const now = await store.guide.article('shared');
    expect(now?.texts).toEqual(revisions[0]?.content.texts);
  });

  test('what was removed is found by nobody, and comes back', async () => {
    await write('gone', text('elephant'));
    await store.guide.change(change('gone', text('elephant'), 'removed'), 1);
    expect(await idsOf({ text: 'elephant' })).toEqual([]);
    expect((await store.guide.removed(10)).map(({ id, version }) => [id, version])).toEqual([['gone', 2]]);
    await store.guide.change(change('gone', text('elephant'), 'restored'), 2);
    expect(await idsOf({ text: 'elephant' })).toEqual(['gone']);
  });

  test('an id is given once, and a full guide takes no more', async () => {
    expect(await write('once', text('x'))).toBe(true);
    expect(await write('once', text('y'))).toBe(false);
    expect((await store.guide.article('once'))?.texts.es?.title).toBe('x');
    const many = await search({ limit: 50 });
    expect(await write('too-much', text('x'), many.length)).toBe(false);
    expect(await write('just', text('x'), many.length + 1)).toBe(true);
  });
});

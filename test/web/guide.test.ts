// Writing an article: what is sent of a draft, and what is not sent yet; what stands in the address of the guide.
import { describe, expect, test } from 'vitest';
import { BLANK, draftOf, wishOf } from '../../src/web/guide/draft.js';
import { guideSearchOf } from '../../src/web/guide/search-of.js';

const ES = { title: 'Uno', body: 'Texto' };

describe('a draft', () => {
  test('in one language is sent in that one', () => {
    const wish = wishOf({ ...BLANK, texts: { ...BLANK.texts, es: ES }, note: ' why ' });
    expect(wish).toEqual({ texts: { es: ES }, tags: [], queues: [], flows: [], note: 'why' });
  });

  test.each([
    ['with nothing', BLANK.texts],
    ['with a title only', { ...BLANK.texts, es: { title: 'Uno', body: ' ' } }],
    ['with a text only', { ...BLANK.texts, en: { title: '', body: 'x' } }],
    ['whose second language is half written', { es: ES, en: { title: 'One', body: '' } }],
  ])('%s is not sent', (_title, texts) => expect(wishOf({ ...BLANK, texts })).toBeUndefined());

  test('of an article says what the article says', () => {
    const about = { tags: ['a'], queues: ['support'], flows: ['main'] };
    const article = { id: 'uno', version: 3, texts: { es: ES }, ...about, changedAt: '', changedBy: '' };
    expect(wishOf(draftOf(article))).toEqual({ texts: { es: ES }, ...about, note: '' });
  });
});

test.each([
  [
    { text: ' plazo ', tag: 'dinero', page: 3 },
    { text: 'plazo', tag: 'dinero' },
  ],
  [{ text: 30 }, { text: '30' }],
  [{ text: '', tag: { a: 1 } }, {}],
])('of %j the guide is asked %j', (typed, search) => expect(guideSearchOf(typed)).toEqual(search));

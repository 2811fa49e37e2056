// What articles are made of: their plain words, their excerpts with marks, their places, their files.
import { describe, expect, test } from 'vitest';
import { slugOf } from '../../../src/core/guide/article.js';
import { compileArticleFile, contentOf } from '../../../src/core/guide/article-file.js';
import { excerpt, joined, marked, rangesBetween } from '../../../src/core/guide/marked.js';
import { flowNames, type Naming, placesNow } from '../../../src/core/guide/naming.js';
import { fitOf, placeOf as placeAt } from '../../../src/core/guide/place.js';
import { folded, plainText } from '../../../src/core/guide/plain-text.js';
import type { InteractionEvent } from '../../../src/core/interaction/event.js';

describe('the words of a Markdown text', () => {
  test.each([
    ['# Title\n\nText', 'Title\nText'],
    ['- one\n* two\n1. three\n- [x] done', 'one\ntwo\nthree\ndone'],
    ['> quoted\n> again', 'quoted\nagain'],
    ['**bold**, *slanted*, `code`, ~~gone~~', 'bold, slanted, code, gone'],
    ['see [the page](https://a.example/x "title") and ![a picture](p.png)', 'see the page and a picture'],
    ['<https://a.example>', 'https://a.example'],
    ['```js\nlet x = 1;\n```', 'let x = 1;'],
    ['a\n\n---\n\nb', 'a\nb'],
    ['| a | b |\n|---|---|\n| 1 | 2 |', 'a b\n1 2'],
    ['2 * 3 * 4 = 24, snake_case_name', '2 * 3 * 4 = 24, snake_case_name'],
    ['1\\. not a list', '1. not a list'],
    ['<!-- only for us -->shown', 'shown'],
    ['unclosed [link](and **bold', 'unclosed [link](and **bold'],
  ])('%j', (markdown, plain) => expect(plainText(markdown)).toBe(plain));

  // Each of them would take minutes were a sign looked for in two ways.
  test.each(['[', '*', '`', '|', '| x', '> ', '<!--', '_a', '- ', '(', '\\', '[a](', ' ', '\n', '<http:', '*a*a'])(
    'a hostile one of %j comes to an end',
    (sign) => {
      const text = `${sign.repeat(40_000 / sign.length)}x`;
      expect(plainText(text).length).toBeLessThanOrEqual(text.length);
    },
  );

  test('without accents every letter keeps its place', () => {
    expect(folded('Devolución, ñandú, übergroß, 👍 ﬁ')).toBe('Devolucion, nandu, ubergroß, 👍 ﬁ');
  });

  test.each([
    ['Devolución de compras', 'devolucion-de-compras'],
    ['  ¿Qué? — ¡Ya!  ', 'que-ya'],
    ['日本', ''],
  ])('the address of %j is %j', (title, slug) => expect(slugOf(title)).toBe(slug));
});

describe('marks', () => {
  test('what a search marked is laid over the text as it was written', () => {
    const ranges = joined([
      ...rangesBetween('la <devolucion> de', '<', '>'),
      ...rangesBetween('la <devo>lucion <de>', '<', '>'),
    ]);
    expect(marked('la devolución de', ranges)).toEqual([
      { text: 'la ', marked: false },
      { text: 'devolución', marked: true },
      { text: ' ', marked: false },
      { text: 'de', marked: true },
    ]);
  });

  test('a sign that is not closed marks nothing', () => {
    expect(rangesBetween('a <b', '<', '>')).toEqual([]);
    expect(rangesBetween('a >b<', '<', '>')).toEqual([]);
  });

  test('an excerpt is where the most marks are, and ends with words', () => {
    const text = `${'far word '.repeat(60)}here are two: word word ${'behind '.repeat(60)}`;
    const at = text.indexOf('two: word word') + 5;
    const parts = excerpt(text, [
      { from: 4, to: 8 },
      { from: at, to: at + 4 },
      { from: at + 5, to: at + 9 },
    ]);
    const whole = parts.map((part) => part.text).join('');
    expect(parts.filter((part) => part.marked)).toHaveLength(2);
    expect(whole).toMatch(/^… \S.*two: word word .*behind …$/);
    expect(whole.length).toBeLessThanOrEqual(246);
  });

  test('a short text is shown whole', () => expect(excerpt('short', [])).toEqual([{ text: 'short', marked: false }]));
});

describe('places', () => {
  const queued = (queue: string): InteractionEvent => ({
    type: 'queued',
    data: { segment: 's', entry: queue, queue, priority: 5, seniorityMs: 0, kind: 'call' },
  });
  const entered = (flow: string): InteractionEvent => ({
    type: 'flow-entered',
    data: { segment: 's', flow, revision: 'r', language: 'es' },
  });

  const NAMING: Naming = {
    queue: (name) => (name === 'old' ? 'new' : name),
    queueNames: (name) => (name === 'new' ? ['new', 'old'] : [name]),
    flowRenames: [{ from: 'menu', to: 'main', atMs: 100 }],
  };
  const placeOf = (events: readonly InteractionEvent[], atMs = 50) =>
    placeAt(
      events.map((event) => ({ event, atMs })),
      NAMING,
    );

  test('the newest first, each once', () => {
    expect(placeOf([entered('main'), queued('a'), entered('survey'), queued('b'), queued('a')])).toEqual({
      queues: ['a', 'b'],
      flows: ['survey', 'main'],
    });
  });

  test('a conversation that is passed on, and a customer whom a supervisor sends elsewhere, are there now', () => {
    const passed = { type: 'work-passed', data: { queue: 'sales' } } as InteractionEvent;
    const sent = { type: 'queue-changed', data: { queue: 'sales', to: 'support' } } as InteractionEvent;
    expect(placeOf([queued('a'), passed]).queues).toEqual(['sales', 'a']);
    expect(placeOf([queued('a'), passed, sent]).queues).toEqual(['support', 'sales', 'a']);
  });

  test('as queue and flow are called now, also where a later flow has the old name', () => {
    expect(placeOf([queued('old'), entered('menu')])).toEqual({ queues: ['new'], flows: ['main'] });
    expect(placeOf([entered('menu')], 101).flows).toEqual(['menu']);
    expect(flowNames(NAMING, 'main')).toEqual(['main', 'menu']);
    const article = { queues: ['old', 'new', 'other'], flows: ['menu'] };
    expect(placesNow(NAMING, article, 99)).toEqual({ queues: ['new', 'other'], flows: ['main'] });
    expect(placesNow(NAMING, article, 101).flows).toEqual(['menu']);
  });

  test('where the matter is now counts for more than where it was', () => {
    const place = { queues: ['now', 'before'], flows: ['flow'] };
    const weight = (queues: string[], flows: string[] = []) => fitOf({ queues, flows }, place).weight;
    expect(weight(['now'])).toBeGreaterThan(weight([], ['flow']));
    expect(weight([], ['flow'])).toBeGreaterThan(weight(['before']));
    expect(weight(['elsewhere'], ['other'])).toBe(0);
    expect(fitOf({ queues: ['before'], flows: [] }, place).queues).toEqual(['before']);
  });
});

describe('files', () => {
  const compile = (text: string, file = 'returns.es.md') => compileArticleFile({ file, text, revision: 'r' });

  test('an article with its head', () => {
    const text = '---\ntitle: Devoluciones\ntags: [dinero]\nqueues: [support]\n---\n\n# Plazo\n30 días\n';
    expect(compile(text)).toMatchObject({
      ok: true,
      value: {
        id: 'returns',
        language: 'es',
        title: 'Devoluciones',
        queues: ['support'],
        flows: [],
        body: '# Plazo\n30 días',
      },
    });
  });

  test.each([
    ['no head', 'just text', 'returns.es.md:1:1: the head is missing'],
    ['a head that does not end', '---\ntitle: x\n', 'returns.es.md:1:1: the head is missing'],
    [
      'a wrong key',
      '---\ntitle: x\nqueue: [a]\n---\ntext',
      "returns.es.md:3:1: 'queue' is not known here (did you mean 'queues'?)",
    ],
    ['a title that is missing', '---\ntags: [a]\n---\ntext', "returns.es.md:2:1: 'title' is missing"],
    ['a wrong queue', '---\ntitle: x\nqueues: [a, B b]\n---\ntext', 'returns.es.md:3:13: a name is'],
    ['no text', '---\ntitle: x\n---\n', 'returns.es.md:4:1: the article has no text'],
  ])('%s is told with its place', (_title, text, message) => {
    const compiled = compile(text);
    expect(compiled.ok).toBe(false);
    const [issue] = compiled.ok ? [] : compiled.issues;
    expect(`${issue?.file}:${issue?.line}:${issue?.column}: ${issue?.message} (${issue?.advice})`).toContain(message);
  });

  test('two languages are one article', () => {
    const [es, en] = [
      compile('---\ntitle: Plazo\nqueues: [a]\n---\nx'),
      compile('---\ntitle: Term\nqueues: [b]\n---\ny', 'returns.en.md'),
    ];
    if (!es.ok || !en.ok) throw new Error('both are right');
    expect(contentOf([es.value, en.value])).toEqual({
      texts: { es: { title: 'Plazo', body: 'x' }, en: { title: 'Term', body: 'y' } },
      ...{ tags: [], queues: ['a', 'b'], flows: [] },
    });
  });
});

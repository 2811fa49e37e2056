// Written conversations in the page: canned texts as they are looked for, templates filled in, links in customers' texts, what is on its way.
import { describe, expect, test } from 'vitest';
import { freshId } from '../../src/web/conversations/requests.js';
import { partsOf } from '../../src/web/conversations/thread/linked-text.js';
import { sizeText } from '../../src/web/conversations/thread/size.js';
import { choiceOf, lookedFor, matching } from '../../src/web/conversations/writing/canned.js';
import {
  NO_DRAFT,
  type Outgoing,
  stillOut,
  withOutgoing,
  without,
} from '../../src/web/conversations/writing/drafts.js';
import { filled } from '../../src/web/conversations/writing/filled.js';

describe('canned texts', () => {
  const choices = [
    { name: 'goodbye', title: 'Despedida', text: 'Gracias por llamar a la garantía' },
    { name: 'guarantee', title: 'Garantía', text: 'Tres años' },
    { name: 'greeting', title: 'Saludo', text: 'Hola' },
  ];

  test.each([
    ['/', ''],
    ['/salu', 'salu'],
    ['hola /salu', undefined],
    ['/a\nb', undefined],
    [`/${'a'.repeat(61)}`, undefined],
    ['', undefined],
  ])('of %j %j is looked for', (text, asked) => expect(lookedFor(text)).toBe(asked));

  test.each([
    ['', ['goodbye', 'guarantee', 'greeting']],
    ['garantia', ['guarantee', 'goodbye']],
    ['HOL', ['greeting']],
    ['tres gara', ['guarantee']],
    ['nothing', []],
  ])('%j finds %j', (asked, names) => expect(matching(choices, asked).map(({ name }) => name)).toEqual(names));

  test('are in the language of the customer, their titles in that of the agent', () => {
    const text = { name: 'hello', title: { es: 'Saludo', en: 'Greeting' }, text: { es: 'Hola', en: 'Hello' } };
    const all = { language: 'en', texts: [text], templates: [] };
    expect(choiceOf(text, all, 'es')).toEqual({ name: 'hello', title: 'Saludo', text: 'Hello' });
    expect(choiceOf(text, { ...all, language: 'fr' }, 'es').text).toBe('Hola');
  });
});

test('a template shows what is still missing', () => {
  expect(filled('On {day} at {time}, {toString}', { day: 'Monday', time: '' })).toBe('On Monday at {time}, {toString}');
  expect(filled('{day}', { day: '{time}', time: 'x' })).toBe('{time}');
});

test.each([
  ['no link', [['no link', undefined]]],
  [
    'see https://a.example/x?y=1.',
    [
      ['see ', undefined],
      ['https://a.example/x?y=1', 'https://a.example/x?y=1'],
      ['.', undefined],
    ],
  ],
  ['javascript:alert(1) ftp://a.example', [['javascript:alert(1) ftp://a.example', undefined]]],
  [
    '<a href="https://a.example">',
    [
      ['<a href="', undefined],
      ['https://a.example', 'https://a.example'],
      ['">', undefined],
    ],
  ],
])('links in %j', (text, parts) => {
  expect(partsOf(text).map((part) => [part.text, part.href])).toEqual(parts);
});

test('an address ends before what is not seen or turns the direction: it cannot look like another one', () => {
  expect(partsOf('https://example.com/\u202Ekoob').map(({ href }) => href)).toEqual([
    'https://example.com/',
    undefined,
  ]);
  expect(partsOf('https://example.com/a\u200Bb').map(({ href }) => href)).toEqual(['https://example.com/a', undefined]);
});

test('sizes', () => {
  expect([10, 340_000, 1_250_000, 24_000_000].map((bytes) => sizeText(bytes, 'en'))).toEqual([
    '1 kB',
    '340 kB',
    '1.3 MB',
    '24 MB',
  ]);
});

test('ids of messages are UUIDs, each another', () => {
  const ids = Array.from({ length: 50 }, freshId);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(50);
});

describe('what is on its way', () => {
  const one: Outgoing = { id: 'm1', message: { id: 'm1', text: 'Hola' }, text: 'Hola' };

  test('is shown until it is in the thread, once however often it is tried', () => {
    const failed = withOutgoing(withOutgoing(NO_DRAFT, one), { ...one, fault: 'away' });
    expect(failed.outgoing).toEqual([{ ...one, fault: 'away' }]);
    const message = { id: 'm1' } as Parameters<typeof stillOut>[1][number];
    expect(stillOut(failed.outgoing, [])).toHaveLength(1);
    expect(stillOut(failed.outgoing, [message])).toEqual([]);
    expect(without(failed, 'm1').outgoing).toEqual([]);
  });
});

// The language inside arguments, as tables.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EXPANDED_LENGTH_MAX,
  expand,
  splitArguments,
  splitAssignments,
  takeScoped,
} from '../../../src/switch/channel/expansion.js';

/** Written with @ so that no tool takes them for templates of this language. */
const dollars = (text: string): string => text.replaceAll('@', '$');

const VALUES = new Map([
  ['a', 'apple'],
  ['b', dollars('box @{a}')],
  ['long', 'x'.repeat(50_000)],
]);

describe('variables', () => {
  test.each([
    ['none', 'none'],
    ['@{a}', 'apple'],
    ['<@{a}|@{b}>', '<apple|box @{a}>'],
    ['@{unknown}.', '.'],
    ['@{a:0:2}', 'ap'],
    ['@{a:2}', 'ple'],
    ['@{a:-2}', 'le'],
    ['@{a:0:-1}', 'appl'],
    ['@{a', '@{a'],
    ['$a {a} @{}', '$a {a} @{}'],
    ['^\\d{3}$', '^\\d{3}$'],
  ])('%s becomes %s', (text, expanded) => {
    expect(expand(dollars(text), (name) => VALUES.get(name))).toBe(dollars(expanded));
  });

  test('do not grow without end', () => {
    expect(expand(dollars('@{long}').repeat(10), (name) => VALUES.get(name))).toHaveLength(EXPANDED_LENGTH_MAX);
  });
});

test.each([
  [
    '%[a=1,b=x y]file.wav',
    [
      ['a', '1'],
      ['b', 'x y'],
    ],
    'file.wav',
  ],
  ['%[]file.wav', [], 'file.wav'],
  ['%(2000,4000,440)', [], '%(2000,4000,440)'],
  ['%[a=1', [], '%[a=1'],
])('scoped variables in %s', (text, pairs, rest) => {
  const scoped = takeScoped(text);
  expect([...scoped.variables]).toEqual(pairs);
  expect(scoped.rest).toBe(rest);
});

describe('arguments', () => {
  test.each([
    ['1 128 3 5000 # a.wav b.wav v \\d+ 8000', ['1', '128', '3', '5000', '#', 'a.wav', 'b.wav', 'v', '\\d+', '8000']],
    ["'two words' three", ['two words', 'three']],
    ["'' x", ['', 'x']],
    ['a\\sb  c ', ['a b', 'c']],
    ["don\\'t stop", ["don't", 'stop']],
    ['^\\d{1,3}$', ['^\\d{1,3}$']],
    ['', []],
    ["'open end", ['open end']],
  ])('%j', (text, parts) => {
    expect(splitArguments(text)).toEqual(parts);
  });

  test('of any text never throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void splitArguments(text)));
  });
});

test.each([
  [
    '^^^foo=x^bar=y z',
    [
      ['foo', 'x'],
      ['bar', 'y z'],
    ],
  ],
  [
    '^^;a=1;b=2',
    [
      ['a', '1'],
      ['b', '2'],
    ],
  ],
  [
    'a=1 b=2',
    [
      ['a', '1'],
      ['b', '2'],
    ],
  ],
  ['a=1 rubbish =x', [['a', '1']]],
  ['^^', []],
])('assignments in %j', (text, pairs) => {
  expect(splitAssignments(text)).toEqual(pairs);
});

// Editing YAML by its data: what is not meant stays byte for byte.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withKey, withValue } from '../../../src/core/document/yaml-edit.js';
import type { Path } from '../../../src/core/document/yaml-text.js';

const CENTRE = readFileSync('ivr-flows/centre.yaml', 'utf8');

/** Lines that are gone (-) and new (+). */
function lines(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let [from, to] = [0, 0];
  while (old[from] === now[from] && from < old.length) from += 1;
  while (to < old.length - from && to < now.length - from && old.at(-1 - to) === now.at(-1 - to)) to += 1;
  return [
    ...old.slice(from, old.length - to).map((line) => `-${line}`),
    ...now.slice(from, now.length - to).map((line) => `+${line}`),
  ];
}

type Case = readonly [title: string, path: Path, value: unknown, lines: readonly string[]];
const CASES: readonly Case[] = [
  ['a word in a block', ['queues', 'support', 'ring'], '30s', ['-    ring: 20s', '+    ring: 30s']],
  ['a number', ['queues', 'support', 'max-length'], 7, ['-    max-length: 2000', '+    max-length: 7']],
  ['a word before a comment', ['queues', 'sales', 'exit-key'], '#', [
    "-    exit-key: '*' # tired of waiting: leaves for the overflow",
    "+    exit-key: '#' # tired of waiting: leaves for the overflow",
  ]],
  ['a word in braces', ['queues', 'support', 'title', 'en'], 'Help, now', [
    '-    title: { es: Soporte, en: Support }',
    "+    title: { es: Soporte, en: 'Help, now' }",
  ]],
  ['a mapping in place of a word', ['queues', 'support', 'overflow'], { queue: 'sales' }, [
    '-    overflow: message',
    '+    overflow: { queue: sales }',
  ]],
  ['a word in place of a mapping', ['queues', 'sales', 'overflow'], 'voicemail', [
    '-    overflow: { queue: support }',
    '+    overflow: voicemail',
  ]],
  ['a key that was not there', ['queues', 'support', 'priority'], 3, ['+    priority: 3']],
  ['a key in braces', ['agents', 'ana', 'skills', 'sales'], 2, [
    '-    skills: { support: 5 }',
    '+    skills: { support: 5, sales: 2 }',
  ]],
  ['a key is taken out', ['queues', 'sales', 'say-wait'], undefined, [
    '-    say-wait: true # with the position, as soon as enough calls were taken to know',
  ]],
  ['the last key in braces is taken out', ['agents', 'bruno', 'skills', 'sales'], undefined, [
    '-    skills: { support: 3, sales: 3 }',
    '+    skills: { support: 3 }',
  ]],
  ['the only key in braces is taken out', ['agents', 'ana', 'skills', 'support'], undefined, [
    '-    skills: { support: 5 }',
    '+    skills: {}',
  ]],
  ['an item of a list', ['hours', 'office', 'open', 1, 'to'], '14:00', [
    "-      - { days: fri, from: '09:00', to: '15:00' }",
    "+      - { days: fri, from: '09:00', to: '14:00' }",
  ]],
  ['a number is taken out with all below it', ['numbers', '2003'], undefined, [
    '-  2003:',
    '-    to: { agent: carla }',
    '-    forwards:',
    '-      - { when: unregistered, to: voicemail }',
    '-      - { when: no-answer, to: { queue: sales } }',
  ]],
  ['a new number', ['numbers', '+34911222333'], { to: { queue: 'sales' } }, [
    "+  '+34911222333':",
    '+    to: { queue: sales }',
  ]],
  ['a new agent', ['agents', 'zoe'], { title: 'Zoe #1', skills: { support: 4 }, devices: [{ sip: 'zoe-desk' }] }, [
    '+  zoe:',
    "+    title: 'Zoe #1'",
    '+    skills: { support: 4 }',
    '+    devices: [{ sip: zoe-desk }]',
  ]],
  ['a folded text', ['texts', 'missed-call', 'es'], 'Hola: {{ reference }}', [
    '-    es: >-',
    '-      Hilo: sentimos no haber podido atender su llamada. Responda 1 y le llamamos enseguida,',
    '-      o escriba a qué hora le viene bien. Su referencia: {{ reference }}',
    "+    es: 'Hola: {{ reference }}'",
  ]],
]; // biome-ignore format: a table

describe('in the sample centre', () => {
  test.each(CASES)('%s', (_title, path, value, expected) => {
    expect(lines(CENTRE, withValue(CENTRE, path, value))).toEqual(expected);
  });

  test('nothing changes when the data are the same', () => {
    expect(withValue(CENTRE, ['queues', 'support', 'ring'], '20s')).toBe(CENTRE);
    const full = { title: { en: 'Full', es: 'Completa' }, overflow: 'message', skill: 'support', 'max-length': '0' };
    expect(withValue(CENTRE, ['queues', 'full'], full)).toBe(CENTRE);
  });

  test('of a whole queue only what differs is written', () => {
    const queue = { title: { es: 'Nadie', en: 'Nobody' }, skill: 'nobody', 'max-wait': '20s', overflow: 'message' };
    expect(lines(CENTRE, withValue(CENTRE, ['queues', 'nobody'], queue))).toEqual([
      '-    max-wait: 10s',
      '+    max-wait: 20s',
    ]);
  });

  test('there and back again is the same text', () => {
    const path = ['queues', 'support', 'priority'];
    expect(withValue(withValue(CENTRE, path, 1), path, undefined)).toBe(CENTRE);
    const agent = ['agents', 'zoe'];
    expect(withValue(withValue(CENTRE, agent, { title: 'Zoe', skills: {}, devices: [] }), agent, undefined)).toBe(
      CENTRE,
    );
  });
});

describe('texts of other shapes', () => {
  test.each([
    [
      'a list grows',
      'a: [{ x: 1 }] # ours\n',
      ['a'],
      [{ x: 1 }, { y: '+34', z: '15s' }],
      "a: [{ x: 1 }, { y: '+34', z: 15s }] # ours\n",
    ],
    ['an empty value', 'a:\nb: 1\n', ['a'], { x: 1 }, 'a: { x: 1 }\nb: 1\n'],
    ['a key below an empty value', 'a: # what\nb: 1\n', ['a', 'x'], 1, 'a: { x: 1 } # what\nb: 1\n'],
    ['empty braces', 'a: {}\n', ['a', 'x'], 1, 'a: { x: 1 }\n'],
    ['no line break at the end', 'a: 1', ['b'], 2, 'a: 1\nb: 2'],
    ['the last line goes', 'a: 1\nb: 2', ['b'], undefined, 'a: 1\n'],
    ['a block list becomes short', 'a:\n  - 1\n  - 2\nb: 1\n', ['a'], [3], 'a: [3]\nb: 1\n'],
    ['a text that looks like a number', 'a: x\n', ['a'], '007', "a: '007'\n"],
    ['a text that looks like a truth', 'a: x\n', ['a'], 'true', "a: 'true'\n"],
    ['a quote', "a: 'x'\n", ['a'], "it's", "a: 'it''s'\n"],
    [
      'a line comment between stays',
      'a:\n  # one\n  x: 1 # two\n  y: 2\n',
      ['a', 'x'],
      5,
      'a:\n  # one\n  x: 5 # two\n  y: 2\n',
    ],
  ])('%s', (_title, text, path, value, expected) => {
    expect(withValue(text, path as Path, value)).toBe(expected);
  });

  test('what is no YAML, or no mapping, is refused', () => {
    expect(() => withValue('a: [', ['a'], 1)).toThrow(/YAML/);
    expect(() => withValue('a: 1\n', ['a', 'b'], 1)).toThrow(/mapping/);
  });
});

test('a key is renamed where it stands', () => {
  expect(lines(CENTRE, withKey(CENTRE, ['numbers', '1003'], '1009'))).toEqual([
    '-  1003: { to: { queue: full } } # takes nobody at all: overflows at once',
    '+  1009: { to: { queue: full } } # takes nobody at all: overflows at once',
  ]);
  expect(() => withKey(CENTRE, ['numbers', '1003'], '1000')).toThrow(/already/);
});

// The editor's proposals and meanings: from where the cursor stands in a text that is being written.
import { expect, test } from 'vitest';
import { testSchema } from '../../../src/core/flow-test/test-schema.js';
import { flowSchema } from '../../../src/core/ivr/schema/flow-schema.js';
import { placeAt } from '../../../src/web/studio/editor/place.js';
import { meaningAt, proposalsAt } from '../../../src/web/studio/editor/proposals.js';

const NAMES = {
  steps: ['menu', 'sales'],
  queues: ['support'],
  agents: ['ana'],
  hours: ['office'],
  flows: ['main'],
  texts: [],
};
const schema = flowSchema();
const tests = testSchema();

/** `|` is the cursor. */
function at(marked: string): [string, number] {
  const offset = marked.indexOf('|');
  return [marked.replace('|', ''), offset];
}

test.each([
  ['|', 'key', []],
  ['sta|', 'key', []],
  ['start: m|', 'value', ['start']],
  ['steps:\n  menu:\n    do: |', 'value', ['steps', 'menu', 'do']],
  ['steps:\n  menu:\n    do: menu\n    |', 'key', ['steps', 'menu']],
  ['steps:\n  menu:\n    keys:\n      1: |', 'value', ['steps', 'menu', 'keys', '1']],
  ["steps:\n  menu:\n    keys:\n      '*': |", 'value', ['steps', 'menu', 'keys', '*']],
  ['steps:\n  menu:\n    keys: { 1: a, 2: |', 'value', ['steps', 'menu', 'keys', '2']],
  ['steps:\n  news: { do: say, ne|', 'key', ['steps', 'news']],
  ['steps:\n  if:\n    cases:\n      - { when: x, next: |', 'value', ['steps', 'if', 'cases', '*', 'next']],
  ['steps:\n  if:\n    cases:\n      - when: x\n        next: |', 'value', ['steps', 'if', 'cases', '*', 'next']],
  ['steps:\n  if:\n    cases:\n    - when: x\n    - |', 'key', ['steps', 'if', 'cases', '*']],
  ['languages: [es, |', 'value', ['languages', '*']],
  ["steps:\n  a:\n    say: 'to: { b, |", 'value', ['steps', 'a', 'say']],
  ['steps:\n  a: # first\n    do: say\n\n  b:\n    |', 'key', ['steps', 'b']],
])('%j stands at a %s of %j', (marked, kind, path) => {
  expect(placeAt(...at(marked))).toMatchObject({ kind, path });
});

test('in a comment there is nothing to propose', () => {
  expect(placeAt(...at('start: a # |'))).toBeUndefined();
});

function proposed(marked: string): string[] {
  return proposalsAt(...at(marked), schema, NAMES)?.options.map(({ label }) => label) ?? [];
}

test.each([
  ['sta|', ['start', 'steps', 'languages']],
  ['steps:\n  a:\n    do: |', ['menu', 'queue', 'hangup']],
  ['steps:\n  a:\n    do: menu\n    |', ['keys', 'wrong-key', 'tries']],
  ['steps:\n  a: { do: queue, | }', ['queue', 'priority']],
  ['steps:\n  a:\n    do: menu\n    keys:\n      1: |', ['menu', 'sales']],
  ['steps:\n  a:\n    do: queue\n    queue: |', ['support']],
  ['steps:\n  a:\n    do: hours\n    hours: |', ['office']],
  ['start: |', ['menu', 'sales']],
])('%j: among others %j', (marked, some) => {
  expect(proposed(marked)).toEqual(expect.arrayContaining(some));
});

test('keys of another kind of step are not proposed', () => {
  expect(proposed('steps:\n  a:\n    do: queue\n    |\n  b:\n    do: menu')).not.toContain('keys');
});

test('a key that is taken is written with its colon, and takes the place of what was begun', () => {
  const found = proposalsAt(...at('name: main\nsta|'), schema, NAMES);
  expect(found?.from).toBe('name: main\n'.length);
  expect(found?.options.find(({ label }) => label === 'start')?.apply).toBe('start: ');
});

test.each([
  ['sta|rt: menu', 'The step where a call begins.'],
  ['steps:\n  a:\n    do: me|nu', 'Says the choices and waits for one key'],
  ['steps:\n  a:\n    do: menu\n    wro|ng-key: x', 'Said before the choices are repeated'],
])('%j means: %s', (marked, about) => {
  expect(meaningAt(...at(marked), schema)?.about).toContain(about);
});

test('a name of one’s own has no meaning to tell', () => {
  expect(meaningAt(...at('steps:\n  my-st|ep:\n    do: menu'), schema)).toBeUndefined();
});

test.each([
  ['cas|', ['cases']],
  ['cases:\n  - case: one\n    |', ['script', 'answers', 'expect']],
  ['cases:\n  - script:\n      - |', ['hears', 'presses', 'queue', 'silence', 'hangs-up']],
  ['cases:\n  - script:\n      - queue: |', ['support']],
  ['cases:\n  - script:\n      - queue: support\n        outcome: |', ['served', 'not-served']],
  ['cases:\n  - answers:\n      |', ['menu', 'sales']],
  ['cases:\n  - answers:\n      menu: { |', ['status', 'reply', 'fails']],
  ['cases:\n  - flow: |', ['main']],
])('in tests, %j: among others %j', (marked, some) => {
  const found = proposalsAt(...at(marked), tests, NAMES)?.options.map(({ label }) => label);
  expect(found).toEqual(expect.arrayContaining(some));
});

test('what a line of a test means is told', () => {
  const [text, offset] = at('cases:\n  - script:\n      - hea|rs: Hola');
  expect(meaningAt(text, offset, tests)?.about).toContain('next thing that is heard');
});

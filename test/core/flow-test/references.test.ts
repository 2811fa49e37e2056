// Who names a flow, and the flow under another name: every text that named it names it so, and nothing else is touched.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SourceFile } from '../../../src/core/document/issue.js';
import { referencesTo, renamed } from '../../../src/core/flow-test/references.js';

const source = (file: string, text: string): SourceFile => ({ file, text, revision: '' });
const pin = `version: 1
name: pin # the number they know
languages: [es]
start: again
steps:
  again: { do: gather, say: Marque su clave., length: 4, into: pin, next: back, otherwise: back }
  back: { do: return }
variables: { pin: '' }
`;
const other = `version: 1
name: other
languages: [es]
start: ask
steps:
  # pin is a word here
  ask: { do: flow, flow: pin, next: once }
  once:
    do: flow
    flow: 'pin'
    next: pin
  pin: { do: queue, queue: sales }
`;
const centre = readFileSync('ivr-flows/centre.yaml', 'utf8').replace(
  /^numbers:$/m,
  "numbers:\n  '1900': { to: { flow: pin } }",
);
const main = readFileSync('ivr-flows/main.yaml', 'utf8');
const sources = [
  source('centre.yaml', centre),
  source('main.yaml', main),
  source('pin.yaml', pin),
  source('other.yaml', other),
];
const tests = [
  source('pin.test.yaml', 'version: 1\nflow: pin\ncases:\n  - case: pin\n    script: [hears: …]\n'),
  source('other.test.yaml', 'version: 1\ncases:\n  - { case: one, flow: pin, script: [hears: …] }\n'),
];

describe('what refers to a flow', () => {
  test('numbers, steps of other flows and their tests, each at its place; words that are the same are none', () => {
    const found = referencesTo('pin', { sources, tests });
    const words = found.map(({ file, line, column }) => {
      const text = [...sources, ...tests].find((one) => one.file === file)?.text.split('\n')[line - 1] ?? '';
      return `${file}: ${text.slice(column - 1, column + 2)} in ${text.trim()}`;
    });
    expect(words.toSorted()).toEqual([
      "centre.yaml: pin in '1900': { to: { flow: pin } }",
      'other.test.yaml: pin in - { case: one, flow: pin, script: [hears: …] }',
      'other.yaml: pin in ask: { do: flow, flow: pin, next: once }',
      "other.yaml: pin in flow: 'pin'",
    ]);
  });

  test('nobody names it', () => {
    expect(referencesTo('other', { sources, tests })).toEqual([]);
  });
});

describe('another name', () => {
  test('everywhere at once, comments and step names stay, and the old files are gone', () => {
    const changed = renamed({ from: 'pin', to: 'secret-code' }, { sources, tests });
    expect(Object.fromEntries(changed)).toEqual({
      'secret-code.yaml': pin.replace('name: pin', 'name: secret-code'),
      'other.yaml': other.replace('flow: pin,', 'flow: secret-code,').replace("flow: 'pin'", "flow: 'secret-code'"),
      'centre.yaml': centre.replace('flow: pin', 'flow: secret-code'),
      'secret-code.test.yaml': tests[0]?.text.replace('flow: pin', 'flow: secret-code'),
      'other.test.yaml': tests[1]?.text.replace('flow: pin', 'flow: secret-code'),
      'pin.yaml': undefined,
      'pin.test.yaml': undefined,
    });
  });

  test('a flow that calls itself goes on doing so', () => {
    const loop = `version: 1
name: loop
languages: [es]
start: ask
steps:
  ask: { do: menu, say: Pulse 1., keys: { 1: on }, otherwise: person }
  on: { do: flow, flow: loop, next: person }
  person: { do: queue, queue: sales }
`;
    const changed = renamed({ from: 'loop', to: 'ring' }, { sources: [...sources, source('loop.yaml', loop)], tests });
    expect([...changed.keys()]).toEqual(['ring.yaml', 'loop.yaml']);
    expect(changed.get('ring.yaml')).toBe(loop.replace('name: loop', 'name: ring').replace('flow: loop', 'flow: ring'));
  });
});

// What editors check with: the same language, as far as a schema can tell.
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { readYaml } from '../../src/core/document/yaml-text.js';
import { flowSchema } from '../../src/core/ivr/schema/flow-schema.js';
import { STEP_KINDS } from '../../src/core/ivr/step-kinds.js';
import { centreJsonSchema } from '../../src/core/routing/keys/centre-json.js';
import { filesIn } from '../support/flow-caller.js';

const ajv = new Ajv({ strict: false, allErrors: true });
const isFlow = ajv.compile(flowSchema());
const isCentre = ajv.compile(centreJsonSchema());
const plainOf = (file: string, text: string) => readYaml({ file, text, revision: '' }).value;

/** Mistakes of these files are mistakes of form. Of the others the schema cannot know: names, texts, ways. */
const FORM = [
  'anchors-and-tags.yaml',
  'empty.yaml',
  'fallback.yaml',
  'filled-without-quotes.yaml',
  'http-without-failure.yaml',
  'misspelt-keys.yaml',
  'odd-keys.yaml',
  'traversal.yaml',
  'unfinished.yaml',
  'unknown-step-kind.yaml',
  'variables.yaml',
  'wrong-types-in-steps.yaml',
  'wrong-types.yaml',
];

describe('the schema of flows', () => {
  test.each(filesIn('ivr-flows'))('takes the sample $file', ({ file, text }) => {
    isFlow(plainOf(file, text));
    expect(isFlow.errors ?? []).toEqual([]);
  });

  test.each(filesIn('test/flows/bad'))('$file', ({ file, text }) => {
    const value = plainOf(file, text);
    // What is no YAML has no value at all.
    if (value !== undefined) expect(isFlow(value)).toBe(!FORM.includes(file));
  });

  test.each(Object.entries(STEP_KINDS))('takes the example of %s', (_, { example }) => {
    const step = example
      .trim()
      .split('\n')
      .map((line) => `    ${line}`);
    const text = ['version: 1', 'name: a', 'languages: [es, en]', 'start: one', 'steps:', '  one:', ...step, ''];
    isFlow(plainOf('a.yaml', text.join('\n')));
    expect(isFlow.errors ?? []).toEqual([]);
  });

  test('says where, and what there may be', () => {
    const text =
      'version: 1\nname: a\nlanguages: [es]\nstart: one\nsteps:\n  one: { do: menu, say: Hola., keyz: { 1: one } }\n';
    isFlow(plainOf('a.yaml', text));
    const told = (isFlow.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
    expect(told).toContain("/steps/one must have required property 'keys'");
    expect(told).toContain('/steps/one must NOT have additional properties');
  });

  test('tells what every key is for, however deep', () => {
    const { definitions, ...head } = flowSchema();
    expect(Object.keys(definitions as object)).toEqual(Object.keys(STEP_KINDS));
    expect(silentKeys(definitions, '')).toEqual([]);
    expect(silentKeys({ ...head, properties: { ...head.properties, steps: { description: '' } } }, '')).toEqual([]);
  });

  test('knows times and their bounds', () => {
    const flow = (wait: string) =>
      plainOf(
        'a',
        `version: 1
name: a
languages: [es]
start: a
steps: { a: { do: menu, say: Hola., keys: { 1: a }, otherwise: a, wait: ${wait} } }`,
      );
    expect(isFlow(flow('5s'))).toBe(true);
    expect(isFlow(flow('5'))).toBe(false);
    expect(isFlow(flow('soon'))).toBe(false);
  });
});

describe('the schema of the centre', () => {
  const text = readFileSync('ivr-flows/centre.yaml', 'utf8');

  test('takes the sample', () => {
    isCentre(plainOf('centre.yaml', text));
    expect(isCentre.errors ?? []).toEqual([]);
  });

  test.each([
    ['a part that does not exist', 'queues:', 'qeues:'],
    ['a place that does not exist', 'to: voicemail', 'to: nirvana'],
    ['a place with two names', '{ queue: support } }', '{ queue: support, agent: ana } }'],
    ['a time without unit', 'max-wait: 10m', 'max-wait: 10'],
    ['a level beyond 5', '{ support: 5 }', '{ support: 6 }'],
  ])('refuses %s', (_, from, to) => {
    expect(text).toContain(from);
    expect(isCentre(plainOf('centre.yaml', text.replace(from, to)))).toBe(false);
  });

  test('tells what every key is for', () => {
    expect(silentKeys(centreJsonSchema(), '')).toEqual([]);
  });
});

/** Every key of a block, however deep, that has no description. */
function silentKeys(schema: unknown, at: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    if (keyword !== 'properties') return silentKeys(value, at);
    return Object.entries(value as Record<string, object>).flatMap(([key, inner]) => [
      ...('description' in inner ? [] : [`${at}.${key}`]),
      ...silentKeys(inner, `${at}.${key}`),
    ]);
  });
}

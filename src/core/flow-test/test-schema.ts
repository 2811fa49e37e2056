// The language of flow tests as JSON Schema, for editors: made from the same types that check a test.
import { DRAFT_7, type JsonSchema, jsonSchemaOf } from '../document/json-schema.js';
import { SCRIPT_SCHEMAS, SCRIPT_WORDS } from './script.js';
import { caseSchema, fileSchema, STUB_SCHEMAS } from './test-file.js';

/** Kinds of lines of a script. */
const LINES: Readonly<Record<string, string>> = {
  hears:
    'The next thing that is heard. … stands for any text; {es: Hola} asks for the language too, {recorded: name, in: es} for a recording.',
  presses: 'Keys of the telephone: 0-9, * and #.',
  writes: 'A line of real-time text, where a bot listens.',
  waits: 'So much time goes by: 5s, 2m.',
  queue: 'Is put into this queue. With outcome: what comes of it; without, the test ends here.',
  forward: 'Is forwarded: {agent: …}, {queue: …} or {number: …}. With outcome: what comes of it.',
  voicemail: 'May leave a message: left, empty or failed.',
  message: 'Is sent this message. With outcome: whether it went out.',
  callback: 'Asks for a call-back of this queue. With outcome: what comes of it.',
  ends: 'How the call ends: served, abandoned …, or {result: …, reason: …}.',
};

const CASE: Readonly<Record<string, string>> = {
  case: 'Name of the case: what it is about.',
  note: 'For whoever reads it.',
  flow: 'Flow that is called, instead of a number.',
  number: 'Number that is dialled; it has to lead to a flow.',
  from: 'Number of the caller; empty: withheld.',
  name: 'Name that the network gives of the caller.',
  languages: 'Known to be spoken by the caller, best first.',
  at: 'When it is, on the clock of the centre: 2026-01-05 09:30. Left out: that Monday.',
  customer: 'What a step `customer` finds: {known: true, name: Eva}.',
  answers:
    'What other systems say, by the step that asks: {status: 200, body: …}, {reply: {say: …}} or {fails: time-out}.',
  script: 'What the caller hears and does, in order.',
  expect: 'Looked at when the call is over.',
};

const EXPECT: Readonly<Record<string, string>> = {
  variables: 'Variables of the flow that the call began with.',
  language: 'Spoken in the end.',
  served: 'A hang-up was no abandonment any more.',
};

const FILE: Readonly<Record<string, string>> = {
  version: 'Of this language: 1.',
  flow: 'That is tested; left out: as the file is named.',
  note: 'For whoever reads it.',
  cases: 'The cases; each is a call of its own.',
};

export function testSchema(): JsonSchema {
  const lines = Object.entries(SCRIPT_SCHEMAS).map(([kind, schema]): JsonSchema => {
    const { properties = {}, ...rest } = jsonSchemaOf(schema);
    const own = { ...properties[kind], description: LINES[kind] ?? '' };
    return { ...rest, properties: { ...properties, [kind]: own }, required: [kind] };
  });
  const words: JsonSchema = {
    enum: SCRIPT_WORDS,
    description: 'silence: waits until the flow goes on by itself. hangs-up: at once.',
  };
  const stubs = Object.values(STUB_SCHEMAS).map(jsonSchemaOf);
  const answer: JsonSchema = { anyOf: [...stubs, { type: 'array', items: { anyOf: stubs } }] };
  const one = told(jsonSchemaOf(caseSchema), CASE);
  const expect = told(one.properties?.['expect'] ?? {}, EXPECT);
  const file = told(jsonSchemaOf(fileSchema), FILE);
  const properties = {
    ...one.properties,
    script: { ...one.properties?.['script'], items: { anyOf: [...lines, words] } },
    answers: { ...one.properties?.['answers'], additionalProperties: answer },
    expect: { ...expect, description: CASE['expect'] ?? '' },
  };
  return {
    $schema: DRAFT_7,
    title: 'Tests of a flow of Hilo',
    description: 'What callers do and hear. See docs/flow-tests.md.',
    ...file,
    properties: { ...file.properties, cases: { ...file.properties?.['cases'], items: { ...one, properties } } },
  };
}

function told(schema: JsonSchema, about: Readonly<Record<string, string>>): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([key, own]) => [
    key,
    about[key] === undefined ? own : { ...own, description: about[key] },
  ]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

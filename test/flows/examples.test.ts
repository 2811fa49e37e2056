// The example of each kind of step is a step: what docs/flows.md and editors show can be copied.
import { describe, expect, test } from 'vitest';
import { formatIssue } from '../../src/core/document/issue.js';
import { compileFlows } from '../../src/core/ivr/compile.js';
import { STEP_KINDS } from '../../src/core/ivr/step-kinds.js';
import { AROUND } from '../support/flow-caller.js';

/** Where the examples send requests. */
const HOSTS = new Map(
  ['crm.example.com', 'bot.example.com'].map((host) => [
    `${host}:443`,
    { host, port: 443, insecure: false, private: false },
  ]),
);

const SUB_FLOW = `version: 1
name: ask-number
languages: [es, en]
start: ask
variables: { number: '', tries: 3 }
steps:
  ask: { do: gather, say: { es: '¿Su número?', en: 'Your number?' }, into: number, max: 9, next: done, otherwise: done }
  done: { do: return }
`;

/** A flow around the example, with a step for every name in it that leads on. */
function flowAround(example: string, others: readonly string[]): string {
  return [
    'version: 1',
    'name: example',
    'languages: [es, en]',
    'start: here',
    'person: { none: this is an example }',
    "variables: { order: '', name: '', tries: 0, vip: false, paid: 0.5 }",
    'steps:',
    '  here:',
    ...example
      .trim()
      .split('\n')
      .map((line) => `    ${line}`),
    ...others.map((name) => `  ${name}: { do: hangup }`),
    '',
  ].join('\n');
}

function issuesOf(text: string): string[] {
  const sources = [
    { file: 'example.yaml', text, revision: '' },
    { file: 'ask-number.yaml', text: SUB_FLOW, revision: '' },
  ];
  const compiled = compileFlows(sources, { ...AROUND, webHosts: HOSTS });
  const issues = compiled.ok ? compiled.warnings : compiled.issues;
  return issues.filter(({ file }) => file === 'example.yaml').map(formatIssue);
}

describe('each kind of step', () => {
  test.each(Object.entries(STEP_KINDS))('%s: its example compiles', (name, { example }) => {
    const missing = issuesOf(flowAround(example, [])).map((issue) => /there is no step '([^']+)'/.exec(issue)?.[1]);
    const others = [...new Set(missing.filter((step) => step !== undefined))];
    expect(issuesOf(flowAround(example, others))).toEqual([]);
    expect(example).toContain(`do: ${name}`);
  });

  test.each(Object.entries(STEP_KINDS))('%s: has a sentence, and one for each key', (_, { summary, schema }) => {
    expect(summary).toMatch(/^[A-Z].*\.$/);
    const silent = Object.entries(schema.shape).filter(
      ([, key]) => (key as { description?: string }).description === undefined,
    );
    expect(silent.map(([key]) => key)).toEqual([]);
  });
});

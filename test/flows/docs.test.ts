// The example of docs/flows.md is a flow, and its table names every step there is.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileFlows } from '../../src/core/ivr/compile.js';
import { STEP_KINDS } from '../../src/core/ivr/step-kinds.js';

const text = readFileSync('docs/flows.md', 'utf8');

test('the example compiles', () => {
  const example = /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  const compiled = compileFlows([{ file: 'main.yaml', text: example, revision: 'docs' }], {
    queues: new Set(['sales', 'support']),
    agents: new Set(),
    hours: new Set(),
    texts: new Map(),
  });
  expect(compiled.ok ? [] : compiled.issues).toEqual([]);
});

test('every step has its line', () => {
  const described = [...text.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name]) => name);
  expect(Object.keys(STEP_KINDS).filter((kind) => !described.includes(kind))).toEqual([]);
});

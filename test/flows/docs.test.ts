// docs/flows.md and the schemas for editors are what the language is, and the flow in the text is one.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jsonText } from '../../src/core/document/json-schema.js';
import { compileFlows } from '../../src/core/ivr/compile.js';
import { flowManual } from '../../src/core/ivr/schema/manual.js';
import { STEP_KINDS } from '../../src/core/ivr/step-kinds.js';
import { centreJsonSchema } from '../../src/core/routing/keys/centre-json.js';
import { SCHEMAS } from '../../src/flow-cli/schema.js';

const manual = readFileSync('docs/flows.md', 'utf8');

test('docs/flows.md is up to date; if not: npm run flow docs', () => {
  expect(manual).toBe(flowManual(readFileSync('docs/parts/flows.md', 'utf8'), centreJsonSchema()));
});

test.each(Object.entries(SCHEMAS))('docs/schema/%s is up to date; if not: npm run flow schema', (file, make) => {
  expect(readFileSync(`docs/schema/${file}`, 'utf8')).toBe(`${jsonText(make())}\n`);
});

test.each(['main', 'centre'])('editors find the schema of ivr-flows/%s.yaml', (name) => {
  const first = readFileSync(`ivr-flows/${name}.yaml`, 'utf8').split('\n')[0] ?? '';
  const path = /^# yaml-language-server: \$schema=(\S+)$/.exec(first)?.[1] ?? '';
  expect(JSON.parse(readFileSync(`ivr-flows/${path}`, 'utf8'))).toHaveProperty('$schema');
});

test('every flow in the text compiles', () => {
  const flows = [...manual.matchAll(/```yaml\n(version: 1\n[\s\S]*?)```/g)].map(([, text = '']) => text);
  expect(flows.length).toBeGreaterThan(0);
  for (const text of flows) {
    const compiled = compileFlows([{ file: 'main.yaml', text, revision: 'docs' }], {
      queues: new Set(['sales', 'support']),
      agents: new Set(),
      hours: new Set(),
      texts: new Map(),
    });
    expect(compiled.ok ? compiled.warnings : compiled.issues).toEqual([]);
  }
});

test('every step has its section and its example', () => {
  for (const [kind, { summary, example }] of Object.entries(STEP_KINDS)) {
    expect(manual).toContain(`#### ${kind}\n\n${summary}\n`);
    expect(manual).toContain(`\`\`\`yaml\n${example.trim()}\n\`\`\``);
  }
});

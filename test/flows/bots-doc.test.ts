// What docs/bots.md shows: the flow compiles without a warning, and the messages are what Hilo sends and reads.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readReply } from '../../src/core/ivr/bot/bot-contract.js';
import { compileFlows } from '../../src/core/ivr/compile.js';
import { AROUND } from '../support/flow-caller.js';

const text = readFileSync('docs/bots.md', 'utf8');
const blocks = (language: string): string[] =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block = '']) => block);

test('the flow compiles', () => {
  const [flow = ''] = blocks('yaml');
  const compiled = compileFlows([{ file: 'main.yaml', text: flow, revision: 'docs' }], AROUND);
  expect(compiled.ok ? compiled.warnings : compiled.issues).toEqual([]);
});

test('the answer is one', () => {
  const [sent = '', answer = ''] = blocks('json');
  expect(Object.keys(JSON.parse(sent))).toEqual(expect.arrayContaining(['contract', 'session', 'turn', 'event']));
  expect(readReply(JSON.parse(answer))).toMatchObject({ action: { queue: 'support' }, done: false });
});

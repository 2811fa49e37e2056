// The example of docs/flow-tests.md is played, and every line that a script may have is explained there.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatIssue } from '../../src/core/document/issue.js';
import { playSuite } from '../../src/core/flow-test/suite.js';
import { compileTests } from '../../src/core/flow-test/test-file.js';
import { catalogueOf, MADRID } from '../support/flow-caller.js';
import { sampleCentre } from '../support/sample-centre.js';

const TEXT = readFileSync('docs/flow-tests.md', 'utf8');
/** The flow that the example speaks of. */
const FLOW = `version: 1
name: main
languages: [es, en]
start: clock
variables: { account: '', name: '' }
steps:
  clock: { do: hours, hours: office, open: ask, closed: closed }
  ask:
    do: gather
    say: { es: Hola. Su cuenta., en: 'Hello. Your account, please.' }
    into: account
    min: 4
    max: 8
    next: look-up
    otherwise: person
  look-up:
    do: http
    url: 'https://crm.example.com/{{ account }}'
    take: { name: /name }
    next: greet
    failed: plain
  greet:
    do: menu
    say: { es: 'Buenos días {{ name }}. Pulse 1.', en: 'Good morning {{ name }}. For sales, press 1.' }
    keys: { 1: sales }
    otherwise: person
  plain:
    do: menu
    say: { es: 'Buenos días. Para ventas, pulse 1.', en: 'Good morning. For sales, press 1.' }
    tries: 1
    keys: { 1: sales }
    otherwise: person
  person: { do: queue, queue: support }
  sales: { do: queue, queue: sales }
  closed: { do: hangup, say: { es: Está cerrado., en: We are closed. } }
`;

const open = (_: string, atMs: number): boolean => {
  const hour = new Date(atMs + 3_600_000).getUTCHours();
  return hour >= 9 && hour < 19;
};

test('the example passes', () => {
  const catalogue = catalogueOf([{ file: 'main.yaml', text: FLOW, revision: 'r' }], undefined, open);
  const example = /```yaml\n([\s\S]*?)```/.exec(TEXT)?.[1] ?? '';
  const compiled = compileTests(
    { file: 'main.test.yaml', text: example, revision: '' },
    { centre: sampleCentre(), flows: catalogue.flows },
  );
  if (!compiled.ok) throw new Error(compiled.issues.map(formatIssue).join('\n'));
  const { files, passed } = playSuite(catalogue, MADRID, [{ file: 'main.test.yaml', cases: compiled.value }]);
  expect(files.flatMap(({ cases }) => cases.flatMap(({ failure }) => failure ?? []))).toEqual([]);
  expect(passed).toBe(3);
});

test('every line of a script has its row', () => {
  const rows = [...TEXT.matchAll(/^\| `([a-z-]+)[:`]/gm)].map(([, word]) => word);
  const lines = [
    'hears',
    'presses',
    'silence',
    'writes',
    'waits',
    'hangs-up',
    'queue',
    'forward',
    'voicemail',
    'message',
  ];
  expect(rows).toEqual(expect.arrayContaining([...lines, 'callback', 'ends']));
});

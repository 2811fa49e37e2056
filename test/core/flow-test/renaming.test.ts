// A queue, an agent and opening hours under another name, in every text that names them.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isError } from '../../../src/core/document/issue.js';
import { issuesOf } from '../../../src/core/flow-test/references.js';
import { renamedInCentre } from '../../../src/core/flow-test/renaming.js';

const source = (file: string, text: string) => ({ file, text, revision: '1' });
const CENTRE = readFileSync('ivr-flows/centre.yaml', 'utf8')
  .replace(/^numbers:$/m, "numbers:\n  '1900': { to: { queue: sales } }")
  .replace(/^hours:$/m, 'hours:\n  night: { open: [{ days: mon-fri, from: "20:00", to: "23:00" }] }');
const MAIN = readFileSync('ivr-flows/main.yaml', 'utf8');
const FLOW = `version: 1
name: news
languages: [es]
start: open
steps:
  # sales: not this one
  open: { do: hours, hours: night, open: sales, closed: message, holiday: message }
  sales: { do: queue, queue: sales, next: bye }
  message: { do: voicemail, queue: 'sales', say: { es: Hable. }, next: ana }
  ana: { do: forward, to: { agent: ana }, next: bye, otherwise: bye }
  bye: { do: hangup, say: { es: 'Gracias, sales.' } }
`;
const TESTS = `version: 1
flow: news
cases:
  - case: sales
    script: [{ queue: sales }, { callback: sales }, { forward: { queue: sales } }, { forward: { agent: ana } }, { hears: sales }]
`;
const TEXTS = {
  sources: [source('centre.yaml', CENTRE), source('main.yaml', MAIN), source('news.yaml', FLOW)],
  tests: [source('news.test.yaml', TESTS)],
};
const textsOf = (files: ReadonlyMap<string, string>) =>
  TEXTS.sources.map((one) => ({ ...one, text: files.get(one.file) ?? one.text }));

test('a queue: its name alone, wherever it is named, and its former name stays known', () => {
  expect(issuesOf(TEXTS.sources).filter(isError)).toEqual([]);
  const { files, references, left } = renamedInCentre({ kind: 'queue', from: 'sales', to: 'ventas' }, TEXTS);
  expect(left).toEqual([]);
  expect([...files.keys()].toSorted()).toEqual(['centre.yaml', 'main.yaml', 'news.test.yaml', 'news.yaml']);
  expect(issuesOf(textsOf(files)).filter(isError)).toEqual([]);
  expect(files.get('news.yaml')).toBe(
    FLOW.replace('queue: sales,', 'queue: ventas,').replace("queue: 'sales'", "queue: 'ventas'"),
  );
  expect(files.get('news.test.yaml')).toBe(
    TESTS.replace(/(queue|callback): sales/g, (_, key: string) => `${key}: ventas`),
  );
  const centre = files.get('centre.yaml') ?? '';
  expect(centre).toContain("'1900': { to: { queue: ventas } }");
  expect(centre).toMatch(/^ {4}formerly: \[ ?sales ?\]$/m);
  // Agents have the skill `sales` as before.
  expect(centre.match(/sales: \d/g)).toEqual(CENTRE.match(/sales: \d/g));
  expect(references.map(({ file, line }) => `${file}:${line}`)).toContain('news.yaml:8');
});

test('and back again: it has its old name, and the other one is the former', () => {
  const there = renamedInCentre({ kind: 'queue', from: 'sales', to: 'ventas' }, TEXTS).files;
  const tests = TEXTS.tests.map((one) => ({ ...one, text: there.get(one.file) ?? one.text }));
  const back = renamedInCentre({ kind: 'queue', from: 'ventas', to: 'sales' }, { sources: textsOf(there), tests });
  expect(back.left).toEqual([]);
  expect(back.files.get('news.yaml')).toBe(FLOW);
  expect(back.files.get('centre.yaml')).toMatch(/^ {4}formerly: \[ ?ventas ?\]$/m);
});

test('an agent: numbers, forwards, orders, flows and tests; devices keep theirs, and the former name stays known', () => {
  const centre = CENTRE.replace(
    '    skill: sales',
    '    skill: sales\n    strategy: top-down\n    order: [carla, ana]',
  );
  const sources = [source('centre.yaml', centre), ...TEXTS.sources.slice(1)];
  const texts = { ...TEXTS, sources };
  const { files, references, left } = renamedInCentre({ kind: 'agent', from: 'ana', to: 'ana-molina' }, texts);
  expect(left).toEqual([]);
  const after = sources.map((one) => ({ ...one, text: files.get(one.file) ?? one.text }));
  expect(issuesOf(after).filter(isError)).toEqual([]);
  expect([...files.keys()].toSorted()).toEqual(['centre.yaml', 'news.test.yaml', 'news.yaml']);
  expect(files.get('news.yaml')).toBe(FLOW.replace('agent: ana', 'agent: ana-molina'));
  expect(files.get('news.test.yaml')).toBe(TESTS.replace('agent: ana', 'agent: ana-molina'));
  const written = files.get('centre.yaml') ?? '';
  expect(written).toContain('order: [carla, ana-molina]');
  expect(written).toMatch(/2001:\n {4}to: \{ agent: ana-molina \}/);
  expect(written).toContain('agent: ana-molina, trunk: lab');
  expect(written).toMatch(/^ {2}ana-molina:\n {4}title: Ana Molina$/m);
  expect(written).toMatch(/^ {4}formerly: \[ ?ana ?\]$/m);
  expect(written).toContain('{ sip: ana-desk }');
  expect(references.map(({ file }) => file)).toEqual(expect.arrayContaining(['centre.yaml', 'news.test.yaml']));
});

test('opening hours', () => {
  const { files, left } = renamedInCentre({ kind: 'hours', from: 'night', to: 'late' }, TEXTS);
  expect(left).toEqual([]);
  expect(issuesOf(textsOf(files)).filter(isError)).toEqual([]);
  expect(files.get('news.yaml')).toBe(FLOW.replace('hours: night', 'hours: late'));
  expect(files.get('centre.yaml')).toBe(CENTRE.replace('  night:', '  late:'));
});

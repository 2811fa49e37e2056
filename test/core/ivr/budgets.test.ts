// What a flow may ask of a caller is the centre's to say; what a proof reckons with is what is heard and pressed.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Budgets, DEFAULT_BUDGETS } from '../../../src/core/document/budgets.js';
import { formatIssue } from '../../../src/core/document/issue.js';
import { compileFlows } from '../../../src/core/ivr/compile.js';
import { compileCentre } from '../../../src/core/routing/compile-centre.js';
import { namesInCentre } from '../../../src/core/routing/keys/names-in-centre.js';
import { AROUND, filesIn } from '../../support/flow-caller.js';

/** Two menus, then a person; the second is asked three times when nobody presses. */
const FLOW = `version: 1
name: main
languages: [es]
start: one
steps:
  one: { do: menu, say: 'Pulse 1.', keys: { 1: two }, otherwise: bye }
  two: { do: menu, say: 'Pulse 1.', keys: { 1: person }, otherwise: person }
  person: { do: queue, queue: support }
  bye: { do: hangup }
`;

function told(budgets: Partial<Budgets>, text = FLOW, entries = new Set<string>()) {
  const around = { ...AROUND, entries, budgets: { ...DEFAULT_BUDGETS, ...budgets } };
  const compiled = compileFlows([{ file: 'main.yaml', text, revision: '' }], around);
  return { ok: compiled.ok, issues: (compiled.ok ? compiled.warnings : compiled.issues).map(formatIssue) };
}

describe('the way to a person', () => {
  test('is allowed what the centre allows', () => {
    expect(told({ keysToPerson: 1 })).toEqual({ ok: true, issues: [] });
    expect(told({ keysToPerson: 0 }).issues).toEqual([
      expect.stringContaining(
        'main.yaml:4:8: warning: no way to a person with 0 keys: the shortest takes 1 (one → two',
      ),
    ]);
  });

  test('takes the wait of a menu three times when no key is pressed', () => {
    // Twice "Pulse 1." and one key, or the text and the wait of 5 s three times.
    expect(told({ keysToPerson: 2, secondsToPerson: 4 }).issues).toEqual([]);
    expect(told({ keysToPerson: 1, secondsToPerson: 19 }).issues).toEqual([]);
    expect(told({ keysToPerson: 1, secondsToPerson: 18 }).issues[0]).toContain('the quickest takes about');
    expect(told({ keysToPerson: 2, secondsToPerson: 2 }).issues[0]).toContain(
      'within 2 s: the quickest takes about 4 s',
    );
  });

  test('is an error where the centre says so', () => {
    expect(told({ keysToPerson: 0, beyond: 'error' })).toEqual({
      ok: false,
      issues: [expect.stringMatching(/^main\.yaml:4:8: no way to a person/)],
    });
  });

  test('is not asked of a flow that says why', () => {
    const exempt = FLOW.replace('steps:', 'person: { none: a survey after the talk }\nsteps:');
    expect(told({ keysToPerson: 0 }, exempt)).toEqual({ ok: true, issues: [] });
    expect(told({ keysToPerson: 0 }, FLOW.replace('steps:', 'person: { none: no }\nsteps:')).issues).toEqual([
      expect.stringContaining('say why, in a few words'),
    ]);
  });

  test('is asked of a flow that returns only when a number leads to it', () => {
    const sub = FLOW.replace('bye: { do: hangup }', 'bye: { do: return }').replace(
      'person: { do: queue, queue: support }',
      'person: { do: return }',
    );
    expect(told({}, sub).issues).toEqual([]);
    expect(told({}, sub, new Set(['main'])).issues).toEqual([expect.stringContaining('no way leads to a person')]);
  });
});

test('menus: depth and length are the centre’s to say', () => {
  expect(told({ depth: 1 }).issues).toEqual([
    expect.stringContaining('this is the menu number 2 in a row, 1 are allowed'),
  ]);
  expect(told({ depth: 2 }).issues).toEqual([]);
});

describe('centre.yaml', () => {
  const text = readFileSync('ivr-flows/centre.yaml', 'utf8').replace(/^budgets: .*\n/m, '');
  const source = (budgets: string) => ({ file: 'centre.yaml', text: `${text}\n${budgets}\n`, revision: '' });

  test('sets budgets, the rest stays as it is', () => {
    const compiled = compileCentre(source('budgets: { keys-to-person: 1, beyond: error }'), { flows: flowNames() });
    expect(compiled.ok ? compiled.value.budgets : compiled.issues).toEqual({
      ...DEFAULT_BUDGETS,
      keysToPerson: 1,
      beyond: 'error',
    });
    expect(namesInCentre(source('budgets: { depth: 2 }')).budgets).toEqual({ ...DEFAULT_BUDGETS, depth: 2 });
  });

  test('is told where a budget is nonsense', () => {
    const compiled = compileCentre(source('budgets: { keys: 1, depth: 0 }'), { flows: flowNames() });
    expect(compiled.ok ? [] : compiled.issues.map(({ message }) => message)).toEqual([
      "'keys' is not known here",
      'this is too little',
    ]);
  });

  test('may hold no secret and send nobody to another number', () => {
    const bad = source('')
      .text.replace('caller-id: +34910000000', "caller-id: +34910000000\n    note: 'password: hunter2'")
      .replace('De acuerdo, no le llamaremos.', 'De acuerdo. Llame al 900 123 456.');
    const compiled = compileCentre({ ...source(''), text: bad }, { flows: flowNames() });
    const issues = compiled.ok ? [] : compiled.issues.map(({ severity, message }) => `${severity}: ${message}`);
    expect(issues).toEqual([
      'error: this looks like a password',
      "warning: this text sends people to another number: 'Llame al 900 123 456. Si nos necesita, a'",
    ]);
  });
});

function flowNames(): Set<string> {
  return new Set(filesIn('ivr-flows').map(({ file }) => file.replace(/\.yaml$/, '')));
}

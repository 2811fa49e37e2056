import { describe, expect, test } from 'vitest';
import { formatIssue, type SourceFile } from '../../src/core/document/issue.js';
import { MAX_FILE_CHARS, MAX_ISSUES, MAX_LINE_CHARS } from '../../src/core/document/yaml-text.js';
import { compileFlows } from '../../src/core/ivr/compile.js';
import { MAX_CASES, MAX_PROMPT_PARTS, MAX_STEPS_PER_FLOW, MAX_VARIABLES } from '../../src/core/ivr/limits.js';
import { STEP_KINDS } from '../../src/core/ivr/step-kinds.js';
import { AROUND, filesIn } from '../support/flow-caller.js';
import { processorMs } from '../support/processor-time.js';

/** Flows that the bad ones call. */
const OTHERS: readonly SourceFile[] = [
  {
    file: 'ask-number.yaml',
    revision: '',
    text: `version: 1
name: ask-number
languages: [es]
start: ask
variables: { number: '', tries: 3, length: 9 }
steps:
  ask: { do: gather, say: '¿Su número?', into: number, max: 9, next: done, otherwise: done }
  done: { do: return }
`,
  },
  {
    file: 'maybe-ask.yaml',
    revision: '',
    text: `version: 1
name: maybe-ask
languages: [es]
start: known
steps:
  known: { do: branch, cases: [{ when: call.name != "", next: done }], otherwise: ask }
  ask: { do: menu, say: 'Pulse 1.', keys: { 1: done }, otherwise: done }
  done: { do: return }
`,
  },
  {
    file: 'one-more.yaml',
    revision: '',
    text: `version: 1
name: one-more
languages: [es]
start: last
steps:
  last: { do: menu, say: 'Pulse 1.', keys: { 1: person }, otherwise: done }
  person: { do: queue, queue: support }
  done: { do: return }
`,
  },
  {
    file: 'bilingual.yaml',
    revision: '',
    text: `version: 1
name: bilingual
languages: [es, en]
start: done
steps:
  done: { do: return }
`,
  },
];

function mistakesIn(text: string, file = 'bad.yaml'): string[] {
  const compiled = compileFlows([{ file, text, revision: '' }, ...OTHERS], AROUND);
  return (compiled.ok ? compiled.warnings : compiled.issues).map((issue) => formatIssue(issue).slice(file.length + 1));
}

const KINDS = Object.keys(STEP_KINDS).join(', ');

/** Beyond the 100 ms of the promise, as the machine that runs the tests may be busy. */
const QUICK_MS = 1_000;

describe('a bad flow file is refused with every mistake at its place', () => {
  test.each(filesIn('test/flows/bad').map(({ file, text }) => ({ file, text })))('$file', ({ file, text }) => {
    const expected = [...text.matchAll(/^# (\d+:\d+) (.*)$/gm)].map(
      ([, place, message = '']) => `${place}: ${message.replace('{kinds}', KINDS)}`,
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(mistakesIn(text, file)).toEqual(expected);
  });

  const steps = (count: number, step: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => step(i)).join('\n');
  const flow = (body: string) => `version: 1\nname: bad\nlanguages: [es]\nstart: s0\n${body}\n`;
  const bombs: Readonly<Record<string, { text: string; mistake: string }>> = {
    'an alias bomb': {
      text: `a: &a [x]\n${'bcdefghi'
        .split('')
        .map((key, i) => `${key}: &${key} [${`*${'abcdefgh'[i]},`.repeat(9)}]`)
        .join('\n')}\n`,
      mistake: '1:7: an anchor (&name) is not allowed here (write it out where it is needed)',
    },
    'a file that is too long': {
      text: 'a: b\n'.repeat(MAX_FILE_CHARS / 5 + 1),
      mistake: '1:1: the file is longer than 65536 characters (split it into several flows)',
    },
    'a line that is too long': {
      text: `a: ${'b'.repeat(MAX_LINE_CHARS)}`,
      mistake: '1:2001: the line is longer than 2000 characters (fold it: >-)',
    },
    'thirty thousand dashes, which crash the parser': {
      text: `${'- '.repeat(30_000)}a`,
      mistake: '1:2001: the line is longer than 2000 characters (fold it: >-)',
    },
    'nine hundred dashes': {
      text: `${'- '.repeat(900)}a`,
      mistake: '1:61: nested too deeply: indented by more than 60',
    },
    'brackets in brackets': {
      text: `${'['.repeat(1_000)}\n`.repeat(10),
      mistake: '1:49: nested too deeply: too many open brackets',
    },
    'deep indentation': {
      text: Array.from({ length: 20 }, (_, i) => `${'  '.repeat(i)}a:`).join('\n'),
      mistake: '14:27: nested deeper than 12 levels',
    },
    'too many steps': {
      text: flow(`steps:\n${steps(MAX_STEPS_PER_FLOW + 1, (i) => `  s${i}: { do: goto, next: s${i + 1} }`)}`),
      mistake: '6:3: more than 300 steps (use sub-flows)',
    },
    'too many variables': {
      text: flow(`variables:\n${steps(MAX_VARIABLES + 1, (i) => `  v${i}: 1`)}\nsteps:\n  s0: { do: hangup }`),
      mistake: '6:3: more than 50 variables',
    },
    'too many cases': {
      text: flow(
        `steps:\n  s0:\n    do: branch\n    otherwise: s1\n    cases:\n${steps(MAX_CASES + 1, () => "      - { when: 'true', next: s1 }")}\n  s1: { do: hangup }`,
      ),
      mistake: '10:7: at most 30 cases',
    },
    'too many parts of a prompt': {
      text: flow(`steps:\n  s0: { do: hangup, say: [${'Hola, '.repeat(MAX_PROMPT_PARTS + 1)}] }`),
      mistake: '6:26: too many parts (at most 12)',
    },
    'a text that nobody listens to': {
      text: flow(`steps:\n  s0:\n    do: hangup\n    say: >-\n${'      palabras y más palabras\n'.repeat(80)}`),
      mistake: '8:10: a text may have 1600 characters (say less)',
    },
    'a condition that nobody reads': {
      text: flow(
        `steps:\n  s0:\n    do: branch\n    cases: [{ when: '${'true && '.repeat(70)}true', next: s1 }]\n    otherwise: s1\n  s1: { do: hangup }`,
      ),
      mistake: '8:22: an expression may have 500 characters (use several branches)',
    },
  };
  test.each(Object.entries(bombs))('%s', async (_, { text, mistake }) => {
    expect(await processorMs(() => expect(mistakesIn(text)).toContain(mistake))).toBeLessThan(QUICK_MS);
  });

  test('flows that call flows that call flows, many times each, are proved once each', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const sources = names.map((name, index) => {
      const called = names[index + 1];
      const calls = steps(200, (i) => `  s${i}: { do: flow, flow: ${called}, next: s${i + 1} }`);
      const body = called === undefined ? '  s0: { do: return }' : `${calls}\n  s200: { do: return }`;
      return {
        file: `${name}.yaml`,
        text: flow(`steps:\n${body}`).replace('name: bad', `name: ${name}`),
        revision: '',
      };
    });
    const costMs = await processorMs(() => expect(compileFlows(sources, AROUND).ok).toBe(true));
    // 200 to the power of 5, one after the other, would take years.
    expect(costMs).toBeLessThan(20 * QUICK_MS);
  });

  test('a file of nothing but mistakes is told in part', () => {
    const text = flow(`steps:\n${steps(200, (i) => `  s${i}: { do: saay }`)}`);
    expect(mistakesIn(text)).toHaveLength(MAX_ISSUES);
  });

  test('two files with one name', () => {
    const [good] = OTHERS.filter(({ file }) => file === 'bilingual.yaml');
    const compiled = compileFlows(
      [...OTHERS, { file: 'old/bilingual.yaml', text: good?.text ?? '', revision: '' }],
      AROUND,
    );
    expect(compiled).toMatchObject({ ok: false, issues: [{ file: 'old/bilingual.yaml', line: 2, column: 7 }] });
  });
});

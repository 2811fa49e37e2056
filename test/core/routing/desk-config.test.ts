// What an administrator writes about the work of agents, and what Hilo makes of it.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BACK_OFF } from '../../../src/core/acd/back-off.js';
import type { Centre } from '../../../src/core/routing/centre.js';
import { compileCentre } from '../../../src/core/routing/compile-centre.js';

const SAMPLE = readFileSync('ivr-flows/centre.yaml', 'utf8');

function compiled(text: string): Centre {
  const result = compileCentre({ file: 'centre.yaml', text, revision: '' }, { flows: new Set(['main']) });
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.value;
}

function mistakes(text: string): string[] {
  const result = compileCentre({ file: 'centre.yaml', text, revision: '' }, { flows: new Set(['main']) });
  return result.ok ? [] : result.issues.map(({ line, message }) => `${line}: ${message}`);
}

/** The sample with lines put in behind the first that holds `after`; numbered from 1. */
function withLines(after: string, lines: string): { readonly text: string; readonly line: number } {
  const all = SAMPLE.split('\n');
  const at = all.findIndex((line) => line.includes(after));
  expect(at).toBeGreaterThanOrEqual(0);
  return { text: [...all.slice(0, at + 1), lines, ...all.slice(at + 1)].join('\n'), line: at + 2 };
}

const support = (wrapUp: string): string => SAMPLE.replace('    wrap-up: 5s\n', `    wrap-up: ${wrapUp}\n`);

describe('the wrap-up of a queue', () => {
  test.each([
    ['12s', { mode: 'fixed', ms: 12_000 }, 12_000],
    ['0s', { mode: 'none' }, 0],
    ['none', { mode: 'none' }, 0],
    ['until-done', { mode: 'until-done', mostMs: 3_600_000 }, 3_600_000],
    [
      '{ for: 15s, prolong: 30s, at-most: 5m }',
      { mode: 'prolongable', ms: 15_000, byMs: 30_000, mostMs: 300_000 },
      15_000,
    ],
  ])('%s', (written, wrapUp, wrapUpMs) => {
    expect(compiled(support(written)).queues.get('support')).toMatchObject({ wrapUp, wrapUpMs });
  });

  test.each(['2h', 'soon', '{ for: 15s }', '{ for: 5m, prolong: 1m, at-most: 1m }', '-1s'])(
    '%s is refused at its line',
    (written) => {
      const line = SAMPLE.split('\n').indexOf('    wrap-up: 5s') + 1;
      expect(mistakes(support(written))[0]).toMatch(new RegExp(`^${line}: a wrap-up is none, until-done`));
    },
  );
});

test('disposition codes have a title in every language of the centre', () => {
  const good = withLines(
    'skill: support',
    '    dispositions: { required: true, codes: { solved: { es: Resuelto, en: Solved } } }',
  );
  expect(compiled(good.text).queues.get('support')?.dispositions).toEqual({
    required: true,
    codes: { solved: { es: 'Resuelto', en: 'Solved' } },
  });
  const bad = withLines('skill: support', '    dispositions: { codes: { solved: { es: Resuelto } } }');
  expect(mistakes(bad.text)).toEqual([`${bad.line}: the text in 'en' is missing`]);
  const none = withLines('skill: support', '    dispositions: { codes: {} }');
  expect(mistakes(none.text)).toEqual([`${none.line}: there is no code to choose`]);
});

test('breaks are paid or not, and the one that Hilo orders is not the administrator’s', () => {
  const text = `${SAMPLE}\nbreaks:\n  lunch: { title: { es: Comida, en: Lunch } }\n  course: { title: { es: Curso, en: Course }, paid: true }\n`;
  expect([...compiled(text).breaks.values()].map(({ name, paid }) => [name, paid])).toEqual([
    ['lunch', false],
    ['course', true],
  ]);
  expect(compiled(SAMPLE.replace(/^breaks:\n(?: .*\n)*/m, '')).breaks.size).toBe(0);
  const taken = `${SAMPLE}\nbreaks:\n  unanswered: { title: { es: Fuera, en: Away } }\n`;
  expect(mistakes(taken)[0]).toMatch(/'unanswered' is Hilo's own/);
});

test('rests after refusals differ by reason; what is not said stays as it is', () => {
  const text = `${SAMPLE}\nback-off: { rejected: 45s, no-answer: [10s, 2m], pause-after: 5 }\n`;
  const { restMs, pauseAfter } = compiled(text).backOff;
  expect(restMs).toEqual({ ...BACK_OFF.restMs, rejected: [45_000], 'no-answer': [10_000, 120_000] });
  expect(pauseAfter).toBe(5);
  expect(compiled(SAMPLE).backOff).toEqual(BACK_OFF);
});

test('a device rings as long as is written at it', () => {
  const text = SAMPLE.replace('{ sip: ana-desk }', '{ sip: ana-desk, ring: 8s }');
  expect(compiled(text).agents.get('ana')?.devices[0]).toEqual({ name: 'ana-desk', kind: 'sip', ringMs: 8_000 });
});

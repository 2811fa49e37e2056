// What is kept of a walk so that it can be walked again: its beginning once, each answer with the step that took it.
import { describe, expect, test } from 'vitest';
import type { Ask } from '../../../src/core/ivr/ask.js';
import { MAX_ANSWER_CHARS, WalkFacts } from '../../../src/core/replay/walk-facts.js';
import { compileFolder } from '../../../src/sim/day/input/folder.js';
import { readFolder } from '../../../src/sim/day/input/plan-from-options.js';

const folder = compileFolder(readFolder('ivr-flows'));
const start = {
  flow: 'main',
  call: { from: '+34600123123', name: 'Eva', to: '1000', reference: 'H-TEST' },
  languages: ['es'],
  nowMs: 1_000,
  timeZone: 'Europe/Madrid',
};
const entered = { kind: 'flow-entered', flow: 'main', revision: 'r', language: 'es' } as const;
const step = { kind: 'step', flow: 'main', step: 'menu', outcome: 'key:1' } as const;
const collect: Extract<Ask, { kind: 'collect' }> = {
  ...({ kind: 'collect', purpose: 'gather', prompts: [], min: 1, max: 8, terminators: '#' } as const),
  ...{ firstDigitMs: 5_000, interDigitMs: 3_000, bargeIn: true },
};
const callback: Ask = { kind: 'callback', queue: 'support', number: '+34600123123', when: { kind: 'soon' } };

describe('facts of a walk', () => {
  test('the beginning stands with the first flow entered, and only there', () => {
    const facts = new WalkFacts('s1', start, folder);
    const [first, second] = facts.of([entered, entered]);
    expect(first?.data).toMatchObject({
      start: { atMs: 1_000, name: 'Eva', languages: ['es'], texts: { main: 'here', centre: 'here' } },
    });
    expect(second?.data).not.toHaveProperty('start');
  });

  test('answers stand with the step that came next, all that were given until then', () => {
    const facts = new WalkFacts('s1', start, folder);
    facts.answered(collect, { kind: 'time-out', digits: '' }, 2_000);
    expect(facts.of([{ kind: 'language-set', language: 'en' }])[0]?.data).not.toHaveProperty('answers');
    facts.answered(collect, { kind: 'digits', digits: '1' }, 3_000);
    const [first, second] = facts.of([step, step]);
    expect(first?.data).toMatchObject({
      answers: [
        { atMs: 2_000, answer: { kind: 'time-out', digits: '' } },
        { atMs: 3_000, answer: { kind: 'digits', digits: '1' } },
      ],
    });
    expect(second?.data).not.toHaveProperty('answers');
  });

  test('digits typed in secret are counted, not kept', () => {
    const facts = new WalkFacts('s1', start, folder);
    facts.answered({ ...collect, secure: true }, { kind: 'digits', digits: '4711' }, 2_000);
    expect(facts.of([step])[0]?.data).toMatchObject({
      answers: [{ atMs: 2_000, answer: { kind: 'digits', digits: '••••' }, kept: 'masked' }],
    });
  });

  test.each([
    [MAX_ANSWER_CHARS - 100, undefined],
    [MAX_ANSWER_CHARS + 1, 'cut'],
  ])('of an answer of %d characters and more is kept: %s', (length, kept) => {
    const facts = new WalkFacts('s1', start, folder);
    facts.answered(callback, { kind: 'callback', outcome: 'refused', reason: 'x'.repeat(length) }, 2_000);
    const [event] = facts.of([step]);
    const [given] = (event?.type === 'flow-step' ? event.data.answers : undefined) ?? [];
    expect(given?.kept).toBe(kept);
    expect(JSON.stringify(given).length).toBeLessThan(MAX_ANSWER_CHARS + 200);
  });
});

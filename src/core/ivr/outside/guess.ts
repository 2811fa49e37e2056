// `guess`: asks one question that the caller's history suggests, before any menu: 1 means yes, anything else goes on.
import { z } from 'zod';
import { assert } from '../../../lib/assert.js';
import { duration, strict } from '../../document/shape.js';
import { promptSchema, renderPrompts } from '../prompt.js';
import { stepKind, stepName } from '../step-kind.js';
import { celSource } from '../value.js';

const MAX_RULES = 20;
const YES = '1';

const rule = strict({
  when: celSource.describe('A condition, mostly on `customer`: `customer.callback_pending`.'),
  say: promptSchema.describe('The question, with the key: "… press 1".'),
  yes: stepName.describe('Key 1.'),
});

const shape = {
  rules: z
    .array(rule)
    .min(1, { error: 'a guess needs at least one rule' })
    .max(MAX_RULES, { error: `at most ${MAX_RULES} rules` })
    .describe('The first whose condition is true asks; the others are not tried.'),
  wait: duration(500, 60_000).prefault('4s').describe('For the key, after the last word.'),
  otherwise: stepName.describe('Any other key, none, or no rule is true: mostly the menu.'),
};

const about = {
  summary: "Guesses from the caller's history what the call is about, and asks: 1 means yes, anything else goes on.",
  example: `
do: guess
rules:
  - when: customer.callback_pending
    say: { es: 'Si llama por su devolución de llamada, pulse 1.', en: 'If you call about your call-back, press 1.' }
    yes: support
otherwise: sales`,
  keys: shape,
};

export const guess = stepKind(about, (keys, scope) => {
  const rules = keys.rules.map((raw, index) => ({
    when: scope.expression(['rules', index, 'when'], raw.when, ['bool']),
    question: scope.prompt(['rules', index, 'say'], raw.say),
    yes: scope.exit(['rules', index, 'yes'], raw.yes),
  }));
  const otherwise = scope.exit(['otherwise'], keys.otherwise);
  return {
    listens: true,
    // Who fits no rule is asked nothing.
    deaf: ['otherwise'],
    prices: { rules: { keys: 1 }, otherwise: { waitMs: keys.wait } },
    enter(at) {
      const index = rules.findIndex(({ when }) => when?.evaluate(at.facts) === true);
      const chosen = rules[index];
      if (chosen === undefined) return { kind: 'go', to: otherwise, outcome: 'no-guess' };
      const ask = {
        kind: 'collect',
        purpose: 'menu',
        prompts: renderPrompts(chosen.question, at),
        min: 1,
        max: 1,
        terminators: '',
        firstDigitMs: keys.wait,
        interDigitMs: keys.wait,
        bargeIn: true,
      } as const;
      return { kind: 'ask', ask, memory: { rule: index } };
    },
    answer(answer, at) {
      assert(answer.kind === 'digits' || answer.kind === 'time-out', 'a guess is answered by a key');
      const index = Number(at.memory['rule']);
      const chosen = rules[index];
      assert(chosen !== undefined, 'the rule that asked');
      if (answer.kind === 'digits' && answer.digits === YES) {
        return { kind: 'go', to: chosen.yes, outcome: `yes:${index + 1}` };
      }
      return { kind: 'go', to: otherwise, outcome: `no:${index + 1}` };
    },
  };
});

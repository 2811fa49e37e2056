// `survey`: asks what the caller thinks of us, in one of three forms that can be compared.
import { z } from 'zod';
import { assert } from '../../../lib/assert.js';
import { duration, whole } from '../../document/shape.js';
import type { StepContext } from '../flow.js';
import { MAX_TRIES } from '../limits.js';
import { type PromptPart, promptSchema, renderPrompts } from '../prompt.js';
import { stepKind, stepName } from '../step-kind.js';
import { askDigits, askKey } from './collecting.js';

const shape = {
  survey: z
    .enum(['csat', 'nps', 'fcr'])
    .describe(
      '`csat`: how content, keys 1 to 5. `nps`: would you recommend us, 0 to 10. `fcr`: was it settled by this call, 1 yes, 2 no.',
    ),
  say: promptSchema.describe('The question, with the keys that answer it.'),
  'try-again': promptSchema.optional().describe('Said before the question is repeated.'),
  into: z.string().optional().describe('A variable (int) that takes the answer; for `fcr` 1 or 0.'),
  wait: duration(500, 60_000).prefault('7s').describe('For a key.'),
  tries: whole(1, MAX_TRIES).default(2).describe('How often it asks.'),
  next: stepName.describe('It was answered.'),
  otherwise: stepName.optional().describe('It was not; else as if it had been.'),
};

const about = {
  summary:
    'Asks what the caller thinks of us: content, would recommend, settled. The answer stands in the record as a fact of its own.',
  example: `
do: survey
survey: csat
say:
  es: '¿Cómo valora la atención recibida? Del 1, muy mal, al 5, muy bien.'
  en: 'How would you rate us, from 1, very bad, to 5, very good?'
next: goodbye`,
  keys: shape,
};

/** Digits as typed → the score; undefined: no answer to this question. */
const SCORES: Readonly<Record<'csat' | 'nps' | 'fcr', (typed: string) => number | undefined>> = {
  csat: (typed) => (/^[1-5]$/.test(typed) ? Number(typed) : undefined),
  nps: (typed) => (/^(\d|10)$/.test(typed) ? Number(typed) : undefined),
  fcr: (typed) => ({ 1: 1, 2: 0 })[typed],
};

export const survey = stepKind(about, (keys, scope) => {
  const question = scope.prompt(['say'], keys.say);
  const tryAgain = scope.prompt(['try-again'], keys['try-again']);
  const { into } = keys;
  const variable = into === undefined ? undefined : scope.variable(['into'], into);
  if (into !== undefined && variable !== undefined && variable.type !== 'int') {
    scope.issue(['into'], `'${into}' does not hold a whole number`, 'declare it as 0');
  }
  const next = scope.exit(['next'], keys.next);
  const otherwise = scope.optionalExit(['otherwise'], keys.otherwise) ?? next;
  const ask = (first: readonly PromptPart[], at: StepContext) => {
    const prompts = renderPrompts([...first, ...question], at);
    return keys.survey === 'nps' ? askDigits(prompts, keys.wait, { min: 1, max: 2 }) : askKey(prompts, keys.wait);
  };
  return {
    listens: true,
    prices: { next: { keys: 1 }, otherwise: { waitMs: keys.tries * keys.wait, times: keys.tries } },
    enter: (at) => ({ kind: 'ask', ask: ask([], at) }),
    answer(answer, at) {
      assert(answer.kind === 'digits' || answer.kind === 'time-out', 'a survey is answered by keys');
      const score = SCORES[keys.survey](answer.digits);
      if (score !== undefined) {
        const values = into === undefined ? {} : { [into]: score };
        return { kind: 'go', to: next, outcome: 'answered', values, survey: { survey: keys.survey, score } };
      }
      const outcome = answer.digits === '' ? 'time-out' : 'wrong-answer';
      return at.failures + 1 >= keys.tries
        ? { kind: 'go', to: otherwise, outcome }
        : { kind: 'ask-again', ask: ask(tryAgain, at), outcome };
    },
  };
});

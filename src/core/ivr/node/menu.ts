// `menu`: says the choices and waits for one key; asks again on silence or a wrong key, at most `tries` times.
import { z } from 'zod';
import { assert } from '../../../lib/assert.js';
import { duration, whole } from '../../document/shape.js';
import type { Move, StepContext } from '../flow.js';
import { MAX_TRIES } from '../limits.js';
import { type PromptPart, promptSchema, renderPrompts } from '../prompt.js';
import { stepKind, stepName } from '../step-kind.js';

const shape = {
  say: promptSchema.describe('The choices.'),
  keys: z
    .record(
      z.string().regex(/^[0-9*#]$/, { error: "a key of the telephone is one of 0-9, * and #, e.g. 1 or '*'" }),
      stepName,
    )
    .meta({ minProperties: 1 })
    .describe("Where each key leads. `'*'` and `'#'` need quotes."),
  'wrong-key': promptSchema
    .optional()
    .describe('Said before the choices are repeated, when the key is not among them.'),
  'no-key': promptSchema.optional().describe('Said before the choices are repeated, when no key was pressed.'),
  wait: duration(500, 60_000).prefault('5s').describe('For a key, after the last word.'),
  tries: whole(1, MAX_TRIES).default(3).describe('How often it asks.'),
  'barge-in': z.boolean().default(true).describe('A key pressed while it speaks counts, and ends the speaking.'),
  otherwise: stepName.describe('No good key in so many tries.'),
};

const about = {
  summary: 'Says the choices and waits for one key; asks again on silence or a wrong key.',
  example: `
do: menu
say: { es: 'Para ventas, pulse 1. Para soporte, pulse 2.', en: 'For sales, press 1. For support, press 2.' }
keys: { 1: sales, 2: support }
no-key: { es: No hemos recibido su respuesta., en: We did not get your answer. }
tries: 2
otherwise: support`,
  keys: shape,
};

export const menu = stepKind(about, (keys, scope) => {
  const choices = scope.prompt(['say'], keys.say);
  const wrongKey = scope.prompt(['wrong-key'], keys['wrong-key']);
  const noKey = scope.prompt(['no-key'], keys['no-key']);
  const targets = new Map(Object.entries(keys.keys).map(([key, to]) => [key, scope.exit(['keys', key], to)]));
  if (targets.size === 0) scope.issue(['keys'], 'a menu without keys', 'write at least one, e.g. 1: support');
  const otherwise = scope.exit(['otherwise'], keys.otherwise);
  const collect = (first: readonly PromptPart[], at: StepContext) =>
    ({
      kind: 'collect',
      purpose: 'menu',
      prompts: renderPrompts([...first, ...choices], at),
      min: 1,
      max: 1,
      terminators: '',
      firstDigitMs: keys.wait,
      interDigitMs: keys.wait,
      bargeIn: keys['barge-in'],
    }) as const;
  const again = (why: readonly PromptPart[], outcome: string, at: StepContext): Move =>
    at.failures + 1 >= keys.tries
      ? { kind: 'go', to: otherwise, outcome }
      : { kind: 'ask-again', ask: collect(why, at), outcome };
  return {
    listens: true,
    prices: { keys: { keys: 1 }, otherwise: { waitMs: keys.tries * keys.wait, times: keys.tries } },
    enter: (at) => ({ kind: 'ask', ask: collect([], at) }),
    answer(answer, at) {
      if (answer.kind === 'time-out') return again(noKey, 'time-out', at);
      assert(answer.kind === 'digits', 'a menu is answered by keys');
      const key = answer.digits.charAt(0);
      const target = targets.get(key);
      if (target !== undefined) return { kind: 'go', to: target, outcome: `key:${key}` };
      return again(wrongKey, `wrong-key:${key}`, at);
    },
  };
});

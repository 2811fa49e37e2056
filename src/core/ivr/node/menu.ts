// `menu`: says the choices and waits for one key; asks again on silence or a wrong key, at most `tries` times.
import { z } from 'zod';
import { assert } from '../../../lib/assert.js';
import { duration, whole } from '../../document/shape.js';
import type { Move, StepContext } from '../flow.js';
import { MAX_TRIES } from '../limits.js';
import { type PromptPart, promptSchema, renderPrompts } from '../prompt.js';
import { stepKind } from '../step-kind.js';

const shape = {
  say: promptSchema,
  keys: z.record(
    z.string().regex(/^[0-9*#]$/, { error: "a key of the telephone is one of 0-9, * and #, e.g. 1 or '*'" }),
    z.string(),
  ),
  /** Said before the choices are repeated. */
  'wrong-key': promptSchema.optional(),
  'no-key': promptSchema.optional(),
  wait: duration(500, 60_000).prefault('5s'),
  tries: whole(1, MAX_TRIES).default(3),
  'barge-in': z.boolean().default(true),
  otherwise: z.string(),
};

export const menu = stepKind(shape, (keys, scope) => {
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

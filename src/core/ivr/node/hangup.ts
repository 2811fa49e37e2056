// `hangup`: says goodbye and ends the call.
import { z } from 'zod';
import { nameSchema } from '../../document/shape.js';
import { promptSchema, renderPrompts } from '../prompt.js';
import { stepKind } from '../step-kind.js';

const shape = {
  say: promptSchema.optional(),
  /** What the caller got: `served` by the flow itself, or `refused`. */
  result: z.enum(['served', 'refused']).default('served'),
  reason: nameSchema.default('flow-finished'),
};

export const hangup = stepKind(shape, (keys, scope) => {
  const prompt = scope.prompt(['say'], keys.say);
  return {
    enter: (at) => ({
      kind: 'end',
      outcome: keys.result,
      prompts: renderPrompts(prompt, at),
      result: keys.result,
      reason: keys.reason,
    }),
  };
});

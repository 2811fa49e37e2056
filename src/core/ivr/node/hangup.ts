// `hangup`: says goodbye and ends the call.
import { z } from 'zod';
import { nameSchema } from '../../document/shape.js';
import { promptSchema, renderPrompts } from '../prompt.js';
import { stepKind } from '../step-kind.js';

const shape = {
  say: promptSchema.optional().describe('The goodbye.'),
  result: z
    .enum(['served', 'refused'])
    .default('served')
    .describe('What the caller got: `served` by the flow itself, or `refused`.'),
  reason: nameSchema.default('flow-finished').describe('A word of your own for the record and its figures.'),
};

const about = {
  summary: 'Says goodbye and ends the call.',
  example: `
do: hangup
say: { es: Gracias por llamar. Adiós., en: Thank you for calling. Goodbye. }
reason: hours-told`,
  keys: shape,
};

export const hangup = stepKind(about, (keys, scope) => {
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

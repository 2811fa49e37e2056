// `say`: speaks, then goes on.
import { z } from 'zod';
import { promptSchema, renderPrompts } from '../prompt.js';
import { stepKind } from '../step-kind.js';

export const say = stepKind({ say: promptSchema, next: z.string() }, (keys, scope) => {
  const prompt = scope.prompt(['say'], keys.say);
  const next = scope.exit(['next'], keys.next);
  return {
    enter: (at) => ({ kind: 'ask', ask: { kind: 'play', prompts: renderPrompts(prompt, at) } }),
    answer: () => ({ kind: 'go', to: next, outcome: 'said' }),
  };
});

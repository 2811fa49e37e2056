// `say`: speaks, then goes on.
import { promptSchema, renderPrompts } from '../prompt.js';
import { stepKind, stepName } from '../step-kind.js';

const about = {
  summary: 'Speaks, then goes on.',
  example: `
do: say
say: { es: 'Hola, {{ call.name }}.', en: 'Hello, {{ call.name }}.' }
next: support`,
  keys: { say: promptSchema.describe('What is said.'), next: stepName.describe('After the last word.') },
};

export const say = stepKind(about, (keys, scope) => {
  const prompt = scope.prompt(['say'], keys.say);
  const next = scope.exit(['next'], keys.next);
  return {
    enter: (at) => ({ kind: 'ask', ask: { kind: 'play', prompts: renderPrompts(prompt, at) } }),
    answer: () => ({ kind: 'go', to: next, outcome: 'said' }),
  };
});

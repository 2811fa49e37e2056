// `play`: plays a recording by name, with an optional text where it does not exist, then goes on.
import { z } from 'zod';
import { renderPrompts } from '../prompt.js';
import { stepKind } from '../step-kind.js';

const shape = { play: z.string(), instead: z.record(z.string(), z.string()).optional(), next: z.string() };

export const play = stepKind(shape, (keys, scope) => {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(keys.play)) {
    scope.issue(['play'], `'${keys.play}' is not the name of a recording`, 'lower-case letters, digits, dashes');
  }
  const texts = keys.instead === undefined ? new Map() : scope.texts(['instead'], keys.instead);
  const next = scope.exit(['next'], keys.next);
  return {
    enter: (at) => ({
      kind: 'ask',
      ask: { kind: 'play', prompts: renderPrompts([{ recorded: keys.play, texts }], at) },
    }),
    answer: () => ({ kind: 'go', to: next, outcome: 'played' }),
  };
});

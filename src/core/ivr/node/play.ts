// `play`: plays a recording by name, with an optional text where it does not exist, then goes on.
import { z } from 'zod';
import { renderPrompts } from '../prompt.js';
import { stepKind, stepName } from '../step-kind.js';

const shape = {
  play: z.string().describe('Name of the prompt: its recording is played, else its text is said.'),
  instead: z
    .record(z.string(), z.string())
    .optional()
    .describe('What is said where it is not recorded, in place of its own text: one text per language.'),
  next: stepName.describe('After it.'),
};

const about = {
  summary: 'Plays a recording, then goes on.',
  example: `
do: play
play: welcome
instead: { es: Gracias por llamar., en: Thank you for calling. }
next: support`,
  keys: shape,
};

export const play = stepKind(about, (keys, scope) => {
  const recording = scope.recording(['play'], keys.play, ['instead'], keys.instead);
  const next = scope.exit(['next'], keys.next);
  return {
    enter: (at) => ({
      kind: 'ask',
      ask: { kind: 'play', prompts: renderPrompts([recording], at) },
    }),
    answer: () => ({ kind: 'go', to: next, outcome: 'played' }),
  };
});

// `voicemail`: records what the caller says.
import { z } from 'zod';
import { assert } from '../../../lib/assert.js';
import { duration } from '../../document/shape.js';
import { promptSchema, renderPrompts } from '../prompt.js';
import { stepKind, stepName } from '../step-kind.js';

const shape = {
  say: promptSchema.describe('Said before the tone.'),
  queue: z.string().optional().describe('Whose team gets the message.'),
  'at-most': duration(5_000, 600_000).prefault('2m').describe('Longest message.'),
  silence: duration(1_000, 30_000).prefault('4s').describe('So much silence ends it; `#` does too.'),
  next: stepName.optional().describe('There is a message. Without it the call ends there.'),
  otherwise: stepName.optional().describe('Nothing was said. Without it the call ends there.'),
};

const about = {
  summary: 'Records what the caller says.',
  example: `
do: voicemail
say: { es: Deje su mensaje después de la señal., en: Leave your message after the tone. }
queue: support
next: thanks
otherwise: support`,
  keys: shape,
};

export const voicemail = stepKind(about, (keys, scope) => {
  const prompt = scope.prompt(['say'], keys.say);
  const queue = keys.queue === undefined ? {} : { queue: scope.named('queues', ['queue'], keys.queue) };
  const next = scope.optionalExit(['next'], keys.next);
  const otherwise = scope.optionalExit(['otherwise'], keys.otherwise);
  return {
    enter: (at) => ({
      kind: 'ask',
      ask: {
        kind: 'voicemail',
        prompts: renderPrompts(prompt, at),
        ...queue,
        maxMs: keys['at-most'],
        silenceMs: keys.silence,
        terminators: '#',
      },
    }),
    answer(answer) {
      assert(answer.kind === 'voicemail', 'a voicemail is answered by its outcome');
      const to = answer.outcome === 'left' ? next : otherwise;
      if (to !== undefined) return { kind: 'go', to, outcome: answer.outcome };
      const result = ({ left: 'voicemail', empty: 'abandoned', failed: 'failed' } as const)[answer.outcome];
      return { kind: 'end', outcome: answer.outcome, prompts: [], result, reason: `voicemail-${answer.outcome}` };
    },
  };
});

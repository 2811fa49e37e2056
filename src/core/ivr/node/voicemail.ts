// `voicemail`: records what the caller says.
import { z } from 'zod';
import { assert } from '../../../lib/assert.js';
import { duration } from '../../document/shape.js';
import { promptSchema, renderPrompts } from '../prompt.js';
import { stepKind } from '../step-kind.js';

const shape = {
  say: promptSchema,
  queue: z.string().optional(),
  'at-most': duration(5_000, 600_000).prefault('2m'),
  silence: duration(1_000, 30_000).prefault('4s'),
  next: z.string().optional(),
  /** Nothing was said. */
  otherwise: z.string().optional(),
};

export const voicemail = stepKind(shape, (keys, scope) => {
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

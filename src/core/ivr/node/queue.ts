// `queue`: waits for an agent. With `otherwise` the flow decides for callers who were not served, else the queue's overflow.
import { z } from 'zod';
import { assert } from '../../../lib/assert.js';
import { whole } from '../../document/shape.js';
import { stepKind, stepName } from '../step-kind.js';

const shape = {
  queue: z.string().describe('Name of a queue of the centre.'),
  priority: whole(0, 9).optional().describe("0 is the most urgent. Without it the queue's own."),
  next: stepName.optional().describe('After the conversation, e.g. a survey. Without it the call ends there.'),
  otherwise: stepName.optional().describe("Nobody served the caller. Without it the queue's own `overflow` decides."),
};

const about = {
  summary: 'Waits for an agent.',
  example: `
do: queue
queue: sales
priority: 2
otherwise: voicemail`,
  keys: shape,
};

export const queue = stepKind(about, (keys, scope) => {
  const name = scope.named('queues', ['queue'], keys.queue);
  const next = scope.optionalExit(['next'], keys.next);
  const otherwise = scope.optionalExit(['otherwise'], keys.otherwise);
  const overflow = otherwise === undefined ? 'queue' : 'flow';
  const priority = keys.priority === undefined ? {} : { priority: keys.priority };
  return {
    person: true,
    enter: () => ({ kind: 'ask', ask: { kind: 'queue', queue: name, overflow, ...priority } }),
    answer(answer) {
      assert(answer.kind === 'queue', 'a queue is answered by its outcome');
      const served = answer.outcome === 'served';
      const to = served ? next : otherwise;
      const outcome = served ? 'served' : `not-served:${answer.reason}`;
      if (to !== undefined) return { kind: 'go', to, outcome };
      return { kind: 'end', outcome, prompts: [], result: served ? 'served' : 'refused', reason: answer.reason };
    },
  };
});

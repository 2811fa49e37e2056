// `message`: sends the caller a text message, for information or as an offer to call back.
import { z } from 'zod';
import { assert } from '../../../lib/assert.js';
import { textValues } from '../facts.js';
import { stepKind } from '../step-kind.js';

const shape = {
  /** One text per language, or the key of a canned text of the centre. */
  text: z.record(z.string(), z.string()).optional(),
  canned: z.string().optional(),
  purpose: z.enum(['information', 'callback-offer']).default('information'),
  /** Where the call-back comes from. */
  queue: z.string().optional(),
  next: z.string().optional(),
  /** Policy or provider did not take it. */
  otherwise: z.string().optional(),
};

export const message = stepKind(shape, (keys, scope) => {
  if ((keys.text === undefined) === (keys.canned === undefined)) {
    scope.issue([], 'a message has exactly one text', 'either text or canned');
  }
  const own = keys.text === undefined ? undefined : scope.texts(['text'], keys.text);
  const texts = own ?? (keys.canned === undefined ? new Map() : scope.canned(['canned'], keys.canned));
  if (keys.purpose === 'callback-offer' && keys.queue === undefined) {
    scope.issue(['purpose'], 'a call-back needs a queue', 'add queue: …');
  }
  const queue = keys.queue === undefined ? {} : { queue: scope.named('queues', ['queue'], keys.queue) };
  const next = scope.optionalExit(['next'], keys.next);
  const otherwise = scope.optionalExit(['otherwise'], keys.otherwise);
  return {
    enter(at) {
      const text = texts.get(at.language)?.render(textValues(at.facts)) ?? '';
      return { kind: 'ask', ask: { kind: 'message', text, language: at.language, purpose: keys.purpose, ...queue } };
    },
    answer(answer) {
      assert(answer.kind === 'message', 'a message is answered by its outcome');
      const queued = answer.outcome === 'queued';
      const to = queued ? next : (otherwise ?? next);
      const outcome = queued ? 'queued' : `declined:${answer.reason}`;
      if (to !== undefined) return { kind: 'go', to, outcome };
      return { kind: 'end', outcome, prompts: [], result: queued ? 'message-sent' : 'refused', reason: answer.reason };
    },
  };
});

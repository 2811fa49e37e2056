// `message`: sends the caller a text message, for information or as an offer to call back.
import { z } from 'zod';
import { assert } from '../../../lib/assert.js';
import { textValues } from '../facts.js';
import { stepKind, stepName } from '../step-kind.js';

const shape = {
  text: z.record(z.string(), z.string()).optional().describe('One text per language; or `canned`.'),
  canned: z.string().optional().describe('Name of a text of the centre; or `text`.'),
  purpose: z
    .enum(['information', 'callback-offer'])
    .default('information')
    .describe('The answer to a `callback-offer`, in the words of `text`, brings the call-back.'),
  queue: z.string().optional().describe('Where the call-back comes from; a `callback-offer` needs it.'),
  next: stepName.optional().describe('It was taken. Without it the call ends there.'),
  otherwise: stepName.optional().describe('Policy or provider did not take it; else `next`.'),
};

const about = {
  summary: 'Sends the caller a text message, for information or as an offer to call back.',
  example: `
do: message
text:
  es: 'Hilo: su referencia es {{ call.reference }}.'
  en: 'Hilo: your reference is {{ call.reference }}.'
next: goodbye
otherwise: support`,
  keys: shape,
};

export const message = stepKind(about, (keys, scope) => {
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
      const template = texts.get(at.language);
      const text = template?.render(textValues(at.facts)) ?? '';
      const language = template?.language ?? at.language;
      return { kind: 'ask', ask: { kind: 'message', text, language, purpose: keys.purpose, ...queue } };
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

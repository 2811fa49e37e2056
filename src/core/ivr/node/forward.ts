// `forward`: sends the call to an agent, a queue or an outside number.
import { z } from 'zod';
import { assert } from '../../../lib/assert.js';
import { dialString, duration, strict } from '../../document/shape.js';
import type { ForwardTarget } from '../ask.js';
import { stepKind, stepName } from '../step-kind.js';

const shape = {
  to: strict({
    agent: z.string().optional().describe('Name in the centre.'),
    queue: z.string().optional().describe('Name in the centre.'),
    number: dialString.optional().describe('As it is dialled. Only what `outbound` of the centre allows.'),
  })
    .meta({ minProperties: 1, maxProperties: 1 })
    .describe('Exactly one of them.'),
  ring: duration(5_000, 120_000).prefault('25s').describe('How long it rings there.'),
  next: stepName.optional().describe('After the conversation. Without it the call ends there.'),
  otherwise: stepName.optional().describe('Nobody answered, or it may not be dialled. Without it the call ends there.'),
};

const about = {
  summary: 'Sends the call to an agent, a queue, or an outside number that the allow-list permits.',
  example: `
do: forward
to: { agent: ana }
ring: 20s
otherwise: support`,
  keys: shape,
};

export const forward = stepKind(about, (keys, scope) => {
  const { agent, queue, number } = keys.to;
  const targets: ForwardTarget[] = [];
  if (agent !== undefined) targets.push({ kind: 'agent', agent: scope.named('agents', ['to', 'agent'], agent) });
  if (queue !== undefined) targets.push({ kind: 'queue', queue: scope.named('queues', ['to', 'queue'], queue) });
  if (number !== undefined) targets.push({ kind: 'number', number });
  const [to] = targets;
  if (targets.length !== 1) scope.issue(['to'], 'a call goes to exactly one place', 'one of: agent, queue, number');
  const next = scope.optionalExit(['next'], keys.next);
  const otherwise = scope.optionalExit(['otherwise'], keys.otherwise);
  return {
    person: true,
    enter() {
      assert(to !== undefined, 'a checked forward has a target');
      return { kind: 'ask', ask: { kind: 'forward', to, ringMs: keys.ring } };
    },
    answer(answer) {
      assert(answer.kind === 'forward', 'a forward is answered by its outcome');
      const connected = answer.outcome === 'connected';
      const follow = connected ? next : otherwise;
      const outcome = connected ? 'connected' : `${answer.outcome}:${answer.reason}`;
      if (follow !== undefined) return { kind: 'go', to: follow, outcome };
      const result = connected ? 'forwarded' : answer.outcome;
      return { kind: 'end', outcome, prompts: [], result, reason: answer.reason };
    },
  };
});

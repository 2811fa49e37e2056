// What simulated callers, and the systems that a flow asks, answer; and how long that takes.
import type { Answer, Ask, Prompt } from '../../../core/ivr/ask.js';
import { STRANGER } from '../../../core/ivr/outside/customer.js';
import type { Target } from '../../../core/ivr/outside/take.js';
import type { Value, ValueType } from '../../../core/ivr/value.js';
import type { Plan } from './plan.js';

/** Speech of 15 characters a second; of a prompt that can be interrupted callers hear this much. */
const CHAR_MS = 1_000 / 15;
const HEARD = 0.6;
const RECORDED_MS = 3_000;
const KEY_MS = 1_500;
/** Another system that answers. */
const OUTSIDE_MS = 500;
const KEYS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#'];
const NOTHING: Readonly<Record<ValueType, Value>> = { string: '', int: 0, double: 0, bool: false };

/**
 * What may be answered at this point by somebody who wants that queue, silence last; none where the call leaves the flow for
 * something else. Bots understand the caller and send them to the queue, or have nothing more to say.
 */
export function answersTo(ask: Ask, queue: string, outside: Plan['outside']): Answer[] {
  switch (ask.kind) {
    case 'play':
      return [{ kind: 'played' }];
    case 'collect':
      return ask.purpose === 'menu'
        ? [...KEYS.map((key): Answer => ({ kind: 'digits', digits: key })), SILENCE]
        : [{ kind: 'digits', digits: '1'.repeat(Math.max(1, ask.min)) }, SILENCE];
    case 'listen':
      return [{ kind: 'digits', digits: '1' }, SILENCE];
    case 'http':
      return outside === 'failed'
        ? [{ kind: 'http', outcome: 'failed', reason: 'time-out' }]
        : [{ kind: 'http', outcome: 'answered', status: 200, taken: { values: valuesOf(ask.take) } }];
    case 'customer':
      return outside === 'failed'
        ? [{ kind: 'customer', outcome: 'failed', reason: 'time-out' }]
        : [{ kind: 'customer', outcome: 'found', customer: STRANGER }];
    case 'bot': {
      if (outside === 'failed') return [{ kind: 'bot', outcome: 'failed', reason: 'time-out' }];
      const replies = [...(queue === '' ? [] : [{ action: { queue } }]), { done: true }];
      return replies.map((reply): Answer => ({ kind: 'bot', outcome: 'answered', reply }));
    }
    default:
      return [];
  }
}

const SILENCE: Answer = { kind: 'time-out', digits: '' };

/** Time until the flow goes on, in ms. */
export function timeOf(ask: Ask, answer: Answer): number {
  if (ask.kind === 'http' || ask.kind === 'bot')
    return 'outcome' in answer && answer.outcome === 'failed' ? failsAfterMs(ask) : OUTSIDE_MS;
  if (!('prompts' in ask)) return 0;
  const spokenMs = ask.prompts.reduce((sum, prompt) => sum + lengthOf(prompt), 0);
  if (ask.kind === 'listen') return spokenMs + (answer.kind === 'time-out' ? ask.waitMs : KEY_MS);
  if (ask.kind !== 'collect') return spokenMs;
  if (answer.kind === 'time-out') return spokenMs + ask.firstDigitMs;
  return spokenMs * (ask.bargeIn ? HEARD : 1) + KEY_MS;
}

function failsAfterMs(ask: Extract<Ask, { kind: 'http' | 'bot' }>): number {
  return ask.timeOutMs * (ask.kind === 'http' ? 1 + ask.retries : 1);
}

/** Where something is wanted of an answer that nobody gave: what the flow takes instead, else nothing of its type. */
function valuesOf(take: readonly Target[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(take.map(({ name, type, or }) => [name, or ?? NOTHING[type]]));
}

function lengthOf(prompt: Prompt): number {
  return prompt.kind === 'text' ? prompt.text.length * CHAR_MS : RECORDED_MS;
}

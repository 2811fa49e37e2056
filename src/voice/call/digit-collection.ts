// When has the caller typed enough? A state machine without clock or media.
import type { Collected, CollectRequest } from '../../app/ports.js';
import { unreachable } from '../../lib/assert.js';

export type DigitRules = Omit<CollectRequest, 'prompts'>;

/*
 *  prompting ──key (barge-in)──▶ typing ──key──▶ typing ──max, terminator or timer──▶ done
 *      │ prompt over ──▶ waiting ──key──▶ typing
 *      └ key (no barge-in): dropped       └ timer ──▶ done (time-out)
 */
export type Collection =
  | { readonly state: 'prompting' }
  | { readonly state: 'waiting' }
  | { readonly state: 'typing'; readonly digits: string }
  | { readonly state: 'done'; readonly result: Collected };

export type CollectionInput =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'prompt-over' }
  | { readonly kind: 'timer' };

/** Begins with what was typed ahead. Without barge-in that counts for nothing, like all keys typed during the prompt. */
export function beginCollection(rules: DigitRules, typedAhead: string): Collection {
  if (!rules.bargeIn) return { state: 'prompting' };
  // A terminator before the first digit ended the input before this one.
  const keys = [...typedAhead];
  while (keys[0] !== undefined && rules.terminators.includes(keys[0])) keys.shift();
  let collection: Collection = { state: 'prompting' };
  for (const key of keys) {
    if (collection.state === 'done') break;
    collection = collect(rules, collection, { kind: 'key', key });
  }
  return collection;
}

export function collect(rules: DigitRules, collection: Collection, input: CollectionInput): Collection {
  if (collection.state === 'done') return collection;
  switch (input.kind) {
    case 'key':
      if (collection.state === 'prompting' && !rules.bargeIn) return collection;
      return typed(rules, collection.state === 'typing' ? collection.digits : '', input.key);
    case 'prompt-over':
      return collection.state === 'prompting' ? { state: 'waiting' } : collection;
    case 'timer':
      if (collection.state === 'prompting') return collection;
      return { state: 'done', result: ended(rules, collection.state === 'typing' ? collection.digits : '', '') };
    default:
      return unreachable(input);
  }
}

/** How long to wait in this state before the input `timer`; undefined: as long as the prompt takes. */
export function waitMs(rules: DigitRules, collection: Collection): number | undefined {
  if (collection.state === 'waiting') return rules.firstDigitMs;
  return collection.state === 'typing' ? rules.interDigitMs : undefined;
}

function typed(rules: DigitRules, before: string, key: string): Collection {
  if (rules.terminators.includes(key)) return { state: 'done', result: ended(rules, before, key) };
  const digits = before + key;
  return digits.length >= rules.max ? { state: 'done', result: ended(rules, digits, '') } : { state: 'typing', digits };
}

function ended(rules: DigitRules, digits: string, terminator: string): Collected {
  if (digits.length >= rules.min && (digits !== '' || terminator !== '')) {
    return { outcome: 'digits', digits, terminator };
  }
  return { outcome: digits === '' && terminator === '' ? 'time-out' : 'too-short', digits };
}

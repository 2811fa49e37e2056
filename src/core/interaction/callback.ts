// A call-back as its events tell it. What may happen next is decided in core/callback; here is only what did happen.
//
//  callback-offered         callback-requested        queued (kind callback)      callback-attempted
//  ───────────────▶ offered ────────────────▶ requested ─────────────▶ waiting ─────────────▶ dialling
//                      │                        ▲   │                    │                      │
//                      │                        └───┼── left-queue ──────┤                      │
//                      │                        ▲   │                    │                      │
//                      │                        └───┼────────────────────┼── attempt-failed ────┤ (nextAtMs given)
//                      ▼ callback-ended             ▼                    ▼                      ▼
//                    ended (connected, failed, cancelled, superseded, refused)

import { unreachable } from '../../lib/assert.js';
import type { CallbackOwner, InteractionEvent } from './event.js';

type Data<Type extends InteractionEvent['type']> = Extract<InteractionEvent, { type: Type }>['data'];

/** Where the call-back goes and what place it has: kept from the first wait on. */
export interface CallbackPlace {
  readonly id: string;
  readonly queue: string;
  readonly number: string;
  readonly seniorityMs: number;
  readonly priority: number;
  /** Attempts made so far. */
  readonly attempts: number;
  readonly dueAtMs: number;
  readonly source: Data<'callback-requested'>['source'];
  readonly owner?: CallbackOwner;
}

export type Callback =
  | {
      readonly state: 'offered';
      readonly id: string;
      readonly queue: string;
      readonly message: string;
      readonly offeredAtMs: number;
    }
  | (CallbackPlace & { readonly state: 'requested' })
  | (CallbackPlace & { readonly state: 'waiting'; readonly entry: string })
  | (CallbackPlace & { readonly state: 'dialling'; readonly agent: string })
  | {
      readonly state: 'ended';
      readonly id: string;
      readonly result: Data<'callback-ended'>['result'];
      readonly reason: string;
      readonly endedAtMs: number;
      readonly attempts: number;
    };

export type PendingCallback = Exclude<Callback, { state: 'ended' }>;
/** Asked for by the customer and not done yet: a promise. */
export type PromisedCallback = Exclude<PendingCallback, { state: 'offered' }>;

type CallbackFact = Extract<
  InteractionEvent,
  {
    type:
      | 'callback-offered'
      | 'callback-requested'
      | 'callback-attempted'
      | 'callback-attempt-failed'
      | 'callback-ended'
      | 'queued'
      | 'left-queue';
  }
>;

export function isPending(callback: Callback | undefined): callback is PendingCallback {
  return callback !== undefined && callback.state !== 'ended';
}

export function isPromised(callback: Callback | undefined): callback is PromisedCallback {
  return isPending(callback) && callback.state !== 'offered';
}

/** The call-back after the fact; facts about another call-back than the present one change nothing. */
export function evolveCallback(callback: Callback | undefined, fact: CallbackFact, atMs: number): Callback | undefined {
  switch (fact.type) {
    case 'callback-offered': {
      const { callback: id, queue, message } = fact.data;
      return isPromised(callback) ? callback : { state: 'offered', id, queue, message, offeredAtMs: atMs };
    }
    case 'callback-requested': {
      const { callback: id, ...place } = fact.data;
      const attempts = callback?.id === id && callback.state !== 'offered' ? callback.attempts : 0;
      return { state: 'requested', id, ...place, attempts };
    }
    case 'queued':
      if (fact.data.kind !== 'callback' || !isPromised(callback)) return callback;
      return { ...place(callback), state: 'waiting', entry: fact.data.entry };
    case 'left-queue':
      if (callback?.state !== 'waiting' || callback.entry !== fact.data.entry) return callback;
      return { ...place(callback), state: 'requested' };
    case 'callback-attempted': {
      if (!isPromised(callback) || callback.id !== fact.data.callback) return callback;
      const { attempt, agent } = fact.data;
      return { ...place(callback), attempts: attempt, state: 'dialling', agent };
    }
    case 'callback-attempt-failed': {
      if (!isPromised(callback) || callback.id !== fact.data.callback) return callback;
      return { ...place(callback), dueAtMs: fact.data.nextAtMs ?? callback.dueAtMs, state: 'requested' };
    }
    case 'callback-ended': {
      if (!isPending(callback) || callback.id !== fact.data.callback) return callback;
      const { result, reason } = fact.data;
      const attempts = isPromised(callback) ? callback.attempts : 0;
      return { state: 'ended', id: callback.id, result, reason, endedAtMs: atMs, attempts };
    }
    default:
      return unreachable(fact);
  }
}

function place(callback: PromisedCallback): CallbackPlace {
  const { id, queue, number, seniorityMs, priority, attempts, dueAtMs, source, owner } = callback;
  const kept = { id, queue, number, seniorityMs, priority, attempts, dueAtMs, source };
  return owner === undefined ? kept : { ...kept, owner };
}

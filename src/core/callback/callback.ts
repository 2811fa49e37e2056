// What may happen to a call-back: each command against its state gives the facts to record, or says why not.
// The chart and the states are in core/interaction/callback.ts, which folds these facts back.

import type { Callback, PromisedCallback } from '../interaction/callback.js';
import type { InteractionEvent } from '../interaction/event.js';

/** Failures after which trying again is pointless. */
const FINAL_REASONS: ReadonlySet<string> = new Set(['not-allowed', 'unknown-number']);

export type CallbackCommand =
  /** The customer wants it, or wants it at another time; place and number stay as first asked for. */
  | {
      readonly type: 'request';
      /** Id for a call-back that was not offered before. */
      readonly id: string;
      readonly number: string;
      readonly queue: string;
      readonly dueAtMs: number;
      readonly seniorityMs: number;
      readonly priority: number;
      readonly source: 'message' | 'flow' | 'overflow' | 'node-lost' | 'api' | 'web';
      /** Whose call-back it is, and for how long after it is due it is kept for that agent. */
      readonly owner?: { readonly agent: string; readonly waitMs: number };
    }
  /** An agent is there; the customer is dialled now. `byHand`: the agent wants it now, due or not. */
  | { readonly type: 'attempt'; readonly agent: string; readonly byHand?: true }
  | { readonly type: 'attempt-failed'; readonly reason: string }
  | { readonly type: 'connected' }
  /** By the customer or somebody of the centre, who may say why. */
  | { readonly type: 'cancel'; readonly reason: string; readonly note?: string }
  /** The customer does not want what was offered. */
  | { readonly type: 'decline'; readonly reason: string }
  /** Nobody answered the offer in time. */
  | { readonly type: 'lapse' }
  /** The customer rang in meanwhile. */
  | { readonly type: 'supersede'; readonly reason: string };

export interface CallbackRule {
  /** Time before the 1st, 2nd … attempt; as many attempts as there are delays. From the recovery policy. */
  readonly attemptDelaysMs: readonly number[];
  /** Own rules for how an attempt failed: time after the 1st, 2nd … attempt, as many more as there are times. */
  readonly retryAfterMs?: Readonly<Record<string, readonly number[] | undefined>>;
  /** From the recovery policy. */
  readonly offerValidMs: number;
  /** First moment at or after the given one at which customers may be called (Unix ms). */
  nextOpenMs(atMs: number): number;
}

export type CallbackRefusal =
  | 'no-callback'
  | 'ended'
  | 'not-promised'
  | 'not-due'
  | 'already-dialling'
  | 'not-dialling'
  | 'not-lapsed';

/** `leaves`: the queue entry that has to be given up with it. */
export type CallbackDecision =
  | { readonly ok: true; readonly events: readonly InteractionEvent[]; readonly leaves?: string }
  | { readonly ok: false; readonly refused: CallbackRefusal };

export function decideCallback(
  callback: Callback | undefined,
  command: CallbackCommand,
  rule: CallbackRule,
  nowMs: number,
): CallbackDecision {
  if (command.type === 'request') return request(callback, command, rule, nowMs);
  if (callback === undefined) return refused('no-callback');
  if (callback.state === 'ended') return refused('ended');
  switch (command.type) {
    case 'cancel':
      return ended(callback, 'cancelled', command.reason, command.note);
    case 'supersede':
      return ended(callback, 'superseded', command.reason);
    case 'decline':
      return ended(callback, 'refused', command.reason);
    case 'lapse':
      if (callback.state !== 'offered' || nowMs < callback.offeredAtMs + rule.offerValidMs)
        return refused('not-lapsed');
      return ended(callback, 'cancelled', 'offer-lapsed');
    case 'attempt':
      return callback.state === 'offered' ? refused('not-promised') : attempt(callback, command, nowMs);
    case 'attempt-failed':
      if (callback.state !== 'dialling') return refused('not-dialling');
      return attemptFailed(callback, command.reason, rule, nowMs);
    case 'connected':
      return callback.state === 'dialling' ? ended(callback, 'connected', 'talked') : refused('not-dialling');
  }
}

/** When the next attempt may begin, or undefined when it was the last. `attempts`: made so far; `reason`: why the last failed. */
export function nextAttemptMs(attempts: number, rule: CallbackRule, nowMs: number, reason = ''): number | undefined {
  const own = Object.hasOwn(rule.retryAfterMs ?? {}, reason) ? rule.retryAfterMs?.[reason] : undefined;
  const delayMs = own === undefined ? rule.attemptDelaysMs[attempts] : own[attempts - 1];
  return delayMs === undefined ? undefined : rule.nextOpenMs(nowMs + delayMs);
}

function request(
  callback: Callback | undefined,
  command: CallbackCommand & { type: 'request' },
  rule: CallbackRule,
  nowMs: number,
): CallbackDecision {
  if (callback?.state === 'dialling') return refused('already-dialling');
  const { type: _type, id, owner: wanted, ...asked } = command;
  const firstDelayMs = rule.attemptDelaysMs[0] ?? 0;
  const dueAtMs = rule.nextOpenMs(Math.max(asked.dueAtMs, nowMs + firstDelayMs));
  const owner = wanted === undefined ? {} : { owner: { agent: wanted.agent, untilMs: dueAtMs + wanted.waitMs } };
  if (callback === undefined || callback.state === 'ended') {
    return requested({ ...asked, ...owner, callback: id, dueAtMs });
  }
  if (callback.state === 'offered') return requested({ ...asked, ...owner, callback: callback.id, dueAtMs });
  // It stands in its queue and is wanted as soon as may be: so it is.
  if (callback.state === 'waiting' && dueAtMs <= nowMs && wanted === undefined) return { ok: true, events: [] };
  const { number, queue, seniorityMs, priority, source } = callback;
  const place = { callback: callback.id, number, queue, seniorityMs, priority, source, dueAtMs };
  const again = requested({ ...place, ...(wanted === undefined ? ownerMoved(callback, dueAtMs) : owner) });
  return callback.state === 'waiting' ? { ...again, leaves: callback.entry } : again;
}

/** As long as before after the new time. */
function ownerMoved({ owner, dueAtMs }: PromisedCallback, toMs: number): Pick<Requested, 'owner'> {
  if (owner === undefined) return {};
  return { owner: { agent: owner.agent, untilMs: toMs + Math.max(0, owner.untilMs - dueAtMs) } };
}

function attempt(
  callback: PromisedCallback,
  { agent, byHand }: CallbackCommand & { type: 'attempt' },
  nowMs: number,
): CallbackDecision {
  if (callback.state === 'dialling') return refused('already-dialling');
  if (byHand !== true && nowMs < callback.dueAtMs) return refused('not-due');
  const data = { callback: callback.id, attempt: callback.attempts + 1, agent };
  return { ok: true, events: [{ type: 'callback-attempted', data }] };
}

function attemptFailed(
  callback: PromisedCallback,
  reason: string,
  rule: CallbackRule,
  nowMs: number,
): CallbackDecision {
  const nextAtMs = FINAL_REASONS.has(reason) ? undefined : nextAttemptMs(callback.attempts, rule, nowMs, reason);
  const data = { callback: callback.id, attempt: callback.attempts, reason };
  if (nextAtMs !== undefined) {
    return { ok: true, events: [{ type: 'callback-attempt-failed', data: { ...data, nextAtMs } }] };
  }
  const why = FINAL_REASONS.has(reason) ? reason : 'attempts-exhausted';
  return {
    ok: true,
    events: [
      { type: 'callback-attempt-failed', data },
      { type: 'callback-ended', data: { callback: callback.id, result: 'failed', reason: why } },
    ],
  };
}

type Ended = Extract<InteractionEvent, { type: 'callback-ended' }>['data'];
type Requested = Extract<InteractionEvent, { type: 'callback-requested' }>['data'];

function requested(data: Requested): CallbackDecision & { ok: true } {
  return { ok: true, events: [{ type: 'callback-requested', data }] };
}

function ended(
  callback: Exclude<Callback, { state: 'ended' }>,
  result: Ended['result'],
  reason: string,
  note?: string,
): CallbackDecision {
  const data = { callback: callback.id, result, reason, ...(note === undefined ? {} : { note }) };
  const events: InteractionEvent[] = [{ type: 'callback-ended', data }];
  return callback.state === 'waiting' ? { ok: true, events, leaves: callback.entry } : { ok: true, events };
}

function refused(reason: CallbackRefusal): CallbackDecision {
  return { ok: false, refused: reason };
}

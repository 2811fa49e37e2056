// What follows from a customer's answer to an offered or promised call-back.

import { unreachable } from '../../lib/assert.js';
import { type CallbackRule, decideCallback } from '../callback/callback.js';
import type { Reply } from '../callback/reply.js';
import { type Callback, isPending, isPromised } from '../interaction/callback.js';
import type { InteractionEvent } from '../interaction/event.js';
import type { Interaction } from '../interaction/interaction.js';
import { placeOf } from '../interaction/wait.js';

const ORDINARY_PRIORITY = 5;
/** So many times we say that we did not understand; then people have to read it. */
export const MAX_HELP_MESSAGES = 2;

export interface ReplyCommands {
  /** To be recorded before the answer is sent: what is promised is durable first. */
  readonly events: readonly InteractionEvent[];
  /** Queue entry to be given up. */
  readonly leaves?: string;
  /** New consent of the contact. */
  readonly consent?: 'given' | 'withdrawn';
  /** Key under `texts` of what to answer; none: say nothing. */
  readonly answer?:
    | 'callback-confirmed'
    | 'callback-confirmed-later'
    | 'callback-declined'
    | 'callback-expired'
    | 'consent-withdrawn'
    | 'reply-not-understood';
}

export interface ReplyQuestion {
  readonly interaction: Interaction;
  readonly reply: Reply;
  /** The customer's number, to be called. */
  readonly number: string;
  readonly rule: CallbackRule;
}

export function answerReply({ interaction, reply, number, rule }: ReplyQuestion, nowMs: number): ReplyCommands {
  const { callback } = interaction;
  switch (reply.kind) {
    case 'stop': {
      const decision = decideCallback(callback, { type: 'cancel', reason: 'consent-withdrawn' }, rule, nowMs);
      return { ...facts(decision), consent: 'withdrawn', answer: 'consent-withdrawn' };
    }
    case 'decline': {
      if (!isPending(callback)) return { events: [] };
      const type = isPromised(callback) ? 'cancel' : 'decline';
      return {
        ...facts(decideCallback(callback, { type, reason: 'customer-declined' }, rule, nowMs)),
        answer: 'callback-declined',
      };
    }
    case 'not-understood':
      return isPending(callback) && helpMessages(interaction) < MAX_HELP_MESSAGES
        ? { events: [], answer: 'reply-not-understood' }
        : { events: [] };
    case 'accept':
      return accept(interaction, reply, number, rule, nowMs);
    default:
      return unreachable(reply);
  }
}

function accept(
  interaction: Interaction,
  reply: Reply & { kind: 'accept' },
  number: string,
  rule: CallbackRule,
  nowMs: number,
): ReplyCommands {
  const { callback } = interaction;
  if (!isPending(callback))
    return callback !== undefined && isMissed(callback) ? { events: [], answer: 'callback-expired' } : { events: [] };
  // Also when nobody was there to let it lapse in time.
  const lapsed = decideCallback(callback, { type: 'lapse' }, rule, nowMs);
  if (lapsed.ok) return { ...facts(lapsed), answer: 'callback-expired' };
  const { dueAtMs } = reply;
  // The same "1" again, while the call-back is on its way already.
  const underWay = isPromised(callback) && callback.dueAtMs <= nowMs;
  if (underWay && reply.when === 'now') return { events: [], answer: 'callback-confirmed' };
  const { priority, seniorityMs } = placeOf(interaction.waits) ?? { priority: ORDINARY_PRIORITY, seniorityMs: nowMs };
  const { queue } = callback;
  const decision = decideCallback(
    callback,
    { type: 'request', id: callback.id, number, queue, dueAtMs, seniorityMs, priority, source: 'message' },
    rule,
    nowMs,
  );
  if (!decision.ok) return { events: [] };
  const answer = reply.when === 'now' ? 'callback-confirmed' : 'callback-confirmed-later';
  return { ...facts(decision), consent: 'given', answer };
}

/** The customer comes too late for what was offered, and was not served meanwhile. */
function isMissed(callback: Callback & { state: 'ended' }): boolean {
  return callback.result === 'failed' || callback.reason === 'offer-lapsed';
}

/** `reply-not-understood` goes out with the purpose `information`. */
function helpMessages(interaction: Interaction): number {
  return interaction.segments.filter(
    (segment) => segment.kind === 'message' && segment.direction === 'out' && segment.purpose === 'information',
  ).length;
}

function facts(decision: ReturnType<typeof decideCallback>): Pick<ReplyCommands, 'events' | 'leaves'> {
  if (!decision.ok) return { events: [] };
  return decision.leaves === undefined
    ? { events: decision.events }
    : { events: decision.events, leaves: decision.leaves };
}

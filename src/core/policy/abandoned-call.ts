// What happens after a customer was not served: an offer of a call-back by message, or a reason why there is none.

import type { CallSegment } from '../interaction/call-segment.js';
import { isPending } from '../interaction/callback.js';
import type { ChannelName } from '../interaction/event.js';
import type { Interaction } from '../interaction/interaction.js';
import { type Place, placeOf, type Wait } from '../interaction/wait.js';
import type { RecoveryPolicy } from '../routing/centre.js';
import { isWithheld, messageAddress, type Recipient } from './recipient.js';

export type DeclineReason =
  | 'served'
  | 'in-call'
  | 'short-abandon'
  | 'never-queued'
  | 'already-pending'
  | 'anonymous-caller'
  | 'consent-withdrawn'
  | 'no-consent'
  | 'cool-down'
  | 'not-messageable';

export type RecoveryCommand =
  | {
      readonly type: 'offer-callback';
      readonly channel: Exclude<ChannelName, 'voice'>;
      readonly to: string;
      readonly language: string;
      /** Key under `texts` of the centre, with the values it may use. */
      readonly text: string;
      readonly variables: Readonly<Record<string, string | number>>;
      /** What the call-back will have: the place of the first wait is kept. */
      readonly place: Place;
    }
  | { readonly type: 'decline'; readonly reason: DeclineReason };

export interface RecoveryQuestion {
  readonly interaction: Interaction;
  /** The inbound call that is over (or is being told to go, for an overflow). */
  readonly segment: string;
  readonly cause: 'abandoned' | 'overflow' | 'node-lost';
  readonly recipient: Recipient;
  readonly policy: RecoveryPolicy;
  /** ISO 3166 alpha-2: how national numbers are read. */
  readonly country: string;
  /** The place of a caller who could not even begin to wait, e.g. before a full queue. */
  readonly place?: Place;
  /** The queue that calls back, where a flow says so: with the place of the first wait all the same. */
  readonly queue?: string;
  /** Title of a queue in the customer's language, for the text. */
  queueTitle(queue: string): string;
}

/** A caller who hung up before this much waiting is not missed: no message, and counted apart. */
export function isShortAbandon(waitedMs: number, policy: RecoveryPolicy): boolean {
  return waitedMs < policy.shortAbandonMs;
}

/** One message or one reason, in a fixed order of checks: whose matter it is first, then whether we may, then whether we can. */
export function recover(question: RecoveryQuestion, nowMs: number): RecoveryCommand {
  const { interaction, recipient, policy, country } = question;
  const call = callOf(interaction, question.segment);
  const wait = lastWait(interaction, question.segment);
  const reason = declined(question, call, wait, nowMs);
  if (reason !== undefined) return { type: 'decline', reason };
  const to = messageAddress(recipient.number, policy.channel, country);
  if (to === undefined) return { type: 'decline', reason: 'not-messageable' };
  const waited = placeOf(interaction.waits) ?? question.place;
  if (waited === undefined) return { type: 'decline', reason: 'never-queued' };
  const place = question.queue === undefined ? waited : { ...waited, queue: question.queue };
  return {
    type: 'offer-callback',
    channel: policy.channel,
    to,
    language: recipient.language,
    text: policy.text,
    variables: { reference: interaction.reference, queue: question.queueTitle(place.queue) },
    place,
  };
}

function declined(
  { interaction, recipient, policy, cause, place }: RecoveryQuestion,
  call: CallSegment | undefined,
  wait: Wait | undefined,
  nowMs: number,
): DeclineReason | undefined {
  if (call === undefined || (wait === undefined && place === undefined)) return 'never-queued';
  const talked = wait?.state === 'over' && wait.reason === 'connected';
  // Cut off in the middle of the talk by a fault is not served, and not the customer's own doing.
  const cutOff = talked && call.state === 'ended' && call.result === 'failed';
  if (cause !== 'node-lost' && talked && !cutOff) return 'served';
  if (call.state === 'ended' && (call.result === 'served' || call.result === 'voicemail')) return 'served';
  const otherCall = interaction.segments.some(
    (other) => other.kind === 'call' && other.id !== call.id && other.state !== 'ended',
  );
  if (otherCall) return 'in-call';
  if (cause === 'abandoned' && !cutOff && isShortAbandon(call.waitedMs, policy)) return 'short-abandon';
  if (isPending(interaction.callback)) return 'already-pending';
  if (isWithheld(recipient.number)) return 'anonymous-caller';
  if (recipient.consent === 'withdrawn') return 'consent-withdrawn';
  if (policy.consent === 'required' && recipient.consent !== 'given') return 'no-consent';
  const { lastMessageAtMs } = recipient;
  if (lastMessageAtMs !== undefined && nowMs - lastMessageAtMs < policy.coolDownMs) return 'cool-down';
  return undefined;
}

function callOf(interaction: Interaction, segment: string): CallSegment | undefined {
  const found = interaction.segments.find(({ id }) => id === segment);
  return found?.kind === 'call' ? found : undefined;
}

function lastWait(interaction: Interaction, segment: string): Wait | undefined {
  return interaction.waits.findLast((wait) => wait.segment === segment);
}

// What became of each inbound call: exactly one outcome, or it is unaccounted for.

import { unreachable } from '../../lib/assert.js';
import type { CallEnd, CallResult, RecordedEvent } from './event.js';

export type Outcome =
  | 'answered' // talked to an agent
  | 'self-served' // got it from the flow
  | 'forwarded' // connected to a number outside
  | 'callback-promised'
  | 'message-sent'
  | 'voicemail'
  | 'abandoned'
  | 'refused' // by policy
  | 'failed'; // our fault or the network's

export interface InboundOutcome {
  readonly interaction: string;
  readonly segment: string;
  readonly outcome: Outcome;
  /** From the call's end, e.g. `caller-hung-up`. */
  readonly reason: string;
}

/** An inbound call without exactly one outcome. */
export interface Unaccounted {
  readonly interaction: string;
  readonly segment: string;
  readonly arrivedAtMs: number;
  readonly cause: 'no-end' | 'two-ends';
}

/** The outcome of every inbound call that ended, in the order of arrival. */
export function outcomesOf(events: Iterable<RecordedEvent>): InboundOutcome[] {
  return inboundCalls(events).flatMap(({ interaction, segment, connected, ends }) => {
    const [end] = ends;
    return end === undefined
      ? []
      : [{ interaction, segment, outcome: outcomeOf(end.result, connected), reason: end.reason }];
  });
}

/**
 * Inbound calls that no outcome accounts for: this list is to be empty.
 * `isLive` knows the segments whose calls some living node still holds; those have time to end.
 */
export function unaccounted(events: Iterable<RecordedEvent>, isLive: (segment: string) => boolean): Unaccounted[] {
  return inboundCalls(events).flatMap(({ interaction, segment, arrivedAtMs, ends }) => {
    if (ends.length === 1 || (ends.length === 0 && isLive(segment))) return [];
    return [{ interaction, segment, arrivedAtMs, cause: ends.length === 0 ? 'no-end' : 'two-ends' }];
  });
}

interface InboundCall {
  readonly interaction: string;
  readonly segment: string;
  readonly arrivedAtMs: number;
  connected: boolean;
  readonly ends: CallEnd[];
}

function inboundCalls(events: Iterable<RecordedEvent>): InboundCall[] {
  const calls = new Map<string, InboundCall>();
  for (const { interaction, atMs, event } of events) {
    if (event.type === 'call-arrived') {
      const { segment } = event.data;
      calls.set(segment, { interaction, segment, arrivedAtMs: atMs, connected: false, ends: [] });
    } else if (event.type === 'connected') {
      const call = calls.get(event.data.segment);
      if (call !== undefined) call.connected = true;
    } else if (event.type === 'call-ended') {
      calls.get(event.data.segment)?.ends.push(event.data);
    }
  }
  return [...calls.values()];
}

function outcomeOf(result: CallResult, connected: boolean): Outcome {
  switch (result) {
    case 'served':
      return connected ? 'answered' : 'self-served';
    case 'abandoned':
    case 'short-abandoned':
      return 'abandoned';
    case 'no-answer':
    case 'failed':
      return 'failed';
    case 'forwarded':
    case 'voicemail':
    case 'callback-promised':
    case 'message-sent':
    case 'refused':
      return result;
    default:
      return unreachable(result);
  }
}

// The stretches of an interaction: a call with everybody the customer met in it, or one message.

import { unreachable } from '../../lib/assert.js';
import { type CallBeginning, type CallFact, type CallSegment, evolveCall, newCall } from './call-segment.js';
import type { InteractionEvent } from './event.js';
import { type MessageSegment, newMessage, withFile, withStatus } from './message-segment.js';

export type Segment = CallSegment | MessageSegment;

export type SegmentFact =
  | CallBeginning
  | CallFact
  | Extract<
      InteractionEvent,
      { type: 'message-queued' | 'message-received' | 'message-status' | 'attachment-stored' | 'attachment-refused' }
    >;

export function isLive(segment: Segment): segment is Exclude<CallSegment, { state: 'ended' }> {
  return segment.kind === 'call' && segment.state !== 'ended';
}

/** The segments after a fact; one about a segment that is not there changes nothing. */
export function evolveSegments(segments: readonly Segment[], fact: SegmentFact, atMs: number): readonly Segment[] {
  switch (fact.type) {
    case 'call-arrived':
    case 'call-dialled':
      return added(segments, newCall(fact, atMs));
    case 'message-queued':
    case 'message-received':
      return added(segments, newMessage(fact, atMs));
    case 'message-status': {
      const { message, status, reason } = fact.data;
      return segments.map((segment) =>
        segment.kind === 'message' && segment.message === message ? withStatus(segment, status, reason) : segment,
      );
    }
    case 'attachment-stored':
    case 'attachment-refused':
      return segments.map((segment) => (segment.kind === 'message' ? withFile(segment, fact) : segment));
    case 'call-answered':
    case 'call-taken-over':
    case 'flow-entered':
    case 'language-set':
    case 'queued':
    case 'connected':
    case 'forwarded':
    case 'leg-quality':
    case 'call-ended':
      return segments.map((segment) =>
        segment.kind === 'call' && segment.id === fact.data.segment ? evolveCall(segment, fact, atMs) : segment,
      );
    default:
      return unreachable(fact);
  }
}

/** Ids are unique; the same beginning told twice is one. */
function added(segments: readonly Segment[], segment: Segment): readonly Segment[] {
  return segments.some(({ id }) => id === segment.id) ? segments : [...segments, segment];
}

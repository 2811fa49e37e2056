// The stretches of an interaction: a call with everybody the customer met in it, or one message.
import type { CallSegment } from './call-segment.js';
import type { MessageSegment } from './message-segment.js';

export type Direction = 'in' | 'out';

/** Whom the customer dealt with. */
export interface Party {
  readonly kind: 'customer' | 'flow' | 'queue' | 'agent' | 'number';
  /** Name of the flow, queue or agent; number or address of the rest. */
  readonly name: string;
}

export type Segment = CallSegment | MessageSegment;

export function isLive(segment: Segment): segment is Exclude<CallSegment, { state: 'ended' }> {
  return segment.kind === 'call' && segment.state !== 'ended';
}

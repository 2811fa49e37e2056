// A message within an interaction, in or out, with what became of it.
import type { ChannelName, InteractionEvent, MessageStatus } from './event.js';
import type { Direction, Party, Segment } from './segment.js';

export interface MessageSegment {
  readonly kind: 'message';
  readonly id: string;
  readonly message: string;
  readonly channel: ChannelName;
  readonly direction: Direction;
  readonly party: Party;
  readonly startedAtMs: number;
  readonly text: string;
  readonly purpose: 'callback-offer' | 'information' | 'confirmation' | 'reply';
  /** `received` for what the customer wrote. */
  readonly status: MessageStatus | 'received';
  /** Why it failed. */
  readonly reason?: string;
}

export type MessageFact = Extract<InteractionEvent, { type: 'message-queued' | 'message-status' | 'message-received' }>;

/** Receipts come late and out of order: a message only moves forward in this row, and failed is final. */
const STATUS_ORDER: readonly MessageSegment['status'][] = ['queued', 'sent', 'delivered', 'read', 'failed', 'received'];

export function evolveMessages(segments: readonly Segment[], fact: MessageFact, atMs: number): readonly Segment[] {
  switch (fact.type) {
    case 'message-queued': {
      const { segment: id, message, channel, to, purpose, text } = fact.data;
      const party: Party = { kind: 'customer', name: to };
      const sent = { id, message, channel, party, purpose, text, startedAtMs: atMs } as const;
      return [...segments, { ...sent, kind: 'message', direction: 'out', status: 'queued' }];
    }
    case 'message-received': {
      const { segment: id, message, channel, from, text } = fact.data;
      const party: Party = { kind: 'customer', name: from };
      const received = { id, message, channel, party, text, startedAtMs: atMs } as const;
      return [...segments, { ...received, kind: 'message', direction: 'in', purpose: 'reply', status: 'received' }];
    }
    case 'message-status':
      return segments.map((segment) =>
        segment.kind === 'message' && segment.message === fact.data.message
          ? withStatus(segment, fact.data.status, fact.data.reason)
          : segment,
      );
  }
}

function withStatus(message: MessageSegment, status: MessageStatus, reason: string | undefined): MessageSegment {
  if (STATUS_ORDER.indexOf(status) <= STATUS_ORDER.indexOf(message.status)) return message;
  return reason === undefined ? { ...message, status } : { ...message, status, reason };
}

// A message within an interaction, in or out, with what became of it.
import type { ChannelName, InteractionEvent, MessageStatus } from './event.js';
import type { Direction, Party } from './party.js';

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

type MessageBeginning = Extract<InteractionEvent, { type: 'message-queued' | 'message-received' }>;

/** Receipts come late and out of order: a message only moves forward in this row, and failed is final. */
const STATUS_ORDER: readonly MessageSegment['status'][] = ['queued', 'sent', 'delivered', 'read', 'failed', 'received'];

export function newMessage(fact: MessageBeginning, startedAtMs: number): MessageSegment {
  const { segment: id, message, channel, text } = fact.data;
  const common = { kind: 'message', id, message, channel, text, startedAtMs } as const;
  if (fact.type === 'message-queued') {
    const party: Party = { kind: 'customer', name: fact.data.to };
    return { ...common, direction: 'out', party, purpose: fact.data.purpose, status: 'queued' };
  }
  const party: Party = { kind: 'customer', name: fact.data.from };
  return { ...common, direction: 'in', party, purpose: 'reply', status: 'received' };
}

export function withStatus(message: MessageSegment, status: MessageStatus, reason: string | undefined): MessageSegment {
  if (STATUS_ORDER.indexOf(status) <= STATUS_ORDER.indexOf(message.status)) return message;
  return reason === undefined ? { ...message, status } : { ...message, status, reason };
}

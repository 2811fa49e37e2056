// A message within an interaction, in or out, with what became of it.
import type { Attachment } from './conversation/conversation-event.js';
import type { ChannelName, InteractionEvent, MessageStatus, Writer } from './event.js';
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
  /** Who wrote it, of ours; absent: the customer, or Hilo itself. */
  readonly agent?: string;
  readonly template?: string;
  readonly attachments?: readonly MessageFile[];
  /** Who the customer says to be. */
  readonly writer?: Writer;
}

/** `loading`: being fetched from the provider. */
export type MessageFile = Pick<Attachment, 'id' | 'name'> &
  (
    | { readonly state: 'loading' }
    | { readonly state: 'ready'; readonly type: string; readonly bytes: number }
    | { readonly state: 'refused'; readonly reason: string }
  );

type MessageBeginning = Extract<InteractionEvent, { type: 'message-queued' | 'message-received' }>;

/** Receipts come late and out of order: a message only moves forward in this row, and failed is final. */
const STATUS_ORDER: readonly MessageSegment['status'][] = ['queued', 'sent', 'delivered', 'read', 'failed', 'received'];

export function newMessage(fact: MessageBeginning, startedAtMs: number): MessageSegment {
  const { segment: id, message, channel, text } = fact.data;
  const { attachments } = fact.data;
  const files = attachments === undefined ? {} : { attachments: attachments.map(fileOf) };
  const common = { kind: 'message', id, message, channel, text, startedAtMs, ...files } as const;
  if (fact.type === 'message-queued') {
    const { to, purpose, agent, template } = fact.data;
    const party: Party = { kind: 'customer', name: to };
    const written = {
      ...(agent === undefined ? {} : { agent }),
      ...(template === undefined ? {} : { template: template.name }),
    };
    return { ...common, direction: 'out', party, purpose, status: 'queued', ...written };
  }
  const { from, writer } = fact.data;
  const party: Party = { kind: 'customer', name: from };
  const told = writer === undefined ? {} : { writer };
  return { ...common, direction: 'in', party, purpose: 'reply', status: 'received', ...told };
}

function fileOf({ id, name, type, bytes }: Attachment): MessageFile {
  if (type === undefined || bytes === undefined) return { id, name, state: 'loading' };
  return { id, name, state: 'ready', type, bytes };
}

type FileFact = Extract<InteractionEvent, { type: 'attachment-stored' | 'attachment-refused' }>;

/** The message after one of its files came, or did not; the same when it is not its own. */
export function withFile(message: MessageSegment, fact: FileFact): MessageSegment {
  const { attachment: id, name } = fact.data;
  if (message.attachments?.some((file) => file.id === id && file.state === 'loading') !== true) return message;
  const came: MessageFile =
    fact.type === 'attachment-stored'
      ? { id, name, state: 'ready', type: fact.data.type, bytes: fact.data.bytes }
      : { id, name, state: 'refused', reason: fact.data.reason };
  return { ...message, attachments: message.attachments.map((file) => (file.id === id ? came : file)) };
}

export function withStatus(message: MessageSegment, status: MessageStatus, reason: string | undefined): MessageSegment {
  if (STATUS_ORDER.indexOf(status) <= STATUS_ORDER.indexOf(message.status)) return message;
  return reason === undefined ? { ...message, status } : { ...message, status, reason };
}

// The written conversation of a matter: who has it, what is unread, and since when the customer waits for an answer.
//
//         queued              work-taken           work-finished
//  (none) ──────▶ waiting ──────────────▶ open ────────────────▶ over ──▶ waiting (the customer writes again)
//                                           ▲
//  (none), over ────────────────────────────┘ conversation-begun (we write first)
//  open ──▶ waiting: work-passed

import type { ChannelName, InteractionEvent } from '../event.js';
import type { MessageSegment } from '../message-segment.js';
import { writtenChannel } from './written-channel.js';

interface Common {
  /** The work that it is, or was last. */
  readonly entry: string;
  readonly queue: string;
  /** Where the customer wrote last, and from which address: there we answer. */
  readonly channel: ChannelName;
  readonly address: string;
  /** Where they want to be called, where the address is no number. */
  readonly number?: string;
  /** The customer's messages that no agent has seen, oldest first. */
  readonly unread: readonly string[];
  /** Of the first message that was not answered; absent: nobody waits. */
  readonly waitingSinceMs?: number;
  /** Who passed it on, with what they had to say. */
  readonly handover?: { readonly by: string; readonly note?: string };
}

export type Conversation =
  | (Common & { readonly state: 'waiting' })
  | (Common & { readonly state: 'open'; readonly agent: string; readonly sinceMs: number })
  | (Common & { readonly state: 'over' });

export type ConversationFact = Extract<
  InteractionEvent,
  {
    type:
      | 'queued'
      | 'left-queue'
      | 'work-taken'
      | 'work-passed'
      | 'work-finished'
      | 'messages-read'
      | 'message-received'
      | 'message-queued'
      | 'conversation-begun';
  }
>;

/** `messages`: of the matter, with that of the fact. */
export function evolveConversation(
  conversation: Conversation | undefined,
  fact: ConversationFact,
  atMs: number,
  messages: readonly MessageSegment[],
): Conversation | undefined {
  if (fact.type === 'queued') {
    return fact.data.kind === 'message' ? begun(conversation, fact.data, messages) : conversation;
  }
  if (fact.type === 'conversation-begun') {
    if (isGoingOn(conversation)) return conversation;
    return { ...fact.data, state: 'open', unread: [], sinceMs: atMs };
  }
  if (conversation === undefined) return undefined;
  switch (fact.type) {
    case 'message-received': {
      if (conversation.state === 'over') return conversation;
      const { message, channel, from: address, writer } = fact.data;
      const unread = [...conversation.unread, message];
      const told = writer?.number === undefined ? {} : { number: writer.number };
      return {
        ...conversation,
        ...told,
        channel,
        address,
        unread,
        waitingSinceMs: conversation.waitingSinceMs ?? atMs,
      };
    }
    case 'message-queued':
      return fact.data.agent === undefined ? conversation : answered(conversation);
    case 'messages-read': {
      const seen = conversation.unread.indexOf(fact.data.message);
      return seen < 0 ? conversation : { ...conversation, unread: conversation.unread.slice(seen + 1) };
    }
    case 'work-taken':
      if (conversation.entry !== fact.data.entry) return conversation;
      return { ...common(conversation), state: 'open', agent: fact.data.agent, sinceMs: atMs };
    case 'work-passed': {
      const { entry, by, note, reason } = fact.data;
      if (conversation.entry !== entry) return conversation;
      const { handover: _former, ...rest } = common(conversation);
      if (reason === 'agent-left') return { ...rest, state: 'waiting' };
      return { ...rest, state: 'waiting', handover: note === undefined ? { by } : { by, note } };
    }
    case 'work-finished':
      return conversation.entry === fact.data.entry ? over(conversation) : conversation;
    case 'left-queue':
      // Who took it, and the queue that it was moved to, are told besides.
      if (conversation.entry !== fact.data.entry || ['connected', 'moved'].includes(fact.data.reason))
        return conversation;
      return over(conversation);
  }
}

/** Somebody has it, or is waited for. */
export function isGoingOn(
  conversation: Conversation | undefined,
): conversation is Exclude<Conversation, { state: 'over' }> {
  return conversation !== undefined && conversation.state !== 'over';
}

function begun(
  before: Conversation | undefined,
  { entry, queue }: Extract<ConversationFact, { type: 'queued' }>['data'],
  messages: readonly MessageSegment[],
): Conversation | undefined {
  if (before !== undefined && before.state !== 'over') return { ...common(before), entry, queue, state: 'waiting' };
  const last = messages.findLast(({ direction }) => direction === 'in');
  // A message for agents that no customer wrote: there is nobody to answer.
  if (last === undefined) return before;
  const { channel, party, message, startedAtMs: waitingSinceMs } = last;
  const number = messages.findLast(({ writer }) => writer?.number !== undefined)?.writer?.number;
  const told = number === undefined ? {} : { number };
  return { state: 'waiting', entry, queue, channel, address: party.name, ...told, unread: [message], waitingSinceMs };
}

function answered(conversation: Conversation): Conversation {
  const { waitingSinceMs: _over, ...rest } = conversation;
  return rest;
}

function over(conversation: Conversation): Conversation {
  const { handover: _handover, ...rest } = answered(conversation);
  return { ...common(rest), unread: [], state: 'over' };
}

function common(conversation: Conversation): Common {
  const { entry, queue, channel, address, number, unread, waitingSinceMs, handover } = conversation;
  return {
    ...{ entry, queue, channel, address, unread },
    ...(number === undefined ? {} : { number }),
    ...(waitingSinceMs === undefined ? {} : { waitingSinceMs }),
    ...(handover === undefined ? {} : { handover }),
  };
}

/** Where this customer can be called; undefined: nobody knows. */
export function numberOf({
  channel,
  address,
  number,
}: Pick<Conversation, 'channel' | 'address' | 'number'>): string | undefined {
  return writtenChannel(channel)?.address === 'name' ? number : address;
}

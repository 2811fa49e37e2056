// Written conversations on the wire: who writes with whom, what was written, and what may be written now.
import { z } from 'zod';
import { deskCustomer } from '../live/desk.js';
import { channel, name, time } from '../wire.js';
import { attachment } from './attachment.js';

const titles = z.record(z.string(), z.string()).describe('Per language.');

export const messageStatus = z
  .enum(['received', 'queued', 'sent', 'delivered', 'read', 'failed'])
  .describe('`received`: the customer wrote it. All others: how far ours has come.');
export type WireMessageStatus = z.infer<typeof messageStatus>;

export const replyWindow = z
  .discriminatedUnion('state', [
    z.object({ state: z.literal('open'), until: time.describe('Until then anything may be written.') }),
    z.object({
      state: z.literal('closed'),
      since: time.optional().describe('Missing: the customer has never written in this channel.'),
    }),
  ])
  .describe(
    'Of channels that allow free text only for a while after the customer wrote: closed, only a template goes.',
  );
export type WireReplyWindow = z.infer<typeof replyWindow>;

const lastMessage = z.object({
  id: z.string(),
  direction: z.enum(['in', 'out']),
  at: time,
  text: z.string().describe('The beginning of it; as text, never as markup.'),
  attachments: z.number().int(),
  status: messageStatus,
});

const common = {
  id: z.string().describe('Of the interaction: a matter has one conversation at a time.'),
  entry: z.string().describe('Of the work: what the agent was offered.'),
  version: z.number().int().describe('Grows with everything that happens in the matter: then the thread is read anew.'),
  queue: z.string(),
  queueTitle: titles,
  channel: channel.describe('In which the customer wrote last, and in which we answer.'),
  customer: deskCustomer.optional().describe('Missing for the moment in which the record is read.'),
  unread: z.number().int().describe('Messages of the customer that the agent has not read.'),
  waitingSince: time.optional().describe('The customer waits for an answer since then; missing: nobody waits.'),
  last: lastMessage.optional(),
  window: replyWindow.optional().describe('Missing: this channel has none.'),
  handover: z
    .object({ by: z.string(), note: z.string().optional() })
    .optional()
    .describe('Who passed the conversation on, with what they had to say.'),
  call: z
    .enum(['promised', 'under-way'])
    .optional()
    .describe('Of the same customer in the same matter: about to be made, or going on.'),
};

export const conversation = z
  .discriminatedUnion('state', [
    z.object({
      state: z.literal('offered'),
      ...common,
      offer: z.string().describe('Accept or refuse it under this: POST /api/offers/{offer}/accept, …/refuse.'),
      offeredAt: time,
      expiresAt: time,
    }),
    z.object({ state: z.literal('open'), ...common, since: time.describe('Taken by the agent.') }),
  ])
  .meta({ id: 'Conversation', description: 'A written conversation that an agent is offered or has.' });
export type WireConversation = z.infer<typeof conversation>;

/** Live kind `conversations`: one document per agent, for that agent and for supervisors. Its id is the agent's name. */
export const liveConversations = z
  .object({
    agent: z.string(),
    most: z.number().int().describe('So many at a time the agent is given.'),
    conversations: z.array(conversation).describe('Offers first, then the one in which a customer waits longest.'),
  })
  .meta({ id: 'LiveConversations' });
export type LiveConversations = z.infer<typeof liveConversations>;

export const message = z
  .object({
    id: z.string(),
    at: time,
    direction: z.enum(['in', 'out']).describe('`in`: from the customer.'),
    channel,
    by: z.enum(['customer', 'agent', 'hilo']).describe('`hilo`: written by itself, such as the offer of a call-back.'),
    agent: z.string().optional().describe('Who wrote it, of ours.'),
    text: z.string().describe('As text, never as markup. Empty: only attachments.'),
    template: z.string().optional().describe('Name of the template that it was written with.'),
    attachments: z.array(attachment),
    status: messageStatus,
    reason: z.string().optional().describe('Why it failed.'),
    read: z.boolean().describe('Of the customer’s: an agent has seen it. Of ours: always true.'),
  })
  .meta({ id: 'ConversationMessage' });
export type WireMessage = z.infer<typeof message>;

const allowed = z
  .object({
    text: z.boolean().describe('Free text may be sent now.'),
    whyNot: titles.optional().describe('What to do when it may not.'),
    textChars: z.number().int().describe('A text has at most so many characters.'),
    attachments: z
      .object({ bytes: z.number().int(), types: z.array(z.string()) })
      .optional()
      .describe('One goes with each message; missing: this channel carries none.'),
    templates: z.boolean().describe('There are templates for this channel.'),
    call: z.boolean().describe('The customer has a number that may be called.'),
  })
  .describe('What may be written now.');

/** GET /api/conversations/{id} */
export const thread = z
  .object({
    id: z.string(),
    reference: z.string(),
    version: z.number().int(),
    state: z
      .enum(['waiting', 'offered', 'open', 'over'])
      .describe('`waiting`: in its queue. `over`: closed; it can be read.'),
    entry: z.string().optional().describe('Of the work, unless it is over.'),
    agent: z.string().optional().describe('Who has it, or is offered it.'),
    yours: z.boolean().describe('You may write in it.'),
    queue: z.string().optional(),
    queueTitle: titles.optional(),
    channel: channel,
    customer: deskCustomer,
    window: replyWindow.optional(),
    allowed,
    messages: z.array(message).describe('Of the whole matter, oldest first; the newest 500.'),
    codes: z.array(z.object({ code: name, title: titles })).describe('What it may have been about, for closing it.'),
    codeRequired: z.boolean().describe('It cannot be closed without one.'),
    call: common.call,
  })
  .meta({ id: 'ConversationThread' });
export type WireThread = z.infer<typeof thread>;

/** GET /api/conversations */
export const conversationList = z.object({
  conversations: z.array(conversation).describe('Your own; of supervisors with `?agent=`, those of that agent.'),
});

export const MESSAGE_CHARS_MAX = 4_096;

/** POST /api/conversations: somebody who has not written. */
export const newConversation = z
  .strictObject({
    number: z.string().trim().min(1).max(40).optional().describe('As people type it.'),
    interaction: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe(
        'The customer of this matter, and in it unless it is closed; else in an open one of theirs, or a new one.',
      ),
    channel: channel.optional().describe('One of GET /api/written-channels; left out: the first of them.'),
  })
  .refine(({ number, interaction }) => number !== undefined || interaction !== undefined, {
    error: 'a number, a matter, or both',
  });
export const conversationBegun = z.object({ id: z.string().describe('Of the interaction, as of all conversations.') });

/** GET /api/written-channels */
export const writtenChannels = z.object({
  channels: z.array(channel).describe('In which customers can be written to first; the usual one at the head.'),
});
export type WireWrittenChannels = z.infer<typeof writtenChannels>;

/** POST /api/conversations/{id}/messages: text, an attachment, both, or a template. */
export const newMessage = z
  .strictObject({
    id: z
      .uuid()
      .optional()
      .describe('Made by the page: the same message sent twice (a click, a lost answer) is one message.'),
    text: z.string().max(MESSAGE_CHARS_MAX).optional(),
    attachment: z.string().min(1).max(64).optional().describe('Id of what was uploaded for this conversation.'),
    template: z
      .strictObject({
        name,
        language: z.string().min(2).max(10),
        values: z
          .record(z.string().max(40), z.string().max(200))
          .optional()
          .describe('Of the parameters that the agent fills in.'),
      })
      .optional(),
  })
  .refine(
    ({ text, attachment: file, template }) => (template !== undefined) !== (!!text?.trim() || file !== undefined),
    {
      error: 'a message is a text, an attachment, both, or a template alone',
    },
  );
export type NewConversationMessage = z.infer<typeof newMessage>;

/** Durable when it is answered; what becomes of it is told by `status`. */
export const messageTaken = z.object({ message });

/** POST /api/conversations/{id}/read */
export const readUpTo = z.strictObject({
  message: z.string().min(1).max(64).describe('The newest that was seen: it and all before it are read.'),
});

/** POST /api/conversations/{id}/transfer */
export const transfer = z
  .strictObject({
    agent: name.optional().describe('Kept for this agent for two minutes, then for everybody of the queue.'),
    queue: name.optional().describe('Left out: the queue that it is in.'),
    note: z.string().trim().max(1_000).optional().describe('For whoever takes it.'),
  })
  .refine(({ agent, queue }) => agent !== undefined || queue !== undefined, { error: 'to an agent, a queue, or both' });

/** POST /api/conversations/{id}/close */
export const closing = z.strictObject({
  code: name.optional().describe('What it was about: one of the codes of the queue.'),
  note: z.string().trim().max(2_000).optional(),
});

/** POST /api/conversations/{id}/call: answered when the agent’s telephone rings; then the customer’s will. */
export const callPlaced = z.object({ call: z.string().describe('As of a call that an agent places.') });

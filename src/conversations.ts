// Written conversations of one centre, put together: what is written, who gets it, what agents do with it, and its files.
import { join } from 'node:path';
import type { PlacedCalls } from './app/callback/placed-calls.js';
import { ConversationWorks } from './app/conversation/conversation-works.js';
import { ConversationDesk } from './app/conversation/desk.js';
import { AttachmentFetching } from './app/conversation/fetching.js';
import { AttachmentFiles } from './app/conversation/files.js';
import { Reception, type ReceptionPorts } from './app/conversation/reception.js';
import { Messages } from './app/message/messages.js';
import type { Messenger } from './app/message/messenger.js';
import type { Jobs, RecordStore } from './app/ports.js';
import type { Contacts } from './app/record/contacts.js';
import type { ChannelName } from './core/interaction/event.js';

export interface ConversationParts extends Omit<ReceptionPorts, 'conversationWorks'> {
  readonly messengers: ReadonlyMap<ChannelName, Messenger>;
  readonly store: RecordStore;
  readonly contacts: Contacts;
  readonly jobs: Jobs;
  readonly placedCalls: PlacedCalls;
  readonly dataFolder: string;
}

export interface Conversations {
  readonly messages: Messages;
  readonly reception: Reception;
  readonly fetching: AttachmentFetching;
  readonly files: AttachmentFiles;
  readonly conversationWorks: ConversationWorks;
  readonly conversationDesk: ConversationDesk;
}

export function buildConversations(parts: ConversationParts): Conversations {
  const files = new AttachmentFiles({ ...parts, folder: join(parts.dataFolder, 'attachments') });
  const messages = new Messages({ ...parts, files });
  const conversationWorks = new ConversationWorks(parts);
  const reception = new Reception({ ...parts, conversationWorks });
  const fetching = new AttachmentFetching({ ...parts, files });
  const conversationDesk = new ConversationDesk({ ...parts, conversationWorks, reception, messages, files });
  return { messages, reception, fetching, files, conversationWorks, conversationDesk };
}

// Written conversations of one centre, put together: what is written, who gets it, what agents do with it, and its files.
import { join } from 'node:path';
import type { ChannelName } from '../../core/interaction/event.js';
import type { OutboundGuard } from '../call/outbound-guard.js';
import { CustomerTurns, type CustomerTurnsPorts } from '../callback/customer-turns.js';
import type { PlacedCalls } from '../callback/placed-calls.js';
import { Messages } from '../message/messages.js';
import type { Messenger } from '../message/messenger.js';
import type { Jobs, RecordStore } from '../ports.js';
import type { Contacts } from '../record/contacts.js';
import type { AttachmentStore } from './attachment-store.js';
import { Beginning } from './beginning.js';
import { ConversationWorks } from './conversation-works.js';
import { ConversationDesk } from './desk.js';
import { AttachmentFetching } from './fetching.js';
import { AttachmentFiles } from './files.js';
import { Reception, type ReceptionPorts } from './reception.js';

export interface ConversationParts extends Omit<ReceptionPorts, 'conversationWorks'>, CustomerTurnsPorts {
  readonly guard: OutboundGuard;
  readonly messengers: ReadonlyMap<ChannelName, Messenger>;
  readonly store: RecordStore;
  readonly contacts: Contacts;
  readonly jobs: Jobs;
  readonly placedCalls: PlacedCalls;
  readonly dataFolder: string;
  readonly attachmentStore: AttachmentStore;
}

export interface Conversations {
  readonly messages: Messages;
  readonly reception: Reception;
  readonly fetching: AttachmentFetching;
  readonly files: AttachmentFiles;
  readonly conversationWorks: ConversationWorks;
  readonly conversationDesk: ConversationDesk;
  readonly beginning: Beginning;
}

export function buildConversations(parts: ConversationParts): Conversations {
  const { dataFolder, attachmentStore: shared } = parts;
  const files = new AttachmentFiles({ ...parts, shared, folder: join(dataFolder, 'attachments') });
  const messages = new Messages({ ...parts, files });
  const conversationWorks = new ConversationWorks(parts);
  const reception = new Reception({ ...parts, conversationWorks });
  const fetching = new AttachmentFetching({ ...parts, files });
  const conversationDesk = new ConversationDesk({ ...parts, conversationWorks, reception, messages, files });
  const beginning = new Beginning({ ...parts, conversationWorks, turns: new CustomerTurns(parts) });
  return { beginning, messages, reception, fetching, files, conversationWorks, conversationDesk };
}

// The text channels of this centre: the sandbox and the chat always, SMS and WhatsApp when the environment names a provider.
import { join } from 'node:path';
import type { ChatDoor } from './app/chat/chat-door.js';
import type { ChatStore } from './app/chat/chat-store.js';
import type { AttachmentStore } from './app/conversation/attachment-store.js';
import type { Messenger, Sandbox, Webhook } from './app/message/messenger.js';
import type { Letters } from './app/nodes/letters.js';
import { ChatChannel } from './channels/chat/chat.js';
import { openSandbox } from './channels/sandbox/sandbox.js';
import { openSms } from './channels/sms/sms.js';
import { openWhatsApp } from './channels/whatsapp/whatsapp.js';
import type { Config } from './config.js';
import type { Clock } from './lib/clock.js';
import type { Ids } from './lib/ids.js';
import type { Log } from './lib/log.js';

export interface Messaging {
  readonly messengers: readonly Messenger[];
  readonly sandbox: Sandbox;
  readonly chat: ChatDoor;
  readonly webhooks: readonly Webhook[];
  close(): Promise<void>;
}

/** Resolves without waiting for providers: one that is away must not keep the centre from answering calls. */
export async function openMessaging(
  config: Config,
  shared: { readonly clock: Clock; readonly ids: Ids; readonly log: Log },
  between: {
    readonly chat: ChatStore;
    readonly attachments: AttachmentStore;
    readonly letters: Letters;
    readonly node: string;
  },
): Promise<Messaging> {
  const sandbox = await openSandbox({ ...shared, folder: join(config.dataFolder, 'sandbox') });
  const chat = new ChatChannel({
    ...{ ...shared, ...between, folder: join(config.dataFolder, 'chat') },
    ...{ store: between.chat, shared: between.attachments },
  });
  const sms = config.smpp === undefined ? [] : [openSms({ ...shared, ...config.smpp })];
  const whatsapp = config.whatsapp === undefined ? [] : [openWhatsApp({ ...shared, ...config.whatsapp })];
  const messengers: readonly Messenger[] = [sandbox, chat, ...sms, ...whatsapp.map(({ messenger }) => messenger)];
  return {
    messengers,
    ...{ sandbox, chat },
    webhooks: whatsapp.map(({ webhook }) => webhook),
    async close() {
      await Promise.all(messengers.map((messenger) => messenger.close()));
    },
  };
}

// The text channels of this centre: the sandbox always, SMS and WhatsApp when the environment names a provider.
import { join } from 'node:path';
import type { Messenger, Sandbox, Webhook } from './app/message/messenger.js';
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
  readonly webhooks: readonly Webhook[];
  close(): Promise<void>;
}

/** Resolves without waiting for providers: one that is away must not keep the centre from answering calls. */
export async function openMessaging(
  config: Config,
  shared: { readonly clock: Clock; readonly ids: Ids; readonly log: Log },
): Promise<Messaging> {
  const sandbox = await openSandbox({ ...shared, folder: join(config.dataFolder, 'sandbox') });
  const sms = config.smpp === undefined ? [] : [openSms({ ...shared, ...config.smpp })];
  const whatsapp = config.whatsapp === undefined ? [] : [openWhatsApp({ ...shared, ...config.whatsapp })];
  const messengers: readonly Messenger[] = [sandbox, ...sms, ...whatsapp.map(({ messenger }) => messenger)];
  return {
    messengers,
    sandbox,
    webhooks: whatsapp.map(({ webhook }) => webhook),
    async close() {
      await Promise.all(messengers.map((messenger) => messenger.close()));
    },
  };
}

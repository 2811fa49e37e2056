// WhatsApp by Meta's Cloud API: free text while the customer's 24 hours last, an approved template outside them.
import { HiloError } from '../../app/errors.js';
import type {
  IncomingMessage,
  MessageReceipt,
  Messenger,
  OutgoingFile,
  OutgoingMessage,
  Webhook,
} from '../../app/message/messenger.js';
import { replyWindow } from '../../core/interaction/conversation/written-channel.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { Handlers } from '../handlers.js';
import { redacted } from '../redacted.js';
import type { Answer } from './answer.js';
import { CloudApi } from './cloud-api.js';
import { WhatsAppWebhook } from './webhook.js';

export const MAX_TEXT_CHARS = 4_096;
/** A picture or film with words under it; longer ones go as a message of their own. */
export const MAX_CAPTION_CHARS = 1_024;
/** Messages whose fate is remembered, so that none is sent twice; oldest forgotten first. */
export const MAX_REMEMBERED = 10_000;

export interface WhatsAppPorts {
  /** With the version, e.g. `https://graph.facebook.com/v21.0`. */
  readonly baseUrl: string;
  readonly token: string;
  readonly phoneId: string;
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** Throws when `baseUrl` is no URL. */
export function openWhatsApp(ports: WhatsAppPorts): { readonly messenger: Messenger; readonly webhook: Webhook } {
  if (!/^https?:\/\/./.test(ports.baseUrl) || !URL.canParse(ports.baseUrl)) {
    throw new Error(`WHATSAPP_BASE_URL: ${ports.baseUrl} is no http(s) address`);
  }
  const handlers = new Handlers();
  const messenger = new WhatsAppMessenger(ports, handlers);
  const known = (message: string, providerId: string): void => messenger.remember(message, providerId);
  return { messenger, webhook: new WhatsAppWebhook({ ...ports, handlers, known }) };
}

class WhatsAppMessenger implements Messenger {
  readonly channel = 'whatsapp';
  readonly #ports: WhatsAppPorts;
  readonly #handlers: Handlers;
  readonly #api: CloudApi;
  /** Provider ids of messages that were taken, by our ids: the API has no idempotency key. */
  readonly #taken = new Map<string, string>();
  readonly #running = new Map<string, Promise<string>>();
  /** Meta's ids of files, by our ids of messages: what is tried again is not uploaded again. */
  readonly #uploaded = new Map<string, string>();

  constructor(ports: WhatsAppPorts, handlers: Handlers) {
    this.#ports = ports;
    this.#handlers = handlers;
    this.#api = new CloudApi(ports);
  }

  async send(message: OutgoingMessage): Promise<{ readonly providerId: string }> {
    const { message: id } = message;
    const taken = this.#taken.get(id);
    if (taken !== undefined) return { providerId: taken };
    const running =
      this.#running.get(id) ??
      this.#send(message).finally(() => {
        this.#running.delete(id);
      });
    this.#running.set(id, running);
    const providerId = await running;
    this.remember(id, providerId);
    return { providerId };
  }

  /** Also from a status: a message whose answer was lost is known to be taken, and is not sent again. */
  remember(message: string, providerId: string): void {
    this.#taken.set(message, providerId);
    const [oldest] = this.#taken.keys();
    if (this.#taken.size > MAX_REMEMBERED && oldest !== undefined) this.#taken.delete(oldest);
  }

  onMessage(handler: (message: IncomingMessage) => Promise<void>): void {
    this.#handlers.onMessage(handler);
  }

  onReceipt(handler: (receipt: MessageReceipt) => Promise<void>): void {
    this.#handlers.onReceipt(handler);
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  async #send(message: OutgoingMessage): Promise<string> {
    const to = /^\+?(\d{5,20})$/.exec(message.to)?.[1];
    if (to === undefined) throw new HiloError('message-refused', 'the recipient has no phone number');
    const frame = {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to,
      biz_opaque_callback_data: message.message,
    };
    if (!this.#inWindow(message)) return this.#template(frame, message);
    if (message.file !== undefined) return this.#file(frame, message, message.file);
    if (message.text === '' || message.text.length > MAX_TEXT_CHARS) {
      throw new HiloError('message-refused', `a text has 1 to ${MAX_TEXT_CHARS} characters`);
    }
    const answer = await this.#api.post({ ...frame, type: 'text', text: { preview_url: false, body: message.text } });
    if (answer.kind !== 'outside-window') return providerIdOf(answer);
    this.#ports.log.info(
      { to: redacted(to), message: message.message },
      'window of this customer is closed, a template goes',
    );
    return this.#template(frame, message);
  }

  /** Uploaded first: a message names the file by Meta's id of it. */
  async #file(frame: object, { message, text }: OutgoingMessage, file: OutgoingFile): Promise<string> {
    const kind = KINDS.find(({ types }) => file.type.startsWith(types))?.kind ?? 'document';
    if (text.length > MAX_CAPTION_CHARS || (text !== '' && kind === 'audio')) {
      throw new HiloError(
        'message-refused',
        `words with a file have at most ${MAX_CAPTION_CHARS} characters, with a sound none`,
      );
    }
    const id = this.#uploaded.get(message) ?? (await this.#api.upload(file));
    this.#uploaded.set(message, id);
    const [oldest] = this.#uploaded.keys();
    if (this.#uploaded.size > MAX_REMEMBERED && oldest !== undefined) this.#uploaded.delete(oldest);
    const content = {
      id,
      ...(text === '' ? {} : { caption: text }),
      ...(kind === 'document' ? { filename: file.name } : {}),
    };
    return providerIdOf(await this.#api.post({ ...frame, type: kind, [kind]: content }));
  }

  load<T>(source: string, keep: (bytes: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T> {
    return this.#api.load(source, keep);
  }

  async #template(frame: object, { template, language }: OutgoingMessage): Promise<string> {
    if (template === undefined) {
      throw new HiloError('message-refused', 'no message for 24 hours, and there is no template for this one');
    }
    const parameters = template.parameters.map((text) => ({ type: 'text', text }));
    const components = parameters.length === 0 ? [] : [{ type: 'body', parameters }];
    const { name } = template;
    return providerIdOf(
      await this.#api.post({
        ...frame,
        type: 'template',
        template: { name, language: { code: language }, components },
      }),
    );
  }

  #inWindow({ lastReceivedAtMs, template }: OutgoingMessage): boolean {
    if (template?.always === true) return false;
    return replyWindow('whatsapp', lastReceivedAtMs, this.#ports.clock.nowMs())?.state === 'open';
  }
}

const KINDS = [
  { types: 'image/', kind: 'image' },
  { types: 'audio/', kind: 'audio' },
  { types: 'video/', kind: 'video' },
] as const;

function providerIdOf(answer: Answer): string {
  switch (answer.kind) {
    case 'accepted':
      return answer.providerId;
    case 'outside-window':
      throw new HiloError('message-refused', 'the customer has not written to us for 24 hours');
    case 'failed':
      throw answer.error;
  }
}

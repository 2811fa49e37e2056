// A provider of messages that keeps what it is given and says what customers are made to say.
import { HiloError } from '../../../src/app/errors.js';
import type { IncomingMessage, MessageReceipt, Messenger, OutgoingMessage } from '../../../src/app/ports.js';
import type { Clock } from '../../../src/lib/clock.js';

export class FakeMessenger implements Messenger {
  readonly channel = 'sandbox';
  readonly sent: OutgoingMessage[] = [];
  /** What the provider says to the next messages, one after the other; then it takes them. */
  readonly refusals: ('message-refused' | 'message-not-sent')[] = [];
  #received = 0;
  #onMessage: ((message: IncomingMessage) => Promise<void>) | undefined;
  #onReceipt: ((receipt: MessageReceipt) => Promise<void>) | undefined;

  constructor(private readonly clock: Clock) {}

  async send(message: OutgoingMessage): Promise<{ providerId: string }> {
    const refusal = this.refusals.shift();
    if (refusal !== undefined) throw new HiloError(refusal, 'as the test wants it');
    if (!this.sent.some((other) => other.message === message.message)) this.sent.push(message);
    return { providerId: `out-${message.message}` };
  }

  onMessage(handler: (message: IncomingMessage) => Promise<void>): void {
    this.#onMessage ??= handler;
  }

  onReceipt(handler: (receipt: MessageReceipt) => Promise<void>): void {
    this.#onReceipt ??= handler;
  }

  /** A customer writes. Settles as the centre does: after a rejection a provider sends it again, with the same id. */
  async receive(from: string, text: string, providerId = `in-${++this.#received}`): Promise<void> {
    await this.#onMessage?.({ channel: 'sandbox', providerId, from, text, atMs: this.clock.nowMs() });
  }

  async receipt(message: string, status: MessageReceipt['status']): Promise<void> {
    await this.#onReceipt?.({ channel: 'sandbox', providerId: `out-${message}`, status, atMs: this.clock.nowMs() });
  }

  async close(): Promise<void> {
    return;
  }
}

export const MESSENGER_METHODS = ['send'] as const;

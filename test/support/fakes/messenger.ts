// A provider of messages that keeps what it is given and says what customers are made to say.
import { HiloError } from '../../../src/app/errors.js';
import type {
  IncomingMessage,
  MessageReceipt,
  Messenger,
  OutgoingMessage,
} from '../../../src/app/message/messenger.js';
import type { Clock } from '../../../src/lib/clock.js';

export class FakeMessenger implements Messenger {
  readonly channel = 'sandbox';
  readonly sent: OutgoingMessage[] = [];
  /** What the provider says to the next messages, one after the other; then it takes them. */
  readonly refusals: ('message-refused' | 'message-not-sent')[] = [];
  #received = 0;
  readonly #onMessage: ((message: IncomingMessage) => Promise<void>)[] = [];
  readonly #onReceipt: ((receipt: MessageReceipt) => Promise<void>)[] = [];

  constructor(private readonly clock: Clock) {}

  async send(message: OutgoingMessage): Promise<{ providerId: string }> {
    const refusal = this.refusals.shift();
    if (refusal !== undefined) throw new HiloError(refusal, 'as the test wants it');
    if (!this.sent.some((other) => other.message === message.message)) this.sent.push(message);
    return { providerId: `out-${message.message}` };
  }

  onMessage(handler: (message: IncomingMessage) => Promise<void>): void {
    this.#onMessage.push(handler);
  }

  onReceipt(handler: (receipt: MessageReceipt) => Promise<void>): void {
    this.#onReceipt.push(handler);
  }

  /**
   * A customer writes, and the provider tells the `at`-th node. Settles as the centre does: after a rejection a provider
   * sends it again, with the same id.
   */
  async receive(from: string, text: string, providerId = `in-${++this.#received}`, at = 0): Promise<void> {
    await this.#onMessage[at]?.({ channel: 'sandbox', providerId, from, text, atMs: this.clock.nowMs() });
  }

  async receipt(message: string, status: MessageReceipt['status'], at = 0): Promise<void> {
    const providerId = `out-${message}`;
    await this.#onReceipt[at]?.({ channel: 'sandbox', providerId, status, atMs: this.clock.nowMs() });
  }

  async close(): Promise<void> {
    return;
  }
}

export const MESSENGER_METHODS = ['send'] as const;

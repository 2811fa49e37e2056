// A provider of messages that keeps what it is given and says what customers are made to say.
import { Readable } from 'node:stream';
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
  /** Of customers, by what they are found by. */
  readonly files = new Map<string, Uint8Array | HiloError>();
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

  /** A customer sends a file; whoever loads it gets these bytes, or is told so. */
  async receiveFile(from: string, name: string, bytes: Uint8Array | HiloError, text = ''): Promise<void> {
    const source = `file-${++this.#received}`;
    this.files.set(source, bytes);
    const providerId = `in-${source}`;
    const message = { channel: 'sandbox', providerId, from, text, atMs: this.clock.nowMs() } as const;
    await this.#onMessage[0]?.({ ...message, files: [{ source, name }] });
  }

  async load<T>(source: string, keep: (bytes: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T> {
    const bytes = this.files.get(source);
    if (bytes === undefined || bytes instanceof HiloError) throw bytes ?? new HiloError('not-found', 'no such file');
    return keep(Readable.from([bytes]));
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

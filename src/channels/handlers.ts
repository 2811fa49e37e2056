// Whom a channel tells about what comes in: set once by the application, asked by the channel.
import { HiloError } from '../app/errors.js';
import type { IncomingMessage, MessageReceipt } from '../app/message/messenger.js';

export class Handlers {
  #message: ((message: IncomingMessage) => Promise<void>) | undefined;
  #receipt: ((receipt: MessageReceipt) => Promise<void>) | undefined;

  onMessage(handler: (message: IncomingMessage) => Promise<void>): void {
    this.#message = handler;
  }

  onReceipt(handler: (receipt: MessageReceipt) => Promise<void>): void {
    this.#receipt = handler;
  }

  /** Durable when it resolves. Rejects with HiloError `store-unavailable` while nobody takes messages yet. */
  async message(message: IncomingMessage): Promise<void> {
    await taker(this.#message)(message);
  }

  async receipt(receipt: MessageReceipt): Promise<void> {
    await taker(this.#receipt)(receipt);
  }
}

function taker<T>(handler: T | undefined): T {
  if (handler === undefined) throw new HiloError('store-unavailable', 'Hilo is starting; nobody takes messages yet');
  return handler;
}

// What the running centre needs of the channels in which messages are written, in its own words. channels/ implements it.
import type { ChannelName, MessageStatus } from '../../core/interaction/event.js';

export interface OutgoingMessage {
  /** Our id: the idempotency key towards the provider where it has one. */
  readonly message: string;
  readonly to: string;
  readonly text: string;
  readonly language: string;
  /** Last message from this customer in this channel (WhatsApp's 24-hour window); undefined = never. */
  readonly lastReceivedAtMs?: number;
  /** Template to use outside the window: name and its body parameters. */
  readonly template?: { readonly name: string; readonly parameters: readonly string[] };
}

export interface IncomingMessage {
  readonly channel: ChannelName;
  readonly providerId: string;
  readonly from: string;
  readonly text: string;
  readonly atMs: number;
  /** Provider id of the message it answers, when the channel tells. */
  readonly inReplyTo?: string;
}

export interface MessageReceipt {
  readonly channel: ChannelName;
  readonly providerId: string;
  readonly status: MessageStatus;
  readonly reason?: string;
  readonly atMs: number;
}

export interface Messenger {
  readonly channel: Exclude<ChannelName, 'voice'>;
  /** Resolves when the provider took it. Rejects with HiloError `message-refused` (final) or `message-not-sent` (try again). */
  send(message: OutgoingMessage): Promise<{ readonly providerId: string }>;
  onMessage(handler: (message: IncomingMessage) => Promise<void>): void;
  onReceipt(handler: (receipt: MessageReceipt) => Promise<void>): void;
  close(): Promise<void>;
}

/** Where a provider calls us by HTTP. Mounted by api/ under `path`, with the body as raw bytes. */
export interface Webhook {
  readonly path: string;
  /** The provider's handshake: what to answer, or undefined to refuse it (403). */
  challenge(query: Readonly<Record<string, string>>): string | undefined;
  /** `accepted` only when everything in it is durable. Rejects with HiloError `store-unavailable`: the provider sends again. */
  receive(
    body: Buffer,
    headers: Readonly<Record<string, string | undefined>>,
  ): Promise<'accepted' | 'wrong-signature' | 'malformed'>;
}

export interface SandboxMessage {
  readonly id: string;
  /** Seen from Hilo: `out` went to the customer. */
  readonly direction: 'in' | 'out';
  /** The customer's number. */
  readonly address: string;
  readonly text: string;
  readonly atMs: number;
}

/** The channel that needs no provider: messages are kept and shown, answers are typed in. */
export interface Sandbox {
  /** Newest last; of one customer when `address` is given. */
  messages(address?: string): readonly SandboxMessage[];
  /** A customer writes; durable when it resolves. */
  write(address: string, text: string): Promise<void>;
}

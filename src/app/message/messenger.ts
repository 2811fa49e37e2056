// What the running centre needs of the channels in which messages are written, in its own words. channels/ implements it.
import type { ChannelName, MessageStatus, Writer } from '../../core/interaction/event.js';

export interface OutgoingMessage {
  /** Our id: the idempotency key towards the provider where it has one. */
  readonly message: string;
  readonly to: string;
  readonly text: string;
  readonly language: string;
  /** Last message from this customer in this channel (WhatsApp's 24-hour window); undefined = never. */
  readonly lastReceivedAtMs?: number;
  /** Template to use outside the window: name and its body parameters. `always`: also within it. */
  readonly template?: { readonly name: string; readonly parameters: readonly string[]; readonly always?: true };
  /** A file on our disk that goes with it. */
  readonly file?: OutgoingFile;
}

export interface OutgoingFile {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
}

/** A file that a customer sent, before we have it. */
export interface IncomingFile {
  /** What the channel finds it by. */
  readonly source: string;
  readonly name?: string;
}

export interface IncomingMessage {
  readonly channel: ChannelName;
  readonly providerId: string;
  readonly from: string;
  readonly text: string;
  readonly atMs: number;
  /** Provider id of the message it answers, when the channel tells. */
  readonly inReplyTo?: string;
  readonly files?: readonly IncomingFile[];
  /** Who they say to be, where their address does not tell. */
  readonly writer?: Writer;
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
  /**
   * Gives the bytes of a customer's file to `keep`, and settles with it. Rejects with HiloError `not-found` (it is gone for good) or
   * `message-not-sent` (ask again). Absent: this channel carries none.
   */
  load?<T>(source: string, keep: (bytes: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T>;
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
  readonly files?: readonly SandboxFile[];
}

export interface SandboxFile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
}

/** The channel that needs no provider: messages are kept and shown, answers are typed in. */
export interface Sandbox {
  /** Newest last; of one customer when `address` is given. */
  messages(address?: string): readonly SandboxMessage[];
  /** A customer writes; durable when it resolves. */
  write(address: string, text: string, file?: SandboxFile): Promise<void>;
  /** Keeps a file that a customer is about to send. Rejects with HiloError `too-large` or `unsupported-media-type`. */
  keep(name: string, bytes: AsyncIterable<Uint8Array>): Promise<SandboxFile>;
  /** Of a message that is shown; undefined: there is none. */
  file(id: string): Promise<OutgoingFile | undefined>;
}

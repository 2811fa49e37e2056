// The chat as a visitor's page sees it: written to, read from, without loss and without doubles. channels/chat implements it.
import type { Writer } from '../../core/interaction/event.js';
import type { ChatFile, ChatLine, ChatProgress } from './chat-store.js';

export interface NewChatMessage {
  /** Made by the page: the same message sent twice is one. */
  readonly id: string;
  readonly text: string;
  /** Of what was uploaded. */
  readonly file?: string;
  readonly writer?: Writer;
  /** Network address of the page: new visitors of one are bounded. */
  readonly from: string;
}

export interface ChatLooker {
  lines(lines: readonly ChatLine[]): void;
  /** Nothing is told any more: it may look again. */
  broken(): void;
}

export interface ChatLook {
  /** Looks whether something was not told. */
  refresh(): void;
  /** The page has come so far. Rejects with HiloError `store-unavailable`. */
  seen(upTo: number, progress: ChatProgress): Promise<void>;
  stop(): void;
}

/** `token`: the visitor's secret, made by the page; each method throws or rejects with HiloError `invalid-input` for what is none. */
export interface ChatDoor {
  /** Under which the record knows the visitor; tells nothing of the token. */
  addressOf(token: string): string;
  knows(token: string): Promise<boolean>;
  /** Known from now on. Rejects with HiloError `too-many-requests`, `store-unavailable`. */
  greet(token: string, from: string): Promise<void>;
  /** Durable when it resolves, with the number of the line. Rejects with HiloError `too-many-requests`, `store-unavailable`. */
  write(token: string, message: NewChatMessage): Promise<number>;
  /** Kept for a day unless it is sent. Rejects with HiloError `not-found` (nobody knows this visitor), `too-large`, `unsupported-media-type`. */
  keep(token: string, name: string, bytes: AsyncIterable<Uint8Array>): Promise<ChatFile>;
  /** What the centre sent to this visitor. */
  file(token: string, id: string): Promise<ChatFile | undefined>;
  /** Tells all lines after `after`, and each that comes. Rejects with HiloError `not-found` (nobody knows this visitor), `too-many-requests`. */
  look(token: string, after: number, looker: ChatLooker): Promise<ChatLook>;
}

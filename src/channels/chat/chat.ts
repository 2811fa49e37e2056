// The chat on web pages as a channel: what is written lies in the store, and each open page is told of it, whichever node it hangs on.
import { createHash } from 'node:crypto';
import type { ChatDoor, ChatLook, ChatLooker, NewChatMessage } from '../../app/chat/chat-door.js';
import type { ChatFile, ChatProgress, ChatStore } from '../../app/chat/chat-store.js';
import type { AttachmentStore, Draft } from '../../app/conversation/attachment-store.js';
import { AttachmentFiles } from '../../app/conversation/files.js';
import { HiloError } from '../../app/errors.js';
import type { IncomingMessage, MessageReceipt, Messenger, OutgoingMessage } from '../../app/message/messenger.js';
import { EVERYBODY, type Letters, letterOf } from '../../app/nodes/letters.js';
import { FILE_KINDS } from '../../core/interaction/conversation/file-type.js';
import { isVisitorAddress, visitorAddress } from '../../core/interaction/conversation/visitor-address.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { Handlers } from '../handlers.js';
import { Lookers } from './lookers.js';
import { Quota } from './quota.js';

export const MAX_TEXT_CHARS = 4_096;
export const MESSAGES_PER_MINUTE = 20;
export const MESSAGES_PER_DAY = 500;
/** From one network address, in {@link NEWCOMERS_WINDOW_MS}: an office behind one address is not shut out. */
export const NEWCOMERS_PER_ADDRESS = 30;
export const NEWCOMERS_WINDOW_MS = 10 * 60_000;
/** Visitors with whom nothing was written for so long are forgotten here; the record keeps what was written. */
export const VISITORS_KEPT_MS = 30 * 86_400_000;
const FORGOTTEN_AT_ONCE = 1_000;
const TIDY_EVERY_MS = 3_600_000;
/** Whoever sent it notes its id first: a page that is told at once may be quicker with its receipt. */
export const TOLD_AFTER_MS = 100;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** 32 bytes of chance in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export interface ChatPorts {
  readonly store: ChatStore;
  readonly letters: Letters;
  readonly node: string;
  /** Where all nodes find what visitors upload. */
  readonly shared: AttachmentStore;
  /** Of copies of that; made when missing. */
  readonly folder: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export class ChatChannel implements Messenger, ChatDoor {
  readonly channel = 'chat';
  readonly #ports: ChatPorts;
  readonly #handlers = new Handlers();
  readonly #lookers: Lookers;
  readonly #uploads: AttachmentFiles;
  readonly #perMinute: Quota;
  readonly #perDay: Quota;
  readonly #newcomers: Quota;
  readonly #timers = new Set<Timer>();
  readonly #stopListening: () => void;
  #closed = false;

  constructor(ports: ChatPorts) {
    const { store, letters, node, clock, log } = ports;
    this.#ports = ports;
    this.#lookers = new Lookers(store, log);
    this.#uploads = new AttachmentFiles(ports);
    this.#perMinute = new Quota(clock, MESSAGES_PER_MINUTE, MINUTE_MS);
    this.#perDay = new Quota(clock, MESSAGES_PER_DAY, DAY_MS);
    this.#newcomers = new Quota(clock, NEWCOMERS_PER_ADDRESS, NEWCOMERS_WINDOW_MS);
    this.#stopListening = letters.listen(node, (text) => {
      const letter = letterOf(text, 'chat-line');
      if (letter !== undefined) this.#lookers.wake((letter as { readonly address: string }).address);
    });
    this.#later(TIDY_EVERY_MS, () => void this.#tidy());
  }

  onMessage(handler: (message: IncomingMessage) => Promise<void>): void {
    this.#handlers.onMessage(handler);
  }

  onReceipt(handler: (receipt: MessageReceipt) => Promise<void>): void {
    this.#handlers.onReceipt(handler);
  }

  async send({ message: id, to: address, text, file }: OutgoingMessage): Promise<{ readonly providerId: string }> {
    const sent = file && { id: file.id, name: file.name, type: file.type, bytes: file.bytes };
    const line = { address, id, direction: 'out', text, atMs: this.#nowMs(), ...(sent ? { file: sent } : {}) } as const;
    const number = isVisitorAddress(address) ? await this.#added(line) : undefined;
    if (number === undefined) throw new HiloError('message-refused', 'this visitor has been away for too long');
    this.#later(TOLD_AFTER_MS, () => this.#spread(address));
    return { providerId: providerIdOf(id) };
  }

  async load<T>(source: string, keep: (bytes: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T> {
    // Another node may have it: whoever asks again may be that one.
    if ((await this.#uploads.find(source)) === undefined) {
      throw new HiloError('message-not-sent', 'the file is not on this node');
    }
    const kept = await keep(this.#uploads.read(source));
    await this.#uploads.remove(source);
    return kept;
  }

  addressOf(token: string): string {
    if (!TOKEN.test(token)) throw new HiloError('invalid-input', 'a visitor’s token is 32 bytes in base64url');
    return visitorAddress(createHash('sha256').update(token).digest('hex'));
  }

  async knows(token: string): Promise<boolean> {
    return this.#ports.store.knows(this.addressOf(token));
  }

  async greet(token: string, from: string): Promise<void> {
    const { store } = this.#ports;
    const address = this.addressOf(token);
    if (!(await store.knows(address)) && !this.#newcomers.take(from)) {
      throw new HiloError('too-many-requests', 'too many new visitors from this network; try again later');
    }
    await store.greet(address, this.#nowMs());
  }

  async write(token: string, { id, text, file, writer, from }: NewChatMessage): Promise<number> {
    const address = this.addressOf(token);
    if ((text.trim() === '' && file === undefined) || text.length > MAX_TEXT_CHARS) {
      throw new HiloError('invalid-input', `a message has 1 to ${MAX_TEXT_CHARS} characters`);
    }
    if (!this.#perMinute.take(address) || !this.#perDay.take(address)) {
      throw new HiloError('too-many-requests', 'too many messages; wait a moment');
    }
    await this.greet(token, from);
    const draft = file === undefined ? undefined : await this.#draft(address, file);
    const atMs = this.#nowMs();
    const sent = draft && { id: draft.id, name: draft.name, type: draft.type, bytes: draft.bytes };
    // In the record first: what the page is told to be sent is never lost. The same again changes nothing there.
    await this.#handlers.message({
      ...{ channel: 'chat', providerId: `${address}:${id}`, from: address, text, atMs },
      ...(draft === undefined ? {} : { files: [{ source: draft.id, name: draft.name }] }),
      ...(writer === undefined ? {} : { writer }),
    });
    const line = { address, id, direction: 'in', text, atMs, ...(sent ? { file: sent } : {}) } as const;
    const number = await this.#ports.store.add(line);
    if (number === undefined) throw new HiloError('store-unavailable', 'the visitor was forgotten at this moment');
    this.#spread(address);
    return number;
  }

  async keep(token: string, name: string, bytes: AsyncIterable<Uint8Array>): Promise<ChatFile> {
    const address = await this.#known(token);
    const types = Object.keys(FILE_KINDS);
    const { id, type, ...kept } = await this.#uploads.keepDraft(
      { conversation: address, by: address, name, types },
      bytes,
    );
    return { id, name: kept.name, type, bytes: kept.bytes };
  }

  async file(token: string, id: string): Promise<ChatFile | undefined> {
    return this.#ports.store.file(this.addressOf(token), id);
  }

  async look(token: string, after: number, looker: ChatLooker): Promise<ChatLook> {
    const address = await this.#known(token);
    const { refresh, stop } = await this.#lookers.add(address, after, looker);
    return { refresh, stop, seen: (upTo, progress) => this.#seen(address, upTo, progress) };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening();
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#lookers.close();
  }

  async #known(token: string): Promise<string> {
    const address = this.addressOf(token);
    if (!(await this.#ports.store.knows(address))) throw new HiloError('not-found', 'nobody knows this visitor');
    return address;
  }

  async #added(line: Parameters<ChatStore['add']>[0]): Promise<number | undefined> {
    try {
      return await this.#ports.store.add(line);
    } catch (error) {
      throw new HiloError('message-not-sent', 'the lines of the chat cannot be stored', { cause: error });
    }
  }

  async #draft(address: string, id: string): Promise<Draft> {
    const draft = await this.#uploads.findDraft(address, id);
    if (draft === undefined) throw new HiloError('invalid-input', 'upload the file first, then send it');
    return draft;
  }

  /** What the page has is told to the record before it is known here: told twice, it changes nothing there. */
  async #seen(address: string, upTo: number, progress: ChatProgress): Promise<void> {
    const { store } = this.#ports;
    for (const { id } of await store.unseen(address, upTo, progress)) {
      const receipt = { channel: 'chat', providerId: providerIdOf(id), status: progress, atMs: this.#nowMs() } as const;
      await this.#handlers.receipt(receipt);
    }
    await store.seen(address, upTo, progress);
  }

  #spread(address: string): void {
    const { letters, log } = this.#ports;
    this.#lookers.wake(address);
    letters.send(EVERYBODY, JSON.stringify({ kind: 'chat-line', address })).catch((error: unknown) => {
      log.info({ err: error }, 'other nodes see a line of the chat a little later');
    });
  }

  async #tidy(): Promise<void> {
    const { store, log } = this.#ports;
    try {
      await this.#uploads.forgetOld();
      const forgotten = await store.forget(this.#nowMs() - VISITORS_KEPT_MS, FORGOTTEN_AT_ONCE);
      if (forgotten > 0) log.info({ forgotten }, 'visitors of long ago are forgotten');
    } catch (error) {
      log.warn({ err: error }, 'the chat is tidied up later');
    }
    this.#later(TIDY_EVERY_MS, () => void this.#tidy());
  }

  #later(ms: number, act: () => void): void {
    if (this.#closed) return;
    const timer = this.#ports.clock.after(ms, () => {
      this.#timers.delete(timer);
      act();
    });
    this.#timers.add(timer);
  }

  #nowMs(): number {
    return this.#ports.clock.nowMs();
  }
}

function providerIdOf(message: string): string {
  return `chat-${message}`;
}

// The channel that needs no provider: messages to customers are kept and shown, what customers write is typed in.

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { AttachmentFiles } from '../../app/conversation/files.js';
import { HiloError } from '../../app/errors.js';
import type {
  IncomingMessage,
  MessageReceipt,
  Messenger,
  OutgoingFile,
  OutgoingMessage,
  Sandbox,
  SandboxFile,
  SandboxMessage,
} from '../../app/message/messenger.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { Handlers } from '../handlers.js';
import { redacted } from '../redacted.js';
import { Journal } from './journal.js';
import { KeptMessages, MAX_MESSAGES } from './kept-messages.js';

export const MAX_TEXT_CHARS = 4_096;
export const MAX_ADDRESS_CHARS = 64;
/** Lines in the file, dropped messages included, before it is written anew. */
const MAX_LINES = 2 * MAX_MESSAGES;

export interface SandboxPorts {
  /** Folder of the sandbox alone; made when missing. */
  readonly folder: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** With the messages of earlier runs. Rejects when the folder cannot be written. */
export async function openSandbox(ports: SandboxPorts): Promise<SandboxChannel> {
  const { journal, messages } = await Journal.open(ports.folder, ports.log);
  const files = new AttachmentFiles({ ...ports, folder: join(ports.folder, 'files') });
  const kept = new KeptMessages((message) => {
    for (const { id } of message.files ?? []) {
      files.remove(id).catch((error: unknown) => ports.log.warn({ err: error, id }, 'a file of the sandbox stays'));
    }
  });
  for (const message of messages) kept.add(message);
  return new SandboxChannel(ports, journal, kept, files);
}

export class SandboxChannel implements Messenger, Sandbox {
  readonly channel = 'sandbox';
  readonly #handlers = new Handlers();
  /** Being written: the same message sent twice at once is one message. */
  readonly #storing = new Map<string, Promise<void>>();
  readonly #receipts = new Set<Timer>();
  #rewriting = false;
  #closed = false;

  constructor(
    private readonly ports: SandboxPorts,
    private readonly journal: Journal,
    private readonly kept: KeptMessages,
    private readonly files: AttachmentFiles,
  ) {}

  async send({ message: id, to, text, file }: OutgoingMessage): Promise<{ readonly providerId: string }> {
    const storing = this.#storing.get(id);
    if (storing !== undefined) await storing;
    else if (!this.kept.has(id)) {
      const files = file === undefined ? {} : { files: [await this.#copied(file)] };
      await this.#keep({ id, direction: 'out', address: to, text, atMs: this.#nowMs(), ...files });
    }
    const providerId = `sandbox-${id}`;
    this.#deliverSoon(providerId);
    return { providerId };
  }

  messages(address?: string): readonly SandboxMessage[] {
    return this.kept.list(address);
  }

  keep(name: string, bytes: AsyncIterable<Uint8Array>): Promise<SandboxFile> {
    return this.files.keep({ name }, bytes);
  }

  async file(id: string): Promise<OutgoingFile | undefined> {
    const known = this.kept.list().flatMap(({ files = [] }) => files.find((file) => file.id === id) ?? [])[0];
    const found = known && (await this.files.find(id));
    return known === undefined || found === undefined ? undefined : { ...known, path: found.path };
  }

  async load<T>(source: string, keep: (bytes: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T> {
    if ((await this.files.find(source)) === undefined) throw new HiloError('not-found', 'the sandbox has no such file');
    return keep(this.files.read(source));
  }

  async write(address: string, text: string, file?: SandboxFile): Promise<void> {
    if (address === '' || address.length > MAX_ADDRESS_CHARS) {
      throw new HiloError('invalid-input', `the customer's number has 1 to ${MAX_ADDRESS_CHARS} characters`);
    }
    if ((text === '' && file === undefined) || text.length > MAX_TEXT_CHARS) {
      throw new HiloError('invalid-input', `a message has 1 to ${MAX_TEXT_CHARS} characters`);
    }
    const message: SandboxMessage = {
      ...{ id: this.ports.ids.uuid(), direction: 'in', address, text, atMs: this.#nowMs() },
      ...(file === undefined ? {} : { files: [file] }),
    };
    // Shown before it is answered, taken back when it could not be taken in.
    this.kept.add(message);
    try {
      const { id: providerId, atMs } = message;
      const files = file === undefined ? {} : { files: [{ source: file.id, name: file.name }] };
      await this.#handlers.message({ channel: 'sandbox', providerId, from: address, text, atMs, ...files });
    } catch (error) {
      this.kept.remove(message.id);
      throw error;
    }
    await this.#store(message).catch((error: unknown) => {
      this.ports.log.error(
        { err: error, from: redacted(address) },
        'message is in the record, not in the sandbox file',
      );
    });
  }

  onMessage(handler: (message: IncomingMessage) => Promise<void>): void {
    this.#handlers.onMessage(handler);
  }

  onReceipt(handler: (receipt: MessageReceipt) => Promise<void>): void {
    this.#handlers.onReceipt(handler);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#receipts) timer.cancel();
    this.#receipts.clear();
    await this.journal.close();
  }

  async #copied({ path, name }: OutgoingFile): Promise<SandboxFile> {
    try {
      return await this.files.keep({ name }, createReadStream(path));
    } catch (error) {
      throw new HiloError('message-not-sent', 'the file cannot be given to the sandbox', { cause: error });
    }
  }

  async #keep(message: SandboxMessage): Promise<void> {
    this.kept.add(message);
    const storing = this.#store(message).catch((error: unknown) => {
      this.kept.remove(message.id);
      throw new HiloError('message-not-sent', 'the file of the sandbox cannot be written', { cause: error });
    });
    this.#storing.set(message.id, storing);
    try {
      await storing;
    } finally {
      this.#storing.delete(message.id);
    }
  }

  async #store(message: SandboxMessage): Promise<void> {
    await this.journal.append(message);
    if (this.journal.lines <= MAX_LINES || this.#rewriting) return;
    this.#rewriting = true;
    try {
      await this.journal.rewrite(() => this.kept.list());
    } catch (error) {
      this.ports.log.warn({ err: error }, 'the file of the sandbox cannot be shortened');
    } finally {
      this.#rewriting = false;
    }
  }

  /** Not before `send` has settled: its caller does not know the provider's id yet. */
  #deliverSoon(providerId: string): void {
    if (this.#closed) return;
    const timer = this.ports.clock.after(0, () => {
      this.#receipts.delete(timer);
      this.#handlers
        .receipt({ channel: 'sandbox', providerId, status: 'delivered', atMs: this.#nowMs() })
        .catch((error: unknown) => this.ports.log.warn({ err: error, providerId }, 'receipt not taken'));
    });
    this.#receipts.add(timer);
  }

  #nowMs(): number {
    return this.ports.clock.nowMs();
  }
}

// Files of conversations: taken in with limits, known by what is in them, kept where all nodes find them, with a copy on our disk.
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import {
  FILE_BYTES_MAX,
  FILE_KINDS,
  fileNameOf,
  fileTypeOf,
  SNIFFED_BYTES,
} from '../../core/interaction/conversation/file-type.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { HiloError } from '../errors.js';
import type { AttachmentStore, Draft } from './attachment-store.js';

/** A name of ours; nothing else is looked for among the files. */
const NAME = /^[0-9a-zA-Z-]{1,64}$/;
const PART = '.part';
/** What was uploaded and not sent for so long is thrown away. */
export const DRAFT_KEPT_MS = 24 * 3_600_000;
/** A copy of what all nodes have lies on our disk for so long after it was last asked for. */
export const COPY_KEPT_MS = 7 * 24 * 3_600_000;
/** Of one conversation, not sent yet. */
export const DRAFTS_MAX = 20;

export interface KeptFile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
}

export interface AttachmentFilesPorts {
  /** Of these files alone; made when missing. */
  readonly folder: string;
  /** What all nodes have; absent: there is only this disk, and nothing can be uploaded to be sent later. */
  readonly shared?: AttachmentStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export class AttachmentFiles {
  constructor(private readonly ports: AttachmentFilesPorts) {}

  /**
   * Kept when it resolves. `types`: what is taken; absent: all kinds that there are. Rejects with HiloError `too-large`,
   * `unsupported-media-type` or `store-unavailable`; nothing is left of it then.
   */
  async keep(
    { id = this.ports.ids.uuid(), name, types }: { id?: string; name: string | undefined; types?: readonly string[] },
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<KeptFile> {
    const path = this.#pathOf(id);
    return this.#taken({ id, name, types }, bytes, async (part) => {
      await this.ports.shared?.put(id, createReadStream(part));
      await rename(part, path);
    });
  }

  /** Written beside the others, looked at, and given to `keep` if it is to be taken; what `keep` leaves is thrown away. */
  async #taken(
    { id, name, types }: { id: string; name: string | undefined; types?: readonly string[] | undefined },
    bytes: AsyncIterable<Uint8Array>,
    keep: (part: string, file: KeptFile) => Promise<void>,
  ): Promise<KeptFile> {
    const part = await this.#part(id);
    try {
      const { head, tail, size } = await written(part, bytes);
      const type = fileTypeOf(head, tail);
      if (type === undefined || (types !== undefined && !types.includes(type))) {
        throw new HiloError(
          'unsupported-media-type',
          `files of this kind are not taken: ${(types ?? Object.keys(FILE_KINDS)).join(', ')}`,
        );
      }
      const most = FILE_KINDS[type]?.bytesMax ?? FILE_BYTES_MAX;
      if (size > most) throw new HiloError('too-large', `${type} may have ${most} bytes, this has ${size}`);
      const file = { id, name: fileNameOf(name, type), type, bytes: size };
      await keep(part, file);
      return file;
    } finally {
      await rm(part, { force: true });
    }
  }

  /** Path of a kept file; undefined when there is none. From another node it is fetched first. */
  async find(id: string): Promise<{ readonly path: string; readonly bytes: number } | undefined> {
    if (!NAME.test(id)) return undefined;
    const found = (await this.#here(id)) ?? (await this.#fetched(id));
    if (found !== undefined) await this.#asked(found.path);
    return found;
  }

  /** Noted on the disk itself, so that it is known after a restart too. */
  async #asked(path: string): Promise<void> {
    const now = new Date(this.ports.clock.nowMs());
    await orAbsent(utimes(path, now, now));
  }

  async #here(id: string): Promise<{ readonly path: string; readonly bytes: number } | undefined> {
    const path = this.#pathOf(id);
    const found = await orAbsent(stat(path));
    return found?.isFile() ? { path, bytes: found.size } : undefined;
  }

  async #fetched(id: string): Promise<{ readonly path: string; readonly bytes: number } | undefined> {
    const content = await this.ports.shared?.get(id);
    if (content === undefined) return undefined;
    const part = await this.#part(id);
    try {
      await written(part, content);
      await rename(part, this.#pathOf(id));
    } finally {
      await rm(part, { force: true });
    }
    return this.#here(id);
  }

  read(id: string): AsyncIterable<Uint8Array> {
    return createReadStream(this.#pathOf(id));
  }

  async remove(id: string): Promise<void> {
    if (!NAME.test(id)) return;
    await rm(this.#pathOf(id), { force: true });
    await this.ports.shared?.remove(id);
  }

  /** As {@link keep}, for all nodes alone; kept for a day unless it is sent. Rejects with HiloError `wrong-state` when too many lie there. */
  async keepDraft(
    { conversation, by, name, types }: { conversation: string; by: string; name: string; types: readonly string[] },
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<KeptFile> {
    const { clock, ids } = this.ports;
    const shared = this.#shared();
    const own = await shared.countDrafts(conversation);
    if (own >= DRAFTS_MAX) throw new HiloError('wrong-state', `${own} files are uploaded and not sent`);
    return this.#taken({ id: ids.uuid(), name, types }, bytes, (part, file) =>
      shared.put(file.id, createReadStream(part), { ...file, conversation, by, atMs: clock.nowMs() }),
    );
  }

  /** It is about to be sent: from now on it is no draft any more. Undefined: there is none of that id in the conversation. */
  async takeDraft(conversation: string, id: string): Promise<Draft | undefined> {
    return NAME.test(id) ? this.#shared().takeDraft(conversation, id) : undefined;
  }

  /** Undefined: there is none of that id in the conversation. */
  async findDraft(conversation: string, id: string): Promise<Draft | undefined> {
    return NAME.test(id) ? this.#shared().findDraft(conversation, id) : undefined;
  }

  /** It could not be sent after all. */
  putBack(one: Draft): Promise<void> {
    return this.#shared().putBack(one);
  }

  /**
   * Throws away what was uploaded a day ago and never sent, what a crash has left half-written, and copies that nobody has
   * asked for in a week.
   */
  async forgetOld(): Promise<void> {
    const { clock, log, shared } = this.ports;
    const forgotten = (await shared?.forgetDrafts(clock.nowMs() - DRAFT_KEPT_MS)) ?? [];
    for (const file of forgotten) {
      await rm(this.#pathOf(file), { force: true });
      log.info({ file }, 'an upload that nobody sent is thrown away');
    }
    for (const name of await this.#names()) {
      const path = join(this.ports.folder, name);
      const isPart = name.endsWith(PART);
      // Absent: finished meanwhile.
      const found = await orAbsent(stat(path));
      if (found === undefined || clock.nowMs() - found.mtimeMs < (isPart ? DRAFT_KEPT_MS : COPY_KEPT_MS)) continue;
      if (isPart || (await shared?.get(name)) !== undefined) await rm(path, { force: true });
    }
  }

  #shared(): AttachmentStore {
    if (this.ports.shared === undefined)
      throw new HiloError('wrong-state', 'nothing is uploaded here to be sent later');
    return this.ports.shared;
  }

  /** A file of its own for each who writes, also when several fetch the same one. */
  async #part(id: string): Promise<string> {
    const { folder, ids } = this.ports;
    await mkdir(folder, { recursive: true });
    return `${this.#pathOf(id)}.${ids.uuid()}${PART}`;
  }

  async #names(): Promise<string[]> {
    return (await orAbsent(readdir(this.ports.folder))) ?? [];
  }

  #pathOf(id: string): string {
    if (!NAME.test(id)) throw new HiloError('not-found', 'there is no such file');
    return join(this.ports.folder, id);
  }
}

/** Undefined: nothing is there. Whatever else the disk says is a fault, and rejects. */
async function orAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written to `path` and flushed, no further than the limit. */
async function written(path: string, bytes: AsyncIterable<Uint8Array>) {
  const file = await open(path, 'w', 0o600);
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let size = 0;
  try {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > FILE_BYTES_MAX) throw new HiloError('too-large', `a file may have ${FILE_BYTES_MAX} bytes`);
      if (head.length < SNIFFED_BYTES) head = Buffer.concat([head, chunk]).subarray(0, SNIFFED_BYTES);
      tail = Buffer.concat([tail, chunk]).subarray(-SNIFFED_BYTES);
      await file.appendFile(chunk);
    }
    await file.datasync();
  } finally {
    await file.close();
  }
  return { head, tail, size };
}

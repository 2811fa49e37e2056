// Files of conversations on our disk: taken in with limits, known by what is in them, kept as long as the data folder.
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
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

/** A name of ours; nothing else is looked for among the files. */
const NAME = /^[0-9a-zA-Z-]{1,64}$/;
const PART = '.part';
const DRAFT = '.json';
/** What was uploaded and not sent for so long is thrown away. */
export const DRAFT_KEPT_MS = 24 * 3_600_000;
/** Of one conversation, not sent yet. */
export const DRAFTS_MAX = 20;

export interface KeptFile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
}

const draft = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  bytes: z.number(),
  conversation: z.string(),
  by: z.string(),
  atMs: z.number(),
});
/** Uploaded for a conversation, and not sent yet. */
export type Draft = Readonly<z.infer<typeof draft>>;

export interface AttachmentFilesPorts {
  /** Of these files alone; made when missing. */
  readonly folder: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export class AttachmentFiles {
  constructor(private readonly ports: AttachmentFilesPorts) {}

  /**
   * On disk when it resolves. `types`: what is taken; absent: all kinds that there are. Rejects with HiloError `too-large` or
   * `unsupported-media-type`; nothing is left of it then.
   */
  async keep(
    { id = this.ports.ids.uuid(), name, types }: { id?: string; name: string | undefined; types?: readonly string[] },
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<KeptFile> {
    const path = this.#pathOf(id);
    await mkdir(this.ports.folder, { recursive: true });
    try {
      const { head, tail, size } = await written(`${path}${PART}`, bytes);
      const type = fileTypeOf(head, tail);
      if (type === undefined || (types !== undefined && !types.includes(type))) {
        throw new HiloError(
          'unsupported-media-type',
          `files of this kind are not taken: ${(types ?? Object.keys(FILE_KINDS)).join(', ')}`,
        );
      }
      const most = FILE_KINDS[type]?.bytesMax ?? FILE_BYTES_MAX;
      if (size > most) throw new HiloError('too-large', `${type} may have ${most} bytes, this has ${size}`);
      await rename(`${path}${PART}`, path);
      return { id, name: fileNameOf(name, type), type, bytes: size };
    } catch (error) {
      await rm(`${path}${PART}`, { force: true });
      throw error;
    }
  }

  /** Path of a kept file; undefined when it is not here. */
  async find(id: string): Promise<{ readonly path: string; readonly bytes: number } | undefined> {
    if (!NAME.test(id)) return undefined;
    const path = this.#pathOf(id);
    const found = await orAbsent(stat(path));
    return found?.isFile() ? { path, bytes: found.size } : undefined;
  }

  read(id: string): AsyncIterable<Uint8Array> {
    return createReadStream(this.#pathOf(id));
  }

  async remove(id: string): Promise<void> {
    if (!NAME.test(id)) return;
    await rm(this.#pathOf(id), { force: true });
    await rm(`${this.#pathOf(id)}${DRAFT}`, { force: true });
  }

  /** As {@link keep}; kept for a day unless it is sent. Rejects with HiloError `wrong-state` when too many lie there. */
  async keepDraft(
    { conversation, by, name, types }: { conversation: string; by: string; name: string; types: readonly string[] },
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<KeptFile> {
    const own = (await this.#drafts()).filter((one) => one.conversation === conversation);
    if (own.length >= DRAFTS_MAX) throw new HiloError('wrong-state', `${own.length} files are uploaded and not sent`);
    const file = await this.keep({ name, types }, bytes);
    await this.putBack({ ...file, conversation, by, atMs: this.ports.clock.nowMs() });
    return file;
  }

  /** It is about to be sent: from now on it is no draft any more. Undefined: there is none of that id in the conversation. */
  async takeDraft(conversation: string, id: string): Promise<Draft | undefined> {
    const found = await this.findDraft(conversation, id);
    if (found !== undefined) await rm(`${this.#pathOf(id)}${DRAFT}`, { force: true });
    return found;
  }

  /** Undefined: there is none of that id in the conversation. */
  async findDraft(conversation: string, id: string): Promise<Draft | undefined> {
    const found = NAME.test(id) ? await this.#draft(`${id}${DRAFT}`) : undefined;
    return found?.conversation === conversation ? found : undefined;
  }

  /** It could not be sent after all. */
  async putBack(one: Draft): Promise<void> {
    await writeFile(`${this.#pathOf(one.id)}${DRAFT}`, JSON.stringify(one), { mode: 0o600 });
  }

  /** Throws away what was uploaded a day ago and never sent, and what a crash has left half-written. */
  async forgetOld(): Promise<void> {
    const { clock, log } = this.ports;
    for (const one of await this.#drafts()) {
      if (clock.nowMs() - one.atMs < DRAFT_KEPT_MS) continue;
      await rm(this.#pathOf(one.id), { force: true });
      await rm(`${this.#pathOf(one.id)}${DRAFT}`, { force: true });
      log.info({ file: one.id }, 'an upload that nobody sent is thrown away');
    }
    for (const name of (await this.#names()).filter((candidate) => candidate.endsWith(PART))) {
      const path = join(this.ports.folder, name);
      // Absent: finished meanwhile.
      const found = await orAbsent(stat(path));
      if (found !== undefined && clock.nowMs() - found.mtimeMs >= DRAFT_KEPT_MS) await rm(path, { force: true });
    }
  }

  async #drafts(): Promise<Draft[]> {
    const names = (await this.#names()).filter((name) => name.endsWith(DRAFT));
    return (await Promise.all(names.map((name) => this.#draft(name)))).filter((one) => one !== undefined);
  }

  async #draft(name: string): Promise<Draft | undefined> {
    try {
      return draft.safeParse(JSON.parse(await readFile(join(this.ports.folder, name), 'utf8'))).data;
    } catch {
      // Sent or thrown away meanwhile, or torn by a crash: it is no draft.
      return undefined;
    }
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

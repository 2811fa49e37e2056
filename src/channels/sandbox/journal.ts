// The sandbox's file: one message a line, appended, written anew without the dropped ones when it has grown too long.
import { type FileHandle, mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SandboxMessage } from '../../app/message/messenger.js';
import type { Log } from '../../lib/log.js';

const FILE = 'messages.jsonl';

const line = z.object({
  id: z.string(),
  direction: z.enum(['in', 'out']),
  address: z.string(),
  text: z.string(),
  atMs: z.number(),
  files: z
    .array(z.object({ id: z.string(), name: z.string(), type: z.string(), bytes: z.number() }))
    .optional()
    .catch(undefined),
});

export class Journal {
  #lines: number;
  /** Writers stand in line, so that a rewrite and an append never meet. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    private file: FileHandle,
    lines: number,
  ) {
    this.#lines = lines;
  }

  /** The journal in `folder` and what is in it, oldest first. A line cut off by a crash is reported and passed over. */
  static async open(folder: string, log: Log): Promise<{ journal: Journal; messages: readonly SandboxMessage[] }> {
    await mkdir(folder, { recursive: true });
    const path = join(folder, FILE);
    const file = await open(path, 'a+', 0o600);
    const text = await readFile(path, 'utf8');
    const lines = text.split('\n').filter((candidate) => candidate !== '');
    const messages = lines.flatMap((candidate) => {
      const message = parsed(candidate);
      if (message === undefined) log.warn({ path, bytes: candidate.length }, 'line of the sandbox not readable');
      return message === undefined ? [] : [message];
    });
    // What follows a torn line must not be glued to it.
    if (text !== '' && !text.endsWith('\n')) await file.appendFile('\n');
    return { journal: new Journal(folder, file, lines.length), messages: messages.sort((a, b) => a.atMs - b.atMs) };
  }

  get lines(): number {
    return this.#lines;
  }

  /** On disk when it resolves. */
  append(message: SandboxMessage): Promise<void> {
    return this.#inTurn(async () => {
      await this.file.appendFile(`${JSON.stringify(message)}\n`);
      await this.file.datasync();
      this.#lines += 1;
    });
  }

  /** Leaves `messages()`, as it stands when its turn comes, in the file and nothing else; the old file stays until then. */
  rewrite(messages: () => readonly SandboxMessage[]): Promise<void> {
    return this.#inTurn(async () => {
      const draft = join(this.folder, `${FILE}.new`);
      const kept = messages();
      const file = await open(draft, 'w', 0o600);
      try {
        await file.appendFile(kept.map((message) => `${JSON.stringify(message)}\n`).join(''));
        await file.datasync();
        await rename(draft, join(this.folder, FILE));
      } catch (error) {
        await file.close();
        throw error;
      }
      await this.file.close();
      this.file = file;
      this.#lines = kept.length;
    });
  }

  async close(): Promise<void> {
    await this.#inTurn(() => this.file.close());
  }

  #inTurn(action: () => Promise<void>): Promise<void> {
    const turn = this.#writing.then(action);
    this.#writing = turn.catch(() => undefined);
    return turn;
  }
}

function parsed(text: string): SandboxMessage | undefined {
  try {
    const read = line.safeParse(JSON.parse(text)).data;
    if (read === undefined) return undefined;
    const { files, ...message } = read;
    return files === undefined ? message : { ...message, files };
  } catch {
    return undefined;
  }
}

// Facts that the database could not take yet: kept in a file of the node, so that not even a crash loses them.
import { appendFile, mkdir, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { InteractionEvent } from '../../core/interaction/event.js';
import type { Log } from '../../lib/log.js';

export interface SpooledFact {
  readonly interaction: string;
  readonly atMs: number;
  readonly event: InteractionEvent;
}

/** More than this is not kept: a centre whose database is away for that long has other worries. */
export const MAX_SPOOLED = 200_000;

export class Spool {
  #writing: Promise<void> = Promise.resolve();
  #count = 0;

  constructor(
    private readonly path: string,
    private readonly log: Log,
  ) {}

  /** Number of facts written since the last {@link take}. */
  get size(): number {
    return this.#count;
  }

  /** Appends facts in order; resolves when they are on disk. Drops them with an error line when the spool is full. */
  async keep(facts: readonly SpooledFact[]): Promise<void> {
    if (this.#count + facts.length > MAX_SPOOLED) {
      this.log.error({ facts: facts.length, path: this.path }, 'spool full, facts lost');
      return;
    }
    this.#count += facts.length;
    const text = facts.map((fact) => `${JSON.stringify(fact)}\n`).join('');
    this.#writing = this.#writing
      .then(async () => {
        await mkdir(dirname(this.path), { recursive: true });
        await appendFile(this.path, text, { flush: true } as { flush: boolean });
      })
      .catch((error: unknown) => this.log.error({ err: error, path: this.path }, 'spool cannot be written'));
    await this.#writing;
  }

  /** All facts kept so far, also of an earlier run, and a way to forget them once they are in the record. */
  async take(): Promise<{ readonly facts: readonly SpooledFact[]; readonly forget: () => Promise<void> }> {
    const taken = `${this.path}.importing`;
    // In line with the writers: no line is on its way into a file that was read already.
    const merging = this.#writing.then(() => this.#mergeInto(taken));
    this.#writing = merging.catch(() => undefined);
    this.#count = 0;
    await merging;
    const text = await readOrEmpty(taken);
    const facts = text.split('\n').flatMap((line) => this.#parse(line));
    return { facts, forget: () => unlink(taken).catch(ignoreMissing) };
  }

  /** A half-imported file of a crashed run comes first, then what was written since. */
  async #mergeInto(taken: string): Promise<void> {
    const left = await readOrEmpty(taken);
    if (left === '') {
      await rename(this.path, taken).catch(ignoreMissing);
      return;
    }
    const fresh = await readOrEmpty(this.path);
    if (fresh === '') return;
    await appendFile(taken, fresh);
    await unlink(this.path).catch(ignoreMissing);
  }

  /** A line cut off by a crash is reported and passed over. */
  #parse(line: string): SpooledFact[] {
    if (line === '') return [];
    try {
      return [JSON.parse(line) as SpooledFact];
    } catch {
      this.log.warn({ line: line.slice(0, 120) }, 'spool line not readable');
      return [];
    }
  }
}

async function readOrEmpty(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    ignoreMissing(error);
    return '';
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

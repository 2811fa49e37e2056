// Texts that are in force and have to be kept as revisions: what the database does not take now waits for it.
import type { SourceFile } from '../../core/document/issue.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { RecordStore } from '../ports.js';

/** Texts in force that wait for a database that is away; beyond that the oldest are given up. */
export const MAX_UNKEPT = 100;
/** Whoever wrote the file. */
const FILES = { author: 'files', note: '' } as const;

export interface KeptTextsPorts {
  readonly store: Pick<RecordStore, 'saveRevision' | 'revision'>;
  readonly clock: Clock;
  readonly log: Log;
}

export class KeptTexts {
  readonly #ports: KeptTextsPorts;
  #unkept: SourceFile[] = [];

  constructor(ports: KeptTextsPorts) {
    this.#ports = ports;
  }

  add(source: SourceFile): void {
    this.#unkept.push(source);
  }

  /** What the database does not take now is tried again at the next call. */
  async keep(): Promise<void> {
    const { log } = this.#ports;
    for (let source = this.#unkept[0]; source !== undefined; source = this.#unkept[0]) {
      const { file, revision } = source;
      try {
        await this.#keepOne(source);
      } catch (error) {
        log.error({ err: error, file, revision, waiting: this.#unkept.length }, 'revision could not be kept yet');
        this.#unkept.splice(0, this.#unkept.length - MAX_UNKEPT);
        return;
      }
      this.#unkept.shift();
    }
  }

  /** One that its publisher, another node or an earlier start has kept is kept. */
  async #keepOne({ file, text, revision }: SourceFile): Promise<void> {
    const { clock, store } = this.#ports;
    const name = file.replace(/\.yaml$/, '');
    if ((await store.revision(name))?.revision === revision) return;
    await store.saveRevision({ name, revision, text, ...FILES, atMs: clock.nowMs() });
  }
}

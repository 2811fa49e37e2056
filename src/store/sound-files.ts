// Sounds as files that the media server reads: `<hash>.wav` at 16 kHz, and `8000/<hash>.wav`, where it looks for its own rate first.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SoundFiles } from '../app/prompts/prompt-catalogue.js';
import type { SoundBytes } from '../app/prompts/prompt-store.js';

const HASH = /^[0-9a-f]{64}$/;
const FILE = /^([0-9a-f]{64})\.wav$/;

export class KeptSounds implements SoundFiles {
  readonly #wide: string;
  readonly #narrow: string;

  constructor(folder: string) {
    this.#wide = resolve(folder);
    this.#narrow = join(this.#wide, '8000');
  }

  async put(hash: string, { narrow, wide }: SoundBytes): Promise<void> {
    if (!HASH.test(hash)) throw new Error(`${hash} is no name of a sound`);
    await mkdir(this.#narrow, { recursive: true });
    // In this order: where the second is, the first is too.
    await writeWhole(join(this.#narrow, `${hash}.wav`), narrow);
    await writeWhole(join(this.#wide, `${hash}.wav`), wide);
  }

  pathOf(hash: string): string | undefined {
    const path = join(this.#wide, `${hash}.wav`);
    return HASH.test(hash) && existsSync(path) ? path : undefined;
  }

  async keepOnly(hashes: ReadonlySet<string>): Promise<void> {
    for (const folder of [this.#wide, this.#narrow]) {
      await mkdir(folder, { recursive: true });
      for (const file of await readdir(folder)) {
        const hash = FILE.exec(file)?.[1];
        if (hash !== undefined && !hashes.has(hash)) await rm(join(folder, file), { force: true });
      }
    }
  }
}

/** Whole or not at all: the media server may look at any time. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    const handle = await open(draft, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

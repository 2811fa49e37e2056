// Prompts and their sounds in memory.
import { HiloError } from '../../../src/app/errors.js';
import { PromptCatalogue, type SoundFiles } from '../../../src/app/prompts/prompt-catalogue.js';
import {
  contentAfter,
  type PromptChange,
  type PromptRevision,
  type PromptStore,
  REVISIONS_KEPT,
  type SoundBytes,
} from '../../../src/app/prompts/prompt-store.js';
import { saidOf } from '../../../src/app/speech.js';
import type { Prompt } from '../../../src/core/ivr/ask.js';
import type { Clock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';

export class FakePromptStore implements PromptStore {
  readonly kept: PromptRevision[] = [];
  readonly sounds = new Map<string, SoundBytes>();
  available = true;

  async newest(): Promise<number> {
    this.#check();
    return this.kept.at(-1)?.number ?? 0;
  }

  async inForce(): Promise<readonly PromptRevision[]> {
    this.#check();
    return [...new Map(this.kept.map((one) => [`${one.name} ${one.language}`, one])).values()];
  }

  async revisions(name: string, language: string): Promise<readonly PromptRevision[]> {
    this.#check();
    const own = this.kept.filter((one) => one.name === name && one.language === language);
    return own.reverse().slice(0, REVISIONS_KEPT);
  }

  async sound(hash: string): Promise<SoundBytes | undefined> {
    this.#check();
    return this.sounds.get(hash);
  }

  async save(change: PromptChange): Promise<PromptRevision> {
    this.#check();
    const { name, language, act, by, atMs, over } = change;
    const before = this.kept.findLast((one) => one.name === name && one.language === language);
    if (over !== undefined && over !== (before?.number ?? 0)) throw new HiloError('version-conflict', 'meanwhile');
    const number = (this.kept.at(-1)?.number ?? 0) + 1;
    const revision = { number, name, language, act, by, atMs, ...contentAfter(before, change) };
    if (revision.sound !== undefined && change.bytes !== undefined) this.sounds.set(revision.sound.hash, change.bytes);
    this.kept.push(revision);
    return revision;
  }

  #check(): void {
    if (!this.available) throw new HiloError('store-unavailable', 'the database is away');
  }
}

export class FakeSoundFiles implements SoundFiles {
  readonly files = new Map<string, SoundBytes>();
  writable = true;

  async put(hash: string, bytes: SoundBytes): Promise<void> {
    if (!this.writable) throw new Error('no space left');
    this.files.set(hash, bytes);
  }

  pathOf(hash: string): string | undefined {
    return this.files.has(hash) ? `/kept/${hash}.wav` : undefined;
  }

  async keepOnly(hashes: ReadonlySet<string>): Promise<void> {
    for (const hash of this.files.keys()) if (!hashes.has(hash)) this.files.delete(hash);
  }
}

/** A catalogue on them, and speech that is the bytes of its text; nobody speaks `xx`. */
export function fakePrompts(clock: Clock) {
  const promptStore = new FakePromptStore();
  const files = new FakeSoundFiles();
  const prompts = new PromptCatalogue({
    ...{ store: promptStore, clock, log: silentLog },
    files,
    made: { spoken: async (text) => text, recorded: () => undefined },
    pause: () => Promise.resolve(),
  });
  const speech = async (text: string, language: string): Promise<Uint8Array> => {
    if (language === 'xx') throw new Error('no voice');
    return Buffer.from(text);
  };
  const heard = async (prompt: Prompt): Promise<Uint8Array | undefined> => {
    const said = saidOf(prompt, prompts);
    if (said?.kind === 'spoken') return speech(said.text, said.language);
    return [...files.files].find(([hash]) => files.pathOf(hash) === said?.path)?.[1].wide;
  };
  return { prompts, promptStore, speech, heard, isHeard: prompts.isHeard.bind(prompts) };
}

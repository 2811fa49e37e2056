// The prompts of the centre as people keep them: recorded or written for each language, changed while callers hear them.
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { HiloError } from '../errors.js';
import type { Prompts } from '../texts.js';
import { type Converted, converted } from './conversion.js';
import type {
  PromptChange,
  PromptContent,
  PromptRevision,
  PromptStore,
  PromptText,
  SoundBytes,
} from './prompt-store.js';
import { voicesOf } from './voices.js';

/** Another node may have changed one: so long it takes at most until all of them know. */
export const REFRESH_MS = 2_000;
export const PROMPTS_MAX = 500;
export const TEXT_CHARS_MAX = 2_000;
/** Sounds being converted or waiting for it; more are refused. */
export const CONVERSIONS_MAX = 4;

/** Sounds as files that the media server reads; named by their content, so that none ever changes under a caller's ear. */
export interface SoundFiles {
  /** Both rates, whole or not at all. */
  put(hash: string, bytes: SoundBytes): Promise<void>;
  /** Path to play; undefined when it is not there. */
  pathOf(hash: string): string | undefined;
  /** Others are deleted. */
  keepOnly(hashes: ReadonlySet<string>): Promise<void>;
}

export interface PromptCataloguePorts {
  readonly store: PromptStore;
  readonly files: SoundFiles;
  /** What is made of texts, and recordings that somebody laid into the folder. */
  readonly made: Pick<Prompts, 'spoken' | 'recorded'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Lets other work go on. */
  readonly pause: () => Promise<void>;
}

export class PromptCatalogue implements Prompts {
  readonly #ports: PromptCataloguePorts;
  readonly #listeners = new Set<() => void>();
  /** By name and language; also those that were removed. */
  #inForce: ReadonlyMap<string, PromptRevision> = new Map();
  #newest = 0;
  #refreshing: Promise<void> = Promise.resolve();
  #converting: Promise<unknown> = Promise.resolve();
  #conversions = 0;
  #timer: Timer | undefined;
  #closed = false;

  constructor(ports: PromptCataloguePorts) {
    this.#ports = ports;
  }

  /** Never rejects: callers hear the texts until the sounds are there. */
  async start(): Promise<void> {
    await this.#look();
    try {
      await this.#ports.files.keepOnly(new Set([...this.#inForce.values()].flatMap(({ sound }) => sound?.hash ?? [])));
    } catch (error) {
      this.#ports.log.warn({ err: error }, 'old sounds cannot be deleted');
    }
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  spoken(text: string, language: string, voice?: string): Promise<string> {
    return this.#ports.made.spoken(text, language, voice);
  }

  recorded(name: string, language: string): string | undefined {
    const hash = this.one(name, language)?.sound?.hash;
    const kept = hash === undefined ? undefined : this.#ports.files.pathOf(hash);
    // Somebody deleted the file: it is fetched again at the next look.
    if (hash !== undefined && kept === undefined) this.#newest = 0;
    return kept ?? this.#ports.made.recorded(name, language);
  }

  text(name: string, language: string): PromptText | undefined {
    return this.one(name, language)?.text;
  }

  /** Whether callers of that language hear something without any text beside it in the flow. */
  isHeard(name: string, language: string): boolean {
    const { text, sound } = this.one(name, language) ?? {};
    return text !== undefined || sound !== undefined || this.#ports.made.recorded(name, language) !== undefined;
  }

  /** Laid into the folder by hand. */
  isInFolder(name: string, language: string): boolean {
    return this.#ports.made.recorded(name, language) !== undefined;
  }

  /** What is in force of a prompt in a language; undefined when nothing ever was. */
  one(name: string, language: string): PromptRevision | undefined {
    return this.#inForce.get(keyOf({ name, language }));
  }

  /** All that have a text or a sound. */
  all(): readonly PromptRevision[] {
    return [...this.#inForce.values()].filter(isSomething);
  }

  revisions(name: string, language: string): Promise<readonly PromptRevision[]> {
    return this.#ports.store.revisions(name, language);
  }

  /** Rejects with HiloError `not-found`. */
  async sound(hash: string): Promise<SoundBytes> {
    const bytes = await this.#ports.store.sound(hash);
    if (bytes === undefined) throw new HiloError('not-found', 'this sound is not kept any more');
    return bytes;
  }

  /** Rejects with HiloError `invalid-input`, `wrong-state` (too many prompts), `version-conflict`, `store-unavailable`. */
  async setText(place: Place, text: PromptText): Promise<PromptRevision> {
    const plain = text.text.normalize('NFC').trim();
    if (plain === '' || plain.length > TEXT_CHARS_MAX) {
      throw new HiloError('invalid-input', `text: 1 to ${TEXT_CHARS_MAX} characters`);
    }
    const liquid = /\{[{%]/.exec(plain);
    if (liquid !== null) {
      const where = `text, character ${liquid.index + 1}`;
      throw new HiloError(
        'invalid-input',
        `${where}: values are filled in by the texts of flows, not by those of prompts`,
      );
    }
    const voices = voicesOf(place.language);
    if (text.voice !== undefined && !voices.includes(text.voice)) {
      throw new HiloError('invalid-input', `voice: one of ${voices.join(', ')}`);
    }
    this.#checkRoom(place.name);
    return this.#save({ ...this.#changeOf(place, 'text-set'), text: { ...text, text: plain } });
  }

  /** Rejects as {@link setText}, and with `too-many-requests` while others are being converted. */
  async setSound(
    place: Place,
    file: Uint8Array,
  ): Promise<{ readonly revision: PromptRevision; readonly report: Converted }> {
    this.#checkRoom(place.name);
    const report = await this.#inTurn(() => converted(file, this.#ports.pause));
    const { sound, bytes } = report;
    return { revision: await this.#save({ ...this.#changeOf(place, 'sound-set'), sound, bytes }), report };
  }

  /** Rejects with HiloError `not-found` when there is none, `version-conflict`, `store-unavailable`. */
  async remove(place: Place, what: 'sound' | 'text'): Promise<PromptRevision> {
    if (this.one(place.name, place.language)?.[what] === undefined) {
      throw new HiloError('not-found', `${place.name} has no ${what} in ${place.language}`);
    }
    return this.#save({ ...this.#changeOf(place, `${what}-removed`), [what]: null });
  }

  /** In all languages. Rejects with HiloError `not-found`, `store-unavailable`. */
  async removeAll(name: string, by: string): Promise<void> {
    const languages = this.all().flatMap((one) => (one.name === name ? [one.language] : []));
    if (languages.length === 0) throw new HiloError('not-found', `there is no prompt ${name}`);
    for (const language of languages) {
      await this.#save({ ...this.#changeOf({ name, language, by }, 'removed'), text: null, sound: null });
    }
  }

  /** What was in force then is in force again, as a new revision. Rejects with HiloError `not-found`, `version-conflict`. */
  async rollBack(place: Place, number: number): Promise<PromptRevision> {
    const found = (await this.revisions(place.name, place.language)).find((one) => one.number === number);
    if (found === undefined) throw new HiloError('not-found', `revision ${number} is not kept`);
    const { text = null, sound = null } = found;
    this.#checkRoom(place.name);
    return this.#save({ ...this.#changeOf(place, 'rolled-back'), text, sound });
  }

  snapshot(): object {
    return { prompts: this.all().length, newest: this.#newest, conversions: this.#conversions };
  }

  #changeOf({ name, language, by, over }: Place, act: PromptChange['act']): PromptChange {
    const atMs = this.#ports.clock.nowMs();
    return { ...{ name, language, by, act, atMs }, ...(over === undefined ? {} : { over }) };
  }

  #checkRoom(name: string): void {
    const names = new Set(this.all().map((one) => one.name));
    if (names.has(name) || names.size < PROMPTS_MAX) return;
    throw new HiloError('wrong-state', `there are ${PROMPTS_MAX} prompts, which is the most there may be: remove one`);
  }

  /** In force on this node when it resolves. */
  async #save(change: PromptChange): Promise<PromptRevision> {
    const { store, log } = this.#ports;
    const revision = await store.save(change);
    const { name, language, act, by, number } = revision;
    log.info({ prompt: name, language, act, by, revision: number }, 'prompt changed');
    await this.#refresh();
    return revision;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#conversions >= CONVERSIONS_MAX) {
      throw new HiloError('too-many-requests', 'other sounds are being converted: try again in a moment');
    }
    this.#conversions += 1;
    const turn = this.#converting.then(work);
    // Whatever came of it: who asked is told, the next one is not concerned.
    this.#converting = Promise.allSettled([turn]);
    try {
      return await turn;
    } finally {
      this.#conversions -= 1;
    }
  }

  async #look(): Promise<void> {
    await this.#refresh();
    if (!this.#closed) this.#timer = this.#ports.clock.after(REFRESH_MS, () => void this.#look());
  }

  #refresh(): Promise<void> {
    this.#refreshing = this.#refreshing
      .then(() => this.#takeOver())
      .catch((error: unknown) => this.#ports.log.warn({ err: error }, 'prompts cannot be read; those known stay'));
    return this.#refreshing;
  }

  /** Sounds are there as files before anybody is told to play them. */
  async #takeOver(): Promise<void> {
    const { store, files, log } = this.#ports;
    const newest = await store.newest();
    if (newest === this.#newest) return;
    const next = new Map<string, PromptRevision>();
    let isWhole = true;
    for (const one of await store.inForce()) {
      const { name, language, sound } = one;
      const isThere = sound === undefined || files.pathOf(sound.hash) !== undefined || (await this.#fetch(sound.hash));
      const before = this.#inForce.get(keyOf(one));
      if (isThere) next.set(keyOf(one), one);
      else {
        isWhole = false;
        log.error(
          { prompt: name, language, sound: sound.hash },
          'a sound is missing: callers hear what they heard before',
        );
        if (before !== undefined) next.set(keyOf(one), before);
      }
    }
    this.#inForce = next;
    // Else it is tried again at the next look.
    if (isWhole) this.#newest = newest;
    for (const listener of this.#listeners) listener();
  }

  async #fetch(hash: string): Promise<boolean> {
    const { store, files, log } = this.#ports;
    try {
      const bytes = await store.sound(hash);
      if (bytes === undefined) return false;
      await files.put(hash, bytes);
      return true;
    } catch (error) {
      log.error({ err: error, sound: hash }, 'a sound cannot be written');
      return false;
    }
  }
}

/** Which prompt somebody changes, and what they saw of it. */
export interface Place {
  readonly name: string;
  readonly language: string;
  readonly by: string;
  readonly over?: number;
}

function keyOf({ name, language }: Pick<PromptRevision, 'name' | 'language'>): string {
  return `${language}/${name}`;
}

function isSomething({ text, sound }: PromptContent): boolean {
  return text !== undefined || sound !== undefined;
}

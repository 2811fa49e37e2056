// The prompts of the centre as WAV files: recorded ones win, spoken ones are made once and kept under their content hash.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isLanguage, voiceOf } from '../../app/prompts/voices.js';
import type { Prompts } from '../../app/texts.js';
import { levelled } from '../../core/sound/level.js';
import { resample } from '../../core/sound/resampling.js';
import { NARROW_RATE, type Sound } from '../../core/sound/sound.js';
import { readWav } from '../../core/sound/wav-reading.js';
import { writeWav } from '../../core/sound/wav-writing.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { asError } from '../drachtio/deadline.js';
import { SpeechMissing, type Synthesise } from './speech.js';

export interface PromptCacheOptions {
  /** `<language>/<name>.wav`: recordings, made by people. */
  readonly recordedFolder: string;
  /** Spoken prompts; the media server reads it too. */
  readonly spokenFolder: string;
  readonly synthesise: Synthesise;
  readonly ids: Ids;
  readonly log: Log;
}

/** Changes when the sound of a text changes, so that old files are not used any more. */
const FORMAT = 'espeak-ng 155 wpm, 8 kHz, -19 dBFS, 2';
export const MAX_TEXT_LENGTH = 2000;
/** Synthesis uses a core for about 50 ms: the calls come first. */
export const MAX_PARALLEL = 2;
/** Texts waiting to be spoken; beyond this the caller hears the tone. */
export const MAX_WAITING = 200;

export class PromptCache implements Pick<Prompts, 'spoken' | 'recorded'> {
  readonly #options: PromptCacheOptions;
  /** What is made or being made, by content hash. */
  readonly #spoken = new Map<string, Promise<string>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #speechMissing = false;

  constructor(options: PromptCacheOptions) {
    this.#options = {
      ...options,
      recordedFolder: resolve(options.recordedFolder),
      spokenFolder: resolve(options.spokenFolder),
    };
  }

  /** Never fails for want of speech: without it the path is that of a tone, so that calls go on. */
  async spoken(text: string, language: string, voice = voiceOf(language)): Promise<string> {
    const plain = plainText(text);
    const hash = createHash('sha256').update(`${FORMAT}\n${voice}\n${plain}`).digest('hex').slice(0, 40);
    let made = this.#spoken.get(hash);
    if (made === undefined) {
      made = this.#file(hash, plain, voice);
      this.#spoken.set(hash, made);
    }
    try {
      return await made;
    } catch (error) {
      // Another try next time.
      this.#spoken.delete(hash);
      this.#complain(error);
      return this.#tone();
    }
  }

  /** The same to listen to, not kept. Rejects with {@link SpeechMissing}, or as the synthesiser does. */
  async preview(text: string, language: string, voice = voiceOf(language)): Promise<Uint8Array> {
    return this.#made(plainText(text), voice);
  }

  /** undefined also for names that are no plain names: they come from flow files. */
  recorded(name: string, language: string): string | undefined {
    if (!isLanguage(language) || !/^[A-Za-z0-9_-]{1,64}(\/[A-Za-z0-9_-]{1,64}){0,3}$/.test(name)) return undefined;
    const path = join(this.#options.recordedFolder, language, `${name}.wav`);
    return existsSync(path) ? path : undefined;
  }

  snapshot(): object {
    return { known: this.#spoken.size, running: this.#running, waiting: this.#waiting.length };
  }

  async #tone(): Promise<string> {
    const path = this.#pathOf('tone');
    try {
      return (await exists(path)) ? path : await this.#write('tone', writeWav(beeps(2)));
    } catch (error) {
      // The call goes on in silence.
      this.#options.log.error({ reason: asError(error).message }, 'prompts cannot be written');
      return path;
    }
  }

  async #file(hash: string, text: string, voice: string): Promise<string> {
    const path = this.#pathOf(hash);
    if (await exists(path)) return path;
    if (this.#speechMissing) throw new SpeechMissing('espeak-ng is missing');
    return this.#write(hash, await this.#made(text, voice));
  }

  async #made(text: string, voice: string): Promise<Uint8Array> {
    await this.#turn();
    try {
      const wav = await this.#options.synthesise(text, voice);
      return writeWav(levelled(resample(readWav(wav), NARROW_RATE)).sound);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < MAX_PARALLEL) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= MAX_WAITING) throw new Error('too many texts wait to be spoken');
    await new Promise<void>((go) => this.#waiting.push(go));
  }

  /** Whole or not at all: the media server may look at any time. */
  async #write(name: string, wav: Uint8Array): Promise<string> {
    const path = this.#pathOf(name);
    const draft = `${path}.${this.#options.ids.token(6)}`;
    await mkdir(this.#options.spokenFolder, { recursive: true });
    try {
      await writeFile(draft, wav);
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    return path;
  }

  #pathOf(name: string): string {
    return join(this.#options.spokenFolder, `${name}.wav`);
  }

  #complain(error: unknown): void {
    const missing = error instanceof SpeechMissing;
    if (missing && this.#speechMissing) return;
    this.#speechMissing ||= missing;
    this.#options.log.error({ reason: asError(error).message }, 'a prompt cannot be spoken, callers hear a tone');
  }
}

function plainText(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim().slice(0, MAX_TEXT_LENGTH);
}

/** `count` short tones: what is heard in place of a prompt that could not be made. */
export function beeps(count: number): Sound {
  const toneLength = NARROW_RATE * 0.2;
  const samples = new Float32Array(count * toneLength * 2);
  for (let at = 0; at < samples.length; at++) {
    const inTone = at % (toneLength * 2) < toneLength;
    samples[at] = inTone ? 0.2 * Math.sin((2 * Math.PI * 660 * at) / NARROW_RATE) : 0;
  }
  return { rate: NARROW_RATE, samples };
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

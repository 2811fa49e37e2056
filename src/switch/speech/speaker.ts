// Speech by espeak-ng as a child process: each text is spoken once and kept as a WAV under the hash of what was asked for.
import { createHash } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outputOf } from '../../lib/background-program.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';

const LIMIT_MS = 10_000;
/** About 95 s at 22 050 Hz. */
const OUTPUT_BYTES_MAX = 4 * 1_024 * 1_024;
export const TEXT_LENGTH_MAX = 2_000;
/** Children at a time; further texts wait. */
const CHILDREN_MAX = 2;
/** Texts that wait; more are refused. */
export const WAITING_MAX = 100;
/** Words per minute: a little slower than espeak-ng's 175, for telephone ears. */
const SPEED = '155';
const VOICE = /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}(\+[a-z0-9]{1,8})?$/i;

export interface SpeakerOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** For tests. */
  readonly program?: string;
}

export class Speaker {
  readonly #options: SpeakerOptions;
  readonly #making = new Map<string, Promise<string | undefined>>();
  readonly #waiting: (() => void)[] = [];
  #children = 0;

  constructor(options: SpeakerOptions) {
    this.#options = options;
  }

  /**
   * Path of a WAV that says `text`. `voice` is one of espeak-ng (`es`, `en-us`, `es+f2`), else that of `language`.
   * Undefined, with a line in the log, when it cannot be made.
   */
  async speak(text: string, voice: string, language: string): Promise<string | undefined> {
    const spoken = text.trim();
    if (spoken === '' || spoken.length > TEXT_LENGTH_MAX) return undefined;
    const name = [voice, language, 'en'].find((one) => VOICE.test(one)) ?? 'en';
    const hash = createHash('sha256').update(`${name}\0${SPEED}\0${spoken}`).digest('hex').slice(0, 32);
    const path = join(this.#options.folder, `${hash}.wav`);
    const underWay = this.#making.get(path);
    if (underWay !== undefined) return underWay;
    const making = this.#make(path, spoken, name).finally(() => this.#making.delete(path));
    this.#making.set(path, making);
    return making;
  }

  async #make(path: string, text: string, voice: string): Promise<string | undefined> {
    const { folder, log } = this.#options;
    try {
      await access(path);
      return path;
    } catch {
      log.debug({ path }, 'speech: a new text');
    }
    try {
      const wav = await this.#inTurn(() => this.#synthesise(text, voice));
      await mkdir(folder, { recursive: true });
      // Whole or not at all, also when two processes speak the same text.
      await writeFile(`${path}.${process.pid}`, wav);
      await rename(`${path}.${process.pid}`, path);
      return path;
    } catch (error) {
      log.warn({ voice, error: String(error) }, 'speech: the text cannot be spoken');
      return undefined;
    }
  }

  async #inTurn(work: () => Promise<Buffer>): Promise<Buffer> {
    if (this.#children >= CHILDREN_MAX) {
      if (this.#waiting.length >= WAITING_MAX) throw new Error('too many texts wait to be spoken');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#children++;
    try {
      return await work();
    } finally {
      // The place goes to who waits, before anybody else sees it free.
      const next = this.#waiting.shift();
      if (next === undefined) this.#children--;
      else next();
    }
  }

  #synthesise(text: string, voice: string): Promise<Buffer> {
    const { clock, program = 'espeak-ng' } = this.#options;
    const limits = { clock, limitMs: LIMIT_MS, maxBytes: OUTPUT_BYTES_MAX };
    return outputOf(program, ['-v', voice, '-s', SPEED, '-b', '1', '--stdin', '--stdout'], text, limits);
  }
}

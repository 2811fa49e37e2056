// What is played to a leg as one sound: files one after the other, which may be stopped before they have begun.
import { mediaPath } from '../drachtio/plain-text.js';
import type { Mouth, Sound } from './mouth.js';

/** No prompt list is longer than this. */
const PLAY_LIMIT_MS = 15 * 60_000;

/** Files played one after the other, in place of what was heard before; none: silence. May be stopped before it has begun. */
export class Prompt {
  readonly over: Promise<'finished' | 'stopped' | 'failed'>;
  readonly #stopSound: (sound: Sound) => void;
  #unwanted = false;
  #sound: Sound | undefined;

  constructor(mouth: Mouth, paths: readonly string[], stopSound: (sound: Sound) => void) {
    this.#stopSound = stopSound;
    this.over = this.#play(mouth, asOneSound(paths.map(mediaPath)));
    this.over.catch(() => undefined);
  }

  stop(): void {
    this.#unwanted = true;
    if (this.#sound !== undefined) this.#stopSound(this.#sound);
  }

  async #play(mouth: Mouth, files: string): Promise<'finished' | 'stopped' | 'failed'> {
    if (files === '') {
      await mouth.stop();
      return 'finished';
    }
    this.#sound = await mouth.begin('playback', files, PLAY_LIMIT_MS);
    if (this.#unwanted) this.#stopSound(this.#sound);
    return (await this.#sound.over).outcome;
  }
}

/** A list that one break ends as a whole: with the variable playback_delimiter FreeSWITCH would go on with the next file. */
function asOneSound(files: readonly string[]): string {
  return files.length > 1 ? `file_string://${files.join('!')}` : (files[0] ?? '');
}

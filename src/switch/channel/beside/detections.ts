// Owns what is listened for on a channel: tones of tone_detect, keys in the audio of start_dtmf.
import type { Detection } from '../../media/audio/tone-detector.js';
import type { MediaLeg } from '../../media/media-leg.js';

/** Most tones looked for at a time. */
export const TONES_MAX = 16;

export class Detections {
  readonly #leg: MediaLeg;
  readonly #tones = new Map<string, { readonly detection: Detection; readonly heard: () => void }>();
  #key: ((key: string) => void) | undefined;

  constructor(leg: MediaLeg) {
    this.#leg = leg;
    leg.onDetected(({ kind, name }) => {
      if (kind === 'key') this.#key?.(name);
      else this.#tones.get(name)?.heard();
    });
  }

  get names(): readonly string[] {
    return [...this.#tones.keys(), ...(this.#key === undefined ? [] : ['keys'])];
  }

  /** `heard` is called at each time the tone begins. False: too many. */
  tone(name: string, frequencies: readonly number[], ms: number, heard: () => void): boolean {
    if (this.#tones.size >= TONES_MAX && !this.#tones.has(name)) return false;
    this.#tones.set(name, { detection: { kind: 'tone', name, frequencies, ms }, heard });
    this.#tell();
    return true;
  }

  /** One tone, or all. */
  forget(name?: string): void {
    if (name === undefined) this.#tones.clear();
    else this.#tones.delete(name);
    this.#tell();
  }

  /** Keys in the audio are given to `pressed` from now on; undefined: no longer. */
  keys(pressed: ((key: string) => void) | undefined): void {
    this.#key = pressed;
    this.#tell();
  }

  #tell(): void {
    const detects: Detection[] = [...this.#tones.values()].map(({ detection }) => detection);
    if (this.#key !== undefined) detects.push({ kind: 'keys' });
    this.#leg.process({ detects: detects.length === 0 ? undefined : detects });
  }
}

// Owns what is listened for on a channel: tones of tone_detect, keys in the audio of start_dtmf.
import type { Detection } from '../../media/audio/tone-detector.js';
import type { MediaLeg } from '../../media/media-leg.js';

/** Most tones looked for at a time. */
export const TONES_MAX = 16;

/** `read`: in what the party says; `write`: in what it hears. */
export type Side = 'read' | 'write';

interface Tone {
  readonly side: Side;
  readonly detection: Detection;
  readonly heard: () => void;
}

export class Detections {
  readonly #leg: MediaLeg;
  readonly #tones = new Map<string, Tone>();
  #key: ((key: string) => void) | undefined;

  constructor(leg: MediaLeg) {
    this.#leg = leg;
    leg.onDetected(({ kind, name }) => {
      if (kind === 'key') this.#key?.(name);
      else this.#heard(name);
    });
  }

  get names(): readonly string[] {
    return [...this.#tones.keys(), ...(this.#key === undefined ? [] : ['keys'])];
  }

  /** `heard` is called once, and then it is looked for no longer, as in FreeSWITCH. False: too many. */
  tone(name: string, side: Side, tone: { frequencies: readonly number[]; ms: number }, heard: () => void): boolean {
    if (this.#tones.size >= TONES_MAX && !this.#tones.has(name)) return false;
    this.#tones.set(name, { side, detection: { kind: 'tone', name, ...tone }, heard });
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

  #heard(name: string): void {
    const tone = this.#tones.get(name);
    this.forget(name);
    tone?.heard();
  }

  #tell(): void {
    const of = (side: Side): Detection[] =>
      [...this.#tones.values()].flatMap((tone) => (tone.side === side ? tone.detection : []));
    const said = of('read');
    if (this.#key !== undefined) said.push({ kind: 'keys' });
    this.#leg.process({ detects: said.length === 0 ? undefined : said });
    this.#leg.listenFor(of('write'));
  }
}

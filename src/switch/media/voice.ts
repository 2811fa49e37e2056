// The things a leg plays, frame by frame: prompts in memory, long files, silence, shared music, and lists of them.
import { FRAME_SAMPLES, type G711, silenceByte } from '../rtp/g711.js';

export interface Voice {
  readonly law: G711;
  /** Position in the current source, in samples. */
  readonly offset: number;
  /**
   * Writes up to `count` code words into `out` from `at` on, for frame number `frame`; returns how many. Fewer than `count`
   * means that the voice has ended.
   */
  fill(out: Buffer, at: number, count: number, frame: number): number;
  close(): void;
}

/** Code words in memory, `loops` times (-1 = for ever). */
export class PromptVoice implements Voice {
  readonly law: G711;
  offset: number;
  readonly #codes: Buffer;
  #loops: number;

  constructor(codes: Buffer, law: G711, options: { readonly start: number; readonly loops: number }) {
    this.law = law;
    this.#codes = codes;
    this.offset = Math.min(options.start, codes.length);
    this.#loops = codes.length === 0 ? 1 : options.loops;
  }

  fill(out: Buffer, at: number, count: number): number {
    let written = 0;
    while (written < count) {
      if (this.offset >= this.#codes.length) {
        if (this.#loops === 1) break;
        if (this.#loops > 0) this.#loops--;
        this.offset = 0;
      }
      const piece = Math.min(count - written, this.#codes.length - this.offset);
      this.#codes.copy(out, at + written, this.offset, this.offset + piece);
      this.offset += piece;
      written += piece;
    }
    return written;
  }

  close(): void {
    this.#loops = 1;
    this.offset = this.#codes.length;
  }
}

export class SilenceVoice implements Voice {
  readonly law: G711;
  offset = 0;
  readonly #samples: number;

  /** `samples` -1 = endless. */
  constructor(law: G711, samples: number) {
    this.law = law;
    this.#samples = samples < 0 ? Number.POSITIVE_INFINITY : samples;
  }

  fill(out: Buffer, at: number, count: number): number {
    const piece = Math.min(count, this.#samples - this.offset);
    out.fill(silenceByte(this.law), at, at + piece);
    this.offset += piece;
    return piece;
  }

  close(): void {
    this.offset = this.#samples;
  }
}

/** Endless music whose position follows from the frame number: everybody hears the same moment. */
export class MusicVoice implements Voice {
  readonly law: G711;
  offset = 0;
  readonly #codes: Buffer;

  /** `codes` is a whole number of frames, at least one. */
  constructor(codes: Buffer, law: G711) {
    this.law = law;
    this.#codes = codes;
  }

  fill(out: Buffer, at: number, count: number, frame: number): number {
    const start = (frame % (this.#codes.length / FRAME_SAMPLES)) * FRAME_SAMPLES;
    this.#codes.copy(out, at, start, start + count);
    this.offset = start + count;
    return count;
  }

  close(): void {
    return;
  }
}

/** One voice after the other; the list itself `loops` times (-1 = for ever), its voices made anew by `make`. */
export class ListVoice implements Voice {
  readonly law: G711;
  readonly #make: () => readonly Voice[];
  #voices: readonly Voice[];
  #index = 0;
  #loops: number;
  /** Samples of this pass: an endless list of empty files ends. */
  #passSamples = 0;

  constructor(law: G711, loops: number, make: () => readonly Voice[]) {
    this.law = law;
    this.#make = make;
    this.#voices = make();
    this.#loops = loops;
  }

  get offset(): number {
    return (this.#voices[this.#index] ?? this.#voices.at(-1))?.offset ?? 0;
  }

  fill(out: Buffer, at: number, count: number, frame: number): number {
    let written = 0;
    while (written < count) {
      const voice = this.#voices[this.#index];
      if (voice === undefined) {
        if (!this.#startAgain()) break;
        continue;
      }
      const piece = voice.fill(out, at + written, count - written, frame);
      written += piece;
      this.#passSamples += piece;
      if (written < count) this.#index++;
    }
    return written;
  }

  close(): void {
    this.#loops = 1;
    for (const voice of this.#voices) voice.close();
  }

  #startAgain(): boolean {
    if (this.#loops === 1 || this.#passSamples === 0) return false;
    if (this.#loops > 0) this.#loops--;
    this.#voices = this.#make();
    this.#index = 0;
    this.#passSamples = 0;
    return true;
  }
}

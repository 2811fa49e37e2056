// The things a leg plays, frame by frame: prompts in memory, long files, silence, shared music, and lists of them.
import { FRAME_SAMPLES, type G711, silenceByte } from '../../rtp/g711.js';
import type { AudioStretch } from '../path/offload.js';

export interface Voice {
  readonly law: G711;
  /** Position in the current source, in samples. */
  readonly offset: number;
  /** Samples still to come; Infinity when it has no end. */
  readonly left: number;
  /**
   * Writes up to `count` code words into `out` from `at` on, for frame number `frame`; returns how many. Fewer than `count`
   * means that the voice has ended.
   */
  fill(out: Buffer, at: number, count: number, frame: number): number;
  /** What comes next and can be played by who knows nothing of voices; absent or undefined when it is not that simple. */
  ahead?(): AudioStretch | undefined;
  /** `samples` of {@link ahead} have been played, the last ones in `frame`. */
  advance?(samples: number, frame: number): void;
  /** Starts again from its beginning. */
  rewind(): void;
  /** Goes on at this sample of its source. Absent: it has no places. */
  seek?(sample: number): void;
  /** Frees what it holds; it is not used afterwards. */
  close(): void;
}

/** Code words in memory, `loops` times (-1 = for ever). */
export class PromptVoice implements Voice {
  readonly law: G711;
  offset: number;
  readonly #codes: Buffer;
  readonly #start: number;
  readonly #loops: number;
  #loop = 1;

  constructor(codes: Buffer, law: G711, options: { readonly start: number; readonly loops: number }) {
    this.law = law;
    this.#codes = codes;
    this.#start = Math.min(options.start, codes.length);
    this.#loops = codes.length === 0 ? 1 : options.loops;
    this.offset = this.#start;
  }

  get left(): number {
    if (this.#loops < 0) return Number.POSITIVE_INFINITY;
    return this.#codes.length * (this.#loops - this.#loop + 1) - this.offset;
  }

  fill(out: Buffer, at: number, count: number): number {
    let written = 0;
    while (written < count) {
      if (this.offset >= this.#codes.length) {
        if (this.#loop === this.#loops) break;
        this.#loop++;
        this.offset = 0;
      }
      const piece = Math.min(count - written, this.#codes.length - this.offset);
      this.#codes.copy(out, at + written, this.offset, this.offset + piece);
      this.offset += piece;
      written += piece;
    }
    return written;
  }

  ahead(): AudioStretch {
    return { codes: this.#codes, law: this.law, shared: false, offset: this.offset, end: this.#codes.length };
  }

  advance(samples: number): void {
    this.offset += samples;
  }

  rewind(): void {
    this.offset = this.#start;
    this.#loop = 1;
  }

  seek(sample: number): void {
    this.offset = Math.min(sample, this.#codes.length);
  }

  close(): void {
    return;
  }
}

/** Endless silence is handed out by the minute. */
const SILENCE_AHEAD_SAMPLES = 60 * 8_000;

export class SilenceVoice implements Voice {
  readonly law: G711;
  offset = 0;
  readonly #samples: number;

  /** `samples` -1 = endless. */
  constructor(law: G711, samples: number) {
    this.law = law;
    this.#samples = samples < 0 ? Number.POSITIVE_INFINITY : samples;
  }

  get left(): number {
    return this.#samples - this.offset;
  }

  fill(out: Buffer, at: number, count: number): number {
    const piece = Math.min(count, this.#samples - this.offset);
    out.fill(silenceByte(this.law), at, at + piece);
    this.offset += piece;
    return piece;
  }

  ahead(): AudioStretch {
    const end = Math.min(this.#samples, SILENCE_AHEAD_SAMPLES + this.offset);
    return { law: this.law, shared: false, offset: this.offset, end };
  }

  advance(samples: number): void {
    this.offset += samples;
  }

  rewind(): void {
    this.offset = 0;
  }

  close(): void {
    return;
  }
}

/** Endless music whose position follows from the frame number: everybody hears the same moment. */
export class MusicVoice implements Voice {
  readonly law: G711;
  readonly left = Number.POSITIVE_INFINITY;
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

  ahead(): AudioStretch {
    return { codes: this.#codes, law: this.law, shared: true, offset: 0, end: this.#codes.length };
  }

  advance(_samples: number, frame: number): void {
    this.offset = (frame % (this.#codes.length / FRAME_SAMPLES)) * FRAME_SAMPLES + FRAME_SAMPLES;
  }

  rewind(): void {
    return;
  }

  close(): void {
    return;
  }
}

/** One voice after the other; the list itself `loops` times (-1 = for ever). Owns its voices. */
export class ListVoice implements Voice {
  readonly law: G711;
  readonly #voices: readonly Voice[];
  readonly #loops: number;
  #loop = 1;
  #index = 0;
  /** Samples of this pass: an endless list of empty files ends. */
  #passSamples = 0;

  constructor(voices: readonly Voice[], law: G711, loops: number) {
    this.law = law;
    this.#voices = voices;
    this.#loops = loops;
  }

  get offset(): number {
    return (this.#voices[this.#index] ?? this.#voices.at(-1))?.offset ?? 0;
  }

  /** Of this pass: how long the next ones are is known only when they are played. */
  get left(): number {
    return this.#voices.slice(this.#index).reduce((sum, voice) => sum + voice.left, 0);
  }

  fill(out: Buffer, at: number, count: number, frame: number): number {
    let written = 0;
    while (written < count) {
      const voice = this.#voices[this.#index];
      if (voice === undefined) {
        if (this.#loop === this.#loops || this.#passSamples === 0) break;
        this.#loop++;
        this.#startPass();
        continue;
      }
      const piece = voice.fill(out, at + written, count - written, frame);
      written += piece;
      this.#passSamples += piece;
      if (written < count) this.#index++;
    }
    return written;
  }

  ahead(): AudioStretch | undefined {
    return this.#voices[this.#index]?.ahead?.();
  }

  advance(samples: number, frame: number): void {
    this.#voices[this.#index]?.advance?.(samples, frame);
    this.#passSamples += samples;
  }

  rewind(): void {
    this.#loop = 1;
    this.#startPass();
  }

  close(): void {
    for (const voice of this.#voices) voice.close();
  }

  #startPass(): void {
    this.#index = 0;
    this.#passSamples = 0;
    for (const voice of this.#voices) voice.rewind();
  }
}

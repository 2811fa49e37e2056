// A file too long for memory, read ahead while it plays.
import { encode, type G711, silenceByte } from '../../rtp/g711.js';
import type { Voice } from './voice.js';
import type { WavReader } from './wav-reader.js';

/** Read on when less than this is left: two seconds, many times what a disk needs. */
const LOW_WATER_SAMPLES = 16_000;

export class StreamVoice implements Voice {
  readonly law: G711;
  offset: number;
  readonly #reader: WavReader;
  readonly #start: number;
  /** Where reading goes on. */
  #place: number;
  readonly #onError: (error: unknown) => void;
  #pieces: Buffer[] = [];
  /** Samples of the first piece that are used up, and samples waiting in all. */
  #used = 0;
  #waiting = 0;
  #reading: 'idle' | 'busy' | 'ended' | 'closed' = 'idle';
  /** Read again from the start, as soon as the read under way is over. */
  #rewound = false;

  /** Owns the reader from now on. */
  constructor(reader: WavReader, law: G711, start: number, onError: (error: unknown) => void) {
    this.#reader = reader;
    this.law = law;
    this.#start = Math.min(start, reader.samples);
    this.#place = this.#start;
    this.offset = this.#start;
    this.#onError = onError;
    reader.seek(this.offset);
  }

  get left(): number {
    return this.#reader.samples - this.offset;
  }

  /** Reads the first piece; to be awaited before the first frame. */
  async prepare(): Promise<void> {
    await this.#readOn();
  }

  fill(out: Buffer, at: number, count: number): number {
    const written = this.#takePieces(out, at, count);
    this.#waiting -= written;
    this.offset += written;
    if (this.#waiting < LOW_WATER_SAMPLES && this.#reading === 'idle') void this.#readOn();
    if (written === count || this.#reading === 'ended' || this.#reading === 'closed') return written;
    // The disk is too slow: silence for the time being.
    out.fill(silenceByte(this.law), at + written, at + count);
    return count;
  }

  seek(sample: number): void {
    this.#goTo(Math.min(sample, this.#reader.samples));
  }

  rewind(): void {
    this.#goTo(this.#start);
  }

  #goTo(sample: number): void {
    if (this.#reading === 'closed') return;
    this.#place = sample;
    this.#pieces = [];
    this.#used = 0;
    this.#waiting = 0;
    this.offset = sample;
    this.#rewound = true;
    if (this.#reading !== 'busy') void this.#readOn();
  }

  close(): void {
    const before = this.#reading;
    this.#reading = 'closed';
    this.#pieces = [];
    if (before === 'idle' || before === 'ended') this.#release();
  }

  #takePieces(out: Buffer, at: number, count: number): number {
    let written = 0;
    for (let piece = this.#pieces[0]; piece !== undefined && written < count; piece = this.#pieces[0]) {
      const size = Math.min(count - written, piece.length - this.#used);
      piece.copy(out, at + written, this.#used, this.#used + size);
      written += size;
      this.#used += size;
      if (this.#used === piece.length) {
        this.#pieces.shift();
        this.#used = 0;
      }
    }
    return written;
  }

  async #readOn(): Promise<void> {
    this.#reading = 'busy';
    const samples = await this.#readPiece();
    // The state may have changed while the disk was busy.
    if (this.#state() === 'closed') this.#release();
    else if (this.#rewound) await this.#readOn();
    else if (samples === undefined) this.#reading = 'ended';
    else {
      if (samples.length > 0) this.#pieces.push(encode(samples, this.law));
      this.#waiting += samples.length;
      this.#reading = 'idle';
    }
  }

  async #readPiece(): Promise<Int16Array | undefined> {
    if (this.#rewound) this.#reader.seek(this.#place);
    this.#rewound = false;
    try {
      return await this.#reader.read();
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }

  #state(): string {
    return this.#reading;
  }

  #release(): void {
    this.#reader.close().catch(this.#onError);
  }
}

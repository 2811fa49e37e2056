// A file too long for memory, read ahead while it plays.
import { encode, type G711, silenceByte } from '../rtp/g711.js';
import type { WavReader } from './audio/wav-reader.js';
import type { Voice } from './voice.js';

/** Read on when less than this is left: two seconds, many times what a disk needs. */
const LOW_WATER_SAMPLES = 16_000;

export class StreamVoice implements Voice {
  readonly law: G711;
  offset: number;
  readonly #reader: WavReader;
  readonly #onError: (error: unknown) => void;
  #pieces: Buffer[] = [];
  /** Samples of the first piece that are used up, and samples waiting in all. */
  #used = 0;
  #waiting = 0;
  #reading: 'idle' | 'busy' | 'ended' = 'idle';

  /** Owns the reader from now on. */
  constructor(reader: WavReader, law: G711, start: number, onError: (error: unknown) => void) {
    this.#reader = reader;
    this.law = law;
    this.offset = Math.min(start, reader.samples);
    this.#onError = onError;
    reader.seek(this.offset);
  }

  /** Reads the first piece; to be awaited before the first frame. */
  async prepare(): Promise<void> {
    await this.#readOn();
  }

  fill(out: Buffer, at: number, count: number): number {
    let written = 0;
    while (written < count) {
      const piece = this.#pieces[0];
      if (piece === undefined) break;
      const size = Math.min(count - written, piece.length - this.#used);
      piece.copy(out, at + written, this.#used, this.#used + size);
      written += size;
      this.#used += size;
      if (this.#used === piece.length) {
        this.#pieces.shift();
        this.#used = 0;
      }
    }
    this.#waiting -= written;
    this.offset += written;
    if (this.#waiting < LOW_WATER_SAMPLES && this.#reading === 'idle') void this.#readOn();
    if (written === count || this.#reading === 'ended') return written;
    // The disk is too slow: silence for the time being.
    out.fill(silenceByte(this.law), at + written, at + count);
    return count;
  }

  close(): void {
    const wasBusy = this.#reading === 'busy';
    if (this.#reading === 'ended') return;
    this.#reading = 'ended';
    this.#pieces = [];
    this.#waiting = 0;
    if (!wasBusy) this.#release();
  }

  async #readOn(): Promise<void> {
    this.#reading = 'busy';
    try {
      const samples = await this.#reader.read();
      if (this.#isClosed()) {
        this.#release();
        return;
      }
      if (samples === undefined) {
        this.#reading = 'ended';
        this.#release();
        return;
      }
      this.#reading = 'idle';
      if (samples.length > 0) this.#pieces.push(encode(samples, this.law));
      this.#waiting += samples.length;
    } catch (error) {
      this.#reading = 'ended';
      this.#release();
      this.#onError(error);
    }
  }

  /** Closed while a read was under way. */
  #isClosed(): boolean {
    return this.#reading === 'ended';
  }

  #release(): void {
    this.#reader.close().catch(this.#onError);
  }
}

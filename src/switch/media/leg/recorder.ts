// One recording of a leg: frames in, a WAV on disk that is complete up to the last second at any time.
import type { Clock } from '../../../lib/clock.js';
import { withTimeOut } from '../../../lib/time-out.js';
import { FRAME_MS, FRAME_SAMPLES, SAMPLE_RATE } from '../../rtp/g711.js';
import { createResampler, type Resampler } from '../audio/resampler.js';
import { createWav, type WavWriter } from '../audio/wav-writer.js';
import type { RecordingResult, RecordOptions } from '../media-leg.js';

/** Seconds of audio that may wait for a slow disk; then the recording fails. */
export const BACKLOG_SECONDS_MAX = 10;
/** The end of a call waits so long for its recordings. */
export const COMPLETE_TIMEOUT_MS = 3_000;

/** recording ──stop, limit, silence, failure──▶ ending ──last byte on disk──▶ (result) */
type State = { readonly state: 'recording' } | { readonly state: 'ending' };

// Shared by all recorders of the thread: used and left within one call.
const left = new Int16Array(FRAME_SAMPLES);
const right = new Int16Array(FRAME_SAMPLES);

export class Recorder {
  readonly #options: RecordOptions;
  readonly #clock: Clock;
  readonly #channels: 1 | 2;
  readonly #limitSamples: number;
  readonly #rate: number;
  /** To the rate of the file, one for each channel; none for 8 kHz. */
  readonly #resamplers: readonly Resampler[];
  /** Settles when the file is complete on disk; never rejects. */
  readonly done: Promise<RecordingResult>;
  #onEnd: (result: RecordingResult) => void = () => undefined;
  #state: State = { state: 'recording' };
  #hidden: { readonly pause: boolean; readonly mask: boolean } = { pause: false, mask: false };
  #samples = 0;
  #silentMs = 0;
  /** The second that is being filled. */
  #second: Buffer;
  #filled = 0;
  readonly #writer: Promise<WavWriter>;
  /** Appends, one after the other; seconds that wait in it. */
  #disk: Promise<void>;
  #waiting = 0;

  constructor(path: string, options: RecordOptions, clock: Clock) {
    this.#clock = clock;
    this.#options = options;
    this.#channels = options.channels === 'stereo' ? 2 : 1;
    this.#limitSamples = options.limitMs === undefined ? Number.POSITIVE_INFINITY : options.limitMs * 8;
    this.done = new Promise((resolve) => {
      this.#onEnd = resolve;
    });
    const { rate = SAMPLE_RATE, append = false, information = {} } = options;
    this.#rate = rate;
    const resamplers = [1, this.#channels === 2 ? 2 : 0].map((one) =>
      one ? createResampler(SAMPLE_RATE, rate) : undefined,
    );
    this.#resamplers = rate === SAMPLE_RATE ? [] : resamplers.filter((one) => one !== undefined);
    this.#second = this.#newSecond();
    this.#writer =
      resamplers[0] === undefined
        ? Promise.reject(new Error(`no recordings at ${rate} Hz`))
        : createWav(path, { channels: this.#channels, rate, append, information });
    this.#disk = this.#writer.then(() => undefined);
    this.#disk.catch((error: unknown) => this.#fail(error));
  }

  hide(reason: 'pause' | 'mask', on: boolean): void {
    this.#hidden = { ...this.#hidden, [reason]: on };
  }

  /** The next 20 ms of both directions; ignored after the end. */
  frame(read: Int16Array, write: Int16Array): void {
    if (this.#state.state !== 'recording') return;
    const level = this.#store(read, write);
    this.#samples += FRAME_SAMPLES;
    if (this.#filled >= this.#secondBytes) this.#flush();
    const silence = this.#options.silence;
    if (silence !== undefined) {
      this.#silentMs = level < silence.threshold ? this.#silentMs + FRAME_MS : 0;
      if (this.#silentMs >= silence.ms) this.#finish('silence');
    }
    if (this.#samples >= this.#limitSamples) this.#finish('limit');
  }

  stop(): void {
    this.#finish('stopped');
  }

  /** Appends a frame to the second; returns its mean absolute sample. */
  #store(read: Int16Array, write: Int16Array): number {
    const isHidden = this.#hidden.pause || this.#hidden.mask;
    const isStereo = this.#channels === 2;
    let sum = 0;
    for (let at = 0; at < FRAME_SAMPLES; at++) {
      const [one, two] = [isHidden ? 0 : this.#left(read[at] ?? 0, write[at] ?? 0), isHidden ? 0 : (write[at] ?? 0)];
      left[at] = one;
      right[at] = two;
      sum += isStereo ? Math.max(Math.abs(one), Math.abs(two)) : Math.abs(one);
    }
    const [first, other] = this.#resamplers;
    this.#append(first?.push(left) ?? left, other?.push(right) ?? right);
    return sum / FRAME_SAMPLES;
  }

  #append(first: Int16Array, other: Int16Array): void {
    const isStereo = this.#channels === 2;
    for (let at = 0; at < first.length; at++) {
      this.#filled = this.#second.writeInt16LE(first[at] ?? 0, this.#filled);
      if (isStereo) this.#filled = this.#second.writeInt16LE(other[at] ?? 0, this.#filled);
    }
  }

  get #secondBytes(): number {
    return this.#rate * 2 * this.#channels;
  }

  #left(read: number, write: number): number {
    switch (this.#options.channels) {
      case 'read':
      case 'stereo':
        return read;
      case 'write':
        return write;
      case 'mixed':
        return Math.max(-32_768, Math.min(32_767, read + write));
    }
  }

  /** With room for the frame that goes beyond it: resampled frames are not all as long, and the last one is longer. */
  #newSecond(): Buffer {
    return Buffer.allocUnsafe(Math.ceil(this.#secondBytes * (this.#resamplers.length === 0 ? 1 : 1.1)));
  }

  #flush(): void {
    const filled = this.#second.subarray(0, this.#filled);
    this.#second = this.#newSecond();
    this.#filled = 0;
    if (this.#waiting >= BACKLOG_SECONDS_MAX) {
      this.#fail(new Error('the disk is too slow'));
      return;
    }
    this.#waiting++;
    this.#disk = this.#disk.then(async () => {
      await (await this.#writer).append(filled);
      this.#waiting--;
    });
    this.#disk.catch((error: unknown) => this.#fail(error));
  }

  #finish(outcome: 'stopped' | 'limit' | 'silence'): void {
    if (this.#state.state !== 'recording') return;
    const [rest, otherRest] = this.#resamplers.map((one) => one.flush());
    if (rest !== undefined) this.#append(rest, otherRest ?? rest);
    if (this.#filled > 0) this.#flush();
    if (!this.#isRecording()) return;
    this.#state = { state: 'ending' };
    const isTooShort = this.#samples < (this.#options.minimumMs ?? 0) * 8;
    withTimeOut(this.#clock, 'writing a recording', COMPLETE_TIMEOUT_MS, this.#complete(isTooShort)).then(
      () => this.#onEnd(this.#result(isTooShort ? 'too-short' : outcome)),
      (error: unknown) => this.#onEnd({ ...this.#result('failed'), error: String(error) }),
    );
  }

  async #complete(isTooShort: boolean): Promise<void> {
    const writer = await this.#writer;
    try {
      await this.#disk;
    } catch (error) {
      await writer.close();
      throw error;
    }
    await (isTooShort ? writer.discard() : writer.close());
  }

  /** Flushing may have failed the recording. */
  #isRecording(): boolean {
    return this.#state.state === 'recording';
  }

  #fail(error: unknown): void {
    if (!this.#isRecording()) return;
    this.#state = { state: 'ending' };
    // Closed when the disk answers, if it ever does: nobody waits for it.
    this.#writer.then((writer) => writer.close()).catch(() => undefined);
    this.#onEnd({ ...this.#result('failed'), error: String(error) });
  }

  #result(outcome: RecordingResult['outcome']): RecordingResult {
    return { outcome, samples: this.#samples, ms: Math.round(this.#samples / 8) };
  }
}

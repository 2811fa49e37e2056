// WAV files read piece by piece as PCM16 mono at 8 kHz.
import { type FileHandle, open } from 'node:fs/promises';
import { decode, PCMA, PCMU, SAMPLE_RATE } from '../../rtp/g711.js';
import { createResampler, type Resampler } from './resampler.js';

/** The file is not a WAV we can play. */
export class WavError extends Error {
  override readonly name = 'WavError';
}

export interface WavFormat {
  readonly encoding: 'pcm16' | 'pcmu' | 'pcma';
  readonly channels: number;
  readonly rate: number;
  /** Where the audio lies in the file. */
  readonly dataStart: number;
  readonly dataBytes: number;
}

/** The header, with all chunks before the audio, must lie within so many bytes. */
export const WAV_HEADER_BYTES_MAX = 65_536;
const CHANNELS_MAX = 2;
/** Read at once: about a millisecond of work even at 48 kHz, so that the media clock is not held up. */
const PIECE_BYTES = 65_536;

const FORMAT_PCM = 1;
const FORMAT_ALAW = 6;
const FORMAT_MULAW = 7;
const FORMAT_EXTENSIBLE = 0xfffe;

/** Reads the chunks of `head`, the beginning of a file of `fileBytes`. Throws {@link WavError}. */
export function parseWavHeader(head: Buffer, fileBytes: number): WavFormat {
  if (head.length < 12 || head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE') {
    throw new WavError('no RIFF/WAVE header');
  }
  let format: Pick<WavFormat, 'encoding' | 'channels' | 'rate'> | undefined;
  for (let at = 12; at + 8 <= head.length; ) {
    const name = head.toString('latin1', at, at + 4);
    const bytes = head.readUInt32LE(at + 4);
    const start = at + 8;
    if (name === 'fmt ') format = parseFormat(head.subarray(start, start + bytes));
    if (name === 'data') {
      if (format === undefined) throw new WavError('no format before the audio');
      // A recording that was cut off says 0 or too much: what is there counts.
      const there = Math.max(0, fileBytes - start);
      return { ...format, dataStart: start, dataBytes: bytes === 0 ? there : Math.min(bytes, there) };
    }
    at = start + bytes + (bytes % 2);
  }
  throw new WavError('no audio in the first 64 KiB');
}

function parseFormat(chunk: Buffer): Pick<WavFormat, 'encoding' | 'channels' | 'rate'> {
  if (chunk.length < 16) throw new WavError('format chunk is too short');
  const tag = chunk.readUInt16LE(0);
  const kind = tag === FORMAT_EXTENSIBLE && chunk.length >= 26 ? chunk.readUInt16LE(24) : tag;
  const channels = chunk.readUInt16LE(2);
  const rate = chunk.readUInt32LE(4);
  const bits = chunk.readUInt16LE(14);
  if (channels < 1 || channels > CHANNELS_MAX) throw new WavError(`${channels} channels`);
  if (createResampler(rate) === undefined) throw new WavError(`sample rate ${rate}`);
  if (kind === FORMAT_PCM && bits === 16) return { encoding: 'pcm16', channels, rate };
  if (kind === FORMAT_MULAW && bits === 8) return { encoding: 'pcmu', channels, rate };
  if (kind === FORMAT_ALAW && bits === 8) return { encoding: 'pcma', channels, rate };
  throw new WavError(`encoding ${kind} with ${bits} bits`);
}

/** An open file; to be closed by its owner. */
export class WavReader {
  /** Length of the whole file at 8 kHz. */
  readonly samples: number;
  readonly #file: FileHandle;
  readonly #format: WavFormat;
  readonly #frameBytes: number;
  #resampler: Resampler;
  #position: number;
  #ended = false;

  constructor(file: FileHandle, format: WavFormat) {
    this.#file = file;
    this.#format = format;
    this.#frameBytes = format.channels * (format.encoding === 'pcm16' ? 2 : 1);
    this.samples = Math.floor((Math.floor(format.dataBytes / this.#frameBytes) * SAMPLE_RATE) / format.rate);
    this.#resampler = newResampler(format.rate);
    this.#position = 0;
  }

  /** Goes on reading at this sample (8 kHz). */
  seek(sample: number): void {
    const frame = Math.floor((Math.min(sample, this.samples) * this.#format.rate) / SAMPLE_RATE);
    this.#position = frame * this.#frameBytes;
    this.#resampler = newResampler(this.#format.rate);
    this.#ended = false;
  }

  /** The next piece, undefined at the end. */
  async read(): Promise<Int16Array | undefined> {
    if (this.#ended) return undefined;
    const whole = PIECE_BYTES - (PIECE_BYTES % this.#frameBytes);
    const wanted = Math.min(whole, this.#format.dataBytes - this.#position);
    const buffer = Buffer.allocUnsafe(Math.max(0, wanted));
    const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, this.#format.dataStart + this.#position);
    const bytes = bytesRead - (bytesRead % this.#frameBytes);
    this.#position += bytes;
    if (bytes === 0) {
      this.#ended = true;
      return this.#resampler.flush();
    }
    return this.#resampler.push(toMono(toLinear(buffer.subarray(0, bytes), this.#format), this.#format.channels));
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Rejects with {@link WavError} or the system's error (ENOENT). */
export async function openWav(path: string): Promise<WavReader> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(WAV_HEADER_BYTES_MAX, size));
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    return new WavReader(file, parseWavHeader(head.subarray(0, bytesRead), size));
  } catch (error) {
    await file.close();
    throw error;
  }
}

function newResampler(rate: number): Resampler {
  const resampler = createResampler(rate);
  if (resampler === undefined) throw new WavError(`sample rate ${rate}`);
  return resampler;
}

function toLinear(bytes: Buffer, format: WavFormat): Int16Array {
  if (format.encoding !== 'pcm16') return decode(bytes, format.encoding === 'pcmu' ? PCMU : PCMA);
  const samples = new Int16Array(bytes.length / 2);
  for (let at = 0; at < samples.length; at++) samples[at] = bytes.readInt16LE(at * 2);
  return samples;
}

function toMono(samples: Int16Array, channels: number): Int16Array {
  if (channels === 1) return samples;
  const mono = new Int16Array(samples.length / 2);
  for (let at = 0; at < mono.length; at++) mono[at] = ((samples[at * 2] ?? 0) + (samples[at * 2 + 1] ?? 0)) >> 1;
  return mono;
}

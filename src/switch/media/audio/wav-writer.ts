// A WAV file (PCM16) that grows: its header is right after every append, so a crash loses only what came later.
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SAMPLE_RATE } from '../../rtp/g711.js';

export const WAV_HEADER_BYTES = 44;

/** What a player shows of a file. */
export interface WavInformation {
  readonly title?: string;
  readonly artist?: string;
  readonly copyright?: string;
  readonly software?: string;
  readonly comment?: string;
  readonly date?: string;
}

export interface WavOptions {
  readonly channels: 1 | 2;
  /** Default 8 kHz. */
  readonly rate?: number;
  /** Go on at the end of a file of the same form, if there is one. */
  readonly append?: boolean;
  readonly information?: WavInformation;
}

/** One piece of information; what is longer is cut. */
export const INFORMATION_BYTES_MAX = 1_000;
/** The names in a LIST chunk of type INFO (RIFF specification of 1991, chapter 2). */
const INFORMATION_NAMES: Readonly<Record<keyof WavInformation, string>> = {
  title: 'INAM',
  artist: 'IART',
  copyright: 'ICOP',
  software: 'ISFT',
  comment: 'ICMT',
  date: 'ICRD',
};
/** Where the header says how long the whole is: it differs once there is information behind the audio. */
const LENGTH_AT = 4;

/** Header for `dataBytes` of interleaved PCM16. */
export function wavHeader(channels: 1 | 2, dataBytes: number, rate = SAMPLE_RATE): Buffer {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/** Empty when nothing is known. */
export function informationChunk(information: WavInformation): Buffer {
  const entries = Object.entries(INFORMATION_NAMES).flatMap(([key, name]) => {
    const text = information[key as keyof WavInformation] ?? '';
    if (text === '') return [];
    const bytes = Buffer.from(text).subarray(0, INFORMATION_BYTES_MAX);
    // Ends with a zero, and begins at even places.
    const entry = Buffer.alloc(8 + bytes.length + 1 + ((bytes.length + 1) % 2));
    entry.write(name, 0, 'latin1');
    entry.writeUInt32LE(bytes.length + 1, 4);
    bytes.copy(entry, 8);
    return [entry];
  });
  if (entries.length === 0) return Buffer.alloc(0);
  const all = Buffer.concat([Buffer.from('LIST\0\0\0\0INFO', 'latin1'), ...entries]);
  all.writeUInt32LE(all.length - 8, 4);
  return all;
}

export class WavWriter {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #options: WavOptions;
  #dataBytes: number;

  constructor(path: string, file: FileHandle, options: WavOptions, dataBytes = 0) {
    this.path = path;
    this.#file = file;
    this.#options = options;
    this.#dataBytes = dataBytes;
  }

  /** Appends interleaved little-endian samples. One call at a time. */
  async append(samples: Buffer): Promise<void> {
    await this.#file.write(samples, 0, samples.length, WAV_HEADER_BYTES + this.#dataBytes);
    this.#dataBytes += samples.length;
    await this.#writeHeader(0);
  }

  async close(): Promise<void> {
    try {
      await this.#writeInformation(informationChunk(this.#options.information ?? {}));
    } finally {
      await this.#file.close();
    }
  }

  async discard(): Promise<void> {
    await this.#file.close();
    await unlink(this.path);
  }

  /** Behind the audio, so that what grows is never moved; an older file's own, overwritten by now, is cut off. */
  async #writeInformation(chunk: Buffer): Promise<void> {
    const { append = false } = this.#options;
    if (chunk.length === 0 && !append) return;
    const end = WAV_HEADER_BYTES + this.#dataBytes;
    await this.#file.truncate(end);
    await this.#file.write(chunk, 0, chunk.length, end);
    await this.#writeHeader(chunk.length);
  }

  async #writeHeader(bytesBehind: number): Promise<void> {
    const { channels, rate } = this.#options;
    const header = wavHeader(channels, this.#dataBytes, rate);
    header.writeUInt32LE(header.readUInt32LE(LENGTH_AT) + bytesBehind, LENGTH_AT);
    await this.#file.write(header, 0, WAV_HEADER_BYTES, 0);
  }
}

/** Makes the folders, replaces an older file unless it is to be gone on with. Rejects with the system's error. */
export async function createWav(path: string, options: WavOptions): Promise<WavWriter> {
  await mkdir(dirname(path), { recursive: true });
  const older = options.append === true ? await openOlder(path, options) : undefined;
  if (older !== undefined) return older;
  const file = await open(path, 'w');
  const writer = new WavWriter(path, file, options);
  await writer.append(Buffer.alloc(0));
  return writer;
}

/** A file that we wrote ourselves, with as many channels and the same rate; undefined when it is something else, or not there. */
async function openOlder(path: string, options: WavOptions): Promise<WavWriter | undefined> {
  const file = await open(path, 'r+').catch(() => undefined);
  if (file === undefined) return undefined;
  const head = Buffer.alloc(WAV_HEADER_BYTES);
  await file.read(head, 0, head.length, 0);
  const dataBytes = head.readUInt32LE(40);
  const ours = wavHeader(options.channels, dataBytes, options.rate);
  head.copy(ours, LENGTH_AT, LENGTH_AT, LENGTH_AT + 4);
  if (head.equals(ours)) return new WavWriter(path, file, options, dataBytes);
  await file.close();
  return undefined;
}

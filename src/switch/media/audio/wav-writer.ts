// A WAV file (PCM16, 8 kHz) that grows: its header is right after every append, so a crash loses only what came later.
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SAMPLE_RATE } from '../../rtp/g711.js';

export const WAV_HEADER_BYTES = 44;

/** Header for `dataBytes` of interleaved PCM16 at 8 kHz. */
export function wavHeader(channels: 1 | 2, dataBytes: number): Buffer {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(SAMPLE_RATE * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

export class WavWriter {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #channels: 1 | 2;
  #dataBytes: number;

  constructor(path: string, file: FileHandle, channels: 1 | 2, dataBytes = 0) {
    this.path = path;
    this.#file = file;
    this.#channels = channels;
    this.#dataBytes = dataBytes;
  }

  /** Appends interleaved little-endian samples. One call at a time. */
  async append(samples: Buffer): Promise<void> {
    await this.#file.write(samples, 0, samples.length, WAV_HEADER_BYTES + this.#dataBytes);
    this.#dataBytes += samples.length;
    await this.#writeHeader();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async discard(): Promise<void> {
    await this.#file.close();
    await unlink(this.path);
  }

  async #writeHeader(): Promise<void> {
    await this.#file.write(wavHeader(this.#channels, this.#dataBytes), 0, WAV_HEADER_BYTES, 0);
  }
}

/** Makes the folders, replaces an older file unless it is to be gone on with. Rejects with the system's error. */
export async function createWav(path: string, channels: 1 | 2, append = false): Promise<WavWriter> {
  await mkdir(dirname(path), { recursive: true });
  const older = append ? await openOlder(path, channels) : undefined;
  if (older !== undefined) return older;
  const file = await open(path, 'w');
  const writer = new WavWriter(path, file, channels);
  await writer.append(Buffer.alloc(0));
  return writer;
}

/** A file that we wrote ourselves, with as many channels; undefined when it is something else, or not there. */
async function openOlder(path: string, channels: 1 | 2): Promise<WavWriter | undefined> {
  const file = await open(path, 'r+').catch(() => undefined);
  if (file === undefined) return undefined;
  const head = Buffer.alloc(WAV_HEADER_BYTES);
  await file.read(head, 0, head.length, 0);
  const dataBytes = head.readUInt32LE(40);
  const isOurs = head.equals(wavHeader(channels, dataBytes));
  if (isOurs) return new WavWriter(path, file, channels, dataBytes);
  await file.close();
  return undefined;
}

// The wave picture of a recording: how loud it was in each stretch, read from the WAV with a bounded effort however long it is.
import { type FileHandle, open } from 'node:fs/promises';
import { HiloError } from '../errors.js';

/** Bars of the picture. */
export const PEAKS_MAX = 600;
/** Read of each stretch at most, from its beginning: a second of a telephone call, so that an hour is read in moments. */
export const STRETCH_BYTES_MAX = 16_000;
/** Where the sound has to begin. */
const HEAD_BYTES = 4_096;
const FULL = 32_768;

export interface Wave {
  readonly durationMs: number;
  /** 0 to 100 of full scale, for equal stretches; the loudest of all channels. */
  readonly peaks: readonly number[];
}

export interface WavLayout {
  readonly channels: number;
  readonly rate: number;
  /** Where the samples begin, and how many bytes of them are there. */
  readonly start: number;
  readonly bytes: number;
}

/**
 * Layout of a PCM16 WAV by its first bytes. A file that is cut off, or whose writer did not know its length, has as much as is
 * there. Undefined when it is something else.
 */
export function wavLayout(head: Buffer, size: number): WavLayout | undefined {
  if (head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE') return undefined;
  let format: Pick<WavLayout, 'channels' | 'rate'> | undefined;
  for (let at = 12; at + 8 <= head.length; ) {
    const id = head.toString('latin1', at, at + 4);
    const length = head.readUInt32LE(at + 4);
    const start = at + 8;
    if (id === 'fmt ' && start + 16 <= head.length) {
      const [kind, bits] = [head.readUInt16LE(start), head.readUInt16LE(start + 14)];
      const [channels, rate] = [head.readUInt16LE(start + 2), head.readUInt32LE(start + 4)];
      if (kind !== 1 || bits !== 16 || channels < 1 || channels > 8 || rate < 1) return undefined;
      format = { channels, rate };
    }
    if (id === 'data') {
      const there = Math.max(0, size - start);
      return format && { ...format, start, bytes: length === 0 ? there : Math.min(length, there) };
    }
    at = start + length + (length % 2);
  }
  return undefined;
}

/** The loudest sample, 0 to 100 of full scale. */
export function peakOf(samples: Buffer): number {
  let loudest = 0;
  for (let at = 0; at + 2 <= samples.length; at += 2) loudest = Math.max(loudest, Math.abs(samples.readInt16LE(at)));
  return Math.round((100 * loudest) / FULL);
}

/** Rejects with HiloError `not-found` when the file is not there or no WAV of ours. */
export async function waveOf(path: string): Promise<Wave> {
  const file = await opened(path);
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(HEAD_BYTES, size));
    await file.read(head, 0, head.length, 0);
    const layout = wavLayout(head, size);
    if (layout === undefined) throw new HiloError('not-found', 'this recording cannot be read');
    return await read(file, layout);
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle, { channels, rate, start, bytes }: WavLayout): Promise<Wave> {
  const frame = 2 * channels;
  const frames = Math.floor(bytes / frame);
  const bars = Math.min(PEAKS_MAX, frames);
  const peaks: number[] = [];
  for (let bar = 0; bar < bars; bar += 1) {
    const [from, to] = [Math.floor((bar * frames) / bars), Math.floor(((bar + 1) * frames) / bars)];
    const samples = Buffer.alloc(Math.min((to - from) * frame, STRETCH_BYTES_MAX));
    const { bytesRead } = await file.read(samples, 0, samples.length, start + from * frame);
    peaks.push(peakOf(samples.subarray(0, bytesRead)));
  }
  return { durationMs: Math.round((1_000 * frames) / rate), peaks };
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new HiloError('not-found', 'this recording is not kept here', { cause: error });
  }
}

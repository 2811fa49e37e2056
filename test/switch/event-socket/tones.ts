// Tones for tests: made, written as WAV, and recognised again in what was heard.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PCMU, encodingTable as tableOf } from '../../../src/switch/rtp/g711.js';

const RATE = 8_000;

export const encodingTable: Uint8Array = tableOf(PCMU);

export function tone(hz: number, ms: number): Int16Array {
  return Int16Array.from({ length: (RATE * ms) / 1_000 }, (_, at) =>
    Math.round(10_000 * Math.sin((2 * Math.PI * hz * at) / RATE)),
  );
}

export function writeWav(path: string, samples: Int16Array): void {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + samples.length * 2, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.length * 2, 40);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]));
}

/** Samples of a PCM16 WAV, channels apart. */
export function readWav(bytes: Buffer): { readonly channels: number; readonly samples: Int16Array } {
  const at = bytes.indexOf('data');
  const length = bytes.readUInt32LE(at + 4);
  const data = bytes.subarray(at + 8, at + 8 + length);
  return {
    channels: bytes.readUInt16LE(22),
    samples: new Int16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length)),
  };
}

/** Share (0 to 1) of the signal's power at one frequency: Goertzel over stretches of 50 ms. */
export function share(samples: Int16Array, hz: number): number {
  const stretch = RATE / 20;
  let [at, all] = [0, 0];
  for (let start = 0; start + stretch <= samples.length; start += stretch) {
    const { power, total } = goertzel(samples.subarray(start, start + stretch), hz);
    at += power;
    all += total;
  }
  return all === 0 ? 0 : at / all;
}

/** Milliseconds of the signal in which the tone is what is heard. */
export function heardMs(samples: Int16Array, hz: number): number {
  const stretch = RATE / 50;
  let frames = 0;
  for (let start = 0; start + stretch <= samples.length; start += stretch) {
    const { power, total } = goertzel(samples.subarray(start, start + stretch), hz);
    if (total / stretch > 100_000 && power / total > 0.7) frames++;
  }
  return frames * 20;
}

function goertzel(samples: Int16Array, hz: number): { power: number; total: number } {
  const factor = 2 * Math.cos((2 * Math.PI * hz) / RATE);
  let [previous, before, total] = [0, 0, 0];
  for (const sample of samples) {
    const value = sample + factor * previous - before;
    before = previous;
    previous = value;
    total += sample * sample;
  }
  const power = previous * previous + before * before - factor * previous * before;
  return { power: (power * 2) / samples.length, total };
}

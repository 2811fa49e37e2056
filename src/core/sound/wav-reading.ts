// WAV files of strangers: every number in them is doubted, and what cannot be taken is told with its place and a remedy.
import type { Sound } from './sound.js';

/** Why a file is not taken. */
export class WrongSound extends Error {
  override readonly name = 'WrongSound';
  constructor(
    /** What is wrong, and where in the file. */
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

/** Rates that are taken; all of them have short common beats with 8 and 16 kHz. */
export const RATES: readonly number[] = [
  8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000,
];
const CHANNELS_MAX = 2;
/** A WAV has a handful. */
const CHUNKS_MAX = 200;
/** Written by programs that write to a pipe and do not know the length yet. */
const LENGTH_UNKNOWN = 0x7fff_0000;
/** RFC 2361 and the format tags of `mmreg.h`. */
const [PCM, FLOAT, A_LAW, MU_LAW, EXTENSIBLE] = [1, 3, 6, 7, 0xfffe];

export const TAKEN = 'a WAV with 8, 16, 24 or 32 bits, mono or stereo, 8 to 96 kHz';

interface Format {
  readonly channels: number;
  readonly rate: number;
  /** Bytes of one number. */
  readonly width: number;
  readonly read: (view: DataView, at: number) => number;
}

/** Two channels become one. Throws {@link WrongSound}; `longestMs`: of what is taken. */
export function readWav(bytes: Uint8Array, longestMs = Number.POSITIVE_INFINITY): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = kindOf(bytes);
  if (kind !== 'WAV') {
    const what = kind === undefined ? 'this is no sound file that is known here' : `this is ${kind}, not a WAV`;
    throw new WrongSound(what, `send ${TAKEN}; the page of prompts converts what the browser can play`);
  }
  let format: Format | undefined;
  let chunks = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    if (++chunks > CHUNKS_MAX) throw new WrongSound(`more than ${CHUNKS_MAX} parts up to byte ${at}`, 'save it anew');
    const id = latin(bytes, at, 4);
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (id === 'fmt ') format = formatAt(view, start, size);
    if (id === 'data') {
      if (format === undefined) throw new WrongSound(`sound at byte ${at} before its format`, 'save it anew');
      return decoded(view, { start, size, format, longestMs });
    }
    at = start + size + (size % 2);
  }
  throw new WrongSound(`no sound in its ${bytes.length} bytes`, 'record or save it anew');
}

/** What a file is by its first bytes, whatever its name says. */
function kindOf(bytes: Uint8Array): string | undefined {
  const head = latin(bytes, 0, 12);
  if (/^RIFF.{4}WAVE/s.test(head)) return 'WAV';
  if (head.startsWith('RIFX')) return 'a big-endian WAV (RIFX)';
  if (head.startsWith('ID3') || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0)) return 'an MP3';
  if (head.startsWith('OggS')) return 'an Ogg file';
  if (head.startsWith('fLaC')) return 'a FLAC file';
  if (head.slice(4, 8) === 'ftyp') return 'an MP4 or M4A file';
  if (head.startsWith('\x1aE\xdf\xa3')) return 'a WebM file';
  if (head.startsWith('FORM')) return 'an AIFF file';
  return undefined;
}

function formatAt(view: DataView, start: number, size: number): Format {
  if (size < 16 || start + 16 > view.byteLength) {
    throw new WrongSound(`the format at byte ${start} is too short`, 'save it anew');
  }
  const tag = view.getUint16(start, true);
  const kind =
    tag === EXTENSIBLE && size >= 26 && start + 26 <= view.byteLength ? view.getUint16(start + 24, true) : tag;
  const channels = view.getUint16(start + 2, true);
  const rate = view.getUint32(start + 4, true);
  const block = view.getUint16(start + 12, true);
  const bits = view.getUint16(start + 14, true);
  if (channels < 1 || channels > CHANNELS_MAX) {
    throw new WrongSound(`${channels} channels (byte ${start + 2})`, 'save it with one channel, or two');
  }
  if (!RATES.includes(rate)) {
    throw new WrongSound(`${rate} samples a second (byte ${start + 4})`, `save it with one of ${RATES.join(', ')}`);
  }
  const read = readers[`${kind} ${bits}`];
  if (read === undefined) {
    throw new WrongSound(`encoding ${kind} with ${bits} bits (byte ${start})`, 'save it as PCM with 16 bits');
  }
  if (block !== (channels * bits) / 8) {
    throw new WrongSound(`${block} bytes a frame (byte ${start + 12}), not ${(channels * bits) / 8}`, 'save it anew');
  }
  return { channels, rate, width: bits / 8, read };
}

/** By encoding and bits. */
const readers: Readonly<Record<string, Format['read']>> = {
  [`${PCM} 8`]: (view, at) => (view.getUint8(at) - 128) / 128,
  [`${PCM} 16`]: (view, at) => view.getInt16(at, true) / 32_768,
  [`${PCM} 24`]: (view, at) => (view.getUint8(at) | (view.getInt16(at + 1, true) << 8)) / 8_388_608,
  [`${PCM} 32`]: (view, at) => view.getInt32(at, true) / 2_147_483_648,
  [`${FLOAT} 32`]: (view, at) => finite(view.getFloat32(at, true), at),
  [`${FLOAT} 64`]: (view, at) => finite(view.getFloat64(at, true), at),
  [`${A_LAW} 8`]: (view, at) => aLaw(view.getUint8(at)),
  [`${MU_LAW} 8`]: (view, at) => muLaw(view.getUint8(at)),
};

/** Beyond ±1 it is as loud as can be; far beyond it is no sound. */
function finite(value: number, at: number): number {
  if (Number.isFinite(value) && Math.abs(value) <= 64) return value;
  throw new WrongSound(`what stands at byte ${at} is no sample`, 'save it as PCM with 16 bits');
}

interface Data {
  readonly start: number;
  readonly size: number;
  readonly format: Format;
  readonly longestMs: number;
}

function decoded(view: DataView, { start, size, format, longestMs }: Data): Sound {
  const there = view.byteLength - start;
  if (size > there && size < LENGTH_UNKNOWN) {
    throw new WrongSound(
      `cut off: ${size} bytes of sound are said at byte ${start}, ${there} are there`,
      'send it again',
    );
  }
  const { channels, rate, width, read } = format;
  const frames = Math.floor(Math.min(size === 0 ? there : size, there) / (width * channels));
  if (frames / rate > longestMs / 1_000) {
    const seconds = (frames / rate).toFixed(1);
    throw new WrongSound(`${seconds} s long`, `shorten it to ${longestMs / 1_000} s, or make two of it`);
  }
  const samples = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += read(view, start + (frame * channels + channel) * width);
    samples[frame] = sum / channels;
  }
  return { rate, samples };
}

/** ITU-T G.711 §3, table 1a. */
function aLaw(code: number): number {
  const flipped = code ^ 0x55;
  const [segment, step] = [(flipped >> 4) & 7, flipped & 15];
  const magnitude = segment === 0 ? step * 2 + 1 : (step * 2 + 33) << (segment - 1);
  return (flipped & 0x80 ? magnitude : -magnitude) / 4_096;
}

/** ITU-T G.711 §3, table 2a. */
function muLaw(code: number): number {
  const flipped = ~code & 0xff;
  const magnitude = ((((flipped & 15) << 1) + 33) << ((flipped >> 4) & 7)) - 33;
  return (flipped & 0x80 ? -magnitude : magnitude) / 8_192;
}

function latin(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

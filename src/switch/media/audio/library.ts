// Everything that can be played, ready as G.711: a bounded memory of prompts and tones, and the music that all share.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Log } from '../../../lib/log.js';
import { encode, FRAME_SAMPLES, type G711, SAMPLE_RATE } from '../../rtp/g711.js';
import type { AudioSource } from '../audio-source.js';
import { composeMelody } from './melody.js';
import { StreamVoice } from './stream-voice.js';
import { parseTones, renderTones, type ToneProgramme } from './tone.js';
import { ListVoice, MusicVoice, PromptVoice, SilenceVoice, type Voice } from './voice.js';
import { openWav, type WavReader } from './wav-reader.js';

/** Longer files (4.4 minutes) are read while they play. */
export const PROMPT_BYTES_MAX = 2 * 1_024 * 1_024;
/** What is remembered in all; the prompt heard longest ago goes first. */
export const CACHE_BYTES_MAX = 64 * 1_024 * 1_024;
/** Music beyond ten minutes is cut: it is wholly in memory, once per law. */
export const MUSIC_SAMPLES_MAX = 10 * 60 * SAMPLE_RATE;
/** Different names of music; more are all played as the engine's own. */
export const MUSIC_NAMES_MAX = 16;
/** A file of tones in TGML. */
export const TONE_FILE_BYTES_MAX = 16_384;
/** Lists within lists. */
const LIST_DEPTH_MAX = 4;
/** Folders that FreeSWITCH looks into beside a file that is not there: `ivr/8000/x.wav` for `ivr/x.wav`. */
const RATE_FOLDERS = ['8000', '16000', '32000', '48000'];

interface Found {
  readonly path: string;
  readonly key: string;
}

export interface LibraryOptions {
  readonly musicFolder: string;
  readonly log: Log;
  /** For tests. */
  readonly promptBytesMax?: number;
  readonly cacheBytesMax?: number;
}

export class Library {
  readonly #options: LibraryOptions;
  readonly #promptBytesMax: number;
  readonly #cacheBytesMax: number;
  /** In order of last use. */
  readonly #prompts = new Map<string, Buffer>();
  readonly #loading = new Map<string, Promise<Buffer | undefined>>();
  readonly #music = new Map<string, Promise<Int16Array>>();
  readonly #musicCodes = new Map<string, Promise<Buffer>>();
  #bytes = 0;

  constructor(options: LibraryOptions) {
    this.#options = options;
    this.#promptBytesMax = options.promptBytesMax ?? PROMPT_BYTES_MAX;
    this.#cacheBytesMax = options.cacheBytesMax ?? CACHE_BYTES_MAX;
  }

  /** Bytes of prompts and tones in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A voice for `source`, undefined when nothing of it can be opened (logged). `startSample` wins over the source's own. */
  async open(source: AudioSource, law: G711, startSample?: number, depth = 0): Promise<Voice | undefined> {
    switch (source.kind) {
      case 'file':
        return this.#openFile(source.path, law, startSample ?? source.startSample ?? 0);
      case 'silence':
        return source.noise === undefined ? silence(source.ms, law) : noise(source.ms, source.noise, law);
      case 'tone':
        return this.#openTones(source.programme, law, startSample);
      case 'tone-file': {
        const programme = await this.#tonesIn(source.path);
        return programme && this.#openTones({ ...programme, loops: source.loops ?? programme.loops }, law, startSample);
      }
      case 'music':
        return new MusicVoice(await this.#musicIn(source.name, law), law);
      case 'list':
        if (depth < LIST_DEPTH_MAX) return this.#openList(source.items, source.loops ?? 1, law, startSample, depth);
        this.#options.log.warn({}, 'media: lists within lists are too deep');
        return undefined;
    }
  }

  #openTones(programme: ToneProgramme, law: G711, startSample = 0): Voice {
    const key = `tone|${law}|${JSON.stringify(programme.segments)}`;
    const codes = this.#recall(key) ?? this.#remember(key, encode(renderTones(programme), law));
    return new PromptVoice(codes, law, { start: startSample, loops: programme.loops });
  }

  async #tonesIn(path: string): Promise<ToneProgramme | undefined> {
    try {
      if ((await stat(path)).size > TONE_FILE_BYTES_MAX) throw new Error('too long for a file of tones');
      const parsed = parseTones((await readFile(path, 'utf8')).trim());
      if (!parsed.ok) throw new Error(parsed.error);
      return parsed.programme;
    } catch (error) {
      this.#warn(path, error);
      return undefined;
    }
  }

  /** Makes music ready before anybody waits for it. */
  async prepareMusic(name: string, law: G711): Promise<void> {
    await this.#musicIn(name, law);
  }

  async #openList(
    items: readonly AudioSource[],
    loops: number,
    law: G711,
    startSample: number | undefined,
    depth: number,
  ): Promise<Voice | undefined> {
    const voices: Voice[] = [];
    for (const [index, item] of items.entries()) {
      const voice = await this.open(item, law, index === 0 ? startSample : undefined, depth + 1);
      if (voice !== undefined) voices.push(voice);
    }
    return voices.length === 0 ? undefined : new ListVoice(voices, law, loops);
  }

  async #openFile(path: string, law: G711, start: number): Promise<Voice | undefined> {
    try {
      const found = await findFile(path);
      const codes = await this.#codesOf(found, law);
      if (codes !== undefined) return new PromptVoice(codes, law, { start, loops: 1 });
      const reader = await openWav(found.path);
      const voice = new StreamVoice(reader, law, start, (error) => this.#warn(path, error));
      await voice.prepare();
      return voice;
    } catch (error) {
      this.#warn(path, error);
      return undefined;
    }
  }

  /** The whole file; undefined when it is too long for memory. Two callers of one file wait for one reading. */
  async #codesOf(found: Found, law: G711): Promise<Buffer | undefined> {
    const key = `${law}|${found.key}`;
    const known = this.#recall(key);
    if (known !== undefined) return known;
    const underWay = this.#loading.get(key);
    if (underWay !== undefined) return underWay;
    const loading = readWhole(found.path, law, this.#promptBytesMax);
    this.#loading.set(key, loading);
    try {
      const codes = await loading;
      return codes === undefined ? undefined : this.#remember(key, codes);
    } finally {
      this.#loading.delete(key);
    }
  }

  #recall(key: string): Buffer | undefined {
    const codes = this.#prompts.get(key);
    if (codes === undefined) return undefined;
    this.#prompts.delete(key);
    this.#prompts.set(key, codes);
    return codes;
  }

  #remember(key: string, codes: Buffer): Buffer {
    this.#prompts.set(key, codes);
    this.#bytes += codes.length;
    for (const [oldest, old] of this.#prompts) {
      if (this.#bytes <= this.#cacheBytesMax) break;
      this.#prompts.delete(oldest);
      this.#bytes -= old.length;
    }
    return codes;
  }

  #musicIn(name: string, law: G711): Promise<Buffer> {
    const known = this.#music.has(name) || this.#music.size < MUSIC_NAMES_MAX ? name : '';
    const key = `${law}|${known}`;
    let codes = this.#musicCodes.get(key);
    if (codes === undefined) {
      codes = this.#musicSamples(known).then((samples) => encode(samples, law));
      this.#musicCodes.set(key, codes);
    }
    return codes;
  }

  #musicSamples(name: string): Promise<Int16Array> {
    let samples = this.#music.get(name);
    if (samples === undefined) {
      samples = this.#loadMusic(name);
      this.#music.set(name, samples);
    }
    return samples;
  }

  /** Files of the operator, else the engine's own piece. */
  async #loadMusic(name: string): Promise<Int16Array> {
    const pieces: Int16Array[] = [];
    let total = 0;
    for (const path of await musicFiles(this.#options.musicFolder, name)) {
      try {
        const samples = await readSamples(path, MUSIC_SAMPLES_MAX - total);
        pieces.push(...samples);
        total += samples.reduce((sum, piece) => sum + piece.length, 0);
      } catch (error) {
        this.#warn(path, error);
      }
    }
    const whole = wholeFrames(pieces, total);
    return whole.length > 0 ? whole : ownMusic();
  }

  #warn(path: string, error: unknown): void {
    this.#options.log.warn({ path, error: String(error) }, 'media: file cannot be played');
  }
}

let composed: Promise<Int16Array> | undefined;

/** Composed once per thread, a note at a time, so that the media clock goes on. */
function ownMusic(): Promise<Int16Array> {
  composed ??= composeMelody(() => new Promise((resolve) => setImmediate(resolve)));
  return composed;
}

function silence(ms: number, law: G711): Voice {
  return new SilenceVoice(law, ms < 0 ? -1 : ms * 8);
}

/** One second of noise, repeated; made by a fixed generator, since nobody listens for a pattern. */
function noise(ms: number, divisor: number, law: G711): Voice {
  const samples = new Int16Array(SAMPLE_RATE);
  let state = 1;
  for (let at = 0; at < samples.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    samples[at] = Math.trunc((state / 0x1_0000_0000 - 0.5) * (65_535 / Math.max(1, divisor)));
  }
  const codes = encode(samples, law);
  if (ms < 0) return new PromptVoice(codes, law, { start: 0, loops: -1 });
  const last = codes.subarray(0, (ms * 8) % SAMPLE_RATE);
  const whole = Math.floor((ms * 8) / SAMPLE_RATE);
  const tail = new PromptVoice(last, law, { start: 0, loops: 1 });
  if (whole === 0) return tail;
  return new ListVoice([new PromptVoice(codes, law, { start: 0, loops: whole }), tail], law, 1);
}

async function findFile(path: string): Promise<Found> {
  const candidates = [path, ...RATE_FOLDERS.map((rate) => join(dirname(path), rate, basename(path)))];
  let failure: unknown;
  for (const candidate of candidates) {
    try {
      const { mtimeMs, size } = await stat(candidate);
      return { path: candidate, key: `${candidate}|${mtimeMs}|${size}` };
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

async function readWhole(path: string, law: G711, bytesMax: number): Promise<Buffer | undefined> {
  const reader = await openWav(path);
  try {
    if (reader.samples > bytesMax) return undefined;
    return Buffer.concat((await readAll(reader, bytesMax)).map((piece) => encode(piece, law)));
  } finally {
    await reader.close();
  }
}

async function readSamples(path: string, samplesMax: number): Promise<Int16Array[]> {
  const reader = await openWav(path);
  try {
    return await readAll(reader, samplesMax);
  } finally {
    await reader.close();
  }
}

async function readAll(reader: WavReader, samplesMax: number): Promise<Int16Array[]> {
  const pieces: Int16Array[] = [];
  let total = 0;
  while (total < samplesMax) {
    const piece = await reader.read();
    if (piece === undefined) break;
    pieces.push(piece.subarray(0, samplesMax - total));
    total += piece.length;
  }
  return pieces;
}

async function musicFiles(folder: string, name: string): Promise<string[]> {
  if (name === '') return [];
  const single = join(folder, `${name}.wav`);
  const isFile = await stat(single).then(
    (stats) => stats.isFile(),
    () => false,
  );
  if (isFile) return [single];
  const names = await readdir(join(folder, name)).catch(() => []);
  return names
    .filter((file) => file.endsWith('.wav'))
    .sort()
    .map((file) => join(folder, name, file));
}

/** Shared positions count in frames: the end is filled up with silence. */
function wholeFrames(pieces: readonly Int16Array[], total: number): Int16Array {
  const whole = new Int16Array(Math.ceil(total / FRAME_SAMPLES) * FRAME_SAMPLES);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

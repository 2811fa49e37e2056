// A sound file as somebody sends it becomes what telephones play: mono, both rates, the loudness of all prompts.
import { createHash } from 'node:crypto';
import { levelled, PEAK_DBFS, SILENCE_DBFS } from '../../core/sound/level.js';
import { resampling } from '../../core/sound/resampling.js';
import { durationMsOf, NARROW_RATE, type Sound, WIDE_RATE } from '../../core/sound/sound.js';
import { readWav, TAKEN, WrongSound } from '../../core/sound/wav-reading.js';
import { writeWav } from '../../core/sound/wav-writing.js';
import { peaksOf } from '../../core/sound/wave.js';
import { HiloError } from '../errors.js';
import type { PromptSound, SoundBytes } from './prompt-store.js';

/** Three minutes of what the longest files hold: stereo, 16 bits, 48 kHz, and a little more. */
export const UPLOAD_BYTES_MAX = 36 * 1024 * 1024;
export const LONGEST_MS = 180_000;
export const SHORTEST_MS = 100;
export const PEAKS = 300;
/** Farther than this from the loudness of the others it is told. */
const QUIET_BY_DB = 3;
/** Made louder by more than this, its noise is heard too. */
const GAIN_DB_MAX = 24;

/** `clipped`: the wave was cut off when it was recorded; `peaks`: single peaks keep it quieter; `noisy`: it was very quiet. */
export type SoundWarning = 'clipped' | 'peaks' | 'noisy';

export interface Converted {
  readonly sound: PromptSound;
  readonly bytes: SoundBytes;
  readonly warnings: readonly SoundWarning[];
  /** Of what was sent. */
  readonly loudnessDb: number;
  readonly peakDb: number;
  readonly clippedMs: number;
  readonly gainDb: number;
}

/** Rejects with HiloError `invalid-input` (what is wrong, where, and what to do). `pause`: calls may go on between two pieces of work. */
export async function converted(file: Uint8Array, pause: () => Promise<void>): Promise<Converted> {
  const original = soundIn(file);
  const wide = await atRate(original, WIDE_RATE, pause);
  const { sound, before, gainDb } = levelled(wide);
  if (before.loudnessDb < SILENCE_DBFS) {
    throw new HiloError(
      'invalid-input',
      'there is nothing but silence in it: record it again, nearer to the microphone',
    );
  }
  const narrow = await atRate(sound, NARROW_RATE, pause);
  const bytes = { narrow: writeWav(narrow), wide: writeWav(sound) };
  await pause();
  // The filter rounds off what was cut off: only the original shows it.
  const { clippedMs, peakDb } = levelled(original).before;
  const loudnessDb = rounded(before.loudnessDb + gainDb);
  const isQuiet = before.peakDb + gainDb > PEAK_DBFS - 0.1 && loudnessDb < -19 - QUIET_BY_DB;
  const warnings: SoundWarning[] = [
    ...(clippedMs > 0 ? (['clipped'] as const) : []),
    ...(isQuiet ? (['peaks'] as const) : []),
    ...(gainDb > GAIN_DB_MAX ? (['noisy'] as const) : []),
  ];
  const hash = createHash('sha256').update(bytes.wide).digest('hex');
  return {
    sound: { hash, durationMs: durationMsOf(sound), loudnessDb, peaks: peaksOf(sound, PEAKS) },
    ...{ bytes, warnings, clippedMs },
    ...{ loudnessDb: rounded(before.loudnessDb), peakDb: rounded(peakDb), gainDb: rounded(gainDb) },
  };
}

function soundIn(file: Uint8Array): Sound {
  try {
    const sound = readWav(file, LONGEST_MS);
    const lengthMs = durationMsOf(sound);
    if (lengthMs >= SHORTEST_MS) return sound;
    throw new WrongSound(`${lengthMs} ms long`, `a prompt has ${SHORTEST_MS} ms at least: send ${TAKEN}`);
  } catch (error) {
    if (!(error instanceof WrongSound)) throw error;
    throw new HiloError('invalid-input', `${error.message}: ${error.remedy}`, { cause: error });
  }
}

async function atRate(sound: Sound, rate: number, pause: () => Promise<void>): Promise<Sound> {
  const work = resampling(sound, rate);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    await pause();
  }
}

function rounded(decibels: number): number {
  return Math.round(decibels * 10) / 10;
}

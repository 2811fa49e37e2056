// How loud a sound is, and the same loudness for all prompts: pauses in speech do not count, and nothing is clipped.
import { decibels, type Sound } from './sound.js';

/** Of speech in a prompt: loud enough for a mobile in the street, with room for its peaks. */
export const TARGET_DBFS = -19;
/** No sample is louder: G.711 and its decoders need the room. */
export const PEAK_DBFS = -3;
/** Quieter than this it is silence, not speech. */
export const SILENCE_DBFS = -60;
/** Frames so much quieter than the rest are pauses. */
const PAUSE_DB = 20;
const FRAME_S = 0.02;
/** A sample at the rim of what can be written; so many in a row were cut off. */
const RIM = 0.999;
const CUT_OFF_RUN = 3;

export interface Level {
  /** Of the frames that are not pauses, dB under full scale; −100 for silence. */
  readonly loudnessDb: number;
  readonly peakDb: number;
  /** How long the wave is cut off at the rim, in all. */
  readonly clippedMs: number;
}

export function levelOf({ rate, samples }: Sound): Level {
  let [peak, run, clipped] = [0, 0, 0];
  for (const sample of samples) {
    const size = Math.abs(sample);
    if (size > peak) peak = size;
    run = size >= RIM ? run + 1 : 0;
    if (run === CUT_OFF_RUN) clipped += CUT_OFF_RUN;
    else if (run > CUT_OFF_RUN) clipped += 1;
  }
  return {
    loudnessDb: decibels(Math.sqrt(spokenPower({ rate, samples }))),
    peakDb: decibels(peak),
    clippedMs: Math.ceil((clipped * 1_000) / rate),
  };
}

export interface Levelled {
  readonly sound: Sound;
  readonly before: Level;
  /** What it was made louder by; negative: quieter. */
  readonly gainDb: number;
}

/** At {@link TARGET_DBFS}, or as near to it as {@link PEAK_DBFS} allows. Silence stays as it is. */
export function levelled(sound: Sound): Levelled {
  const before = levelOf(sound);
  if (before.loudnessDb < SILENCE_DBFS) return { sound, before, gainDb: 0 };
  const gainDb = Math.min(TARGET_DBFS - before.loudnessDb, PEAK_DBFS - before.peakDb);
  const gain = 10 ** (gainDb / 20);
  return { sound: { rate: sound.rate, samples: sound.samples.map((sample) => sample * gain) }, before, gainDb };
}

/** Mean power of the frames that are neither silent nor pauses between words. */
function spokenPower(sound: Sound): number {
  const powers = framePowers(sound, FRAME_S).filter((power) => power > 10 ** (SILENCE_DBFS / 10));
  const floor = mean(powers) * 10 ** (-PAUSE_DB / 10);
  return mean(powers.filter((power) => power > floor));
}

/** Mean square of each stretch of `seconds`. */
export function framePowers({ rate, samples }: Sound, seconds: number): number[] {
  const length = Math.max(1, Math.round(rate * seconds));
  const powers: number[] = [];
  for (let from = 0; from < samples.length; from += length) {
    const end = Math.min(from + length, samples.length);
    let power = 0;
    for (let at = from; at < end; at++) power += (samples[at] ?? 0) ** 2;
    powers.push(power / (end - from));
  }
  return powers;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

// Other rates by a windowed sinc: what the new rate cannot carry is filtered out first, so that no tone becomes another.
import type { Sound } from './sound.js';

/** Zero crossings of the sinc on each side: enough for −60 dB beyond the band. */
const HALF_WIDTH = 24;
/** Samples made between two pauses: about two milliseconds of work. */
const PIECE = 4_096;

export function resample(sound: Sound, rate: number): Sound {
  const work = resampling(sound, rate);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/**
 * The same in pieces, for whoever has calls to look after meanwhile: pauses after each. Going down, the cut-off is the lower
 * Nyquist frequency. The weights repeat as often as the two rates have a common beat, so they are worked out once a phase.
 */
export function* resampling(sound: Sound, rate: number): Generator<undefined, Sound> {
  if (sound.rate === rate) return sound;
  const beat = greatestCommonDivisor(sound.rate, rate);
  const [down, phases] = [sound.rate / beat, rate / beat];
  const cutoff = Math.min(1, rate / sound.rate) * 0.95;
  const reach = HALF_WIDTH / cutoff;
  const side = Math.ceil(reach);
  const weights = Array.from({ length: phases }, (_, phase) =>
    Float32Array.from({ length: 2 * side + 1 }, (_, at) => kernel(at - side - phase / phases, cutoff, reach)),
  );
  // Silence before and after, so that no tap falls outside.
  const padded = new Float32Array(sound.samples.length + 2 * side + 1);
  padded.set(sound.samples, side);
  const samples = new Float32Array(Math.floor((sound.samples.length * rate) / sound.rate));
  for (let out = 0; out < samples.length; out++) {
    const from = Math.floor((out * down) / phases);
    samples[out] = weighted(padded, from, weights[(out * down) % phases] ?? padded);
    if (out % PIECE === PIECE - 1) yield;
  }
  return { rate, samples };
}

function weighted(samples: Float32Array, from: number, weights: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < weights.length; at++) sum += (samples[from + at] ?? 0) * (weights[at] ?? 0);
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function kernel(distance: number, cutoff: number, reach: number): number {
  if (Math.abs(distance) > reach) return 0;
  const x = Math.PI * distance * cutoff;
  const sinc = Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x;
  const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach);
  return cutoff * sinc * window;
}

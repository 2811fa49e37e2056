// Silence before the first word and after the last is cut away: callers shall not wait for a prompt to begin.
import { framePowers } from './level.js';
import type { Sound } from './sound.js';

const FRAME_S = 0.01;
/** Left before and after, so that no breath of a word is lost. */
const MARGIN_S = 0.12;
/** Beneath the loudest frame; quieter is silence, or the noise of the room. */
const BENEATH_DB = 32;
/** Quieter than this is silence, however quiet the rest is. */
const QUIETEST_DBFS = -55;

/** Where the sound begins and ends, in samples; undefined when there is nothing but silence. */
export function soundIn(sound: Sound): { readonly from: number; readonly to: number } | undefined {
  const powers = framePowers(sound, FRAME_S);
  const loudest = powers.reduce((most, power) => Math.max(most, power), 0);
  const floor = Math.max(10 ** (QUIETEST_DBFS / 10), loudest * 10 ** (-BENEATH_DB / 10));
  const first = powers.findIndex((power) => power > floor);
  if (first < 0) return undefined;
  const last = powers.findLastIndex((power) => power > floor);
  const frame = Math.max(1, Math.round(sound.rate * FRAME_S));
  const margin = Math.round(sound.rate * MARGIN_S);
  return {
    from: Math.max(0, first * frame - margin),
    to: Math.min(sound.samples.length, (last + 1) * frame + margin),
  };
}

/** Only silence stays as it is. */
export function trimmed(sound: Sound): Sound {
  const span = soundIn(sound);
  return span === undefined ? sound : { rate: sound.rate, samples: sound.samples.slice(span.from, span.to) };
}

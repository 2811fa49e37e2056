// The picture of a sound: how loud it is at each of so many places.
import type { Sound } from './sound.js';

/** 0 (silence) to 100 (full) for each part, of its loudest sample. */
export function peaksOf({ samples }: Sound, parts: number): number[] {
  const count = Math.min(parts, samples.length);
  return Array.from({ length: count }, (_, part) => {
    const end = Math.floor(((part + 1) * samples.length) / count);
    let peak = 0;
    for (let at = Math.floor((part * samples.length) / count); at < end; at++)
      peak = Math.max(peak, Math.abs(samples[at] ?? 0));
    return Math.round(Math.min(1, peak) * 100);
  });
}

// Finds a tone among others.
const STRETCH = 160;
/** Amplitude from which a tone counts as heard: the callers of the suite speak at 9000. */
const LOUD = 1_500;

/** Milliseconds in which a tone is a good part of what is heard. */
export function mixedMs(samples: Int16Array, hz: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * hz) / 8_000);
  let heard = 0;
  for (let start = 0; start + STRETCH <= samples.length; start += STRETCH) {
    let [previous, before] = [0, 0];
    for (const sample of samples.subarray(start, start + STRETCH)) {
      const value = sample + factor * previous - before;
      before = previous;
      previous = value;
    }
    const power = previous * previous + before * before - factor * previous * before;
    if (Math.sqrt(power) / (STRETCH / 2) > LOUD) heard += 20;
  }
  return heard;
}

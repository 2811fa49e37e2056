// The arithmetic of mixing: frames of PCM16 added up, one's own voice taken out again, saturated and encoded.

/** Adds `frame` to `sum`; `level` 1 leaves it as it is. */
export function addFrame(sum: Int32Array, frame: Int16Array, level = 1): void {
  if (level === 1) for (let at = 0; at < frame.length; at++) sum[at] = (sum[at] ?? 0) + (frame[at] ?? 0);
  else for (let at = 0; at < frame.length; at++) sum[at] = (sum[at] ?? 0) + (frame[at] ?? 0) * level;
}

/** Writes `(sum - own) * level`, saturated, as code words of `table` into `out` from `at` on. */
export function encodeMix(
  sum: Int32Array,
  own: Int16Array | undefined,
  level: number,
  table: Uint8Array,
  out: Buffer,
  at: number,
): void {
  for (let index = 0; index < sum.length; index++) {
    const mixed = saturated(((sum[index] ?? 0) - (own?.[index] ?? 0)) * level);
    out[at + index] = table[mixed & 0xffff] ?? 0;
  }
}

/** Writes `sum`, saturated, into `frame`. */
export function saturate(sum: Int32Array, frame: Int16Array): void {
  for (let at = 0; at < frame.length; at++) frame[at] = saturated(sum[at] ?? 0);
}

/** Mean absolute sample: FreeSWITCH's measure of how loud somebody is. */
export function energyOf(frame: Int16Array): number {
  let sum = 0;
  for (const sample of frame) sum += Math.abs(sample);
  return sum / frame.length;
}

function saturated(value: number): number {
  return value > 32_767 ? 32_767 : value < -32_768 ? -32_768 : value;
}

const LOUDER = [1.3, 2.3, 3.3, 4.3];
const SOFTER = [0.8, 0.6, 0.4, 0.2];

/** The factor of a FreeSWITCH volume of -4 to 4; what is outside counts as the end of the range. */
export function levelOf(volume: number): number {
  const step = Math.max(-4, Math.min(4, Math.trunc(volume)));
  if (step === 0) return 1;
  return (step > 0 ? LOUDER[step - 1] : SOFTER[-step - 1]) ?? 1;
}

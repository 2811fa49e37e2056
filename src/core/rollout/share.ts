// Which callers go through the candidate: a fixed share of all numbers, always the same ones for one roll-out.

const BUCKETS = 10_000;

/**
 * The same caller is always on the same side, and whoever is in at 10 % stays in at 50 %.
 * `caller`: the number, or something of the call where it is withheld. `percent`: 0 to 100, two decimals count.
 */
export function inShare(seed: string, caller: string, percent: number): boolean {
  return hash(`${seed} ${caller}`) % BUCKETS < Math.round((percent * BUCKETS) / 100);
}

/** FNV-1a of the UTF-16 units, 32 bits, then the finaliser of MurmurHash3, so that numbers that differ in one digit part. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35);
  return (sum ^ (sum >>> 16)) >>> 0;
}

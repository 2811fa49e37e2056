// Chance in a simulated day: durations by distribution, and one stream of numbers per caller, all from one seed.
import { type Random, seededRandom } from '../../../lib/ids.js';

/** Every duration has a mean; `cv` is standard deviation / mean, `shape` Weibull's k (1: exponential, above: patience wears out). */
export type Duration =
  | { readonly kind: 'fixed'; readonly meanMs: number }
  | { readonly kind: 'exponential'; readonly meanMs: number }
  | { readonly kind: 'weibull'; readonly meanMs: number; readonly shape: number }
  | { readonly kind: 'lognormal'; readonly meanMs: number; readonly cv: number };

/**
 * A stream of its own for each name under a seed. What one caller draws does not depend on what happens to the others:
 * two days with the same seed and different agents have the same callers (common random numbers).
 */
export function streamOf(...names: readonly (string | number)[]): Random {
  // FNV-1a, and a last mixing: names that differ in one digit begin far apart.
  let hash = 0x811c9dc5;
  for (const char of names.join('/')) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return seededRandom(hash ^ (hash >>> 13));
}

export function draw(duration: Duration, random: Random): number {
  const { meanMs } = duration;
  switch (duration.kind) {
    case 'fixed':
      return meanMs;
    case 'exponential':
      return meanMs * -Math.log(1 - random.next());
    case 'weibull':
      // Mean of Weibull: scale · Γ(1 + 1/k).
      return (meanMs / gamma(1 + 1 / duration.shape)) * (-Math.log(1 - random.next())) ** (1 / duration.shape);
    case 'lognormal': {
      const variance = Math.log(1 + duration.cv ** 2);
      return meanMs * Math.exp(Math.sqrt(variance) * normal(random) - variance / 2);
    }
  }
}

/** Standard deviation / mean of a duration. */
export function variationOf(duration: Duration): number {
  switch (duration.kind) {
    case 'fixed':
      return 0;
    case 'exponential':
      return 1;
    case 'weibull':
      return Math.sqrt(gamma(1 + 2 / duration.shape) / gamma(1 + 1 / duration.shape) ** 2 - 1);
    case 'lognormal':
      return duration.cv;
  }
}

/** Box and Muller (1958): one of the pair, so that every draw takes two numbers. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Γ(x) for x ≥ 1 by the series of Lanczos (g = 5, n = 6), good to 2·10⁻¹⁰. */
export function gamma(x: number): number {
  const series = [76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155, 1.208650973866179e-3]
    .concat(-5.395239384953e-6)
    .reduce((sum, coefficient, index) => sum + coefficient / (x + index + 1), 1.000000000190015);
  const base = x + 5.5;
  return (Math.exp((x + 0.5) * Math.log(base) - base) * Math.sqrt(2 * Math.PI) * series) / x;
}

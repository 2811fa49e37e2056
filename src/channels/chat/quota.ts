// How often something may be done within a time, by whoever does it.
import type { Clock } from '../../lib/clock.js';

/** More doers than that at a time: the longest known ones are forgotten. */
export const DOERS_MAX = 10_000;

export class Quota {
  readonly #counts = new Map<string, { readonly endsMs: number; count: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly most: number,
    private readonly windowMs: number,
  ) {}

  /** Counts one, unless it was too often already. */
  take(doer: string): boolean {
    const nowMs = this.clock.monotonicMs();
    const known = this.#counts.get(doer);
    if (known !== undefined && nowMs < known.endsMs) {
      if (known.count >= this.most) return false;
      known.count += 1;
      return true;
    }
    this.#counts.delete(doer);
    this.#counts.set(doer, { endsMs: nowMs + this.windowMs, count: 1 });
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > DOERS_MAX && oldest !== undefined) this.#counts.delete(oldest);
    return true;
  }
}

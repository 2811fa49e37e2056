// Counts failed sign-ins by user and address, and by address alone: whoever guesses is stopped, the others are not.
import type { Clock } from '../../lib/clock.js';

/** Counters kept; the oldest is dropped first. */
const MAX_COUNTERS = 20_000;

export interface SignInLimitOptions {
  readonly ofUser: number;
  readonly ofAddress: number;
  readonly windowMs: number;
  readonly clock: Clock;
}

export type SignInTry = { readonly allowed: true } | { readonly allowed: false; readonly retryAfterS: number };

interface Counter {
  count: number;
  readonly endsAtMs: number;
}

export class SignInLimit {
  readonly #counters = new Map<string, Counter>();

  constructor(private readonly options: SignInLimitOptions) {}

  /** Counts one try; take it back when it was right. A refused one is not counted: the window ends all the same. */
  take(user: string, address: string): SignInTry {
    const ofUser = this.#counter(keyOf(user, address));
    const ofAddress = this.#counter(address);
    const full = [
      ofUser.count >= this.options.ofUser ? [ofUser] : [],
      ofAddress.count >= this.options.ofAddress ? [ofAddress] : [],
    ].flat();
    if (full.length > 0) {
      const waitMs = Math.max(...full.map(({ endsAtMs }) => endsAtMs)) - this.options.clock.monotonicMs();
      return { allowed: false, retryAfterS: Math.ceil(waitMs / 1000) };
    }
    ofUser.count += 1;
    ofAddress.count += 1;
    return { allowed: true };
  }

  /** That try was right: it counts no longer, and the user's earlier slips are forgotten. */
  giveBack(user: string, address: string): void {
    this.#counters.delete(keyOf(user, address));
    const ofAddress = this.#counters.get(address);
    if (ofAddress !== undefined && ofAddress.count > 0) ofAddress.count -= 1;
  }

  /** That try does not count, neither as a slip nor as proof. */
  takeBack(user: string, address: string): void {
    for (const key of [keyOf(user, address), address]) {
      const counter = this.#counters.get(key);
      if (counter !== undefined && counter.count > 0) counter.count -= 1;
    }
  }

  #counter(key: string): Counter {
    const nowMs = this.options.clock.monotonicMs();
    const known = this.#counters.get(key);
    if (known !== undefined && known.endsAtMs > nowMs) return known;
    const fresh: Counter = { count: 0, endsAtMs: nowMs + this.options.windowMs };
    this.#counters.delete(key);
    this.#counters.set(key, fresh);
    const [oldest] = this.#counters.keys();
    if (this.#counters.size > MAX_COUNTERS && oldest !== undefined) this.#counters.delete(oldest);
    return fresh;
  }
}

function keyOf(user: string, address: string): string {
  return `${address} ${user}`;
}

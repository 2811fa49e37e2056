// Counts failed log-ins per source and shuts out who guesses passwords, for a while.
import type { Clock } from '../../lib/clock.js';

export const WINDOW_MS = 10 * 60_000;
export const BAN_MS = 10 * 60_000;
/** Failures of one name from one address, and of all names from one address, within the window. */
export const MAX_PER_NAME = 5;
export const MAX_PER_ADDRESS = 20;
/** Sources remembered; beyond this the oldest are forgotten. */
export const MAX_SOURCES = 10_000;

interface Count {
  readonly sinceMs: number;
  readonly failures: number;
  readonly bannedUntilMs: number;
}

export class FailureLimit {
  readonly #clock: Clock;
  readonly #counts = new Map<string, Count>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  banned(address: string, name: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    return [address, `${address} ${name}`].some((key) => (this.#counts.get(key)?.bannedUntilMs ?? 0) > nowMs);
  }

  /** True when this failure is the one that brings a ban. */
  failed(address: string, name: string): boolean {
    const byName = this.#count(`${address} ${name}`, MAX_PER_NAME);
    const byAddress = this.#count(address, MAX_PER_ADDRESS);
    return byName || byAddress;
  }

  /** A right password clears the name, not the address: others may guess from there. */
  succeeded(address: string, name: string): void {
    this.#counts.delete(`${address} ${name}`);
  }

  #count(key: string, limit: number): boolean {
    const nowMs = this.#clock.monotonicMs();
    const before = this.#counts.get(key);
    const current =
      before !== undefined && nowMs - before.sinceMs < WINDOW_MS
        ? before
        : { sinceMs: nowMs, failures: 0, bannedUntilMs: before?.bannedUntilMs ?? 0 };
    const failures = current.failures + 1;
    const ban = failures >= limit;
    this.#counts.delete(key);
    this.#counts.set(key, {
      sinceMs: current.sinceMs,
      failures: ban ? 0 : failures,
      bannedUntilMs: ban ? nowMs + BAN_MS : current.bannedUntilMs,
    });
    if (this.#counts.size > MAX_SOURCES) {
      const [oldest] = this.#counts.keys();
      if (oldest !== undefined) this.#counts.delete(oldest);
    }
    return ban;
  }
}

// How many messages each address may send: a flood from one of them costs the others nothing.
import type { Clock } from '../../lib/clock.js';

/** Addresses whose calls or registrations were accepted may send so many times more. */
export const TRUSTED_FACTOR = 20;
export const TRUSTED_FOR_MS = 3_600_000;
/** A burst: what comes in so many seconds at full rate. */
export const BURST_S = 2;
/** Strangers remembered, and trusted addresses; the oldest makes room. */
export const MAX_SOURCES = 20_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * Token buckets by address. Requests that begin something need a token; what belongs to calls that are there (ACK,
 * BYE, CANCEL, PRACK, responses) may also run into debt, so that an address over its limit can still end its calls.
 */
export class SourceRates {
  readonly #strangers = new Map<string, Bucket>();
  readonly #trusted = new Map<string, Bucket & { untilMs: number }>();

  /** @param perSecond what a stranger may send in the long run */
  constructor(
    readonly clock: Clock,
    readonly perSecond: number,
  ) {}

  /** Takes a token; false when there is none: the message is to be dropped. */
  allows(source: string, bytes: Buffer): boolean {
    const nowMs = this.clock.monotonicMs();
    const trusted = this.#trusted.get(source);
    if (trusted !== undefined && trusted.untilMs > nowMs) return take(trusted, this.perSecond * TRUSTED_FACTOR);
    if (trusted !== undefined) this.#trusted.delete(source);
    let bucket = this.#strangers.get(source);
    if (bucket === undefined) {
      bucket = { tokens: this.perSecond * BURST_S, atMs: nowMs };
      makeRoom(this.#strangers);
      this.#strangers.set(source, bucket);
    }
    return take(bucket, this.perSecond);

    function take(from: Bucket, perSecond: number): boolean {
      const burst = perSecond * BURST_S;
      from.tokens = Math.min(burst, from.tokens + ((nowMs - from.atMs) * perSecond) / 1000);
      from.atMs = nowMs;
      const floor = from.tokens >= 1 || !continuesSomething(bytes) ? 1 : 1 - burst;
      if (from.tokens < floor) return false;
      from.tokens--;
      return true;
    }
  }

  /** A call or registration of that address was accepted. */
  trust(source: string): void {
    const nowMs = this.clock.monotonicMs();
    const tokens = this.#trusted.get(source)?.tokens ?? this.perSecond * TRUSTED_FACTOR * BURST_S;
    const atMs = this.#trusted.get(source)?.atMs ?? nowMs;
    this.#trusted.delete(source);
    makeRoom(this.#trusted);
    this.#trusted.set(source, { tokens, atMs, untilMs: nowMs + TRUSTED_FOR_MS });
  }
}

function makeRoom(sources: Map<string, Bucket>): void {
  if (sources.size < MAX_SOURCES) return;
  const oldest = sources.keys().next();
  if (!oldest.done) sources.delete(oldest.value);
}

const WITHIN_CALLS = ['SIP/2.0 ', 'ACK ', 'BYE ', 'CANCEL ', 'PRACK '].map((text) => Buffer.from(text));

/** By the first bytes alone: nothing has been parsed yet. */
function continuesSomething(bytes: Buffer): boolean {
  return WITHIN_CALLS.some(
    (start) => bytes.length > start.length && bytes.compare(start, 0, start.length, 0, start.length) === 0,
  );
}

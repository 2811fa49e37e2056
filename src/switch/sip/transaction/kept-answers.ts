// Final answers to requests other than INVITE, kept for copies of the request (Timer J of RFC 3261 §17.2.2): no more of
// the transaction than its bytes, so that a busy server does not carry half a minute of requests about.
import type { Clock, Timer } from '../../../lib/clock.js';

/**
 * Answers kept: all of the last 64*T1 up to some 1,500 a second, beyond that until so many newer ones have come: more
 * than two seconds of them at 20,000 a second, in which the first copies would come.
 */
export const MAX_KEPT_ANSWERS = 50_000;
/** Usual answers are so small that the number above comes first; this is for requests whose many Vias come back in them. */
export const MAX_KEPT_BYTES = 64 * 1024 * 1024;

export interface KeptAnswer {
  /** The keys of its request in the table of transactions. */
  readonly exact: string;
  readonly merge: string | undefined;
  readonly bytes: Buffer;
  reply(bytes: Buffer, onError: (error: Error) => void): void;
}

export class KeptAnswers {
  /** Oldest first; `untilMs` grows from one to the next. */
  readonly #kept = new Map<string, { readonly answer: KeptAnswer; readonly untilMs: number }>();
  readonly #merged = new Set<string>();
  #bytes = 0;
  #sweep: Timer | undefined;

  constructor(
    readonly clock: Clock,
    readonly keepMs: number,
  ) {}

  get size(): number {
    return this.#kept.size;
  }

  keep(answer: KeptAnswer): void {
    this.#bytes += answer.bytes.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < MAX_KEPT_ANSWERS && this.#bytes <= MAX_KEPT_BYTES) break;
      this.#forget(oldest);
    }
    this.#kept.set(answer.exact, { answer, untilMs: this.clock.monotonicMs() + this.keepMs });
    if (answer.merge !== undefined) this.#merged.add(answer.merge);
    this.#sweep ??= this.clock.after(this.keepMs, () => this.#sweepUp());
  }

  /** Answers a copy of a request that was answered; false when there is none. */
  repeat(exact: string): boolean {
    const answer = this.#kept.get(exact)?.answer;
    answer?.reply(answer.bytes, () => undefined); // the next copy tries again
    return answer !== undefined;
  }

  /** Whether a request that came by another path was answered (§8.2.2.2). */
  hasMerged(merge: string): boolean {
    return this.#merged.has(merge);
  }

  clear(): void {
    this.#sweep?.cancel();
    this.#sweep = undefined;
    this.#bytes = 0;
    this.#kept.clear();
    this.#merged.clear();
  }

  #sweepUp(): void {
    this.#sweep = undefined;
    const nowMs = this.clock.monotonicMs();
    for (const [exact, { untilMs }] of this.#kept) {
      if (untilMs > nowMs) {
        this.#sweep = this.clock.after(untilMs - nowMs, () => this.#sweepUp());
        return;
      }
      this.#forget(exact);
    }
  }

  #forget(exact: string): void {
    const { merge, bytes } = this.#kept.get(exact)?.answer ?? {};
    this.#kept.delete(exact);
    this.#bytes -= bytes?.length ?? 0;
    if (merge !== undefined) this.#merged.delete(merge);
  }
}

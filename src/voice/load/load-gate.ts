// Lets new calls in as fast as the measured load allows; those that nobody may refuse are counted, never held back.
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { type Load, pressuresOf, worstOf } from './pressure.js';
import { LEAST_PER_S, OPEN, SAMPLE_EVERY_MS, stepped, type Throttle } from './throttle.js';

/** So much of a second's calls may come in one breath; after a quiet second as many as are always borne. */
const BURST_S = 0.25;

export interface LoadGateParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Since it was last asked. */
  readonly measure: () => Load;
}

export interface LoadFigures {
  readonly state: Throttle['state'];
  /** New calls let in a second; absent: no bound. */
  readonly ratePerS?: number;
  readonly refused: number;
  /** Each measure over its limit. */
  readonly pressures: Readonly<Record<string, number>>;
}

export class LoadGate {
  readonly #parts: LoadGateParts;
  #throttle: Throttle = OPEN;
  #pressures: Readonly<Record<string, number>> = {};
  #tokens = 0;
  #filledAtMs: number;
  #refused = 0;
  readonly #offered = new Rate();
  readonly #admitted = new Rate();
  #timer: Timer | undefined;

  constructor(parts: LoadGateParts) {
    this.#parts = parts;
    this.#filledAtMs = parts.clock.monotonicMs();
  }

  start(): void {
    this.#timer = this.#parts.clock.after(SAMPLE_EVERY_MS, () => this.#sample());
  }

  /** Whether there is a bound at present. */
  get limiting(): boolean {
    return this.#throttle.state === 'limited';
  }

  /** Whether this new call may come in. `favoured`: it may in any case (emergency, somebody with a place). */
  admit(favoured: boolean): boolean {
    this.#offered.count();
    if (this.#throttle.state === 'limited') {
      this.#fill(this.#throttle.ratePerS);
      if (this.#tokens < 1 && !favoured) {
        this.#refused += 1;
        return false;
      }
      this.#tokens -= 1;
    }
    this.#admitted.count();
    return true;
  }

  figures(): LoadFigures {
    const { state } = this.#throttle;
    const rate = this.#throttle.state === 'limited' ? { ratePerS: this.#throttle.ratePerS } : {};
    return { state, ...rate, refused: this.#refused, pressures: this.#pressures };
  }

  close(): void {
    this.#timer?.cancel();
  }

  #sample(): void {
    const { clock, measure } = this.#parts;
    this.#timer = clock.after(SAMPLE_EVERY_MS, () => this.#sample());
    this.#pressures = pressuresOf(measure());
    const nowMs = clock.monotonicMs();
    const sample = {
      pressure: worstOf(this.#pressures),
      offeredPerS: this.#offered.perSecond(nowMs),
      admittedPerS: this.#admitted.perSecond(nowMs),
    };
    const before = this.#throttle;
    this.#throttle = stepped(before, sample);
    if (before.state !== this.#throttle.state) this.#tell(sample.offeredPerS);
  }

  #tell(offeredPerS: number): void {
    const { log } = this.#parts;
    const facts = { pressures: rounded(this.#pressures), offeredPerS: Math.round(offeredPerS), refused: this.#refused };
    if (this.#throttle.state === 'open') {
      log.warn(facts, 'load is bearable again: every new call is taken');
      return;
    }
    [this.#tokens, this.#filledAtMs] = [0, this.#parts.clock.monotonicMs()];
    log.warn({ ...facts, ratePerS: Math.round(this.#throttle.ratePerS) }, 'overload: some new calls get 503');
  }

  #fill(ratePerS: number): void {
    const nowMs = this.#parts.clock.monotonicMs();
    const most = Math.max(LEAST_PER_S, ratePerS * BURST_S);
    this.#tokens = Math.min(most, this.#tokens + (ratePerS * (nowMs - this.#filledAtMs)) / 1000);
    this.#filledAtMs = nowMs;
  }
}

/** How many there were over about the last second, from counts between readings. */
class Rate {
  #count = 0;
  #readings: { readonly atMs: number; readonly count: number }[] = [];

  count(): void {
    this.#count += 1;
  }

  perSecond(nowMs: number): number {
    this.#readings = this.#readings.filter(({ atMs }) => nowMs - atMs <= 1000);
    const oldest = this.#readings[0];
    this.#readings.push({ atMs: nowMs, count: this.#count });
    if (oldest === undefined || oldest.atMs === nowMs) return 0;
    return ((this.#count - oldest.count) * 1000) / (nowMs - oldest.atMs);
  }
}

function rounded(pressures: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(pressures).map(([name, value]) => [name, Math.round(value * 100) / 100]));
}

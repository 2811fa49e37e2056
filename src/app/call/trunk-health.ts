// Which trunks do not take our calls at the moment: call-backs wait instead of ringing agents for nothing, one failure after the other.
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { DialOutcome } from '../ports.js';

/** Failures in a row, of the trunk and not of a number, after which it is left alone. */
export const FAILURES_MAX = 3;
/** First pause; it doubles with each further failure. */
export const FIRST_PAUSE_MS = 10_000;
export const LONGEST_PAUSE_MS = 300_000;

interface Health {
  failures: number;
  /** Monotonic ms; it is tried again from then on. */
  pausedUntilMs: number;
}

export class TrunkHealth {
  readonly #health = new Map<string, Health>();

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** How long no call-back should be tried over this trunk; 0: at once. */
  pauseMs(trunk: string): number {
    return Math.max(0, (this.#health.get(trunk)?.pausedUntilMs ?? 0) - this.clock.monotonicMs());
  }

  /** To be told of every call over the trunk that was not withdrawn. */
  note(trunk: string, outcome: DialOutcome): void {
    if (outcome.kind === 'withdrawn') return;
    if (!isTrunkFailure(outcome)) {
      if (this.#health.delete(trunk)) this.log.info({ trunk }, 'the trunk takes calls again');
      return;
    }
    const failures = (this.#health.get(trunk)?.failures ?? 0) + 1;
    const beyond = failures - FAILURES_MAX;
    const pauseMs = beyond < 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(beyond, 16));
    this.#health.set(trunk, { failures, pausedUntilMs: this.clock.monotonicMs() + pauseMs });
    if (pauseMs > 0) this.log.warn({ trunk, failures, pauseMs }, 'the trunk takes no calls: call-backs wait');
  }
}

/** No SIP answer at all, or a server's failure; what the number itself answers says nothing of the trunk. */
function isTrunkFailure(outcome: DialOutcome): boolean {
  if (outcome.kind !== 'failed' || outcome.reason !== 'unreachable') return false;
  return outcome.sipStatus === undefined || (outcome.sipStatus >= 500 && outcome.sipStatus < 600);
}

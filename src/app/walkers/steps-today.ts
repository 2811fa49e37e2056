// How often the steps of each flow were left today, and how: read from the record, for everybody who looks at once.
import { DateTime } from 'luxon';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';

/** Counting reads all steps of the day: those who look share one look. */
export const KEPT_MS = 15_000;

export interface StepOutcome {
  readonly flow: string;
  readonly step: string;
  /** As in the record: `key:1`, `time-out`, `not-served:max-wait`. */
  readonly outcome: string;
  readonly count: number;
}

export interface StepStore {
  /** Rejects with HiloError `store-unavailable`. */
  outcomesSince(sinceMs: number): Promise<readonly StepOutcome[]>;
}

export interface StepsTodayPorts {
  readonly store: StepStore;
  readonly centre: () => Pick<Centre, 'timeZone'>;
  readonly clock: Clock;
}

export interface FlowToday {
  /** Midnight of the centre. */
  readonly sinceMs: number;
  readonly steps: readonly Omit<StepOutcome, 'flow'>[];
}

interface Look {
  readonly sinceMs: number;
  readonly atMs: number;
  readonly outcomes: Promise<readonly StepOutcome[]>;
}

export class StepsToday {
  #look: Look | undefined;

  constructor(private readonly ports: StepsTodayPorts) {}

  /** Of all texts that the flow had today; most frequent first. */
  async of(flow: string): Promise<FlowToday> {
    const { sinceMs, outcomes } = this.#current();
    const own = (await outcomes).filter((one) => one.flow === flow);
    const steps = own.map(({ step, outcome, count }) => ({ step, outcome, count }));
    return { sinceMs, steps: steps.toSorted((a, b) => b.count - a.count) };
  }

  #current(): Look {
    const { store, centre, clock } = this.ports;
    const zone = centre().timeZone;
    const sinceMs = DateTime.fromMillis(clock.nowMs(), { zone }).startOf('day').toMillis();
    const atMs = clock.monotonicMs();
    const known = this.#look;
    if (known !== undefined && known.sinceMs === sinceMs && atMs - known.atMs < KEPT_MS) return known;
    const look: Look = { sinceMs, atMs, outcomes: store.outcomesSince(sinceMs) };
    this.#look = look;
    // Who comes next tries again.
    look.outcomes.catch(() => {
      if (this.#look === look) this.#look = undefined;
    });
    return look;
  }
}

// Keeps the figures up with the record: counts what is new, batch by batch, on one node of the centre at a time.
import type { Thresholds } from '../../core/interaction/figures/contribution.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { FigureStore } from './figure-store.js';

const EVERY_MS = 2_000;
/** Between batches when there is much to do: calls come first. */
const PAUSE_MS = 20;
/** Of a queue that is no longer in the file. */
const DEFAULT_SERVICE_LEVEL_MS = 20_000;

export interface FigureCountingPorts {
  readonly store: FigureStore;
  readonly centre: () => Centre;
  /** One node is enough; several do no harm. */
  readonly leading: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

export class FigureCounting {
  #timer: Timer | undefined;
  #closed = false;
  #round: Promise<void> | undefined;

  constructor(private readonly ports: FigureCountingPorts) {}

  start(): void {
    this.#later(EVERY_MS);
  }

  /** Waits for the batch that is under way. Safe to call twice. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#round;
  }

  #later(delayMs: number): void {
    if (this.#closed) return;
    this.#timer = this.ports.clock.after(delayMs, () => {
      this.#round = this.#count();
    });
  }

  async #count(): Promise<void> {
    const { store, centre, leading, log } = this.ports;
    let counted = 0;
    try {
      if (leading()) ({ counted } = await store.advance(thresholdsOf(centre())));
    } catch (error) {
      log.warn({ err: error }, 'the figures have to wait');
    }
    this.#later(counted > 0 ? PAUSE_MS : EVERY_MS);
  }
}

/** Those in force when a call is counted. */
export function thresholdsOf({ queues, recovery }: Centre): Thresholds {
  return {
    serviceLevelMs: (queue) => queues.get(queue)?.serviceLevelMs ?? DEFAULT_SERVICE_LEVEL_MS,
    shortAbandonMs: recovery.shortAbandonMs,
  };
}

// Whether the database answers: after a failure everybody is turned away at once, until a probe of its own succeeds.
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';

const PROBE_EVERY_MS = 250;

//        failed()
//   up ───────────▶ down ──┐ probe fails: try again
//    ▲               │ ▲   │
//    └─── probe ok ──┘ └───┘        close() from anywhere: closed
type State =
  | { readonly state: 'up' }
  | { readonly state: 'down'; readonly sinceMs: number; readonly timer: Timer }
  | { readonly state: 'closed' };

export interface AvailabilityOptions {
  /** Resolves when the database answers; has a limit of its own. */
  readonly probe: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

export class Availability {
  readonly #options: AvailabilityOptions;
  #state: State = { state: 'up' };

  constructor(options: AvailabilityOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#state.state === 'up';
  }

  failed(error: unknown): void {
    if (this.#state.state !== 'up') return;
    this.#options.log.error({ error: String(error) }, 'the database does not answer');
    this.#probeLater(this.#options.clock.monotonicMs());
  }

  close(): void {
    if (this.#state.state === 'down') this.#state.timer.cancel();
    this.#state = { state: 'closed' };
  }

  #probeLater(sinceMs: number): void {
    const timer = this.#options.clock.after(PROBE_EVERY_MS, () => void this.#probe(sinceMs));
    this.#state = { state: 'down', sinceMs, timer };
  }

  async #probe(sinceMs: number): Promise<void> {
    const { probe, clock, log } = this.#options;
    const answers = await probe().then(
      () => true,
      () => false,
    );
    if (this.#state.state !== 'down') return;
    if (!answers) return this.#probeLater(sinceMs);
    this.#state = { state: 'up' };
    log.info({ awayMs: Math.round(clock.monotonicMs() - sinceMs) }, 'the database is back');
  }
}

// Media legs made before it is known who will be rung: the time they take is then not the caller's.
import type { Clock, Timer } from '../../lib/clock.js';
import type { Media, OpeningEndpoint } from '../drachtio/media.js';
import type { MediaEndpoint } from '../drachtio/media-endpoint.js';
import type { SipConnection } from '../drachtio/sip-connection.js';

/** Whoever is free is offered the caller within milliseconds; later than this it was not to be. */
export const PREPARED_LIMIT_MS = 2_000;
export const PREPARED_MAX = 20;
/** After one that nobody took none is made for so long: where agents have browsers, for example, none is ever taken. */
export const REST_MS = 10_000;

export interface PreparedLegsParts {
  readonly media: Pick<Media, 'accepting' | 'open'>;
  readonly signalling: () => SipConnection | undefined;
  readonly clock: Clock;
}

/** The leg that the one who is rung will be bridged with. */
export interface Beside {
  readonly endpoint: MediaEndpoint;
  readonly ended: AbortSignal;
}

interface Prepared {
  readonly opening: OpeningEndpoint;
  readonly timer: Timer;
  readonly onEnded: () => void;
}

export class PreparedLegs {
  readonly #parts: PreparedLegsParts;
  readonly #prepared = new Map<Beside, Prepared>();
  #restUntilMs = 0;

  constructor(parts: PreparedLegsParts) {
    this.#parts = parts;
  }

  /** Makes a leg that sends an offer of plain media, unless the media server is busy or the last one was in vain. */
  prepare(beside: Beside): void {
    const { media, signalling, clock } = this.#parts;
    const via = signalling();
    if (via === undefined || !media.accepting || beside.ended.aborted) return;
    if (this.#prepared.has(beside) || this.#prepared.size >= PREPARED_MAX) return;
    if (clock.monotonicMs() < this.#restUntilMs) return;
    const opening = media.open({ urgent: false, via, beside: beside.endpoint });
    const inVain = (): void => {
      this.#restUntilMs = clock.monotonicMs() + REST_MS;
      this.take(beside)?.abandon();
    };
    const onEnded = (): void => this.take(beside)?.abandon();
    this.#prepared.set(beside, { opening, timer: clock.after(PREPARED_LIMIT_MS, inVain), onEnded });
    beside.ended.addEventListener('abort', onEnded, { once: true });
    opening.endpoint.catch(() => {
      if (this.#prepared.get(beside)?.opening === opening) this.take(beside);
    });
  }

  /** From now on it is the taker's to abandon. */
  take(beside: Beside): OpeningEndpoint | undefined {
    const prepared = this.#prepared.get(beside);
    if (prepared === undefined) return undefined;
    this.#prepared.delete(beside);
    prepared.timer.cancel();
    beside.ended.removeEventListener('abort', prepared.onEnded);
    return prepared.opening;
  }

  close(): void {
    for (const beside of this.#prepared.keys()) this.take(beside)?.abandon();
  }
}

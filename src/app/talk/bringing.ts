// One at a time: somebody who is rung to come into a talk that goes on meanwhile.
import type { Call } from '../call/call.js';
import { HiloError } from '../errors.js';
import type { Colleague, Colleagues } from './colleagues.js';
import type { Handover, TalkSide } from './side.js';

export class Bringing {
  readonly #call: Call;
  readonly #colleagues: Pick<Colleagues, 'check' | 'reach'>;
  #stop: AbortController | undefined;

  constructor(call: Call, colleagues: Pick<Colleagues, 'check' | 'reach'>) {
    this.#call = call;
    this.#colleagues = colleagues;
  }

  /** Rejects with HiloError `wrong-state` when they do not come, `not-found` or `not-allowed` when they cannot be called. */
  async bring(who: Colleague, handover: Handover, queue: string | undefined): Promise<TalkSide> {
    if (this.#stop !== undefined) throw new HiloError('wrong-state', 'somebody is being rung already');
    this.#colleagues.check(who);
    const stop = new AbortController();
    this.#stop = stop;
    const call = this.#call;
    try {
      const reached = await this.#colleagues.reach({
        ...{ call, who, handover, queue },
        beside: call.leg,
        signal: AbortSignal.any([stop.signal, call.leg.ended]),
      });
      if (reached.kind === 'there') return reached.side;
      throw new HiloError('wrong-state', `nobody came: ${reached.reason}`);
    } finally {
      this.#stop = undefined;
    }
  }

  /** Whoever is being rung is rung no longer. */
  stop(): void {
    this.#stop?.abort();
  }
}

/** Calls `then` once when the signal is aborted; what is returned stops waiting for it. */
export function whenAborted<Reason>(signal: AbortSignal, then: (reason: Reason) => void): () => void {
  const over = (): void => then(signal.reason as Reason);
  if (signal.aborted) over();
  else signal.addEventListener('abort', over, { once: true });
  return () => signal.removeEventListener('abort', over);
}

// The next thing that happens to a waiting caller, as one awaited value.
import type { Offer } from '../../core/acd/entry.js';
import type { Clock } from '../../lib/clock.js';
import type { Waiting } from '../floor/queueing.js';
import type { Leg } from '../ports.js';
import { legEnded } from './call.js';

export type Happening =
  | { readonly kind: 'offer'; readonly offer: Offer }
  | { readonly kind: 'max-wait' }
  | { readonly kind: 'exit-key' };

export interface HappeningOptions {
  readonly waiting: Waiting;
  readonly leg: Leg;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly exitKey: string | undefined;
}

/** Rejects with HiloError `leg-ended` when the caller hangs up. Everything it listens to is let go before it settles. */
export function happening(options: HappeningOptions): Promise<Happening> {
  const { waiting, leg, clock } = options;
  return new Promise((resolve, reject) => {
    const cleanUp: (() => void)[] = [];
    const settle = (finish: () => void): void => {
      for (const undo of cleanUp.splice(0)) undo();
      finish();
    };
    const gone = (): void => settle(() => reject(legEnded(leg)));
    if (leg.ended.aborted) {
      gone();
      return;
    }
    leg.ended.addEventListener('abort', gone, { once: true });
    cleanUp.push(() => leg.ended.removeEventListener('abort', gone));
    const leftMs = Math.max(0, options.deadlineMs - clock.nowMs());
    const timer = clock.after(leftMs, () => settle(() => resolve({ kind: 'max-wait' })));
    cleanUp.push(() => timer.cancel());
    cleanUp.push(
      leg.onKey((key) => {
        if (key === options.exitKey) settle(() => resolve({ kind: 'exit-key' }));
      }),
    );
    cleanUp.push(() => waiting.onOffer(undefined));
    waiting.onOffer((offer) => settle(() => resolve({ kind: 'offer', offer })));
  });
}

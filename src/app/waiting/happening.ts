// The next thing that happens to a waiting caller, as one awaited value.
import type { Offer } from '../../core/acd/entry.js';
import { legEnded } from '../call/call.js';
import type { Waiting } from '../floor/queueing.js';
import type { Leg } from '../ports.js';
import type { Impatience, Patience } from './patience.js';

export type Happening = { readonly kind: 'offer'; readonly offer: Offer } | Impatience;

export interface HappeningOptions {
  readonly waiting: Waiting;
  readonly leg: Leg;
  readonly patience: Patience;
}

/** Rejects with HiloError `leg-ended` when the caller hangs up. Everything it listens to is let go before it settles. */
export function happening({ waiting, leg, patience }: HappeningOptions): Promise<Happening> {
  return new Promise((resolve, reject) => {
    const cleanUp: (() => void)[] = [];
    let settled = false;
    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
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
    cleanUp.push(patience.onOver((impatience) => settle(() => resolve(impatience))));
    if (settled) return;
    cleanUp.push(() => waiting.onOffer(undefined));
    waiting.onOffer((offer) => settle(() => resolve({ kind: 'offer', offer })));
  });
}

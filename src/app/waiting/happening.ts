// The next thing that happens to a waiting caller, as one awaited value.
import type { Offer } from '../../core/acd/entry.js';
import type { Clock } from '../../lib/clock.js';
import { legEnded } from '../call/call.js';
import type { Waiting } from '../floor/queueing.js';
import type { Leg } from '../ports.js';

export type Happening = { readonly kind: 'offer'; readonly offer: Offer } | { readonly kind: Impatience };

export interface HappeningOptions {
  readonly waiting: Waiting;
  readonly leg: Leg;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly exitKey: string | undefined;
}

/** What makes a caller leave without an agent; also while one's phone rings. */
export type Impatience = 'max-wait' | 'exit-key';

/** Calls `listener` once, with what came first; what is returned stops listening. */
export function onImpatience(
  { leg, clock, deadlineMs, exitKey }: Omit<HappeningOptions, 'waiting'>,
  listener: (kind: Impatience) => void,
): () => void {
  const timer = clock.after(Math.max(0, deadlineMs - clock.nowMs()), () => over('max-wait'));
  const stopKeys = leg.onKey((key) => {
    if (key === exitKey) over('exit-key');
  });
  const stop = (): void => {
    timer.cancel();
    stopKeys();
  };
  const over = (kind: Impatience): void => {
    stop();
    listener(kind);
  };
  return stop;
}

/** Rejects with HiloError `leg-ended` when the caller hangs up. Everything it listens to is let go before it settles. */
export function happening(options: HappeningOptions): Promise<Happening> {
  const { waiting, leg } = options;
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
    cleanUp.push(onImpatience(options, (kind) => settle(() => resolve({ kind }))));
    cleanUp.push(() => waiting.onOffer(undefined));
    waiting.onOffer((offer) => settle(() => resolve({ kind: 'offer', offer })));
  });
}

// Everybody on our side of a talk: who deals with the customer, who is muted, and who has hung up.
import type { LegEnd } from '../ports.js';
import { whenAborted } from './bringing.js';
import type { TalkSide } from './side.js';

/** People of ours in one conversation; the customer comes besides. */
export const SIDES_MOST = 6;

export class Sides implements Iterable<TalkSide> {
  readonly #onEnded: (side: TalkSide, end: LegEnd) => void;
  readonly #muted = new Set<TalkSide>();
  /** With what stops listening for their end. */
  readonly #all = new Map<TalkSide, () => void>();
  #main: TalkSide;

  /** `main` is not in before {@link enter}. `onEnded`: the leg of somebody who is in has ended. */
  constructor(main: TalkSide, onEnded: (side: TalkSide, end: LegEnd) => void) {
    this.#main = main;
    this.#onEnded = onEnded;
  }

  /** Whom the customer deals with. */
  get main(): TalkSide {
    return this.#main;
  }

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): Iterator<TalkSide> {
    return this.#all.keys();
  }

  has(side: TalkSide): boolean {
    return this.#all.has(side);
  }

  isMuted(side: TalkSide): boolean {
    return this.#muted.has(side);
  }

  mute(side: TalkSide, muted: boolean): void {
    if (muted) this.#muted.add(side);
    else this.#muted.delete(side);
  }

  enter(side: TalkSide): void {
    if (this.has(side)) return;
    // Known before the listener is: a leg that has ended already says so at once.
    this.#all.set(side, () => undefined);
    const stop = whenAborted<LegEnd>(side.leg.ended, (end) => {
      if (this.has(side)) this.#onEnded(side, end);
    });
    if (this.has(side)) this.#all.set(side, stop);
  }

  becomeMain(side: TalkSide): void {
    this.#main = side;
    this.enter(side);
  }

  leave(side: TalkSide): void {
    this.#all.get(side)?.();
    this.#all.delete(side);
    this.#muted.delete(side);
  }
}

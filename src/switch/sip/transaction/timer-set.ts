// The running timers of one transaction, by their letter.
import type { Clock, Timer } from '../../../lib/clock.js';
import type { TimerEffect, TimerName } from './step.js';

export class TimerSet {
  readonly #running = new Map<TimerName, Timer>();

  constructor(
    readonly clock: Clock,
    readonly onTimer: (timer: TimerName) => void,
  ) {}

  apply(effect: TimerEffect): void {
    const { timer } = effect;
    this.#running.get(timer)?.cancel();
    this.#running.delete(timer);
    if (effect.do === 'stop') return;
    const handle = this.clock.after(effect.afterMs, () => {
      this.#running.delete(timer);
      this.onTimer(timer);
    });
    this.#running.set(timer, handle);
  }

  clear(): void {
    for (const timer of this.#running.values()) timer.cancel();
    this.#running.clear();
  }
}

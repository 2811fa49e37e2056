// Owns one attempt at typing digits: what was typed, and when it is complete.
import type { Clock } from '../../../lib/clock.js';
import type { Control } from '../control.js';

export class DigitEntry {
  #digits = '';
  #terminator: string | undefined;
  #unread = 0;
  #wake: (() => void) | undefined;

  constructor(
    readonly max: number,
    readonly terminators: string,
  ) {}

  get digits(): string {
    return this.#digits;
  }
  get terminator(): string | undefined {
    return this.#terminator;
  }
  /** Ended by a terminator or by the last digit allowed. */
  get complete(): boolean {
    return this.#terminator !== undefined || this.#digits.length >= this.max;
  }

  press(digit: string): void {
    if (this.complete) return;
    if (this.terminators === 'any' || this.terminators.includes(digit)) this.#terminator = digit;
    else this.#digits += digit;
    this.#unread++;
    this.#wake?.();
  }

  /** True when a key came within `limitMs`, also one typed before the call; false at the time-out or a stop. */
  async next(clock: Clock, limitMs: number, control: Control): Promise<boolean> {
    if (this.#unread === 0) await this.#keyOr(clock, limitMs, control);
    const pressed = this.#unread > 0;
    this.#unread = 0;
    return pressed;
  }

  #keyOr(clock: Clock, limitMs: number, control: Control): Promise<void> {
    return new Promise((resolve) => {
      const timer = clock.after(limitMs, () => this.#wake?.());
      this.#wake = () => {
        this.#wake = undefined;
        timer.cancel();
        queueMicrotask(() => release());
        resolve();
      };
      const release = control.onStop(() => this.#wake?.());
    });
  }
}

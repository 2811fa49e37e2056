// Owns the keys pressed on one channel: given to the application that collects, else kept for one that will.

/** Keys kept when nobody collects; the oldest go first. */
export const DIGITS_KEPT_MAX = 64;

export class Digits {
  #kept = '';
  readonly #listeners: ((digit: string) => void)[] = [];

  push(digit: string): void {
    const listener = this.#listeners.at(-1);
    if (listener) listener(digit);
    else this.#kept = (this.#kept + digit).slice(-DIGITS_KEPT_MAX);
  }

  /** The innermost listener gets the keys; returns its removal. */
  listen(listener: (digit: string) => void): () => void {
    this.#listeners.push(listener);
    return () => {
      const at = this.#listeners.lastIndexOf(listener);
      if (at >= 0) this.#listeners.splice(at, 1);
    };
  }

  flush(): void {
    this.#kept = '';
  }

  get kept(): string {
    return this.#kept;
  }
}

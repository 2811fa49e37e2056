// The keys of one leg: who gets each of them, and the ones typed ahead.

/** Takes a key (true) or leaves it to the next. */
export type KeyCapture = (key: string) => boolean;

/** Keys typed ahead beyond this are lost. */
export const MAX_TYPED_AHEAD = 32;

export class KeyStream {
  readonly #captures: KeyCapture[] = [];
  readonly #listeners = new Set<(key: string) => void>();
  #ahead = '';

  /** A key was pressed: the newest capture that takes it, else all listeners, else it is kept for the next collection. */
  press(key: string): void {
    for (const capture of [...this.#captures].reverse()) {
      if (capture(key)) return;
    }
    if (this.#listeners.size > 0) {
      for (const listener of [...this.#listeners]) listener(key);
    } else if (this.#ahead.length < MAX_TYPED_AHEAD) {
      this.#ahead += key;
    }
  }

  capture(capture: KeyCapture): () => void {
    this.#captures.push(capture);
    return () => {
      const at = this.#captures.indexOf(capture);
      if (at >= 0) this.#captures.splice(at, 1);
    };
  }

  listen(listener: (key: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What was typed ahead; it is gone afterwards. */
  takeAhead(): string {
    const ahead = this.#ahead;
    this.#ahead = '';
    return ahead;
  }

  /** The first of `keys` that was typed ahead, with all before it gone; undefined (and nothing gone) when there is none. */
  takeFirstOf(keys: string): string | undefined {
    const at = [...this.#ahead].findIndex((key) => keys.includes(key));
    if (at < 0) return undefined;
    const key = this.#ahead[at];
    this.#ahead = this.#ahead.slice(at + 1);
    return key;
  }
}

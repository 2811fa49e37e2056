// The end of something that many wait for, at a fraction of the cost of an AbortSignal.

/** The part of an AbortSignal that waiting needs. */
export interface EndSignal {
  readonly aborted: boolean;
  /** Why; undefined until it is aborted. */
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * Like an AbortController and its signal in one, for what is made several times a call (13 µs there, 1 here) and for what
 * thousands wait for: Node keeps the listeners of a signal in a list and walks it for each one that comes or goes, which
 * made 300 calls on one connection spend a tenth of their time there.
 */
export class CrowdSignal implements EndSignal {
  readonly #listeners = new Set<() => void>();
  #state: { readonly aborted: false } | { readonly aborted: true; readonly reason: unknown } = { aborted: false };

  get aborted(): boolean {
    return this.#state.aborted;
  }

  get reason(): unknown {
    return this.#state.aborted ? this.#state.reason : undefined;
  }

  /** Number of listeners: lets a test see that nothing leaks. */
  get listeners(): number {
    return this.#listeners.size;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.#state.aborted) this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /**
   * Tells every listener once, in the order in which they came; one that was removed meanwhile hears nothing. Throws what
   * the first faulty one threw, after all have heard it.
   */
  abort(reason: unknown = new Error('aborted')): void {
    if (this.#state.aborted) return;
    this.#state = { aborted: true, reason };
    const faults: unknown[] = [];
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        faults.push(error);
      }
    }
    this.#listeners.clear();
    if (faults.length > 0) throw faults[0];
  }
}

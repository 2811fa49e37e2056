// Owns the wish that a running application end: who asked, and who is told.

/** `break`: end what is going on now (one file of a list). The others end the whole application. */
export type StopReason = 'break' | 'break-all' | 'transfer' | 'hangup';

export class Control {
  #stopped: Exclude<StopReason, 'break'> | undefined;
  readonly #listeners = new Set<(reason: StopReason) => void>();
  readonly #ended: (() => void)[] = [];

  /** Set once the whole application is to end. */
  get stopped(): Exclude<StopReason, 'break'> | undefined {
    return this.#stopped;
  }

  /** Whether anything would hear a `break` now. */
  get interruptible(): boolean {
    return this.#listeners.size > 0;
  }

  /** Calls `listener` at each wish to stop, at once when the application is already to end; returns its removal. */
  onStop(listener: (reason: StopReason) => void): () => void {
    this.#listeners.add(listener);
    if (this.#stopped) listener(this.#stopped);
    return () => this.#listeners.delete(listener);
  }

  stop(reason: StopReason): void {
    if (reason !== 'break') this.#stopped ??= reason;
    for (const listener of [...this.#listeners]) listener(reason);
    if (reason === 'hangup' || reason === 'transfer') for (const resolve of this.#ended.splice(0)) resolve();
  }

  /** Resolves at hang-up or transfer: for what waits without playing. A `break` of either kind passes it by. */
  whenStopped(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stopped === 'hangup' || this.#stopped === 'transfer') resolve();
      else this.#ended.push(resolve);
    });
  }

  /** A part of the application that can be stopped alone and is stopped with the whole. Release it when it is over. */
  part(): { readonly control: Control; release(): void } {
    const control = new Control();
    const release = this.onStop((reason) => control.stop(reason));
    return { control, release };
  }
}

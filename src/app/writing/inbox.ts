// The lines a customer writes during a talk with a bot, in order, each given out once.

/** More than so many unread lines are lost: nobody writes so fast to somebody who does not answer. */
export const UNREAD_MAX = 10;

export interface LineListener {
  /** Something is being typed. */
  typed(): void;
  line(text: string): void;
}

export class Inbox {
  readonly #unread: string[] = [];
  #listener: LineListener | undefined;

  typed(): void {
    this.#listener?.typed();
  }

  line(text: string): void {
    if (this.#listener !== undefined) this.#listener.line(text);
    else if (this.#unread.length < UNREAD_MAX) this.#unread.push(text);
  }

  /** The oldest unread line. */
  take(): string | undefined {
    return this.#unread.shift();
  }

  /** From now on this one hears of everything; there is only one. */
  listen(listener: LineListener): () => void {
    this.#listener = listener;
    return () => {
      if (this.#listener === listener) this.#listener = undefined;
    };
  }
}

// The lines a customer writes during a talk with a bot, in order, each given out once.

/** More than so many unread lines are lost: nobody writes so fast to somebody who does not answer. */
export const UNREAD_MAX = 10;

export interface Reader {
  /** Something is being typed. */
  typed(): void;
  /** There is a line to be taken. */
  line(): void;
}

export class Inbox {
  readonly #unread: string[] = [];
  #reader: Reader | undefined;

  typed(): void {
    this.#reader?.typed();
  }

  line(text: string): void {
    if (this.#unread.length < UNREAD_MAX) this.#unread.push(text);
    this.#reader?.line();
  }

  /** The oldest unread line. */
  take(): string | undefined {
    return this.#unread.shift();
  }

  /** From now on this one is told of everything; there is only one. */
  read(reader: Reader): () => void {
    this.#reader = reader;
    return () => {
      if (this.#reader === reader) this.#reader = undefined;
    };
  }
}

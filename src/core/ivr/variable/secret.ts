// Something the caller typed that nobody may see: kept for the one step that sends it on, and gone with its flow.

/** Shows nothing of itself: not in JSON, not in a log, not in a text. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** For who sends it to where it belongs, in the moment of sending. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }
}

const HIDDEN = '[secret]';

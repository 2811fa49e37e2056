// Real-time text of a leg: what is typed is told to who listens, and a digit typed alone counts as a key.
import type { LegText } from '../../app/ports.js';
import type { MediaEndpoint } from '../drachtio/media-endpoint.js';

const KEY = /^[0-9*#]$/;
const LINE_END = /[\u2028\r\n]$/;

export interface TypedTextOptions {
  readonly endpoint: Pick<MediaEndpoint, 'hasText' | 'onTyped' | 'write'>;
  /** False when digits are for the partner of a conversation. */
  readonly takesKeys: () => boolean;
  readonly onKey: (key: string) => void;
  readonly write: (text: string) => Promise<boolean>;
}

/*
 *  told ──inSecret──▶ secret ──settled──▶ told         told: lines are heard by listeners; secret: digits are keys, the rest is dropped
 */
export class Typing {
  /** Undefined when the leg has no text. */
  readonly text: LegText | undefined;
  readonly #options: TypedTextOptions;
  readonly #listeners: ((text: string) => void)[] = [];
  #before = '';
  #mode: 'told' | 'secret' = 'told';

  constructor(options: TypedTextOptions) {
    const { endpoint, write } = options;
    this.#options = options;
    if (!endpoint.hasText) return;
    endpoint.onTyped((text) => this.#typed(text));
    this.text = { onTyped: (listener) => void this.#listeners.push(listener), write };
  }

  /** What is typed until `action` has settled is told to nobody. */
  async inSecret<T>(action: () => Promise<T>): Promise<T> {
    this.#mode = 'secret';
    try {
      return await action();
    } finally {
      this.#mode = 'told';
    }
  }

  #typed(text: string): void {
    const { takesKeys, onKey } = this.#options;
    if (this.#mode === 'secret') {
      for (const char of text) if (KEY.test(char)) onKey(char);
      return;
    }
    // At the start of a line one digit answers a menu like a key: who cannot hear may not find the keys either.
    if (KEY.test(text) && (this.#before === '' || LINE_END.test(this.#before)) && takesKeys()) {
      onKey(text);
      return;
    }
    this.#before = text;
    for (const listener of this.#listeners) listener(text);
  }
}

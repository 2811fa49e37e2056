// Cuts a byte stream into lines, with a limit on what one line may hold.
import { StringDecoder } from 'node:string_decoder';

const LINE_CHARACTERS_MAX = 64 * 1024;

/** Calls `onLine` for each line without its end; a longer line is delivered in pieces of the limit. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    const pieces = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = pieces.pop() ?? '';
    for (const piece of pieces) this.#onLine(piece.replace(/\r$/, ''));
    while (this.#rest.length > LINE_CHARACTERS_MAX) {
      this.#onLine(this.#rest.slice(0, LINE_CHARACTERS_MAX));
      this.#rest = this.#rest.slice(LINE_CHARACTERS_MAX);
    }
  }

  /** Delivers what follows the last line end, if anything. */
  end(): void {
    const last = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (last !== '') this.#onLine(last);
  }
}

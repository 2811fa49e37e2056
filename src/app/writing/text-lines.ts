// Characters as they are typed, gathered into lines: what stands in the record is what people meant, not each key.

/** A longer line is taken as finished. */
export const LINE_MAX = 500;
/** Ends of a line: T.140 prescribes U+2028, keyboards send CR or LF. */
const LINE_END = /[\u2028\u2029\r\n]/;
const BACKSPACE = '\b';
// Controls of T.140 (bell, colours, escapes) mean nothing in a record.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
const UNSEEN = /[\u0000-\u0007\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

export class TextLines {
  #line: string[] = [];

  /** Nothing has been typed since the last line. */
  get isAtStart(): boolean {
    return this.#line.length === 0;
  }

  /** Takes in what was typed; the lines that are finished by it, without those that are blank. */
  take(text: string): string[] {
    const lines: string[] = [];
    for (const character of text) {
      if (character === BACKSPACE) this.#line.pop();
      else if (LINE_END.test(character)) lines.push(...this.flush());
      else if (!UNSEEN.test(character) && this.#line.push(character) >= LINE_MAX) lines.push(...this.flush());
    }
    return lines;
  }

  /** The line so far is finished: none when it is blank. */
  flush(): string[] {
    const line = this.#line.join('').trim();
    this.#line = [];
    return line === '' ? [] : [line];
  }
}

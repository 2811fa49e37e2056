// What visitors of web pages and the centre have written to each other, as the page shows it; the record has it besides.

export interface ChatFile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
}

export interface ChatLine {
  /** Of the visitor's lines; grows, and may leave some out. */
  readonly number: number;
  /** `in`: by the visitor, who made the id. `out`: the id of our message. */
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly text: string;
  readonly file?: ChatFile;
  readonly atMs: number;
}

export interface NewChatLine extends Omit<ChatLine, 'number'> {
  /** The visitor's. */
  readonly address: string;
}

/** How far a visitor's page has come. */
export type ChatProgress = 'delivered' | 'read';

/** All of them reject with HiloError `store-unavailable`. */
export interface ChatStore {
  /** Known from now on. */
  greet(address: string, atMs: number): Promise<void>;
  knows(address: string): Promise<boolean>;
  /** Its number; the same line again has the same. Undefined: nobody knows that visitor (any more). */
  add(line: NewChatLine): Promise<number | undefined>;
  /** Those after `after`, oldest first, at most `limit`. */
  lines(address: string, after: number, limit: number): Promise<readonly ChatLine[]>;
  /** Number of the newest; 0 when there is none. */
  last(address: string): Promise<number>;
  /** Ours up to that number of which it was not known that the page has come so far. */
  unseen(address: string, upTo: number, progress: ChatProgress): Promise<readonly ChatLine[]>;
  /** From now on that is known. */
  seen(address: string, upTo: number, progress: ChatProgress): Promise<void>;
  /** The file that goes with a line of ours. */
  file(address: string, id: string): Promise<ChatFile | undefined>;
  /** Visitors with whom nothing was written since; how many were forgotten. */
  forget(beforeMs: number, most: number): Promise<number>;
}

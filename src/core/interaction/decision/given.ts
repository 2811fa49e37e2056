// What decisions were made from, kept beside them in the record so that they can be made again.

/** What a walk through a flow began with, besides what the call itself tells. */
export interface WalkStart {
  /** Unix ms. */
  readonly atMs: number;
  /** Name the caller's network gave. */
  readonly name: string;
  /** Languages the caller was known to speak. */
  readonly languages: readonly string[];
  /** Revision of each text in force for this call: its flows by name, and `centre`. */
  readonly texts: Readonly<Record<string, string>>;
  /** Inputs that the number gave the flow. */
  readonly give?: Readonly<Record<string, string | number | boolean>>;
}

/** An answer that a flow was given, in the words of core/ivr/ask.ts. */
export interface GivenAnswer {
  /** Unix ms at which the flow went on with it. */
  readonly atMs: number;
  readonly answer: Readonly<Record<string, unknown>>;
  /** `masked`: typed in secret, only the number of digits is true. `cut`: too long to be kept. Absent: as it was. */
  readonly kept?: 'masked' | 'cut';
}

/** What the offer of a call-back was decided from, besides the interaction itself. */
export interface RecoveryGiven {
  readonly segment: string;
  readonly cause: 'abandoned' | 'overflow' | 'node-lost';
  readonly consent: 'unknown' | 'given' | 'withdrawn';
  readonly number: string;
  readonly lastMessageAtMs?: number;
  /** The place of a caller who could not even begin to wait. */
  readonly place?: { readonly queue: string; readonly priority: number; readonly seniorityMs: number };
  /** The queue that calls back, where a flow says so. */
  readonly queue?: string;
  /** Revision of the centre. */
  readonly centre: string;
  /** Somebody else was writing to the same customer at that moment. */
  readonly elsewhere?: true;
}

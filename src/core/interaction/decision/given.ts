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

/** Whether a caller may wait in a queue was decided from this. */
export interface JoinGiven {
  /** Revision of the centre. */
  readonly centre: string;
  /** Calls in the line. */
  readonly waiting: number;
  /** There was nobody to wait for, in the queue's own sense. */
  readonly isEmpty: boolean;
  /** How the caller would have stood; absent: somebody was free, or the queue sends nobody elsewhere. */
  readonly outlook?: { readonly position: number; readonly agents: number; readonly waitMs?: number };
}

/** What an estimated wait was computed from: mean times of the last customers; 0: too few were known. */
export interface EstimateGiven {
  /** Talk and wrap-up. */
  readonly handledMs: number;
  /** Per place in the line. */
  readonly advancedMs: number;
}

/** By which text of the centre, and so for how long, an agent could write up. */
export interface WrapUpGiven {
  readonly centre: string;
  readonly lastsMs: number;
}

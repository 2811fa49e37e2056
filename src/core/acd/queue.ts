// A queue as configured in the centre: who serves it, how long one may wait, what happens otherwise.

/** Where somebody goes who cannot be served here. */
export type Destination =
  | { readonly kind: 'queue'; readonly queue: string }
  | { readonly kind: 'voicemail' }
  | { readonly kind: 'message' }
  | { readonly kind: 'callback' }
  | { readonly kind: 'number'; readonly number: string }
  | { readonly kind: 'agent'; readonly agent: string }
  | { readonly kind: 'hangup' };

export interface QueueConfig {
  readonly name: string;
  /** Title spoken or shown, per language. */
  readonly title: Readonly<Record<string, string>>;
  readonly skill: string;
  readonly strategy: 'longest-idle';
  readonly priority: number;
  readonly music: string;
  readonly ringMs: number;
  readonly maxWaitMs: number;
  /** Most entries that may wait; 0 = overflow at once. */
  readonly maxLength: number;
  /** Position is said when the caller joins and every so often; 0 = never. */
  readonly announceEveryMs: number;
  readonly wrapUpMs: number;
  readonly overflow: Destination;
  /** When nobody who could serve it is signed in: wait all the same (the default), or overflow at once. */
  readonly whenEmpty?: 'wait' | 'overflow';
  /** Key that leaves the queue for the overflow destination, if any. */
  readonly exitKey?: string;
  /** Service level target: share of calls answered within this time. */
  readonly serviceLevelMs: number;
  readonly record: boolean;
  /** Share (0 to 1) of the queue's agents at work who may be on its call-backs at a time; at least one of them may. */
  readonly callbackShare?: number;
}

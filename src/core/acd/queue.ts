// A queue as configured in the centre: who serves it, how long one may wait, what happens otherwise.

import type { AlarmLimits } from './wait/alarms.js';
import type { Dispositions, WrapUp } from './wrap-up.js';

/** Where somebody goes who cannot be served here. */
export type Destination =
  | { readonly kind: 'queue'; readonly queue: string }
  | { readonly kind: 'voicemail' }
  | { readonly kind: 'message' }
  | { readonly kind: 'callback' }
  | { readonly kind: 'number'; readonly number: string }
  | { readonly kind: 'agent'; readonly agent: string }
  | { readonly kind: 'hangup' };

/** Something said to those who wait, besides the position. */
export interface Announcement {
  /** Key under `texts` of the centre. */
  readonly text: string;
  readonly afterMs: number;
  /** 0 = once. */
  readonly everyMs: number;
}

/** Who would wait for too long goes elsewhere instead of joining. */
export interface Divert {
  /** The estimated wait is longer than this. */
  readonly whenWaitOverMs?: number;
  /** More callers wait than this for each agent at work. */
  readonly whenWaitingPerAgentOver?: number;
  readonly to: Destination;
}

/** How call-backs of a queue are made. */
export interface CallbackWay {
  readonly first: 'agent' | 'customer';
  /** Agent first: a talk that the agent ends sooner reached a machine; 0 = every answer counts. */
  readonly reachedAfterMs: number;
  /** So long a call-back that belongs to an agent is kept for that agent. */
  readonly ownerWaitMs: number;
}

/** How one of several free agents is chosen; see docs/routing.md. */
export const STRATEGIES = [
  'longest-idle',
  'round-robin',
  'fewest-calls',
  'least-talk-time',
  'random',
  'weighted',
  'top-down',
  'ring-all',
] as const;

export type Strategy = (typeof STRATEGIES)[number];

/** Skills with levels that an agent has to have, all of them. Who was good enough for an earlier ring stays so. */
export interface Ring {
  /** Since joining the queue. */
  readonly afterMs: number;
  readonly skills: Readonly<Record<string, number>>;
}

export interface QueueConfig {
  readonly name: string;
  /** Names that it had before. */
  readonly formerly?: readonly string[];
  /** Title spoken or shown, per language. */
  readonly title: Readonly<Record<string, string>>;
  readonly skill: string;
  readonly strategy: Strategy;
  /** Who may serve it, wider with time; absent: whoever has the skill, from the beginning. */
  readonly rings?: readonly Ring[];
  /** Team name → its agents get an entry of this queue only after so long. */
  readonly teamDelaysMs?: Readonly<Record<string, number>>;
  /** So long an entry is kept for the agent who served the customer last; absent: for nobody. */
  readonly stickyMs?: number;
  /** So much waiting improves the priority by one; absent: it stays. */
  readonly ageingMs?: number;
  /** Top-down: who goes first; those who are not named follow in the order of the centre. */
  readonly order?: readonly string[];
  /** Ring-all: so many agents at a time at most. */
  readonly ringAtMost?: number;
  readonly priority: number;
  readonly music: string;
  readonly ringMs: number;
  readonly maxWaitMs: number;
  /** Most entries that may wait; 0 = overflow at once. */
  readonly maxLength: number;
  /** Position is said when the caller joins and every so often; 0 = never. */
  readonly announceEveryMs: number;
  /** When the wrap-up ends by itself; 0 = there is none. */
  readonly wrapUpMs: number;
  /** Absent: fixed. */
  readonly wrapUp?: WrapUp;
  /** What a call can have been about; absent: nobody asks. */
  readonly dispositions?: Dispositions;
  readonly overflow: Destination;
  /** When nobody who could serve it is signed in: wait all the same (the default), or overflow at once. */
  readonly whenEmpty?: 'wait' | 'overflow';
  /** Key that leaves the queue for the overflow destination, if any. */
  readonly exitKey?: string;
  /** More keys that leave the queue, each for its own destination. */
  readonly exits?: Readonly<Record<string, Destination>>;
  readonly announcements?: readonly Announcement[];
  /** The estimated wait is said with the position. */
  readonly sayWait?: boolean;
  readonly divert?: Divert;
  /** The last agent leaves while callers wait: they wait on (the default), or overflow. */
  readonly leaveEmpty?: 'wait' | 'overflow';
  /** When there is nobody to wait for: nobody is signed in (the default), or all are signed in at most for a break. */
  readonly emptyMeans?: 'nobody-signed-in' | 'nobody-at-work';
  readonly callbacks?: CallbackWay;
  /** Service level target: share of calls answered within this time. */
  readonly serviceLevelMs: number;
  /** When supervisors are alarmed; absent: never. */
  readonly alarms?: AlarmLimits;
  readonly record: boolean;
  /** Share (0 to 1) of the queue's agents at work who may be on its call-backs at a time; at least one of them may. */
  readonly callbackShare?: number;
}

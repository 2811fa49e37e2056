// Something that waits for an agent: a caller on hold, or a call-back that is due.

import type { RefusalReason } from '../interaction/event.js';
import type { Explanation } from '../interaction/explanation.js';

interface Common {
  readonly entry: string;
  readonly interaction: string;
  readonly kind: 'call' | 'callback';
  readonly queue: string;
  /** 0 (most urgent) to 9; 5 is ordinary. */
  readonly priority: number;
  /** Start of the customer's first wait for this matter: what decides within one priority. */
  readonly seniorityMs: number;
  readonly joinedAtMs: number;
  /** Agents who refused this entry and until when they are passed over for it (Unix ms). */
  readonly refusedBy: Readonly<Record<string, { readonly reason: RefusalReason; readonly untilMs: number }>>;
  /** Agent from whose own device the call comes: nobody is offered a call of their own. */
  readonly fromAgent?: string;
  /** Node that holds the caller's call. */
  readonly node: string;
}

export interface Offer {
  readonly id: string;
  readonly agent: string;
  readonly madeAtMs: number;
  readonly expiresAtMs: number;
  /** Why this agent got it: stored with the offer, so that any node can tell. */
  readonly why: Explanation;
}

export type Entry =
  | (Common & { readonly state: 'waiting' })
  | (Common & { readonly state: 'offered'; readonly offer: Offer })
  | (Common & { readonly state: 'accepted'; readonly offer: Offer });

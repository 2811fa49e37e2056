// Something that waits for an agent: a caller on hold, a call-back that is due, a message to be answered, a task.

import type { RefusalReason } from '../interaction/event.js';
import type { Explanation } from '../interaction/explanation.js';

export type EntryKind = 'call' | 'callback' | 'message' | 'task';

interface Common {
  readonly entry: string;
  readonly interaction: string;
  readonly kind: EntryKind;
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
  /** So much waiting improves the priority by one; absent: it stays. */
  readonly ageingMs?: number | undefined;
  /** Kept for this agent until then, as long as the agent is at work; afterwards for everybody. */
  readonly preferred?: { readonly agent: string; readonly untilMs: number } | undefined;
  /** What there is to do, of a task or message. */
  readonly title?: string | undefined;
  /** Number or address of who waits, for those who look on; absent: withheld, or not known. */
  readonly customer?: string | undefined;
  /** Node that holds the caller's call; '' when no node has to: messages and tasks. */
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
  /** `beside`: offers to other agents at the same time (ring all); who accepts first has it. */
  | (Common & { readonly state: 'offered'; readonly offer: Offer; readonly beside?: readonly Offer[] | undefined })
  | (Common & { readonly state: 'accepted'; readonly offer: Offer });

/** All offers of the entry that are out. */
export function offersOf(entry: Entry): readonly Offer[] {
  return entry.state === 'offered' ? [entry.offer, ...(entry.beside ?? [])] : [];
}

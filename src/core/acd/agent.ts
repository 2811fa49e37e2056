// An agent's presence: one union, one transition function. Configuration (name, skills, devices) lives in the centre.
//
//             set-state            offer                accept            hang-up          wrap-up over
//  offline ◀────────▶ available ─────────▶ ringing ─────────▶ busy ─────────▶ wrap-up ─────────▶ available
//              ▲                             │ refused, withdrawn, expired        │ (no wrap-up time)
//              └──── break ◀──── set-state   └──────────▶ available ◀─────────────┘
//
// A state asked for while ringing or busy is kept as `afterwards` and taken when the call is over.

import type { Tally } from './tally/tally.js';
import type { Work, WorkKind } from './work/work.js';

export type ResumeState = { readonly state: 'available' } | { readonly state: 'offline' } | BreakState;
interface BreakState {
  readonly state: 'break';
  readonly reason: string;
}

/**
 * Talks that no queue offered: somebody wanted just this agent; the agent dialled from a device of their own; the agent asked
 * for a call to a customer, and is rung first.
 */
export type OutsideReason = 'direct-call' | 'own-call' | 'placed-call';

/** The telephone in the browser, one that registers by itself, or a number that is called over the trunk. */
export type DeviceKind = 'browser' | 'desk' | 'number';

interface Common {
  readonly agent: string;
  readonly sinceMs: number;
  /** When the last call ended (or the agent came in): what "longest idle" compares. */
  readonly idleSinceMs: number;
  /** No offer before this time, after a refusal. */
  readonly backOffUntilMs: number;
  readonly refusals: number;
  /** Offers in a row that nobody answered; absent: none. */
  readonly unanswered?: number | undefined;
  /** Skills given by a supervisor in place of those in the centre's file; absent: none were. */
  readonly skills?: Readonly<Record<string, number>> | undefined;
  /** The agent's own choice: only devices of that kind ring; absent: all, as the centre's file says. */
  readonly rings?: DeviceKind | undefined;
  /** Messages and tasks beside calls; absent: none. */
  readonly works?: readonly Work[] | undefined;
  /** What was done today; absent: nothing yet. */
  readonly tally?: Tally | undefined;
}

export type AgentPresence =
  | (Common & { readonly state: 'offline' })
  | (Common & { readonly state: 'available' })
  | (Common & { readonly state: 'break'; readonly reason: string })
  | (Common & {
      readonly state: 'ringing';
      readonly offer: string;
      readonly entry: string;
      readonly expiresAtMs: number;
      readonly afterwards: ResumeState;
    })
  | (Common & {
      readonly state: 'busy';
      readonly interaction: string;
      readonly entry: string;
      readonly node: string;
      /** Queue of the call-back it is; absent: a customer's own call. */
      readonly callbackOf?: string;
      /** Why, when nobody offered it; absent: an offer was accepted. */
      readonly outside?: OutsideReason;
      readonly afterwards: ResumeState;
    })
  | (Common & {
      readonly state: 'wrap-up';
      readonly untilMs: number;
      readonly afterwards: ResumeState;
      /** The call that is written up; absent in what an earlier version has left. */
      readonly call?: WrittenUp;
    });

export interface WrittenUp {
  readonly interaction: string;
  readonly entry: string;
  /** Absent: no queue offered it. */
  readonly queue?: string;
}

export type AgentState = AgentPresence['state'];

/** What the choice has to know of an agent's configuration; the centre's `AgentConfig` has it. */
export interface ServingAgent {
  /** Skill name → level 1 (knows) to 5 (best). */
  readonly skills: Readonly<Record<string, number>>;
  /** `ringMs`: how long it rings; absent: as long as the queue says. */
  readonly devices: readonly { readonly ringMs?: number }[];
  readonly ring: 'together' | 'in-order';
  /** What delays per team are about. */
  readonly team?: string;
  /** Share of the offers where the strategy is weighted; absent: 1. */
  readonly weight?: number;
  /** How many of a kind at a time, where it is not what the centre says. */
  readonly capacity?: Readonly<Partial<Record<WorkKind, number>>>;
}

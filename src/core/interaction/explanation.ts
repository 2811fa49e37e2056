// Why a choice fell as it did: kept with the choice, so that it can be asked for later.

export interface CandidateView {
  readonly agent: string;
  /** The comparator's values in order of weight, e.g. `{ idleMs: 81000, skillLevel: 3 }`. */
  readonly values: Readonly<Record<string, number>>;
}

export interface Explanation {
  readonly strategy: string;
  /** Those who could have got it, best first; the first one did (for an offer). The best few in a large centre. */
  readonly candidates: readonly CandidateView[];
  /**
   * Those who could not, with the first filter that stopped them: `offline`, `break`, `ringing`, `busy`, `wrap-up`,
   * `backing-off`, `full` (as many messages or tasks as may be), `on-message`, `on-task` (which this kind may not interrupt),
   * `outside-ring` (a later ring has them), `team-later` (their team comes in later), `own-call`, `refused-this`,
   * `not-preferred` (kept for another agent still), `taken` (got another one in the same round), `missing-skill`.
   * Some in a large centre.
   */
  readonly removed: readonly { readonly agent: string; readonly filter: string }[];
  /** How many there were of both, the unlisted included. */
  readonly counts: { readonly candidates: number; readonly removed: Readonly<Record<string, number>> };
  /** What the entry's place was made of, in order of weight: smaller goes first. */
  readonly order: { readonly priority: number; readonly seniorityMs: number; readonly joinedAtMs: number };
  /** Entries of the same queue that stood before this one at that time and are still waiting. */
  readonly ahead: number;
  /** Entries before this one, of any queue this agent serves, that this agent had refused and so were passed over. */
  readonly passedOver: readonly string[];
  /** Call-backs before this one that waited on because as many of their queue were under way as may be; absent in old records. */
  readonly heldBack?: readonly string[];
  /** Before this one and still kept for an agent of their own; absent when there were none, and in old records. */
  readonly reserved?: readonly string[];
  /** Agent for whom this one was kept at that time. */
  readonly preferred?: string;
  /** How far the queue had widened for it, 1 = not at all; absent when the queue never widens. */
  readonly ring?: { readonly number: number; readonly of: number };
  /** Ring all: so many were offered it together, the first of the candidates. */
  readonly together?: number;
  /** What chance was drawn from, where the strategy draws; absent in old records. */
  readonly seed?: number;
}

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
   * `backing-off`, `own-call`, `refused-this`, `taken` (got another one in the same round), `missing-skill`. Some in a large centre.
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
}

// Why a choice fell as it did: kept with the choice, so that it can be asked for later.

export interface CandidateView {
  readonly agent: string;
  /** The comparator's values in order of weight, e.g. `{ skillLevel: 3, idleMs: 81000 }`. */
  readonly values: Readonly<Record<string, number>>;
}

export interface Explanation {
  readonly strategy: string;
  /** Those who could have got it, best first; the first one did (for an offer). */
  readonly candidates: readonly CandidateView[];
  /** Those who could not, with the first filter that stopped them, e.g. `not-available`, `missing-skill`. */
  readonly removed: readonly { readonly agent: string; readonly filter: string }[];
  /** Entries of the same queue that stood before this one at that time. */
  readonly ahead: number;
}

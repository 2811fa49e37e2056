// What the processes of a dispatch run tell each other.

export interface NodePlan {
  readonly node: string;
  readonly redisUrl: string;
  /** Agents of the whole run; each node knows all of them. */
  readonly agents: number;
  /** Makes them available: one node does. */
  readonly fills: boolean;
}

export type Order =
  | { readonly type: 'begin'; readonly perSecond: number; readonly seconds: number; readonly holdMs: number }
  | { readonly type: 'end' };

export interface NodeReport {
  readonly node: string;
  readonly joined: number;
  /** Entries that were accepted, with how often. */
  readonly accepted: number;
  readonly acceptedTwice: number;
  /** Offers that were told to this node, and those that were told twice. */
  readonly offered: number;
  readonly offeredTwice: number;
  /** Still without an agent when the run was over. */
  readonly left: number;
  readonly acceptMs: readonly number[];
  /** From joining to being offered. */
  readonly offerMs: readonly number[];
  /** Unix ms at which each offer was made. */
  readonly offersAtMs: readonly number[];
}

export type Word =
  | { readonly type: 'ready' }
  | { readonly type: 'leads'; readonly atMs: number }
  | { readonly type: 'report'; readonly report: NodeReport };

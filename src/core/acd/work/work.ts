// What an agent does beside calls: messages and tasks, several at a time. Held in the presence; see work-transition.ts.

export type WorkKind = 'message' | 'task';

export interface WorkOrigin {
  /** The queue entry it was. */
  readonly entry: string;
  readonly kind: WorkKind;
  readonly interaction: string;
  readonly queue: string;
  readonly sinceMs: number;
}

export type Work =
  | (WorkOrigin & { readonly state: 'offered'; readonly offer: string; readonly expiresAtMs: number })
  /** `version`: of the interaction, as far as something in it has to be seen by the agent; absent: nothing has happened since. */
  | (WorkOrigin & { readonly state: 'open'; readonly version?: number });

/** Of both kinds together, offers included: no presence grows beyond that. */
export const MAX_WORKS = 50;

/** A presence, as far as works are concerned. */
export interface WorksHolder {
  readonly works?: readonly Work[] | undefined;
}

export function worksOf({ works }: WorksHolder): readonly Work[] {
  return works ?? NONE;
}

export function isOpen(work: Work): work is Extract<Work, { state: 'open' }> {
  return work.state === 'open';
}

/** How many of a kind occupy the agent, those whose offer is open included. */
export function workCount(presence: WorksHolder, kind: WorkKind): number {
  let count = 0;
  for (const work of worksOf(presence)) if (work.kind === kind) count += 1;
  return count;
}

/** When the first offer of a work ends by itself. */
export function workWakeAtMs(presence: WorksHolder): number | undefined {
  let earliest: number | undefined;
  for (const work of worksOf(presence)) {
    if (work.state === 'offered' && (earliest === undefined || work.expiresAtMs < earliest))
      earliest = work.expiresAtMs;
  }
  return earliest;
}

const NONE: readonly Work[] = [];

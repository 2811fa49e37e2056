// From what the record tells of a caller to what flows see of it.
import type { RecordedEvent } from '../../interaction/event.js';
import type { CustomerFacts } from './customer.js';

const DAY_MS = 86_400_000;

export interface CallerRecord {
  readonly contact: {
    readonly name?: string;
    readonly language?: string;
    readonly segment?: string;
    readonly tags?: readonly string[];
  };
  /** Up to this call. */
  readonly history: { readonly lastQueue?: string; readonly lastAgent?: string; readonly lastContactMs?: number };
  /** The matter that this call belongs to, with this call. */
  readonly matter: readonly RecordedEvent[];
  /** The segment of this call. */
  readonly segment: string;
  /** Other matters of theirs that are not closed. */
  readonly open: readonly { readonly callback?: object }[];
  readonly nowMs: number;
}

export function callerFacts({ contact, history, matter, segment, open, nowMs }: CallerRecord): CustomerFacts {
  const { name = '', language = '', segment: kind = '', tags = [] } = contact;
  const arrival = matter.findIndex(({ event }) => event.type === 'call-arrived' && event.data.segment === segment);
  const earlier = arrival < 0 ? matter : matter.slice(0, arrival);
  const { lastContactMs } = history;
  return {
    known: lastContactMs !== undefined,
    name,
    language,
    segment: kind,
    tags,
    // The first event of a new matter only opens it.
    interaction_open: open.length > 0 || earlier.some(({ event }) => event.type !== 'interaction-opened'),
    callback_pending: open.some(({ callback }) => callback !== undefined) || waitedFor(matter, arrival),
    last_queue: history.lastQueue ?? '',
    last_agent: history.lastAgent ?? '',
    days_since: lastContactMs === undefined ? -1 : Math.max(0, Math.floor((nowMs - lastContactMs) / DAY_MS)),
  };
}

/** A call-back is pending, or was until this call made it needless. */
function waitedFor(matter: readonly RecordedEvent[], arrival: number): boolean {
  const at = matter.findLastIndex(({ event }) => event.type.startsWith('callback-'));
  const last = matter[at]?.event;
  if (last === undefined) return false;
  return last.type !== 'callback-ended' || (at > arrival && last.data.result === 'superseded');
}

// Each call's stay in a queue: when it joined, how it ended, and how long it was waited, talked and worked for.
import type { RecordedEvent } from '../event.js';

export interface Stay {
  readonly queue: string;
  readonly segment: string;
  readonly joinedAtMs: number;
  outcome: 'waiting' | 'answered' | 'hung-up' | 'flowed-out';
  waitedMs: number;
  /** Since when the answered one talks. */
  talksSinceMs?: number;
  /** Once it is over: with the call, or when the caller was sent on to another queue. */
  talkedMs?: number;
  wrapUpMs: number;
}

/** One stay per entry of kind `call`, in the order of joining; facts of any number of matters, each in its order. */
export function staysOf(events: Iterable<RecordedEvent>): Stay[] {
  const stays = new Map<string, Stay>();
  /** Segment → the stay it is or was last in. */
  const last = new Map<string, Stay>();
  /** Segment → what was talked in the stays before the last one, in ms. */
  const earlier = new Map<string, number>();
  for (const { event, atMs } of events) {
    switch (event.type) {
      case 'queued': {
        const { entry, queue, segment, kind } = event.data;
        if (kind !== 'call') break;
        const before = last.get(segment);
        // Sent on by an agent: their talk ends here, and is not part of the next one.
        if (before?.talksSinceMs !== undefined) {
          before.talkedMs = Math.max(0, atMs - before.talksSinceMs);
          earlier.set(segment, (earlier.get(segment) ?? 0) + before.talkedMs);
        }
        const stay: Stay = { queue, segment, joinedAtMs: atMs, outcome: 'waiting', waitedMs: 0, wrapUpMs: 0 };
        stays.set(entry, stay);
        last.set(segment, stay);
        break;
      }
      case 'connected':
        settle(stays.get(event.data.entry), 'answered', event.data.waitedMs, atMs);
        break;
      case 'left-queue': {
        const { entry, reason, waitedMs } = event.data;
        const outcome = reason === 'connected' ? 'answered' : reason === 'caller-hung-up' ? 'hung-up' : 'flowed-out';
        settle(stays.get(entry), outcome, waitedMs, atMs);
        break;
      }
      case 'call-ended': {
        const { segment, talkedMs } = event.data;
        const stay = last.get(segment);
        if (stay?.outcome === 'answered') stay.talkedMs = Math.max(0, talkedMs - (earlier.get(segment) ?? 0));
        break;
      }
      case 'wrapped-up': {
        const stay = stays.get(event.data.entry);
        if (stay !== undefined) stay.wrapUpMs += event.data.wrapUpMs;
        break;
      }
      default:
        break; // The other facts do not count here.
    }
  }
  return [...stays.values()];
}

function settle(stay: Stay | undefined, outcome: Stay['outcome'], waitedMs: number, atMs: number): void {
  if (stay?.outcome !== 'waiting') return;
  stay.outcome = outcome;
  stay.waitedMs = waitedMs;
  if (outcome === 'answered') stay.talksSinceMs = atMs;
}

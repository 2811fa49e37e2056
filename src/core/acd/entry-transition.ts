// What each event does to something that waits: its place (priority, seniority, time of joining) is never touched.
//
//            offered            accepted             left
//  waiting ──────────▶ offered ──────────▶ accepted ───────▶ (gone)
//     ▲ ▲                │                    │
//     │ └────────────────┘                    │
//     │  refused, expired, withdrawn          │
//     └───────────────────────────────────────┘ returned (the agent's leg was lost before they talked)
//
// `left` is possible in every state; an offer that is out is then handed back to be withdrawn.

import { unreachable } from '../../lib/assert.js';
import type { LeaveReason, RefusalReason } from '../interaction/event.js';
import type { Entry, Offer } from './entry.js';

/** For so long an agent who did not take this entry is passed over for it. */
export const REFUSAL_REMEMBERED_MS = 30_000;

export type EntryEvent =
  | { readonly type: 'offered'; readonly offer: Offer }
  | { readonly type: 'accepted'; readonly offer: string }
  | { readonly type: 'refused'; readonly offer: string; readonly reason: RefusalReason }
  | { readonly type: 'expired'; readonly offer: string }
  /** Taken back from the agent while the entry goes on waiting; the agent is not to blame. */
  | { readonly type: 'withdrawn'; readonly offer: string }
  /** Accepted, but agent and customer never talked: back to the same place. */
  | { readonly type: 'returned'; readonly offer: string; readonly reason: RefusalReason }
  | { readonly type: 'left'; readonly reason: LeaveReason };

export type EntryRefusal = 'not-waiting' | 'no-such-offer' | 'offer-expired' | 'not-expired' | 'not-accepted';

/** `next` null: the entry is gone. `withdrawn`: this offer is still ringing at an agent and has to be taken back. */
export type EntryTransition =
  | { readonly ok: true; readonly next: Entry | null; readonly withdrawn?: Offer }
  | { readonly ok: false; readonly refused: EntryRefusal };

/** A new entry at the end of its class: `seniorityMs` is when the customer's first wait for this matter began. */
export function joinQueue(place: Omit<Entry & { state: 'waiting' }, 'state' | 'refusedBy'>): Entry {
  return { state: 'waiting', refusedBy: {}, ...place };
}

export function entryTransition(entry: Entry, event: EntryEvent, nowMs: number): EntryTransition {
  switch (event.type) {
    case 'offered':
      if (entry.state !== 'waiting') return refused('not-waiting');
      if (event.offer.expiresAtMs <= nowMs) return refused('offer-expired');
      return moved({ state: 'offered', offer: event.offer, ...place(entry) });
    case 'accepted':
      if (entry.state !== 'offered' || entry.offer.id !== event.offer) return refused('no-such-offer');
      if (nowMs >= entry.offer.expiresAtMs) return refused('offer-expired');
      return moved({ state: 'accepted', offer: entry.offer, ...place(entry) });
    case 'refused':
      if (entry.state !== 'offered' || entry.offer.id !== event.offer) return refused('no-such-offer');
      return moved(passedOver(entry, entry.offer.agent, event.reason, nowMs));
    case 'expired':
      if (entry.state !== 'offered' || entry.offer.id !== event.offer) return refused('no-such-offer');
      if (nowMs < entry.offer.expiresAtMs) return refused('not-expired');
      return moved(passedOver(entry, entry.offer.agent, 'no-answer', nowMs));
    case 'withdrawn':
      if (entry.state !== 'offered' || entry.offer.id !== event.offer) return refused('no-such-offer');
      return moved({ state: 'waiting', ...place(entry) });
    case 'returned':
      if (entry.state !== 'accepted' || entry.offer.id !== event.offer) return refused('not-accepted');
      return moved(passedOver(entry, entry.offer.agent, event.reason, nowMs));
    case 'left':
      return entry.state === 'offered' ? { ok: true, next: null, withdrawn: entry.offer } : moved(null);
    default:
      return unreachable(event);
  }
}

function passedOver(entry: Entry, agent: string, reason: RefusalReason, nowMs: number): Entry {
  const remembered = Object.entries(entry.refusedBy).filter(([, refusal]) => refusal.untilMs > nowMs);
  const refusedBy = {
    ...Object.fromEntries(remembered),
    [agent]: { reason, untilMs: nowMs + REFUSAL_REMEMBERED_MS },
  };
  return { state: 'waiting', ...place(entry), refusedBy };
}

function place(entry: Entry) {
  const { entry: id, interaction, kind, queue, priority, seniorityMs, joinedAtMs, refusedBy, node } = entry;
  const kept = { entry: id, interaction, kind, queue, priority, seniorityMs, joinedAtMs, refusedBy, node };
  return entry.fromAgent === undefined ? kept : { fromAgent: entry.fromAgent, ...kept };
}

function moved(next: Entry | null): EntryTransition {
  return { ok: true, next };
}

function refused(reason: EntryRefusal): EntryTransition {
  return { ok: false, refused: reason };
}

// What each event does to something that waits: its place (priority, seniority, time of joining) is touched by nothing
// but a supervisor who gives it another priority.
//
//            offered            accepted             left
//  waiting ──────────▶ offered ──────────▶ accepted ───────▶ (gone)
//     ▲ ▲                │                    │
//     │ └────────────────┘                    │
//     │  refused, expired, withdrawn          │
//     └───────────────────────────────────────┘ returned (the agent's leg was lost before they talked)
//
// Several agents may be offered it at once: it is offered until the last offer is over, and whoever accepts first has it.
// `left` is possible in every state; offers that are out are then handed back to be withdrawn.

import { unreachable } from '../../lib/assert.js';
import type { LeaveReason, RefusalReason } from '../interaction/event.js';
import { type Entry, type Offer, offersOf } from './entry.js';

/** For so long an agent who did not take this entry is passed over for it. */
export const REFUSAL_REMEMBERED_MS = 30_000;

export type EntryEvent =
  /** `beside`: to these agents at the same time. */
  | { readonly type: 'offered'; readonly offer: Offer; readonly beside?: readonly Offer[] }
  | { readonly type: 'accepted'; readonly offer: string }
  | { readonly type: 'refused'; readonly offer: string; readonly reason: RefusalReason }
  | { readonly type: 'expired'; readonly offer: string }
  /** Taken back from the agent while the entry goes on waiting; the agent is not to blame. */
  | { readonly type: 'withdrawn'; readonly offer: string }
  /** Accepted, but agent and customer never talked: back to the same place. */
  | { readonly type: 'returned'; readonly offer: string; readonly reason: RefusalReason }
  | { readonly type: 'prioritised'; readonly priority: number }
  | { readonly type: 'left'; readonly reason: LeaveReason };

export type EntryRefusal = 'not-waiting' | 'no-such-offer' | 'offer-expired' | 'not-expired' | 'not-accepted';

/** `next` null: the entry is gone. `withdrawn`: these offers are still ringing at agents and have to be taken back. */
export type EntryTransition =
  | { readonly ok: true; readonly next: Entry | null; readonly withdrawn: readonly Offer[] }
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
      return moved({ state: 'offered', offer: event.offer, ...besideOf(event.beside), ...place(entry) });
    case 'accepted': {
      const offer = offerOf(entry, event.offer);
      if (offer === undefined) return refused('no-such-offer');
      if (nowMs >= offer.expiresAtMs) return refused('offer-expired');
      const others = offersOf(entry).filter((other) => other !== offer);
      return moved({ state: 'accepted', offer, ...place(entry) }, others);
    }
    case 'refused': {
      const offer = offerOf(entry, event.offer);
      return offer === undefined ? refused('no-such-offer') : moved(passedOver(entry, offer, event.reason, nowMs));
    }
    case 'expired': {
      const offer = offerOf(entry, event.offer);
      if (offer === undefined) return refused('no-such-offer');
      if (nowMs < offer.expiresAtMs) return refused('not-expired');
      return moved(passedOver(entry, offer, 'no-answer', nowMs));
    }
    case 'withdrawn': {
      const offer = offerOf(entry, event.offer);
      return offer === undefined ? refused('no-such-offer') : moved(without(entry, offer));
    }
    case 'returned':
      if (entry.state !== 'accepted' || entry.offer.id !== event.offer) return refused('not-accepted');
      return moved(passedOver(entry, entry.offer, event.reason, nowMs));
    case 'prioritised':
      // Who has accepted it has it: nothing is left to be put in order.
      if (entry.state === 'accepted') return refused('not-waiting');
      return moved({ ...entry, priority: event.priority });
    case 'left':
      return moved(null, offersOf(entry));
    default:
      return unreachable(event);
  }
}

function offerOf(entry: Entry, id: string): Offer | undefined {
  return offersOf(entry).find((offer) => offer.id === id);
}

/** Waits again when nobody else is offered it. */
function without(entry: Entry, gone: Offer): Entry {
  const [offer, ...beside] = offersOf(entry).filter((other) => other !== gone);
  if (offer === undefined) return { state: 'waiting', ...place(entry) };
  return { state: 'offered', offer, ...besideOf(beside), ...place(entry) };
}

function passedOver(entry: Entry, gone: Offer, reason: RefusalReason, nowMs: number): Entry {
  const remembered = Object.entries(entry.refusedBy).filter(([, refusal]) => refusal.untilMs > nowMs);
  const refusedBy = {
    ...Object.fromEntries(remembered),
    [gone.agent]: { reason, untilMs: nowMs + REFUSAL_REMEMBERED_MS },
  };
  return { ...without(entry, gone), refusedBy };
}

function besideOf(beside: readonly Offer[] = []): { beside?: readonly Offer[] } {
  return beside.length === 0 ? {} : { beside };
}

/** What the transitions never touch; what an entry does not have stays away. */
function place(entry: Entry) {
  const { entry: id, interaction, kind, queue, priority, seniorityMs, joinedAtMs, refusedBy, node } = entry;
  const { fromAgent, ageingMs, preferred, title, customer } = entry;
  return {
    ...(fromAgent === undefined ? {} : { fromAgent }),
    ...(ageingMs === undefined ? {} : { ageingMs }),
    ...(preferred === undefined ? {} : { preferred }),
    ...(title === undefined ? {} : { title }),
    ...(customer === undefined ? {} : { customer }),
    ...{ entry: id, interaction, kind, queue, priority, seniorityMs, joinedAtMs, refusedBy, node },
  };
}

function moved(next: Entry | null, withdrawn: readonly Offer[] = NONE): EntryTransition {
  return { ok: true, next, withdrawn };
}

const NONE: readonly Offer[] = [];

function refused(reason: EntryRefusal): EntryTransition {
  return { ok: false, refused: reason };
}

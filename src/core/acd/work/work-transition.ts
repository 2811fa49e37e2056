// What each event does to the messages and tasks of an agent: one pure function.
//
//          work-offered            work-accepted          work-finished
//  (none) ─────────────▶ offered ───────────────▶ open ─────────────────▶ (none)
//                          │ work-refused, work-withdrawn, work-expired
//                          └──────────▶ (none)
//
// `work-told` leaves it open: something in it is new. `work-restored`: (none) ─▶ open, after the live store lost its memory.

import { unreachable } from '../../../lib/assert.js';
import type { AgentPresence } from '../agent.js';
import { tallyOf } from '../tally/tally.js';
import { MAX_WORKS, type Work, type WorkOrigin, worksOf } from './work.js';

export type WorkEvent =
  | ({ readonly type: 'work-offered'; readonly offer: string; readonly expiresAtMs: number } & Omit<
      WorkOrigin,
      'sinceMs'
    >)
  | { readonly type: 'work-accepted'; readonly offer: string }
  | { readonly type: 'work-refused'; readonly offer: string }
  | { readonly type: 'work-withdrawn'; readonly offer: string }
  | { readonly type: 'work-expired'; readonly offer: string }
  | { readonly type: 'work-finished'; readonly entry: string }
  | { readonly type: 'work-told'; readonly entry: string; readonly version: number }
  | ({ readonly type: 'work-restored' } & WorkOrigin);

export type WorkRefusal =
  | 'not-there'
  | 'known-already'
  | 'too-many'
  | 'offer-expired'
  | 'not-expired'
  | 'no-such-offer'
  | 'no-such-work';

export type WorkTransition =
  | { readonly ok: true; readonly next: AgentPresence }
  | { readonly ok: false; readonly refused: WorkRefusal };

export function workTransition(presence: AgentPresence, event: WorkEvent, nowMs: number): WorkTransition {
  const works = worksOf(presence);
  switch (event.type) {
    case 'work-offered':
      return offered(presence, event, nowMs);
    case 'work-accepted': {
      const offer = offerOf(works, event.offer);
      if (offer === undefined) return refused('no-such-offer');
      if (nowMs >= offer.expiresAtMs) return refused('offer-expired');
      const { entry, kind, interaction, queue } = offer;
      const open: Work = { state: 'open', entry, kind, interaction, queue, sinceMs: nowMs };
      return moved(presence, [...works.filter((work) => work !== offer), open]);
    }
    case 'work-refused':
    case 'work-withdrawn':
    case 'work-expired': {
      const offer = offerOf(works, event.offer);
      if (offer === undefined) return refused('no-such-offer');
      if (event.type === 'work-expired' && nowMs < offer.expiresAtMs) return refused('not-expired');
      return without(presence, offer);
    }
    case 'work-finished': {
      const open = works.find((work) => work.state === 'open' && work.entry === event.entry);
      return open === undefined ? refused('no-such-work') : without(presence, open);
    }
    case 'work-told': {
      const open = works.find((work) => work.state === 'open' && work.entry === event.entry);
      if (open?.state !== 'open') return refused('no-such-work');
      if (open.version !== undefined && open.version >= event.version) return refused('known-already');
      const told: Work = { ...open, version: event.version };
      return moved(
        presence,
        works.map((work) => (work === open ? told : work)),
      );
    }
    case 'work-restored': {
      const { type: _type, ...origin } = event;
      if (works.some(({ entry }) => entry === origin.entry)) return refused('known-already');
      if (works.length >= MAX_WORKS) return refused('too-many');
      return moved(presence, [...works, { state: 'open', ...origin }]);
    }
    default:
      return unreachable(event);
  }
}

function offered(presence: AgentPresence, event: WorkEvent & { type: 'work-offered' }, nowMs: number): WorkTransition {
  const works = worksOf(presence);
  if (presence.state === 'offline' || presence.state === 'break') return refused('not-there');
  if (event.expiresAtMs <= nowMs) return refused('offer-expired');
  if (works.some(({ entry }) => entry === event.entry)) return refused('known-already');
  if (works.length >= MAX_WORKS) return refused('too-many');
  const { entry, kind, interaction, queue, offer, expiresAtMs } = event;
  const tally = { ...tallyOf(presence), lastOfferedMs: nowMs };
  return moved({ ...presence, tally }, [
    ...works,
    { state: 'offered', offer, expiresAtMs, entry, kind, interaction, queue, sinceMs: nowMs },
  ]);
}

function offerOf(works: readonly Work[], id: string): (Work & { state: 'offered' }) | undefined {
  for (const work of works) if (work.state === 'offered' && work.offer === id) return work;
  return undefined;
}

function without(presence: AgentPresence, gone: Work): WorkTransition {
  return moved(
    presence,
    worksOf(presence).filter((work) => work !== gone),
  );
}

function moved(presence: AgentPresence, works: readonly Work[]): WorkTransition {
  return { ok: true, next: { ...presence, works } };
}

function refused(reason: WorkRefusal): WorkTransition {
  return { ok: false, refused: reason };
}

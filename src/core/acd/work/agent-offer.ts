// What an offer does to the agent's side, whatever is offered: calls ring, messages and tasks lie beside them.

import type { RefusalReason } from '../../interaction/event.js';
import type { AgentPresence } from '../agent.js';
import { agentTransition } from '../agent-transition.js';
import type { BackOff } from '../back-off.js';
import type { Entry, Offer } from '../entry.js';
import type { WorkKind } from './work.js';
import { workTransition } from './work-transition.js';

/** A message or task: offered and done beside calls. */
export type WorkEntry = Entry & { readonly kind: WorkKind };

export function isWork(entry: Entry): entry is WorkEntry {
  return entry.kind === 'message' || entry.kind === 'task';
}

/** Undefined when the agent cannot have it now. */
export function offeredTo(
  presence: AgentPresence,
  entry: Entry,
  offer: Offer,
  nowMs: number,
): AgentPresence | undefined {
  const { id, expiresAtMs } = offer;
  if (!isWork(entry)) {
    const ringing = agentTransition(presence, { type: 'offered', offer: id, entry: entry.entry, expiresAtMs }, nowMs);
    return ringing.ok ? ringing.next : undefined;
  }
  const { entry: name, kind, interaction, queue } = entry;
  const event = { type: 'work-offered', offer: id, expiresAtMs, entry: name, kind, interaction, queue } as const;
  const offered = workTransition(presence, event, nowMs);
  return offered.ok ? offered.next : undefined;
}

export type OfferEnd =
  | { readonly type: 'refused'; readonly reason: RefusalReason; readonly backOff?: BackOff }
  | { readonly type: 'withdrawn' }
  | { readonly type: 'expired'; readonly backOff?: BackOff };

/** Undefined when the agent does not have it any more. */
export function offerEnded(
  presence: AgentPresence,
  offer: string,
  end: OfferEnd,
  nowMs: number,
): AgentPresence | undefined {
  if (presence.state === 'ringing' && presence.offer === offer) {
    const free = agentTransition(presence, { ...end, offer }, nowMs);
    return free.ok ? free.next : undefined;
  }
  const left = workTransition(presence, { type: `work-${end.type}`, offer }, nowMs);
  return left.ok ? left.next : undefined;
}

// Call-backs and lost customers as the API shows them.
import type { LostView, PendingView } from '../../app/callback/desk.js';
import type { WireCallback, WireLostCustomer } from '../../contract/callback/callback.js';
import { iso } from '../view/time.js';

export function callbackView({ interaction, callback }: PendingView): WireCallback {
  const { id, state, number, queue, dueAtMs, seniorityMs, attempts, source, owner } = callback;
  return {
    ...{ id, state, number, queue, attempts, source },
    interaction: interaction.id,
    reference: interaction.reference,
    dueAt: iso(dueAtMs),
    seniority: iso(seniorityMs),
    ...(owner === undefined ? {} : { agent: owner.agent, agentUntil: iso(owner.untilMs) }),
  };
}

export function lostView({ interaction, lost }: LostView, nowMs: number, offerValidMs: number): WireLostCustomer {
  const { callback } = interaction;
  const attempts = callback === undefined || callback.state === 'offered' ? 0 : callback.attempts;
  const { queue, result, calls, atMs } = lost;
  return {
    interaction: interaction.id,
    reference: interaction.reference,
    number: interaction.address.value,
    ...{ queue, result, calls, attempts },
    lostAt: iso(atMs),
    ageMs: Math.max(0, nowMs - atMs),
    next: nextOf(callback, offerValidMs),
  };
}

function nextOf(callback: LostView['interaction']['callback'], offerValidMs: number): WireLostCustomer['next'] {
  if (callback === undefined || callback.state === 'ended') return { kind: 'nothing' };
  if (callback.state === 'offered') return { kind: 'offer', until: iso(callback.offeredAtMs + offerValidMs) };
  return { kind: 'callback', callback: callback.id, state: callback.state, dueAt: iso(callback.dueAtMs) };
}

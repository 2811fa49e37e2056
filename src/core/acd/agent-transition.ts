// What each event does to an agent's presence: one pure function, every state × event answered.

import { unreachable } from '../../lib/assert.js';
import type { RefusalReason } from '../interaction/event.js';
import type { AgentPresence, DeviceKind, OutsideReason, ResumeState } from './agent.js';
import { BACK_OFF, type BackOff, isUnanswered, restMsOf, UNANSWERED } from './back-off.js';
import { counted } from './tally/counting.js';

export type AgentEvent =
  /** Asked for by the agent. `reachable`: one of the agent's devices can be rung. */
  | { readonly type: 'set-state'; readonly to: ResumeState; readonly reachable: boolean }
  /** Ordered by a supervisor or a reconciler: taken at once in every state; the calls are the caller's business. */
  | { readonly type: 'forced'; readonly to: ResumeState }
  /** `first`: until now none was registered. */
  | { readonly type: 'device-registered'; readonly first: boolean; readonly availableOnRegister: boolean }
  /** `last`: no device is left that could be rung. */
  | { readonly type: 'device-unregistered'; readonly last: boolean }
  | { readonly type: 'offered'; readonly offer: string; readonly entry: string; readonly expiresAtMs: number }
  /** `callbackOf`: queue of the call-back that is accepted, if it is one. */
  | {
      readonly type: 'accepted';
      readonly offer: string;
      readonly interaction: string;
      readonly node: string;
      readonly callbackOf?: string;
    }
  /** `backOff`: what the centre says of it. */
  | { readonly type: 'refused'; readonly offer: string; readonly reason: RefusalReason; readonly backOff?: BackOff }
  | { readonly type: 'withdrawn'; readonly offer: string }
  /** The lease ran out and nobody said anything: counts as not answered. */
  | { readonly type: 'expired'; readonly offer: string; readonly backOff?: BackOff }
  /** `queue`: whose call it was. */
  | { readonly type: 'call-ended'; readonly entry: string; readonly wrapUpMs: number; readonly queue?: string }
  | { readonly type: 'wrap-up-over' }
  /** The agent is done before the time is up. */
  | { readonly type: 'wrap-up-finished' }
  /** So much longer, but never beyond `mostMs` from its beginning. */
  | { readonly type: 'wrap-up-prolonged'; readonly byMs: number; readonly mostMs: number }
  /** By a supervisor; `undefined`: those of the centre's file again. */
  | { readonly type: 'skills-set'; readonly skills: Readonly<Record<string, number>> | undefined }
  /** By the agent; `undefined`: all devices ring again, as the centre's file says. */
  | { readonly type: 'rings-set'; readonly rings: DeviceKind | undefined }
  /** Talks without having been offered anything: a direct call, a call of their own. `entry` names it for `call-ended`. */
  | {
      readonly type: 'connected-outside';
      readonly interaction: string;
      readonly entry: string;
      readonly node: string;
      readonly why: OutsideReason;
    }
  /** The call goes on, held by another node. */
  | { readonly type: 'taken-over'; readonly entry: string; readonly node: string }
  | { readonly type: 'node-lost'; readonly node: string };

export type AgentRefusal =
  | 'not-available'
  | 'backing-off'
  | 'no-device'
  | 'no-such-offer'
  | 'offer-expired'
  | 'not-expired'
  | 'no-such-call'
  | 'not-in-wrap-up'
  | 'wrap-up-not-over'
  | 'wrap-up-at-its-most'
  | 'ringing'
  | 'busy';

/** `next` is the same object when nothing changes. A refusal of late or crossing input is ordinary: log it, change nothing. */
export type AgentTransition =
  | { readonly ok: true; readonly next: AgentPresence }
  | { readonly ok: false; readonly refused: AgentRefusal };

/** An agent who has never been here. */
export function newAgent(agent: string, nowMs: number): AgentPresence {
  return { agent, state: 'offline', sinceMs: nowMs, idleSinceMs: nowMs, backOffUntilMs: 0, refusals: 0 };
}

/** When the presence changes by itself if nothing happens: the lease, the wrap-up or the back-off is over. */
export function wakeAtMs(presence: AgentPresence): number | undefined {
  if (presence.state === 'ringing') return presence.expiresAtMs;
  if (presence.state === 'wrap-up') return presence.untilMs;
  if (presence.state === 'available' && presence.backOffUntilMs > 0) return presence.backOffUntilMs;
  return undefined;
}

export function agentTransition(presence: AgentPresence, event: AgentEvent, nowMs: number): AgentTransition {
  const outcome = transition(presence, event, nowMs);
  return outcome.ok ? moved(counted(presence, outcome.next, nowMs)) : outcome;
}

function transition(presence: AgentPresence, event: AgentEvent, nowMs: number): AgentTransition {
  switch (event.type) {
    case 'set-state':
      return setState(presence, event.to, event.reachable, nowMs);
    case 'forced':
      return moved(resumed(rested(presence), event.to, nowMs));
    case 'device-registered':
      return registered(presence, event.first && event.availableOnRegister, nowMs);
    case 'device-unregistered':
      return unregistered(presence, event.last, nowMs);
    case 'offered':
      return offered(presence, event, nowMs);
    case 'accepted':
      return accepted(presence, event, nowMs);
    case 'refused':
    case 'withdrawn':
    case 'expired':
      return offerOver(presence, event, nowMs);
    case 'call-ended':
      if (presence.state !== 'busy' || presence.entry !== event.entry) return refused('no-such-call');
      return moved(callOver(presence, event, nowMs));
    case 'wrap-up-over':
      if (presence.state !== 'wrap-up') return refused('not-in-wrap-up');
      if (nowMs < presence.untilMs) return refused('wrap-up-not-over');
      return moved(resumed(presence, presence.afterwards, nowMs));
    case 'wrap-up-finished':
      if (presence.state !== 'wrap-up') return refused('not-in-wrap-up');
      return moved(resumed(presence, presence.afterwards, nowMs));
    case 'wrap-up-prolonged':
      return prolonged(presence, event);
    case 'skills-set':
      return moved({ ...presence, skills: event.skills });
    case 'rings-set':
      return moved({ ...presence, rings: event.rings });
    case 'connected-outside':
      return connectedOutside(presence, event, nowMs);
    case 'taken-over':
      if (presence.state !== 'busy' || presence.entry !== event.entry) return refused('no-such-call');
      return moved({ ...presence, node: event.node });
    case 'node-lost':
      // The call is gone with its node and nothing is left to write up.
      if (presence.state !== 'busy' || presence.node !== event.node) return moved(presence);
      return moved(callOver(presence, { wrapUpMs: 0 }, nowMs));
    default:
      return unreachable(event);
  }
}

function setState(presence: AgentPresence, to: ResumeState, reachable: boolean, nowMs: number): AgentTransition {
  if (to.state === 'available' && !reachable) return refused('no-device');
  // The wish waits for the end of the call; wrap-up is the agent's own time and ends when the agent says so.
  if (presence.state === 'ringing' || presence.state === 'busy') return moved({ ...presence, afterwards: to });
  if (presence.state === 'available' && to.state === 'available') return moved(presence);
  // Being back by one's own hand proves that somebody is there.
  return moved(resumed(rested(presence), to, nowMs));
}

function registered(presence: AgentPresence, comesIn: boolean, nowMs: number): AgentTransition {
  if (!comesIn) return moved(presence);
  if (presence.state === 'offline') {
    return moved(resumed(rested(presence), { state: 'available' }, nowMs));
  }
  // A phone that came back during the call undoes what its loss did; a break asked for stays.
  if ('afterwards' in presence && presence.afterwards.state === 'offline') {
    return moved({ ...presence, afterwards: { state: 'available' } });
  }
  return moved(presence);
}

function unregistered(presence: AgentPresence, last: boolean, nowMs: number): AgentTransition {
  if (!last) return moved(presence);
  switch (presence.state) {
    case 'offline':
    case 'break': // A phone that restarts does not end a break.
      return moved(presence);
    case 'available':
      return moved(resumed(presence, { state: 'offline' }, nowMs));
    case 'ringing': // The dial attempt ends as refused; a call may outlive its registration.
    case 'busy':
    case 'wrap-up':
      if (presence.afterwards.state !== 'available') return moved(presence);
      return moved({ ...presence, afterwards: { state: 'offline' } });
    default:
      return unreachable(presence);
  }
}

function offered(presence: AgentPresence, event: AgentEvent & { type: 'offered' }, nowMs: number): AgentTransition {
  if (presence.state !== 'available') return refused('not-available');
  if (nowMs < presence.backOffUntilMs) return refused('backing-off');
  if (event.expiresAtMs <= nowMs) return refused('offer-expired');
  return moved({
    state: 'ringing',
    offer: event.offer,
    entry: event.entry,
    expiresAtMs: event.expiresAtMs,
    afterwards: { state: 'available' },
    ...common(presence),
    sinceMs: nowMs,
  });
}

function accepted(presence: AgentPresence, event: AgentEvent & { type: 'accepted' }, nowMs: number): AgentTransition {
  if (presence.state !== 'ringing' || presence.offer !== event.offer) return refused('no-such-offer');
  if (nowMs >= presence.expiresAtMs) return refused('offer-expired');
  return moved({
    state: 'busy',
    interaction: event.interaction,
    entry: presence.entry,
    node: event.node,
    ...(event.callbackOf === undefined ? {} : { callbackOf: event.callbackOf }),
    afterwards: presence.afterwards,
    ...common(rested(presence)),
    sinceMs: nowMs,
  });
}

function offerOver(
  presence: AgentPresence,
  event: AgentEvent & { type: 'refused' | 'withdrawn' | 'expired' },
  nowMs: number,
): AgentTransition {
  if (presence.state !== 'ringing' || presence.offer !== event.offer) return refused('no-such-offer');
  if (event.type === 'expired' && nowMs < presence.expiresAtMs) return refused('not-expired');
  // Design 2.6: a withdrawn offer is nobody's fault and costs the agent nothing, not even the idle time.
  if (event.type === 'withdrawn') return moved(resumed(presence, presence.afterwards, nowMs));
  const { backOff = BACK_OFF } = event;
  const reason = event.type === 'expired' ? 'no-answer' : event.reason;
  const refusals = presence.refusals + 1;
  const unanswered = isUnanswered(reason) ? (presence.unanswered ?? 0) + 1 : 0;
  const isGone = backOff.pauseAfter > 0 && unanswered >= backOff.pauseAfter;
  const pauses = isGone && presence.afterwards.state === 'available';
  const afterwards: ResumeState = pauses ? { state: 'break', reason: UNANSWERED } : presence.afterwards;
  const backOffUntilMs = nowMs + restMsOf(backOff, reason, refusals);
  return moved(resumed({ ...presence, refusals, unanswered, backOffUntilMs }, afterwards, nowMs));
}

/** Somebody is there: what was missed before counts no longer. */
function rested(presence: AgentPresence): AgentPresence {
  return { ...presence, refusals: 0, unanswered: undefined, backOffUntilMs: 0 };
}

function prolonged(presence: AgentPresence, event: AgentEvent & { type: 'wrap-up-prolonged' }): AgentTransition {
  if (presence.state !== 'wrap-up') return refused('not-in-wrap-up');
  const untilMs = Math.min(presence.untilMs + event.byMs, presence.sinceMs + event.mostMs);
  return untilMs <= presence.untilMs ? refused('wrap-up-at-its-most') : moved({ ...presence, untilMs });
}

function connectedOutside(
  presence: AgentPresence,
  event: AgentEvent & { type: 'connected-outside' },
  nowMs: number,
): AgentTransition {
  // Two calls at once never: the ringing offer has to be withdrawn first.
  if (presence.state === 'ringing' || presence.state === 'busy') return refused(presence.state);
  const afterwards = presence.state === 'wrap-up' ? presence.afterwards : resumeStateOf(presence);
  const { interaction, entry, node, why: outside } = event;
  return moved({ state: 'busy', interaction, entry, node, outside, afterwards, ...common(presence), sinceMs: nowMs });
}

function callOver(
  presence: AgentPresence & { state: 'busy' },
  { wrapUpMs, queue }: { readonly wrapUpMs: number; readonly queue?: string },
  nowMs: number,
): AgentPresence {
  const free = { ...presence, idleSinceMs: nowMs };
  if (wrapUpMs <= 0) return resumed(free, presence.afterwards, nowMs);
  const { interaction, entry } = presence;
  return {
    state: 'wrap-up',
    untilMs: nowMs + wrapUpMs,
    afterwards: presence.afterwards,
    call: { interaction, entry, ...(queue === undefined ? {} : { queue }) },
    ...common(free),
    sinceMs: nowMs,
  };
}

/** Idle time starts anew when an agent comes in from outside or from a break, and only then. */
function resumed(presence: AgentPresence, to: ResumeState, nowMs: number): AgentPresence {
  const comesIn = presence.state === 'offline' || presence.state === 'break';
  const idleSinceMs = comesIn && to.state === 'available' ? nowMs : presence.idleSinceMs;
  const base = { ...common(presence), sinceMs: nowMs, idleSinceMs };
  return to.state === 'break' ? { state: 'break', reason: to.reason, ...base } : { state: to.state, ...base };
}

function resumeStateOf(presence: AgentPresence & { state: 'offline' | 'available' | 'break' }): ResumeState {
  return presence.state === 'break' ? { state: 'break', reason: presence.reason } : { state: presence.state };
}

/**
 * What every state has. Stands behind what a state adds: in Node 20 an object that gets properties after a spread has a
 * hidden class of its own, which made a look at 600 agents five times as long.
 */
function common(presence: AgentPresence) {
  const { agent, sinceMs, idleSinceMs, backOffUntilMs, refusals, unanswered, skills, rings, works, tally } = presence;
  return { agent, sinceMs, idleSinceMs, backOffUntilMs, refusals, unanswered, skills, rings, works, tally };
}

function moved(next: AgentPresence): AgentTransition {
  return { ok: true, next };
}

function refused(reason: AgentRefusal): AgentTransition {
  return { ok: false, refused: reason };
}

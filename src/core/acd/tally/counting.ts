// What a change of presence adds to the agent's day.
import type { AgentPresence } from '../agent.js';
import { NO_TALLY, tallyOf } from './tally.js';

/** Counts what lies between two presences of one agent; `next` itself when that is nothing. */
export function counted(before: AgentPresence, next: AgentPresence, nowMs: number): AgentPresence {
  const tally = tallyOf(next);
  if (before.state !== 'ringing' && next.state === 'ringing') {
    return { ...next, tally: { ...tally, lastOfferedMs: nowMs } };
  }
  if (before.state === 'ringing' && next.state === 'busy') {
    return { ...next, tally: { ...tally, calls: tally.calls + 1 } };
  }
  if (before.state === 'busy' && next.state !== 'busy' && before.outside === undefined) {
    return { ...next, tally: { ...tally, talkMs: tally.talkMs + Math.max(0, nowMs - before.sinceMs) } };
  }
  return next;
}

/** The counts begin anew; the same presence when they have already. */
export function newDay(presence: AgentPresence, dayMs: number): AgentPresence {
  const { lastOfferedMs, dayMs: known } = tallyOf(presence);
  return known === dayMs ? presence : { ...presence, tally: { ...NO_TALLY, dayMs, lastOfferedMs } };
}

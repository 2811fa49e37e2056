// What an agent has done today, kept in the presence: what strategies that spread the work compare.
import type { AgentPresence } from '../agent.js';

export interface Tally {
  /** Midnight of the centre with which this day began, Unix ms; 0 before the first midnight that was told. */
  readonly dayMs: number;
  /** Calls taken that a queue offered. */
  readonly calls: number;
  /** Time in those that are over, holding included. A call over midnight counts where it ends. */
  readonly talkMs: number;
  /** When the last offer came, 0 if none did: survives midnight, since it is an order and no count. */
  readonly lastOfferedMs: number;
}

export const NO_TALLY: Tally = { dayMs: 0, calls: 0, talkMs: 0, lastOfferedMs: 0 };

export function tallyOf({ tally }: AgentPresence): Tally {
  return tally ?? NO_TALLY;
}

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

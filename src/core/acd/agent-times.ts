// How long agents were in which state: a projection of the changes of their presence. Whatever is asked, the parts add up.
import type { AgentPresence, AgentState } from './agent.js';

/** From when on an agent was in a state: the log of presences, one row per change. */
export interface PresenceChange {
  readonly agent: string;
  readonly atMs: number;
  /** Of the live document: orders changes within one millisecond. */
  readonly version: number;
  readonly state: AgentState;
  /** Of a break; or why busy without an offer. */
  readonly reason?: string;
}

/** `unknown`: before anything was known of the agent. */
export interface TimeInState {
  readonly state: AgentState | 'unknown';
  readonly reason?: string;
  readonly ms: number;
}

/** What is written down of a presence; two of one state since the same moment are one. */
export function changeOf(presence: AgentPresence, version: number): PresenceChange {
  const reason =
    presence.state === 'break' ? presence.reason : presence.state === 'busy' ? presence.outside : undefined;
  const { agent, state, sinceMs } = presence;
  return { agent, version, state, atMs: sinceMs, ...(reason === undefined ? {} : { reason }) };
}

/**
 * Time in each state and reason from `fromMs` to `toMs`; the sum is `toMs - fromMs`, always.
 * `changes`: of one agent, in any order, with the last one before `fromMs` if there is one.
 */
export function timesOf(changes: readonly PresenceChange[], fromMs: number, toMs: number): readonly TimeInState[] {
  const times = new Map<string, TimeInState>();
  const add = (state: TimeInState['state'], reason: string | undefined, ms: number): void => {
    if (ms <= 0) return;
    const key = `${state} ${reason ?? ''}`;
    const before = times.get(key)?.ms ?? 0;
    times.set(key, { state, ...(reason === undefined ? {} : { reason }), ms: before + ms });
  };
  let state: TimeInState['state'] = 'unknown';
  let reason: string | undefined;
  let sinceMs = fromMs;
  for (const change of changes.toSorted(inOrder)) {
    const atMs = Math.min(Math.max(change.atMs, sinceMs), Math.max(fromMs, toMs));
    add(state, reason, atMs - sinceMs);
    [state, reason, sinceMs] = change.atMs >= toMs ? [state, reason, atMs] : [change.state, change.reason, atMs];
  }
  add(state, reason, toMs - sinceMs);
  return [...times.values()];
}

function inOrder(a: PresenceChange, b: PresenceChange): number {
  return a.atMs - b.atMs || a.version - b.version;
}

export interface WorkTimes {
  /** Ringing, available, talking or writing up: at work and not on a break, in ms. */
  readonly atWorkMs: number;
  /** Talking (hold included) and writing up, in ms. */
  readonly handlingMs: number;
  /**
   * handling / (handling + available + ringing), 0 … 1; absent: not at work at all. As in Cleveland, Call Center
   * Management on Fast Forward (ICMI), ch. 7: the share of the time on the floor that was spent on contacts; breaks
   * are not on the floor.
   */
  readonly occupancy?: number;
}

export function workTimesOf(times: readonly TimeInState[]): WorkTimes {
  const sum = (...states: readonly TimeInState['state'][]): number =>
    times.reduce((ms, time) => (states.includes(time.state) ? ms + time.ms : ms), 0);
  const handlingMs = sum('busy', 'wrap-up');
  const atWorkMs = handlingMs + sum('available', 'ringing');
  return { atWorkMs, handlingMs, ...(atWorkMs === 0 ? {} : { occupancy: handlingMs / atWorkMs }) };
}

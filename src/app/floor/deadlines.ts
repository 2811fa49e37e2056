// What on the floor ends by itself and when: leases of offers, wrap-ups, back-offs, refusals. Few documents of many.
import type { AgentPresence } from '../../core/acd/agent.js';
import { wakeAtMs } from '../../core/acd/agent-transition.js';
import type { Entry } from '../../core/acd/entry.js';
import type { Clock } from '../../lib/clock.js';
import type { Change, LiveState } from './live-state.js';

interface Deadline {
  readonly change: Change;
  readonly atMs: number;
}

/** Kept as documents change: a walk over 600 agents for each change of one cost more than the change. */
export class Deadlines {
  readonly #live: LiveState;
  readonly #clock: Clock;
  readonly #deadlines = new Map<string, Deadline>();

  constructor(live: LiveState, clock: Clock) {
    this.#live = live;
    this.#clock = clock;
  }

  /** Infinity when nothing ends by itself. */
  get earliestMs(): number {
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const { atMs } of this.#deadlines.values()) earliestMs = Math.min(earliestMs, atMs);
    return earliestMs;
  }

  /** Documents with something that is over. */
  due(): readonly Change[] {
    const nowMs = this.#clock.nowMs();
    return [...this.#deadlines.values()].filter(({ atMs }) => atMs <= nowMs).map(({ change }) => change);
  }

  /** To be called when the document has changed, and when it was looked at because it was due. */
  note({ kind, id }: Change): void {
    const atMs = this.#endOf({ kind, id });
    const key = `${kind} ${id}`;
    if (atMs === undefined) this.#deadlines.delete(key);
    else this.#deadlines.set(key, { change: { kind, id }, atMs });
  }

  /** Everything was read anew. */
  reset(): void {
    this.#deadlines.clear();
    for (const { agent } of this.#live.agents()) this.note({ kind: 'agent', id: agent });
    for (const { entry } of this.#live.entries()) this.note({ kind: 'entry', id: entry });
  }

  #endOf({ kind, id }: Change): number | undefined {
    const nowMs = this.#clock.nowMs();
    if (kind === 'agent') {
      const agent = this.#live.agent(id);
      return agent && endOfAgent(agent, nowMs);
    }
    const entry = this.#live.entry(id);
    return entry && endOfEntry(entry, nowMs);
  }
}

/** A lease or wrap-up that is over still has to be ended; a back-off that is over is nothing to do. */
function endOfAgent(agent: AgentPresence, nowMs: number): number | undefined {
  const atMs = wakeAtMs(agent);
  return agent.state === 'available' && atMs !== undefined && atMs <= nowMs ? undefined : atMs;
}

/** The lease of an offer has to be ended, a refusal forgets itself. */
function endOfEntry(entry: Entry, nowMs: number): number | undefined {
  const ends = Object.values(entry.refusedBy).flatMap(({ untilMs }) => (untilMs > nowMs ? [untilMs] : []));
  if (entry.state === 'offered') ends.push(entry.offer.expiresAtMs);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

// What on the floor changes by itself and when: leases of offers, wrap-ups, back-offs, refusals, queues that widen. Few documents of many.
import type { AgentPresence } from '../../core/acd/agent.js';
import { wakeAtMs } from '../../core/acd/agent-transition.js';
import { widensAtMs } from '../../core/acd/choice/stage.js';
import { type Entry, offersOf } from '../../core/acd/entry.js';
import type { QueueConfig } from '../../core/acd/queue.js';
import { workWakeAtMs } from '../../core/acd/work/work.js';
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

  readonly #queues: () => ReadonlyMap<string, QueueConfig>;

  constructor(live: LiveState, queues: () => ReadonlyMap<string, QueueConfig>, clock: Clock) {
    this.#live = live;
    this.#queues = queues;
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
    return entry && endOfEntry(entry, this.#queues().get(entry.queue), nowMs);
  }
}

/** A lease or wrap-up that is over still has to be ended; a back-off that is over is nothing to do. */
function endOfAgent(agent: AgentPresence, nowMs: number): number | undefined {
  const atMs = wakeAtMs(agent);
  const ownMs = agent.state === 'available' && atMs !== undefined && atMs <= nowMs ? undefined : atMs;
  return earlier(ownMs, workWakeAtMs(agent));
}

/** The lease of an offer has to be ended; a refusal forgets itself, and more agents come in: somebody has to look then. */
function endOfEntry(entry: Entry, queue: QueueConfig | undefined, nowMs: number): number | undefined {
  const ends = Object.values(entry.refusedBy).flatMap(({ untilMs }) => (untilMs > nowMs ? [untilMs] : []));
  for (const { expiresAtMs } of offersOf(entry)) ends.push(expiresAtMs);
  const ownMs = ends.length === 0 ? undefined : Math.min(...ends);
  const widens = entry.state === 'waiting' && queue !== undefined;
  return earlier(ownMs, widens ? widensAtMs(entry, queue, nowMs) : undefined);
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

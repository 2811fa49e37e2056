// Who gets whom: matches waiting entries with free agents, and says why. Touches nothing.
import type { Explanation } from '../interaction/explanation.js';
import type { AgentConfig } from '../routing/centre.js';
import type { AgentPresence } from './agent.js';
import type { Entry } from './entry.js';
import type { QueueConfig } from './queue.js';

/** Longest lists an explanation carries; it is stored with each offer. */
export const EXPLAINED_MAX = 8;
/** Added to the ringing time: the node that dials must report before the lease is over. */
export const LEASE_MARGIN_MS = 5_000;

export interface Floor {
  /** In any order; entries that are not `waiting` are skipped. */
  readonly waiting: Iterable<Entry>;
  readonly agents: Iterable<AgentPresence>;
  readonly queues: ReadonlyMap<string, QueueConfig>;
  readonly agentConfigs: ReadonlyMap<string, AgentConfig>;
  readonly nowMs: number;
}

export interface OfferDecision {
  readonly entry: Entry & { readonly state: 'waiting' };
  readonly agent: string;
  /** How long the offer may live: ringing of all devices and a margin. */
  readonly leaseMs: number;
  readonly why: Explanation;
}

/** Total order of those who wait: priority, then seniority, then time of joining, then id. Negative: `a` goes first. */
export function compareEntries(a: Entry, b: Entry): number {
  return (
    a.priority - b.priority ||
    a.seniorityMs - b.seniorityMs ||
    a.joinedAtMs - b.joinedAtMs ||
    (a.entry < b.entry ? -1 : a.entry > b.entry ? 1 : 0)
  );
}

/**
 * One round of offers, in the order in which the entries stand; each agent and each entry at most once.
 * Strategy longest-idle: of the agents with the queue's skill who are available, not backing off and have not just
 * refused this entry, the one idle for longest; then the higher skill level, then the name.
 * Call-backs stand in the same order at the seniority of the first wait, and like all are only offered to a free agent.
 */
export function selectOffers(floor: Floor): OfferDecision[] {
  const waiting = [...floor.waiting].filter(isWaiting).sort(compareEntries);
  const round = new Round(floor);
  const decisions: OfferDecision[] = [];
  for (const entry of waiting) {
    const queue = floor.queues.get(entry.queue);
    if (queue === undefined) continue;
    const decision = round.offer(entry, queue);
    if (decision !== undefined) decisions.push(decision);
  }
  return decisions;
}

/** Time an offer of this queue to this agent may live, in ms. */
export function leaseMsOf(queue: QueueConfig, agent: AgentConfig): number {
  const rounds = agent.ring === 'in-order' ? Math.max(1, agent.devices.length) : 1;
  return queue.ringMs * rounds + LEASE_MARGIN_MS;
}

/** The first filter that stops an agent for any entry of a skill; undefined: a candidate. */
export function filterOf(presence: AgentPresence, config: AgentConfig, skill: string, nowMs: number) {
  if (config.skills[skill] === undefined) return 'missing-skill';
  if (presence.state !== 'available') return presence.state;
  return nowMs < presence.backOffUntilMs ? 'backing-off' : undefined;
}

interface Candidate {
  readonly agent: string;
  readonly idleMs: number;
  readonly skillLevel: number;
  readonly config: AgentConfig;
}

/** The agents seen from one skill: sorted candidates, and those removed whatever the entry is. */
interface Pool {
  readonly candidates: readonly Candidate[];
  readonly removed: readonly { readonly agent: string; readonly filter: string }[];
  readonly removedCounts: Readonly<Record<string, number>>;
  /** Everybody before this index has been taken. */
  head: number;
  taken: number;
  /** Entries of this skill that nobody could be offered to so far, in order. */
  readonly unserved: Entry[];
}

/** The books of one round: what has been given away so far. */
class Round {
  readonly #floor: Floor;
  readonly #agents: readonly { readonly presence: AgentPresence; readonly config: AgentConfig }[];
  readonly #pools = new Map<string, Pool>();
  readonly #taken = new Set<string>();
  readonly #leftBehind = new Map<string, number>();

  constructor(floor: Floor) {
    this.#floor = floor;
    this.#agents = [...floor.agents].flatMap((presence) => {
      const config = floor.agentConfigs.get(presence.agent);
      return config === undefined ? [] : [{ presence, config }];
    });
  }

  offer(entry: Entry & { state: 'waiting' }, queue: QueueConfig): OfferDecision | undefined {
    const pool = this.#pool(queue.skill);
    const { best, refusals } = this.#bestFor(entry, pool);
    const chosen = best[0];
    if (chosen === undefined) {
      pool.unserved.push(entry);
      this.#leftBehind.set(entry.queue, (this.#leftBehind.get(entry.queue) ?? 0) + 1);
      return undefined;
    }
    const why = this.#explain(entry, pool, best, refusals);
    this.#take(chosen);
    return { entry, agent: chosen.agent, leaseMs: leaseMsOf(queue, chosen.config), why };
  }

  /** The best few who are left for this entry, and those who are left but refused it. */
  #bestFor(entry: Entry, pool: Pool): { best: Candidate[]; refusals: string[] } {
    const best: Candidate[] = [];
    const refusals: string[] = [];
    while (this.#isTaken(pool.candidates[pool.head])) pool.head += 1;
    for (let at = pool.head; at < pool.candidates.length && best.length < EXPLAINED_MAX; at += 1) {
      const candidate = pool.candidates[at];
      if (candidate === undefined || this.#taken.has(candidate.agent)) continue;
      if (this.#refused(entry, candidate.agent)) refusals.push(candidate.agent);
      else best.push(candidate);
    }
    return { best, refusals };
  }

  #explain(entry: Entry, pool: Pool, best: readonly Candidate[], refusals: readonly string[]): Explanation {
    const chosen = best[0];
    const unlisted = Object.keys(entry.refusedBy).filter(
      (agent) => !refusals.includes(agent) && this.#refused(entry, agent) && this.#isFree(pool, agent),
    );
    const refusedThis = [...refusals, ...unlisted];
    const removedCounts: Record<string, number> = { ...pool.removedCounts };
    if (refusedThis.length > 0) removedCounts['refused-this'] = refusedThis.length;
    if (pool.taken > 0) removedCounts['taken'] = pool.taken;
    const { priority, seniorityMs, joinedAtMs } = entry;
    return {
      strategy: 'longest-idle',
      candidates: best.map(({ agent, idleMs, skillLevel }) => ({ agent, values: { idleMs, skillLevel } })),
      removed: [
        ...refusedThis.map((agent) => ({ agent, filter: 'refused-this' })),
        ...this.#takenOf(pool).map((agent) => ({ agent, filter: 'taken' })),
        ...pool.removed,
      ].slice(0, EXPLAINED_MAX),
      counts: { candidates: pool.candidates.length - pool.taken - refusedThis.length, removed: removedCounts },
      order: { priority, seniorityMs, joinedAtMs },
      ahead: this.#leftBehind.get(entry.queue) ?? 0,
      passedOver: chosen === undefined ? [] : this.#passedOverBy(chosen),
    };
  }

  /** Whoever is still waiting although this free agent has the skill was refused by this agent. */
  #passedOverBy(candidate: Candidate): string[] {
    const entries: string[] = [];
    for (const skill of Object.keys(candidate.config.skills)) {
      for (const entry of this.#pools.get(skill)?.unserved ?? []) {
        if (entries.length === EXPLAINED_MAX) return entries;
        entries.push(entry.entry);
      }
    }
    return entries;
  }

  #take(candidate: Candidate): void {
    this.#taken.add(candidate.agent);
    for (const skill of Object.keys(candidate.config.skills)) {
      const pool = this.#pools.get(skill);
      if (pool !== undefined) pool.taken += 1;
    }
  }

  #takenOf(pool: Pool): string[] {
    const agents: string[] = [];
    if (pool.taken === 0) return agents;
    for (const { agent } of pool.candidates) {
      if (agents.length === Math.min(pool.taken, EXPLAINED_MAX)) break;
      if (this.#taken.has(agent)) agents.push(agent);
    }
    return agents;
  }

  #pool(skill: string): Pool {
    const known = this.#pools.get(skill);
    if (known !== undefined) return known;
    const made = this.#makePool(skill);
    this.#pools.set(skill, made);
    return made;
  }

  #makePool(skill: string): Pool {
    const { nowMs } = this.#floor;
    const candidates: Candidate[] = [];
    const skilled: { agent: string; filter: string }[] = [];
    const unskilled: { agent: string; filter: string }[] = [];
    const removedCounts: Record<string, number> = {};
    let taken = 0;
    for (const { presence, config } of this.#agents) {
      const { agent } = presence;
      const filter = filterOf(presence, config, skill, nowMs);
      if (filter === undefined) {
        const idleMs = nowMs - presence.idleSinceMs;
        candidates.push({ agent, idleMs, skillLevel: config.skills[skill] ?? 0, config });
        if (this.#taken.has(agent)) taken += 1;
        continue;
      }
      removedCounts[filter] = (removedCounts[filter] ?? 0) + 1;
      const list = filter === 'missing-skill' ? unskilled : skilled;
      if (list.length < EXPLAINED_MAX) list.push({ agent, filter });
    }
    candidates.sort(compareCandidates);
    return { candidates, removed: [...skilled, ...unskilled], removedCounts, head: 0, taken, unserved: [] };
  }

  #refused(entry: Entry, agent: string): boolean {
    const refusal = entry.refusedBy[agent];
    return refusal !== undefined && this.#floor.nowMs < refusal.untilMs;
  }

  #isTaken(candidate: Candidate | undefined): boolean {
    return candidate !== undefined && this.#taken.has(candidate.agent);
  }

  #isFree(pool: Pool, agent: string): boolean {
    return !this.#taken.has(agent) && pool.candidates.some((candidate) => candidate.agent === agent);
  }
}

function compareCandidates(a: Candidate, b: Candidate): number {
  return b.idleMs - a.idleMs || b.skillLevel - a.skillLevel || (a.agent < b.agent ? -1 : a.agent > b.agent ? 1 : 0);
}

function isWaiting(entry: Entry): entry is Entry & { state: 'waiting' } {
  return entry.state === 'waiting';
}

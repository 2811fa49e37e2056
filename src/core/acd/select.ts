// Who gets whom: matches waiting entries with free agents, and says why. Touches nothing.
import type { Explanation } from '../interaction/explanation.js';
import type { AgentPresence, ServingAgent } from './agent.js';
import { callbacksInFlight, callbacksMax } from './callback-share.js';
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
  readonly agentConfigs: ReadonlyMap<string, ServingAgent>;
  readonly nowMs: number;
}

export type WaitingEntry = Entry & { readonly state: 'waiting' };

export interface OfferDecision {
  readonly entry: WaitingEntry;
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
 * Call-backs stand in the same order at the seniority of the first wait, and like all are only offered to a free agent;
 * of a wave of them no more than the queue's share of its agents at a time, so that live callers are served beside them.
 */
export function selectOffers(given: Floor): OfferDecision[] {
  const entries = [...given.waiting];
  const waiting = entries.filter(isWaiting).sort(compareEntries);
  if (waiting.length === 0) return [];
  const floor = { ...given, waiting: entries, agents: [...given.agents] };
  const round = beginRound(floor);
  const decisions: OfferDecision[] = [];
  for (const entry of waiting) {
    const queue = floor.queues.get(entry.queue);
    if (queue === undefined) continue;
    if (entry.kind === 'callback' && !mayCallBack(round, queue, floor)) {
      leaveBehind(round, entry, poolOf(round, queue.skill).held);
      continue;
    }
    const decision = offerTo(round, entry, queue);
    if (decision === undefined) continue;
    decisions.push(decision);
    if (entry.kind === 'callback') round.callbacksLeft.set(queue.name, (round.callbacksLeft.get(queue.name) ?? 0) - 1);
  }
  return decisions;
}

/** Time an offer of this queue to this agent may live, in ms. */
export function leaseMsOf(queue: QueueConfig, agent: ServingAgent): number {
  const rounds = agent.ring === 'in-order' ? Math.max(1, agent.devices.length) : 1;
  return queue.ringMs * rounds + LEASE_MARGIN_MS;
}

/** The first filter that stops an agent for any entry of a skill; undefined: a candidate. */
export function filterOf(presence: AgentPresence, config: ServingAgent, skill: string, nowMs: number) {
  if (!Object.hasOwn(config.skills, skill)) return 'missing-skill';
  if (presence.state !== 'available') return presence.state;
  return nowMs < presence.backOffUntilMs ? 'backing-off' : undefined;
}

/** What stops an agent for this entry alone; undefined: nothing does. */
export function ownFilterOf(entry: Entry, agent: string, nowMs: number): OwnFilter | undefined {
  if (entry.fromAgent === agent) return 'own-call';
  const refusal = entry.refusedBy[agent];
  return refusal !== undefined && nowMs < refusal.untilMs ? 'refused-this' : undefined;
}

export type OwnFilter = 'own-call' | 'refused-this';

interface Candidate {
  readonly agent: string;
  readonly idleMs: number;
  readonly skillLevel: number;
  readonly config: ServingAgent;
}

/** The agents seen from one skill: sorted candidates, and those removed whatever the entry is. */
interface Pool {
  readonly candidates: readonly Candidate[];
  readonly removed: readonly { readonly agent: string; readonly filter: string }[];
  readonly removedCounts: Readonly<Record<string, number>>;
  /** Everybody before this index has been taken. */
  head: number;
  taken: number;
  /** Entries of this skill that could be offered to nobody so far, in order. */
  readonly unserved: Entry[];
  /** Call-backs of this skill whose queue has as many under way as may be, in order. */
  readonly held: Entry[];
}

/** The books of one round: what has been given away so far. */
interface Round {
  readonly nowMs: number;
  readonly agents: readonly { readonly presence: AgentPresence; readonly config: ServingAgent }[];
  readonly pools: Map<string, Pool>;
  readonly taken: Set<string>;
  /** Entries per queue that were looked at and could not be offered to anybody. */
  readonly leftBehind: Map<string, number>;
  /** Call-backs that may still be offered in this round, per queue that was asked for. */
  readonly callbacksLeft: Map<string, number>;
}

function beginRound(floor: Floor): Round {
  const agents: Round['agents'][number][] = [];
  for (const presence of floor.agents) {
    const config = floor.agentConfigs.get(presence.agent);
    if (config !== undefined) agents.push({ presence, config });
  }
  return {
    nowMs: floor.nowMs,
    agents,
    pools: new Map(),
    taken: new Set(),
    leftBehind: new Map(),
    callbacksLeft: new Map(),
  };
}

function mayCallBack({ callbacksLeft }: Round, queue: QueueConfig, floor: Floor): boolean {
  const left = callbacksLeft.get(queue.name) ?? callbacksMax(queue, floor) - callbacksInFlight(queue.name, floor);
  callbacksLeft.set(queue.name, left);
  return left > 0;
}

function offerTo(round: Round, entry: WaitingEntry, queue: QueueConfig): OfferDecision | undefined {
  const pool = poolOf(round, queue.skill);
  const { best, stopped } = bestFor(round, entry, pool);
  const chosen = best[0];
  if (chosen === undefined) {
    leaveBehind(round, entry, pool.unserved);
    return undefined;
  }
  const { priority, seniorityMs, joinedAtMs } = entry;
  const why: Explanation = {
    strategy: 'longest-idle',
    candidates: best.map(({ agent, idleMs, skillLevel }) => ({ agent, values: { idleMs, skillLevel } })),
    ...removedFor(round, entry, pool, stopped),
    order: { priority, seniorityMs, joinedAtMs },
    ahead: round.leftBehind.get(entry.queue) ?? 0,
    passedOver: ofSkillsOf(chosen, round, ({ unserved }) => unserved),
    heldBack: ofSkillsOf(chosen, round, ({ held }) => held),
  };
  take(round, chosen);
  return { entry, agent: chosen.agent, leaseMs: leaseMsOf(queue, chosen.config), why };
}

/** The best few who are left for this entry, and those met on the way whom it cannot go to. */
function bestFor(round: Round, entry: Entry, pool: Pool): { best: Candidate[]; stopped: string[] } {
  const best: Candidate[] = [];
  const stopped: string[] = [];
  for (let at = headOf(round, pool); at < pool.candidates.length && best.length < EXPLAINED_MAX; at += 1) {
    const candidate = pool.candidates[at];
    if (candidate === undefined || round.taken.has(candidate.agent)) continue;
    if (ownFilterOf(entry, candidate.agent, round.nowMs) === undefined) best.push(candidate);
    else stopped.push(candidate.agent);
  }
  return { best, stopped };
}

/** Index of the first candidate not yet taken; remembered, so that a round stays linear. */
function headOf(round: Round, pool: Pool): number {
  for (; pool.head < pool.candidates.length; pool.head += 1) {
    const candidate = pool.candidates[pool.head];
    if (candidate !== undefined && !round.taken.has(candidate.agent)) break;
  }
  return pool.head;
}

function removedFor(round: Round, entry: Entry, pool: Pool, met: readonly string[]) {
  const stoppable = new Set([...met, ...Object.keys(entry.refusedBy), ...(entry.fromAgent ? [entry.fromAgent] : [])]);
  const stopped: { agent: string; filter: OwnFilter }[] = [];
  const removed: Record<string, number> = { ...pool.removedCounts };
  for (const agent of stoppable) {
    const filter = ownFilterOf(entry, agent, round.nowMs);
    const isLeft = !round.taken.has(agent) && pool.candidates.some((candidate) => candidate.agent === agent);
    if (filter === undefined || !isLeft) continue;
    stopped.push({ agent, filter });
    removed[filter] = (removed[filter] ?? 0) + 1;
  }
  if (pool.taken > 0) removed['taken'] = pool.taken;
  return {
    removed: [
      ...stopped,
      ...takenFrom(round, pool).map((agent) => ({ agent, filter: 'taken' })),
      ...pool.removed,
    ].slice(0, EXPLAINED_MAX),
    counts: { candidates: pool.candidates.length - pool.taken - stopped.length, removed },
  };
}

function takenFrom(round: Round, pool: Pool): string[] {
  const agents: string[] = [];
  const wanted = Math.min(pool.taken, EXPLAINED_MAX);
  for (const { agent } of pool.candidates) {
    if (agents.length === wanted) break;
    if (round.taken.has(agent)) agents.push(agent);
  }
  return agents;
}

function leaveBehind(round: Round, entry: Entry, among: Entry[]): void {
  among.push(entry);
  round.leftBehind.set(entry.queue, (round.leftBehind.get(entry.queue) ?? 0) + 1);
}

/** Who is still waiting although this free agent has the skill: the first of those that `listOf` finds. */
function ofSkillsOf(candidate: Candidate, { pools }: Round, listOf: (pool: Pool) => readonly Entry[]): string[] {
  const entries: string[] = [];
  for (const skill of Object.keys(candidate.config.skills)) {
    const pool = pools.get(skill);
    for (const { entry } of pool === undefined ? [] : listOf(pool)) {
      if (entries.length === EXPLAINED_MAX) return entries;
      entries.push(entry);
    }
  }
  return entries;
}

function take(round: Round, candidate: Candidate): void {
  round.taken.add(candidate.agent);
  for (const skill of Object.keys(candidate.config.skills)) {
    const pool = round.pools.get(skill);
    if (pool !== undefined) pool.taken += 1;
  }
}

function poolOf(round: Round, skill: string): Pool {
  const known = round.pools.get(skill);
  if (known !== undefined) return known;
  const pool = newPool(round, skill);
  round.pools.set(skill, pool);
  return pool;
}

function newPool(round: Round, skill: string): Pool {
  const candidates: Candidate[] = [];
  const skilled: { agent: string; filter: string }[] = [];
  const unskilled: { agent: string; filter: string }[] = [];
  const removedCounts: Record<string, number> = {};
  let taken = 0;
  for (const { presence, config } of round.agents) {
    const { agent } = presence;
    const filter = filterOf(presence, config, skill, round.nowMs);
    if (filter === undefined) {
      const idleMs = round.nowMs - presence.idleSinceMs;
      candidates.push({ agent, idleMs, skillLevel: config.skills[skill] ?? 0, config });
      if (round.taken.has(agent)) taken += 1;
      continue;
    }
    removedCounts[filter] = (removedCounts[filter] ?? 0) + 1;
    const list = filter === 'missing-skill' ? unskilled : skilled;
    if (list.length < EXPLAINED_MAX) list.push({ agent, filter });
  }
  candidates.sort(compareCandidates);
  return { candidates, removed: [...skilled, ...unskilled], removedCounts, head: 0, taken, unserved: [], held: [] };
}

function compareCandidates(a: Candidate, b: Candidate): number {
  return b.idleMs - a.idleMs || b.skillLevel - a.skillLevel || (a.agent < b.agent ? -1 : a.agent > b.agent ? 1 : 0);
}

function isWaiting(entry: Entry): entry is WaitingEntry {
  return entry.state === 'waiting';
}

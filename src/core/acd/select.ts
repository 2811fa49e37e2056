// Who gets whom: matches waiting entries with free agents, and says why. Touches nothing.
import type { Explanation } from '../interaction/explanation.js';
import type { AgentPresence, ServingAgent } from './agent.js';
import { callbacksInFlight, callbacksMax } from './callback-share.js';
import { CHANNELS, type Channel, type ChannelRules, channelOf, DEFAULT_CHANNELS } from './choice/capacity.js';
import { Line, priorityAt } from './choice/line.js';
import { isForEverybody, keptFor, ownFilterOf } from './choice/own.js';
import {
  absenceOf,
  type Book,
  type Candidate,
  headOf,
  isExhausted,
  makePool,
  membersOf,
  type Pool,
  type RemovedAgent,
  ranked,
  removedFrom,
} from './choice/pool.js';
import { stageAt, stagesOf } from './choice/stage.js';
import { type Contest, draws, fieldsOf, linearOrder, valuesOf } from './choice/strategy.js';
import type { Entry } from './entry.js';
import { isCustomerFirst, leaseMsOf } from './lease.js';
import type { QueueConfig } from './queue.js';

/** Longest lists an explanation carries; it is stored with each offer. */
export const EXPLAINED_MAX = 8;
/** Ring all: so many at a time, where the queue does not say. */
export const RING_AT_MOST = 5;

export interface Floor {
  /** In any order; entries that are not `waiting` are skipped. */
  readonly waiting: Iterable<Entry>;
  readonly agents: Iterable<AgentPresence>;
  readonly queues: ReadonlyMap<string, QueueConfig>;
  /** In the order of the centre: what top-down follows. */
  readonly agentConfigs: ReadonlyMap<string, ServingAgent>;
  readonly nowMs: number;
  readonly channels?: ChannelRules;
  /** What chance is drawn from in this round; the same seed draws the same. */
  readonly seed?: number;
  /** Entries that are offered in one round; who is left comes with the next one. Absent: as many as can be. */
  readonly most?: number;
}

export type WaitingEntry = Entry & { readonly state: 'waiting' };

export interface OfferDecision {
  readonly entry: WaitingEntry;
  readonly agent: string;
  /** How long the offer may live: ringing of all devices and a margin. */
  readonly leaseMs: number;
  /** Others who are offered it at the same time (ring all). */
  readonly beside: readonly { readonly agent: string; readonly leaseMs: number }[];
  readonly why: Explanation;
}

/**
 * One round of offers, in the order in which the entries stand; each agent at most once, each entry once (to several
 * agents together where the queue rings all). Of the agents who may have an entry now (skills of its ring, team, state,
 * capacity), the queue's strategy chooses; nobody gets what they have just refused, or what is kept for another.
 * Call-backs stand in the same order at the seniority of the first wait, and like all are only offered to a free agent;
 * of a wave of them no more than the queue's share of its agents at a time, so that live callers are served beside them.
 */
export function selectOffers(given: Floor): OfferDecision[] {
  const entries = [...given.waiting];
  const floor = { ...given, waiting: entries, agents: [...given.agents] };
  const round = beginRound(floor);
  const line = new Line(standingIn(round, entries), floor.nowMs);
  const decisions: OfferDecision[] = [];
  const { most = Number.POSITIVE_INFINITY } = floor;
  while (round.open > 0 && decisions.length < most) {
    const entry = line.next();
    if (entry === undefined) break;
    const queue = round.queues.get(entry.queue);
    if (queue === undefined) continue;
    const decision = serve(round, entry, queue);
    if (decision !== undefined) decisions.push(decision);
  }
  return decisions;
}

/** A queue in this round. */
interface QueueBook {
  readonly config: QueueConfig;
  readonly stages: readonly number[];
  readonly members: ReturnType<typeof membersOf>;
  readonly waiting: WaitingEntry[];
  /** Somebody is free for one of them at least. */
  served: boolean;
  /** By channel, then by stage; made when an entry stands there. */
  readonly pools: (Pool | undefined)[];
  readonly rankings: Map<Channel, { readonly contest: Contest; readonly candidates: readonly Candidate[] }>;
  /** By channel, each a line of its own: entries that were looked at and could not be offered to anybody. */
  readonly leftBehind: Record<Channel, number>;
  /** Call-backs that may still be offered in this round; undefined: nobody has asked. */
  callbacksLeft: number | undefined;
}

/** The books of one round: what has been given away so far. */
interface Round {
  readonly floor: Floor;
  readonly rules: ChannelRules;
  readonly books: readonly Book[];
  readonly byAgent: ReadonlyMap<string, Book>;
  /** By channel: those whom only a queue's stage could keep away. */
  readonly free: Map<Channel, ReadonlySet<Book>>;
  readonly queues: Map<string, QueueBook>;
  /** Pools in which somebody is left. */
  open: number;
}

function beginRound(floor: Floor): Round {
  const books: Book[] = [];
  const byAgent = new Map<string, Book>();
  for (const presence of floor.agents) {
    const config = floor.agentConfigs.get(presence.agent);
    if (config === undefined) continue;
    const book: Book = { presence, config, pools: [], taken: false };
    books.push(book);
    byAgent.set(presence.agent, book);
  }
  const rules = floor.channels ?? DEFAULT_CHANNELS;
  return { floor, rules, books, byAgent, free: new Map(), queues: new Map(), open: 0 };
}

/** Those who wait in queues that somebody is free for; the others need no order now. */
function standingIn(round: Round, entries: readonly Entry[]): WaitingEntry[] {
  const isAnybodyFree: Partial<Record<Channel, boolean>> = {};
  for (const entry of entries) {
    if (entry.state !== 'waiting') continue;
    const queue = queueOf(round, entry.queue);
    if (queue === undefined) continue;
    queue.waiting.push(entry);
    const channel = channelOf(entry.kind);
    isAnybodyFree[channel] ??= freeFor(round, channel).size > 0;
    if (isAnybodyFree[channel] === false) continue;
    // All pools are made here: the round ends when nobody is left in any of them.
    if (!isExhausted(poolOf(round, queue, entry))) queue.served = true;
  }
  const standing: WaitingEntry[] = [];
  for (const { served, waiting } of round.queues.values()) {
    if (!served) continue;
    for (const entry of waiting) standing.push(entry);
  }
  return standing;
}

function queueOf({ queues, floor, byAgent }: Round, name: string): QueueBook | undefined {
  const known = queues.get(name);
  if (known !== undefined) return known;
  const config = floor.queues.get(name);
  if (config === undefined) return undefined;
  const book: QueueBook = {
    ...{ config, stages: stagesOf(config), members: membersOf(config, floor.agentConfigs, byAgent), pools: [] },
    ...{ waiting: [], served: false, rankings: new Map(), leftBehind: { call: 0, message: 0, task: 0 } },
    callbacksLeft: undefined,
  };
  queues.set(name, book);
  return book;
}

function freeFor(round: Round, channel: Channel): ReadonlySet<Book> {
  const known = round.free.get(channel);
  if (known !== undefined) return known;
  const { rules, floor } = round;
  const stand = { channel, rules, nowMs: floor.nowMs };
  const free = new Set(round.books.filter(({ presence, config }) => absenceOf(presence, config, stand) === undefined));
  round.free.set(channel, free);
  return free;
}

function poolOf(round: Round, queue: QueueBook, entry: Entry): Pool {
  const { nowMs } = round.floor;
  const { stages, config } = queue;
  const stage = stages.length === 1 ? 0 : stageAt(stages, nowMs - entry.joinedAtMs);
  const channel = channelOf(entry.kind);
  const place = CHANNELS.indexOf(channel) * stages.length + stage;
  const known = queue.pools[place];
  if (known !== undefined) return known;
  const stand = { queue: config, waitedMs: stages[stage] ?? 0, channel, rules: round.rules, nowMs };
  const pool = makePool(stand, rankingOf(round, queue, channel));
  queue.pools[place] = pool;
  if (!isExhausted(pool)) round.open += 1;
  return pool;
}

/** The queue's agents who are free, best first: the same for all stages. */
function rankingOf(round: Round, queue: QueueBook, channel: Channel): readonly Candidate[] {
  const known = queue.rankings.get(channel);
  if (known !== undefined) return known.candidates;
  const { nowMs, seed = 0, agentConfigs } = round.floor;
  const { config } = queue;
  const places = config.strategy === 'top-down' ? linearOrder(config, agentConfigs.keys()) : NO_PLACES;
  const contest: Contest = { queue: config, isWork: channel !== 'call', places, seed, nowMs };
  const free = freeFor(round, channel);
  const candidates = ranked(queue.members, contest, (book) => free.has(book));
  queue.rankings.set(channel, { contest, candidates });
  return candidates;
}

const NO_PLACES: ReadonlyMap<string, number> = new Map();

function serve(round: Round, entry: WaitingEntry, queue: QueueBook): OfferDecision | undefined {
  const { config } = queue;
  const channel = channelOf(entry.kind);
  const pool = poolOf(round, queue, entry);
  if (entry.kind === 'callback' && callbacksLeftOf(round, queue) <= 0) return leaveBehind(queue, entry, pool.held);
  const kept = keptFor(entry, config, (name) => round.byAgent.get(name), round.floor.nowMs);
  const together =
    config.strategy !== 'ring-all' || isCustomerFirst(entry.kind, config) ? 1 : (config.ringAtMost ?? RING_AT_MOST);
  const { best, stopped } = bestFor(round, entry, pool, { kept, most: Math.max(EXPLAINED_MAX, together) });
  const chosen = best.slice(0, together);
  const [first, ...others] = chosen;
  if (first === undefined) return leaveBehind(queue, entry, kept === undefined ? pool.unserved : pool.reserved);
  const why: Explanation = {
    strategy: config.strategy,
    candidates: told(best, queue, channel),
    ...removedFor(round, entry, { pool, queue }, { met: stopped, kept }),
    order: {
      priority: priorityAt(entry, round.floor.nowMs),
      seniorityMs: entry.seniorityMs,
      joinedAtMs: entry.joinedAtMs,
    },
    ahead: queue.leftBehind[channel],
    passedOver: ofPoolsOf(first, ({ unserved }) => unserved),
    heldBack: ofPoolsOf(first, ({ held }) => held),
    ...peculiarities(round, entry, queue, { first, kept, together: chosen.length }),
  };
  for (const { book } of chosen) take(round, book);
  if (entry.kind === 'callback') queue.callbacksLeft = callbacksLeftOf(round, queue) - 1;
  const offer = ({ agent, book }: Candidate) => ({
    agent,
    leaseMs: leaseMsOf(config, book.config, entry.kind),
  });
  return { entry, ...offer(first), beside: others.map(offer), why };
}

/** What only some queues have to explain. */
function peculiarities(
  { floor }: Round,
  entry: Entry,
  { stages, config }: QueueBook,
  { first, kept, together }: { first: Candidate; kept: string | undefined; together: number },
): Pick<Explanation, 'reserved' | 'preferred' | 'ring' | 'together' | 'seed'> {
  const reserved = ofPoolsOf(first, (pool) => pool.reserved);
  const number = 1 + stageAt(stages, floor.nowMs - entry.joinedAtMs);
  return {
    ...(reserved.length === 0 ? {} : { reserved }),
    ...(kept === undefined ? {} : { preferred: kept }),
    ...(stages.length === 1 ? {} : { ring: { number, of: stages.length } }),
    ...(together === 1 ? {} : { together }),
    ...(draws(config.strategy) ? { seed: floor.seed ?? 0 } : {}),
  };
}

/** The best few with what was compared. */
function told(best: readonly Candidate[], queue: QueueBook, channel: Channel): Explanation['candidates'] {
  const contest = queue.rankings.get(channel)?.contest;
  const fields = contest === undefined ? [] : fieldsOf(contest);
  return best.slice(0, EXPLAINED_MAX).map((candidate) => {
    // The same in every explanation of a round: made once, since each of many offers tells of the next few as well.
    candidate.view ??= { agent: candidate.agent, values: valuesOf(fields, candidate.keys) };
    return candidate.view;
  });
}

function callbacksLeftOf({ floor }: Round, queue: QueueBook): number {
  const { config } = queue;
  queue.callbacksLeft ??= callbacksMax(config, floor) - callbacksInFlight(config.name, floor);
  return queue.callbacksLeft;
}

/** The best few who are left for this entry, and those met on the way whom it cannot go to. */
function bestFor(
  round: Round,
  entry: Entry,
  pool: Pool,
  { kept, most }: { readonly kept: string | undefined; readonly most: number },
): { best: Candidate[]; stopped: string[] } {
  const best: Candidate[] = [];
  const stopped: string[] = [];
  const isForAll = isForEverybody(entry);
  // One agent is looked for, not compared: the books know.
  if (kept !== undefined && !isLeftIn(pool, round.byAgent.get(kept))) return { best, stopped };
  for (let at = headOf(pool); at < pool.candidates.length && best.length < most; at += 1) {
    const candidate = pool.candidates[at];
    if (candidate === undefined || candidate.book.taken) continue;
    if (kept !== undefined && candidate.agent !== kept) continue;
    if (isForAll || ownFilterOf(entry, candidate.agent, round.floor.nowMs) === undefined) best.push(candidate);
    else stopped.push(candidate.agent);
  }
  return { best, stopped };
}

function isLeftIn(pool: Pool, book: Book | undefined): boolean {
  return book?.taken === false && book.pools.includes(pool);
}

function removedFor(
  round: Round,
  entry: Entry,
  { pool, queue }: { readonly pool: Pool; readonly queue: QueueBook },
  { met, kept }: { readonly met: readonly string[]; readonly kept: string | undefined },
): Pick<Explanation, 'removed' | 'counts'> {
  const always = removedFrom(pool, queue.members, round.books, EXPLAINED_MAX);
  const stopped = isForEverybody(entry) ? [] : stoppedFrom(round, entry, pool, met);
  const removed: Record<string, number> = { ...always.counts };
  for (const { filter } of stopped) removed[filter] = (removed[filter] ?? 0) + 1;
  let candidates = pool.candidates.length - pool.taken - stopped.length;
  if (kept !== undefined && candidates > 1) {
    removed['not-preferred'] = candidates - 1;
    candidates = 1;
  }
  if (pool.taken > 0) removed['taken'] = pool.taken;
  return {
    removed: [...stopped, ...takenFrom(pool), ...always.list].slice(0, EXPLAINED_MAX),
    counts: { candidates, removed },
  };
}

/** Of the pool, those whom only this entry cannot go to. */
function stoppedFrom(round: Round, entry: Entry, pool: Pool, met: readonly string[]): RemovedAgent[] {
  const stoppable = new Set([...met, ...Object.keys(entry.refusedBy), ...(entry.fromAgent ? [entry.fromAgent] : [])]);
  const stopped: RemovedAgent[] = [];
  for (const agent of stoppable) {
    const filter = ownFilterOf(entry, agent, round.floor.nowMs);
    if (filter === undefined || !isLeftIn(pool, round.byAgent.get(agent))) continue;
    stopped.push({ agent, filter });
  }
  return stopped;
}

function takenFrom(pool: Pool): RemovedAgent[] {
  const agents: RemovedAgent[] = [];
  const wanted = Math.min(pool.taken, EXPLAINED_MAX);
  for (const { agent, book } of pool.candidates) {
    if (agents.length === wanted) break;
    if (book.taken) agents.push({ agent, filter: 'taken' });
  }
  return agents;
}

function leaveBehind(queue: QueueBook, entry: Entry, among: Entry[]): undefined {
  among.push(entry);
  queue.leftBehind[channelOf(entry.kind)] += 1;
}

/** Who is still waiting although this free agent could have it: the first of those that `listOf` finds. */
function ofPoolsOf({ book }: Candidate, listOf: (pool: Pool) => readonly Entry[]): string[] {
  const entries: string[] = [];
  for (const pool of book.pools) {
    for (const { entry } of listOf(pool)) {
      if (entries.length === EXPLAINED_MAX) return entries;
      entries.push(entry);
    }
  }
  return entries;
}

function take(round: Round, book: Book): void {
  book.taken = true;
  for (const pool of book.pools) {
    pool.taken += 1;
    if (isExhausted(pool)) round.open -= 1;
  }
}

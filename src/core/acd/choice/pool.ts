// The agents seen from one queue: who may have its entries at each stage, in order, and who may not and why.
import type { CandidateView } from '../../interaction/explanation.js';
import type { AgentPresence, ServingAgent } from '../agent.js';
import type { Entry } from '../entry.js';
import type { QueueConfig } from '../queue.js';
import { type CapacityFilter, type Channel, type ChannelRules, capacityFilterOf, goesBesideCalls } from './capacity.js';
import { comesInMs, type StageFilter, stageFilterOf } from './stage.js';
import { type Contest, type Contestant, compareContestants, fieldsOf, keysOf } from './strategy.js';

/** An agent in the books of one round. */
export interface Book {
  readonly presence: AgentPresence;
  readonly config: ServingAgent;
  /** Those in which the agent is a candidate. */
  readonly pools: Pool[];
  taken: boolean;
}

/** One who serves a queue, from a certain time of waiting on. */
interface Member {
  readonly book: Book;
  readonly fromMs: number;
}

export interface Candidate extends Contestant {
  readonly book: Book;
  readonly fromMs: number;
  /** As explanations tell it; made when the first one does. */
  view: CandidateView | undefined;
}

export interface RemovedAgent {
  readonly agent: string;
  readonly filter: string;
}

export interface Removed {
  readonly list: readonly RemovedAgent[];
  readonly counts: Readonly<Record<string, number>>;
}

export interface Pool {
  readonly stand: Stand;
  readonly candidates: readonly Candidate[];
  /** Everybody before this index has been taken. */
  head: number;
  taken: number;
  /** Entries that could be offered to nobody so far, in order. */
  readonly unserved: Entry[];
  /** Call-backs whose queue has as many under way as may be, in order. */
  readonly held: Entry[];
  /** Entries kept for an agent of their own, in order. */
  readonly reserved: Entry[];
  removed: Removed | undefined;
}

export interface Stand {
  readonly queue: QueueConfig;
  /** Time since joining at which the stage began. */
  readonly waitedMs: number;
  readonly channel: Channel;
  readonly rules: ChannelRules;
  readonly nowMs: number;
}

export type Filter = Exclude<AgentPresence['state'], 'available'> | 'backing-off' | StageFilter | CapacityFilter;

/** What keeps an agent from all offers of a channel for now; undefined: nothing. */
export function absenceOf(
  presence: AgentPresence,
  config: ServingAgent,
  { channel, rules, nowMs }: Omit<Stand, 'queue' | 'waitedMs'>,
): Filter | undefined {
  const { state } = presence;
  if (state !== 'available' && (state === 'offline' || state === 'break' || !goesBesideCalls(channel, rules))) {
    return state;
  }
  if (nowMs < presence.backOffUntilMs) return 'backing-off';
  return capacityFilterOf(presence, config, channel, rules);
}

/** The first filter that stops an agent for any entry that stands there; undefined: a candidate. */
export function filterAt(presence: AgentPresence, config: ServingAgent, stand: Stand): Filter | undefined {
  const byStage = stageFilterOf(config, stand.queue, stand.waitedMs);
  if (byStage === 'missing-skill') return byStage;
  return absenceOf(presence, config, stand) ?? byStage;
}

type Staff = readonly { readonly agent: string; readonly fromMs: number }[];

/** By the agents of a centre, which never change in place: who serves a queue is found once for each state of the texts. */
const staffs = new WeakMap<ReadonlyMap<string, ServingAgent>, WeakMap<QueueConfig, Staff>>();

/** Those of the round who serve the queue, in the order of the centre. */
export function membersOf(
  queue: QueueConfig,
  configs: ReadonlyMap<string, ServingAgent>,
  books: ReadonlyMap<string, Book>,
): readonly Member[] {
  const members: Member[] = [];
  for (const { agent, fromMs } of staffOf(queue, configs)) {
    const book = books.get(agent);
    if (book !== undefined) members.push({ book, fromMs });
  }
  return members;
}

function staffOf(queue: QueueConfig, configs: ReadonlyMap<string, ServingAgent>): Staff {
  const byQueue = staffs.get(configs) ?? new WeakMap<QueueConfig, Staff>();
  staffs.set(configs, byQueue);
  const known = byQueue.get(queue);
  if (known !== undefined) return known;
  const staff = [...configs].flatMap(([agent, config]) => {
    const fromMs = comesInMs(config, queue);
    return fromMs === undefined ? [] : [{ agent, fromMs }];
  });
  byQueue.set(queue, staff);
  return staff;
}

/** Of those who serve the queue, whom nothing but the stage keeps away: best first. */
export function ranked(members: readonly Member[], contest: Contest, isFree: (book: Book) => boolean): Candidate[] {
  const fields = fieldsOf(contest);
  const candidates: Candidate[] = [];
  for (const { book, fromMs } of members) {
    if (!isFree(book)) continue;
    const { presence, config } = book;
    const keys = keysOf(fields, presence, config, contest);
    candidates.push({ agent: presence.agent, keys, book, fromMs, view: undefined });
  }
  return candidates.sort(compareContestants);
}

/** `ranking`: of the queue and channel, best first. */
export function makePool(stand: Stand, ranking: readonly Candidate[]): Pool {
  const candidates = ranking.filter(({ fromMs }) => fromMs <= stand.waitedMs);
  const pool: Pool = {
    ...{ stand, candidates, head: 0, taken: 0, unserved: [], held: [], reserved: [] },
    removed: undefined,
  };
  for (const { book } of candidates) {
    book.pools.push(pool);
    if (book.taken) pool.taken += 1;
  }
  return pool;
}

/** Index of the first candidate not yet taken; remembered, so that a round stays linear. */
export function headOf(pool: Pool): number {
  while (pool.candidates[pool.head]?.book.taken === true) pool.head += 1;
  return pool.head;
}

export function isExhausted({ candidates, taken }: Pool): boolean {
  return taken >= candidates.length;
}

/** Those who could not have it whatever the entry is; found once for each pool, and only when something is explained. */
export function removedFrom(pool: Pool, members: readonly Member[], all: readonly Book[], limit: number): Removed {
  pool.removed ??= listRemoved(pool.stand, members, all, limit);
  return pool.removed;
}

function listRemoved(stand: Stand, members: readonly Member[], all: readonly Book[], limit: number): Removed {
  const list: RemovedAgent[] = [];
  const counts: Record<string, number> = {};
  for (const { book, fromMs } of members) {
    const { presence, config } = book;
    const absence = absenceOf(presence, config, stand);
    const later = fromMs > stand.waitedMs && absence === undefined;
    const filter = later ? stageFilterOf(config, stand.queue, stand.waitedMs) : absence;
    if (filter === undefined) continue;
    counts[filter] = (counts[filter] ?? 0) + 1;
    if (list.length < limit) list.push({ agent: presence.agent, filter });
  }
  const unskilled = all.length - members.length;
  if (unskilled > 0) counts['missing-skill'] = unskilled;
  if (unskilled > 0 && list.length < limit) list.push(...someUnskilled(members, all, limit - list.length));
  return { list, counts };
}

function someUnskilled(members: readonly Member[], all: readonly Book[], limit: number): RemovedAgent[] {
  const serving = new Set(members.map(({ book }) => book));
  const list: RemovedAgent[] = [];
  for (const book of all) {
    if (list.length === limit) break;
    if (!serving.has(book)) list.push({ agent: book.presence.agent, filter: 'missing-skill' });
  }
  return list;
}

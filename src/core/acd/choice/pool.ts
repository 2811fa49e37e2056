// The agents seen from one queue, stage and channel: who may have its entries, in order, and who may not and why.
import type { AgentPresence, ServingAgent } from '../agent.js';
import type { Entry } from '../entry.js';
import type { QueueConfig } from '../queue.js';
import { type CapacityFilter, type Channel, type ChannelRules, capacityFilterOf, goesBesideCalls } from './capacity.js';
import { type StageFilter, stageFilterOf } from './stage.js';
import { type Contest, type Contestant, compareContestants, contestant, type Values, valuesOf } from './strategy.js';

/** An agent in the books of one round. */
export interface Book {
  readonly presence: AgentPresence;
  readonly config: ServingAgent;
  /** Those in which the agent is a candidate. */
  readonly pools: Pool[];
  taken: boolean;
}

export interface Candidate extends Contestant {
  readonly book: Book;
  readonly values: Values;
}

export interface Removed {
  readonly list: readonly { readonly agent: string; readonly filter: string }[];
  readonly counts: Readonly<Record<string, number>>;
}

export interface Pool {
  readonly candidates: readonly Candidate[];
  /** Those who could not have it whatever the entry is. */
  readonly removed: () => Removed;
  /** Everybody before this index has been taken. */
  head: number;
  taken: number;
  /** Entries that could be offered to nobody so far, in order. */
  readonly unserved: Entry[];
  /** Call-backs whose queue has as many under way as may be, in order. */
  readonly held: Entry[];
  /** Entries kept for an agent of their own, in order. */
  readonly reserved: Entry[];
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

/** `free`: those whom nothing but the stage keeps away. `limit`: longest list of those removed. */
export function makePool(
  stand: Stand,
  contest: Contest,
  { free, all, limit }: { readonly free: readonly Book[]; readonly all: readonly Book[]; readonly limit: number },
): Pool {
  const { queue, waitedMs } = stand;
  const candidates: Candidate[] = [];
  let removed: Removed | undefined;
  const pool: Pool = {
    candidates,
    removed: () => {
      removed ??= removedFrom(stand, all, limit);
      return removed;
    },
    ...{ head: 0, taken: 0, unserved: [], held: [], reserved: [] },
  };
  for (const book of free) {
    const { presence, config } = book;
    if (stageFilterOf(config, queue, waitedMs) !== undefined) continue;
    const values = valuesOf(presence, config, contest);
    candidates.push({ ...contestant(presence.agent, values), book, values });
    book.pools.push(pool);
    if (book.taken) pool.taken += 1;
  }
  candidates.sort(compareContestants);
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

function removedFrom(stand: Stand, all: readonly Book[], limit: number): Removed {
  const skilled: { agent: string; filter: string }[] = [];
  const unskilled: { agent: string; filter: string }[] = [];
  const counts: Record<string, number> = {};
  for (const { presence, config } of all) {
    const filter = filterAt(presence, config, stand);
    if (filter === undefined) continue;
    counts[filter] = (counts[filter] ?? 0) + 1;
    const list = filter === 'missing-skill' ? unskilled : skilled;
    if (list.length < limit) list.push({ agent: presence.agent, filter });
  }
  return { list: [...skilled, ...unskilled], counts };
}

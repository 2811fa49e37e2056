// How free agents compare: each strategy is the values it looks at, in order of weight. The choice and its explanation use the same.
import type { AgentPresence, ServingAgent } from '../agent.js';
import type { QueueConfig, Strategy } from '../queue.js';
import { tallyOf } from '../tally/tally.js';
import { worksOf } from '../work/work.js';

/** Which end of a value goes first. */
const FIRST: Readonly<Record<string, 'least' | 'most'>> = {
  /** Messages and tasks that the agent has already. */
  open: 'least',
  idleMs: 'most',
  skillLevel: 'most',
  /** When the agent was offered something last, Unix ms. */
  lastOfferedMs: 'least',
  calls: 'least',
  talkMs: 'least',
  /** Drawn for this round. */
  draw: 'least',
  /** What was drawn, made shorter by the weight: an exponential race. */
  race: 'least',
  /** In the linear order. */
  place: 'least',
};

export type Values = Readonly<Record<string, number>>;

export interface Contestant {
  readonly agent: string;
  /** Normalised so that less goes first, in order of weight. */
  readonly keys: readonly number[];
}

export interface Contest {
  readonly queue: QueueConfig;
  /** Messages and tasks go first to those who have the fewest. */
  readonly isWork: boolean;
  /** Place of each agent in the linear order; for top-down. */
  readonly places: ReadonlyMap<string, number>;
  readonly seed: number;
  readonly nowMs: number;
}

/** The values that are compared, in order of weight; after them the agent's name decides. */
export function valuesOf(presence: AgentPresence, config: ServingAgent, contest: Contest): Values {
  const { queue, isWork, nowMs } = contest;
  const idleMs = nowMs - presence.idleSinceMs;
  const skillLevel = Object.hasOwn(config.skills, queue.skill) ? (config.skills[queue.skill] ?? 0) : 0;
  const own = ownValuesOf(queue.strategy, presence, config, contest);
  return isWork ? { open: worksOf(presence).length, ...own, idleMs, skillLevel } : { ...own, idleMs, skillLevel };
}

export function contestant(agent: string, values: Values): Contestant {
  const keys: number[] = [];
  for (const name in values) keys.push(FIRST[name] === 'most' ? -(values[name] ?? 0) : (values[name] ?? 0));
  return { agent, keys };
}

/** Total order of contestants of one contest: negative, `a` goes first. */
export function compareContestants(a: Contestant, b: Contestant): number {
  for (let at = 0; at < a.keys.length; at += 1) {
    const difference = (a.keys[at] ?? 0) - (b.keys[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.agent < b.agent ? -1 : a.agent > b.agent ? 1 : 0;
}

/** In the order named by the queue, the others behind as the centre lists them. */
export function linearOrder(queue: QueueConfig, agents: Iterable<string>): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const agent of [...(queue.order ?? []), ...agents]) if (!places.has(agent)) places.set(agent, places.size);
  return places;
}

function ownValuesOf(
  strategy: Strategy,
  presence: AgentPresence,
  config: ServingAgent,
  { seed, places }: Contest,
): Values {
  const tally = tallyOf(presence);
  switch (strategy) {
    case 'longest-idle':
    case 'ring-all':
      return NOTHING;
    case 'round-robin':
      return { lastOfferedMs: tally.lastOfferedMs };
    case 'fewest-calls':
      return { calls: tally.calls };
    case 'least-talk-time':
      return { talkMs: tally.talkMs };
    case 'random':
      return { draw: drawn(seed, presence.agent) };
    case 'weighted':
      return { race: -Math.log(1 - drawn(seed, presence.agent)) / (config.weight ?? 1) };
    case 'top-down':
      return { place: places.get(presence.agent) ?? places.size };
  }
}

const NOTHING: Values = {};

/** Uniform in [0, 1) for a seed and a name: FNV-1a, mixed as in MurmurHash3. */
export function drawn(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}

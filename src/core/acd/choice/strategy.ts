// How free agents compare: each strategy is the values it looks at, in order of weight. The choice and its explanation use the same.
import type { AgentPresence, ServingAgent } from '../agent.js';
import type { QueueConfig, Strategy } from '../queue.js';
import { tallyOf } from '../tally/tally.js';
import { worksOf } from '../work/work.js';

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

interface Field {
  /** Which end of the value goes first. */
  readonly first: 'least' | 'most';
  of(presence: AgentPresence, config: ServingAgent, contest: Contest): number;
}

/** In order of weight, whatever the strategy. */
const FIELDS = {
  /** Messages and tasks that the agent has already. */
  open: { first: 'least', of: (presence) => worksOf(presence).length },
  /** When the agent was offered something last, Unix ms. */
  lastOfferedMs: { first: 'least', of: (presence) => tallyOf(presence).lastOfferedMs },
  calls: { first: 'least', of: (presence) => tallyOf(presence).calls },
  talkMs: { first: 'least', of: (presence) => tallyOf(presence).talkMs },
  /** Drawn for this round. */
  draw: { first: 'least', of: ({ agent }, _config, { seed }) => drawn(seed, agent) },
  /** What was drawn, made shorter by the weight: an exponential race. */
  race: {
    first: 'least',
    of: ({ agent }, { weight = 1 }, { seed }) => -Math.log(1 - drawn(seed, agent)) / weight,
  },
  /** In the linear order. */
  place: { first: 'least', of: ({ agent }, _config, { places }) => places.get(agent) ?? places.size },
  idleMs: { first: 'most', of: ({ idleSinceMs }, _config, { nowMs }) => nowMs - idleSinceMs },
  skillLevel: {
    first: 'most',
    of: (_presence, { skills }, { queue: { skill } }) => (Object.hasOwn(skills, skill) ? (skills[skill] ?? 0) : 0),
  },
} as const satisfies Record<string, Field>;

type FieldName = keyof typeof FIELDS;

const OWN: Readonly<Record<Strategy, readonly FieldName[]>> = {
  'longest-idle': [],
  'ring-all': [],
  'round-robin': ['lastOfferedMs'],
  'fewest-calls': ['calls'],
  'least-talk-time': ['talkMs'],
  random: ['draw'],
  weighted: ['race'],
  'top-down': ['place'],
};

/** Whether chance decides. */
export function draws(strategy: Strategy): boolean {
  return OWN[strategy].some((field) => field === 'draw' || field === 'race');
}

/** The weight with which an agent raced, from what was drawn for them. */
export function weightOf(race: number, seed: number, agent: string): number {
  return -Math.log(1 - drawn(seed, agent)) / race;
}

/** What is compared, in order of weight; after that the agent's name decides. */
export function fieldsOf({ queue, isWork }: Contest): readonly FieldName[] {
  return [...(isWork ? (['open'] as const) : []), ...OWN[queue.strategy], 'idleMs', 'skillLevel'];
}

export function keysOf(
  fields: readonly FieldName[],
  presence: AgentPresence,
  config: ServingAgent,
  contest: Contest,
): number[] {
  return fields.map((name) => {
    const field: Field = FIELDS[name];
    const value = field.of(presence, config, contest);
    return field.first === 'most' ? -value : value;
  });
}

/** The keys under their names and with their own signs, for an explanation. */
export function valuesOf(fields: readonly FieldName[], keys: readonly number[]): Values {
  const values: Record<string, number> = {};
  for (const [at, name] of fields.entries()) {
    const key = keys[at] ?? 0;
    values[name] = FIELDS[name].first === 'most' ? 0 - key : key;
  }
  return values;
}

/** In order of weight: a database keeps the values, not the order in which they stood. Names unknown here come last. */
export function byWeight(values: Values): [name: string, value: number][] {
  const rank = (name: string): number => WEIGHTS.get(name) ?? Number.MAX_SAFE_INTEGER;
  return Object.entries(values).sort(([a], [b]) => rank(a) - rank(b));
}

const WEIGHTS: ReadonlyMap<string, number> = new Map(Object.keys(FIELDS).map((name, weight) => [name, weight]));

/** As it competed, from what an explanation says of it. */
export function contestant(agent: string, values: Values): Contestant {
  const keys = byWeight(values).map(([name, value]) =>
    Object.hasOwn(FIELDS, name) && FIELDS[name as FieldName].first === 'most' ? -value : value,
  );
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

/** Uniform in [0, 1) for a seed and a name: FNV-1a, mixed as in MurmurHash3. */
export function drawn(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}

// Whom a change of the centre touches: the queues, agents, numbers and flows that will do something else than before.
import type { Destination } from '../../acd/queue.js';
import type { Centre } from '../centre.js';
import { type Effect, serves } from './centre-effect.js';

/** What one flow names, as far as its text can be read. */
export interface FlowUse {
  readonly queues: ReadonlySet<string>;
  readonly agents: ReadonlySet<string>;
  readonly hours: ReadonlySet<string>;
  readonly texts: ReadonlySet<string>;
  /** Flows that it goes through. */
  readonly flows: ReadonlySet<string>;
}

/** Names, in the order of the centre; what is taken out is among them. */
export interface Touched {
  readonly numbers: readonly string[];
  readonly queues: readonly string[];
  readonly agents: readonly string[];
  readonly flows: readonly string[];
}

const MAX_DEPTH = 20;

/** What the data of a flow name, wherever it stands in them. */
export function namedIn(data: unknown): FlowUse {
  const use = { queues: new Set<string>(), agents: new Set<string>(), hours: new Set<string>() };
  const others = { texts: new Set<string>(), flows: new Set<string>() };
  const kinds = new Map([
    ['queue', use.queues],
    ['agent', use.agents],
    ['hours', use.hours],
    ['text', others.texts],
    ['flow', others.flows],
  ]);
  const look = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'string') kinds.get(key)?.add(inner);
      else look(inner, depth + 1);
    }
  };
  look(data, 0);
  return { ...use, ...others };
}

/** `flows`: what each flow in force names. */
export function touchedBy(
  effects: readonly Effect[],
  before: Centre,
  after: Centre,
  flows: ReadonlyMap<string, FlowUse>,
): Touched {
  const changed = (part: string): Set<string> =>
    new Set(effects.flatMap((one) => ('part' in one && one.part === part ? [one.name] : [])));
  const [queues, agents, hours, texts] = [changed('queue'), changed('agent'), changed('hours'), changed('text')];
  const inFlow = new Set(
    [...flows]
      .filter(
        ([, use]) =>
          meet(use.queues, queues) || meet(use.agents, agents) || meet(use.hours, hours) || meet(use.texts, texts),
      )
      .map(([name]) => name),
  );
  for (let grown = true; grown; ) {
    const above = [...flows].filter(([name, use]) => !inFlow.has(name) && meet(use.flows, inFlow));
    for (const [name] of above) inFlow.add(name);
    grown = above.length > 0;
  }
  const isHit = (to: Destination): boolean =>
    (to.kind === 'queue' && queues.has(to.queue)) || (to.kind === 'agent' && agents.has(to.agent));
  const numbers = changed('number');
  for (const { number, entry, forwards } of [...before.numbers, ...after.numbers]) {
    const isEntryHit = entry.kind === 'flow' ? inFlow.has(entry.flow) : isHit(entry);
    if (isEntryHit || forwards.some(({ to }) => isHit(to))) numbers.add(number);
  }
  const served = effects.flatMap((one) => (one.kind === 'serves' || one.kind === 'serves-no-more' ? [one] : []));
  const teams = new Set([...agents, ...served.map(({ agent }) => agent)]);
  for (const centre of [before, after])
    for (const queue of queues)
      for (const agent of centre.agents.keys()) if (serves(centre, queue, agent)) teams.add(agent);
  return {
    numbers: [...numbers],
    queues: [...new Set([...queues, ...served.map(({ queue }) => queue)])],
    agents: [...teams],
    flows: [...inFlow],
  };
}

function meet(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...some].some((one) => others.has(one));
}

// The quickest ways through a flow for each number of keys: to a person, and back out of it.

import type { Draft } from '../proof/draft.js';
import { speechMs } from './speech.js';
import { priceOf, type StepTraits } from './traits.js';

/** Ways with more keys than this are no ways. */
const MOST_KEYS = 40;
/** Finding the key and pressing it. */
const KEY_MS = 1_000;

export interface TimedWay {
  readonly ms: number;
  /** The steps on it, sub-flows as `flow/step`. */
  readonly trail: readonly string[];
}

/** By the number of keys pressed; undefined where there is none that is quicker than all those with fewer keys. */
export interface Ways {
  readonly person: readonly (TimedWay | undefined)[];
  readonly back: readonly (TimedWay | undefined)[];
}

interface Here extends TimedWay {
  readonly step: string;
  readonly keys: number;
}

/** `known`: of flows looked at before; it is added to. Flows that call each other in a circle are cut where the circle closes. */
export function shortestWays(draft: Draft, byName: ReadonlyMap<string, Draft>, known: Map<string, Ways>): Ways {
  const before = known.get(draft.name);
  if (before !== undefined) return before;
  const person: (TimedWay | undefined)[] = [];
  const back: (TimedWay | undefined)[] = [];
  const ways: Ways = { person, back };
  known.set(draft.name, ways);
  const open = new Frontier();
  if (draft.flow !== undefined) open.add({ step: draft.flow.start, keys: 0, ms: 0, trail: [draft.flow.start] });
  for (let here = open.next(); here !== undefined; here = open.next()) {
    const step = draft.steps?.get(here.step);
    if (step === undefined) continue;
    const { traits } = step;
    if (traits.person) keepQuickest(person, here.keys, here);
    if (traits.kind === 'return') keepQuickest(back, here.keys, here);
    const sub = step.subFlow === undefined ? undefined : byName.get(step.subFlow.flow);
    if (sub === undefined) {
      for (const next of onward(here, traits)) open.add(next);
      continue;
    }
    const inside = shortestWays(sub, byName, known);
    inside.person.forEach((way, keys) => {
      if (way !== undefined) keepQuickest(person, here.keys + keys, through(here, way, sub.name));
    });
    inside.back.forEach((way, keys) => {
      if (way === undefined) return;
      for (const { to } of traits.ways) {
        const passed = through(here, way, sub.name);
        open.add({ step: to, keys: here.keys + keys, ms: passed.ms, trail: [...passed.trail, to] });
      }
    });
  }
  return ways;
}

function onward(here: Here, traits: StepTraits): Here[] {
  const speech = speechMs(traits);
  return traits.ways.map((way) => {
    const { keys, waitMs, times } = priceOf(traits, way);
    const ms = here.ms + times * speech + waitMs + keys * KEY_MS;
    return { step: way.to, keys: here.keys + keys, ms, trail: [...here.trail, way.to] };
  });
}

function through(here: Here, way: TimedWay, flow: string): TimedWay {
  return { ms: here.ms + way.ms, trail: [...here.trail, ...way.trail.map((step) => `${flow}/${step}`)] };
}

function keepQuickest(ways: (TimedWay | undefined)[], keys: number, { ms, trail }: TimedWay): void {
  const best = ways[keys];
  if (best === undefined || ms < best.ms) ways[keys] = { ms, trail };
}

/** Dijkstra's open list: the quickest first, each step again only for fewer keys than before. */
class Frontier {
  readonly #open: Here[] = [];
  readonly #fewest = new Map<string, number>();

  add(here: Here): void {
    if (here.keys > MOST_KEYS || !this.#isBetter(here)) return;
    let low = 0;
    let high = this.#open.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#open[middle]?.ms ?? 0) > here.ms) low = middle + 1;
      else high = middle;
    }
    this.#open.splice(low, 0, here);
  }

  next(): Here | undefined {
    for (let here = this.#open.pop(); here !== undefined; here = this.#open.pop()) {
      if (!this.#isBetter(here)) continue;
      this.#fewest.set(here.step, here.keys);
      return here;
    }
    return undefined;
  }

  /** What came before was quicker; to count it has to take fewer keys. */
  #isBetter({ step, keys }: Here): boolean {
    return keys < (this.#fewest.get(step) ?? Number.POSITIVE_INFINITY);
  }
}

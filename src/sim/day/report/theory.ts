// What Erlang's formulas say for the inputs of a simulation: hour by hour, as if each hour went on for ever.
import { erlangA, erlangC, type StaffingFigures } from '../../../core/staffing/erlang.js';
import { type Duration, draw, streamOf } from '../world/chance.js';
import { behaviourOf, DAY_MS, HOUR_MS, type Plan, wrapUpMsOf } from '../world/plan.js';

/** The mean is good to one per cent. */
const MEAN_DRAWS = 10_000;

export interface TheoryHour {
  readonly hour: number;
  readonly callsPerHour: number;
  /** Mean number of agents with the skill who are at work. */
  readonly agents: number;
  readonly a: StaffingFigures;
  /** Undefined: more comes than can be done. */
  readonly c: StaffingFigures | undefined;
}

export interface Theory {
  readonly hours: readonly TheoryHour[];
  /** Weighted by calls; undefined when nobody calls. C also when some hour has no answer. */
  readonly a: StaffingFigures | undefined;
  readonly c: StaffingFigures | undefined;
}

export function theoryOf(plan: Plan, queueName: string): Theory {
  const hours = Array.from({ length: 24 }, (_, hour) => hour).flatMap(
    (hour) => theoryOfHour(plan, queueName, hour) ?? [],
  );
  const cs = hours.flatMap(({ c, callsPerHour, agents }) =>
    c === undefined ? [] : [{ figures: c, callsPerHour, agents }],
  );
  const as = hours.map(({ a, callsPerHour, agents }) => ({ figures: a, callsPerHour, agents }));
  return { hours, a: averaged(as), c: cs.length === hours.length ? averaged(cs) : undefined };
}

function theoryOfHour(plan: Plan, queueName: string, hour: number): TheoryHour | undefined {
  const queue = plan.centre.queues.get(queueName);
  const callsPerHour = ratesOf(plan, queueName)[hour] ?? 0;
  if (queue === undefined || callsPerHour === 0) return undefined;
  const { talk, patience, wrapUp } = behaviourOf(plan, queueName);
  const agents = agentsAt(plan, queue.skill, hour);
  const question = {
    callsPerHour,
    handleMs:
      plan.answer.meanMs + talk.meanMs + meanAtMost(wrapUp, wrapUpMsOf(queue, wrapUp && Number.POSITIVE_INFINITY)),
    serviceLevelMs: queue.serviceLevelMs,
    shortAbandonMs: plan.centre.recovery.shortAbandonMs,
    patienceMs: patience.meanMs,
  };
  // Half an agent: the mean of none and one.
  const [few, share] = [Math.floor(agents), agents % 1];
  const at = (count: number): StaffingFigures => erlangA({ ...question, agents: count });
  const a = share === 0 ? at(few) : mixed(at(few), at(few + 1), share);
  return { hour, callsPerHour, agents, a, c: erlangC({ ...question, agents: Math.round(agents) }) };
}

/** Mean of a duration that is cut off at `mostMs`, drawn; undefined: it always lasts that long. */
function meanAtMost(duration: Duration | undefined, mostMs: number): number {
  if (duration === undefined) return mostMs;
  if (duration.kind === 'fixed') return Math.min(duration.meanMs, mostMs);
  const random = streamOf('mean at most');
  let sum = 0;
  for (let draws = 0; draws < MEAN_DRAWS; draws += 1) sum += Math.min(draw(duration, random), mostMs);
  return sum / MEAN_DRAWS;
}

/** Calls an hour for each hour of the day, without those who ring again. */
export function ratesOf({ arrivals, arrivalsFactor, startMs }: Plan, queue: string): number[] {
  if (arrivals.kind === 'profile') {
    return (arrivals.perHour.get(queue) ?? []).map((rate) => rate * arrivalsFactor);
  }
  const rates = Array.from({ length: 24 }, () => 0);
  for (const call of arrivals.calls) {
    if (call.queue !== queue) continue;
    const hour = Math.floor(((((call.atMs - startMs) % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS);
    rates[hour] = (rates[hour] ?? 0) + arrivalsFactor;
  }
  return rates;
}

export function agentsAt({ agents }: Plan, skill: string, hour: number): number {
  let ms = 0;
  for (const { config, shifts } of agents) {
    if (!Object.hasOwn(config.skills, skill)) continue;
    for (const { fromMs, toMs } of shifts) {
      ms += Math.max(0, Math.min(toMs, (hour + 1) * HOUR_MS) - Math.max(fromMs, hour * HOUR_MS));
    }
  }
  return ms / HOUR_MS;
}

function averaged(parts: readonly { figures: StaffingFigures; callsPerHour: number; agents: number }[]) {
  const mean = (value: (figures: StaffingFigures) => number, by: 'callsPerHour' | 'agents'): number => {
    const weight = parts.reduce((sum, part) => sum + part[by], 0);
    return weight === 0 ? 0 : parts.reduce((sum, part) => sum + value(part.figures) * part[by], 0) / weight;
  };
  if (parts.length === 0) return undefined;
  return {
    waits: mean(({ waits }) => waits, 'callsPerHour'),
    serviceLevel: mean(({ serviceLevel }) => serviceLevel, 'callsPerHour'),
    abandonRate: mean(({ abandonRate }) => abandonRate, 'callsPerHour'),
    asaMs: mean(({ asaMs }) => asaMs, 'callsPerHour'),
    occupancy: mean(({ occupancy }) => occupancy, 'agents'),
  };
}

function mixed(one: StaffingFigures, other: StaffingFigures, share: number): StaffingFigures {
  const between = (key: keyof StaffingFigures): number => one[key] * (1 - share) + other[key] * share;
  return {
    waits: between('waits'),
    serviceLevel: between('serviceLevel'),
    abandonRate: between('abandonRate'),
    asaMs: between('asaMs'),
    occupancy: between('occupancy'),
  };
}

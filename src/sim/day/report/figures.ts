// The figures of one simulated run, by queue and by hour: computed from its record by the same fold as those of a real day.
import type { RecordedEvent } from '../../../core/interaction/event.js';
import { type Kpi, kpiOf } from '../../../core/interaction/kpi.js';
import { type Outcome, outcomesOf, unaccounted } from '../../../core/interaction/outcome.js';
import type { DayRecord } from '../world/day.js';
import type { Spell } from '../world/floor.js';
import { DAY_MS, HOUR_MS, type Plan } from '../world/plan.js';

export interface QueueFigures extends Kpi {
  /** (ringing + talk + wrap-up) / time at work (breaks left out), of the agents with the queue's skill; 0 … 1. */
  readonly occupancy?: number;
  /** Of calls, whatever became of them, in ms. */
  readonly longestWaitMs: number;
}

export interface RunFigures {
  readonly total: QueueFigures;
  readonly queues: ReadonlyMap<string, QueueFigures>;
  /** Hours of the day, those of all days together; by queue, only hours in which somebody joined it. */
  readonly hours: ReadonlyMap<string, ReadonlyMap<number, QueueFigures>>;
  /** How many inbound calls ended in each way. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** Inbound calls without exactly one outcome: 0. */
  readonly unaccounted: number;
  readonly inboundCalls: number;
  readonly withoutFlow: number;
}

/** Hours an agent was with somebody: what is not idle time of one at work. */
const OCCUPIED: ReadonlySet<string> = new Set(['ringing', 'busy', 'wrap-up']);
const NOT_AT_WORK: ReadonlySet<string> = new Set(['offline', 'break']);

export function figuresOf(plan: Plan, { threads, spells, withoutFlow }: DayRecord): RunFigures {
  const events = threads.flatMap((thread) => thread.events);
  const parts = new Parts(plan);
  for (const thread of threads) parts.add(thread.events);
  const work = workOf(plan, spells);
  const queueNames = [...plan.centre.queues.keys()].filter((queue) => parts.of(queue).length > 0);
  const outcomes: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of outcomesOf(events)) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const queues = new Map(
    queueNames.map((queue) => [queue, figures(plan, queue, parts.of(queue), work.get(skillOf(plan, queue))?.all)]),
  );
  return {
    total: { ...totalOf(queues), ...occupancy(work.get(EVERYBODY)?.all) },
    queues,
    hours: new Map(queueNames.map((queue) => [queue, hoursOf(plan, queue, parts, work)])),
    outcomes,
    unaccounted: unaccounted(events, () => false).length,
    inboundCalls: events.filter(({ event }) => event.type === 'call-arrived').length,
    withoutFlow,
  };
}

function hoursOf(plan: Plan, queue: string, parts: Parts, work: ReadonlyMap<string, Work>): Map<number, QueueFigures> {
  const hours = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => parts.of(queue, hour).length > 0);
  const hourly = work.get(skillOf(plan, queue))?.hours;
  return new Map(hours.map((hour) => [hour, figures(plan, queue, parts.of(queue, hour), hourly?.[hour])]));
}

function figures(plan: Plan, queue: string, events: readonly RecordedEvent[], time?: WorkTime): QueueFigures {
  const { serviceLevelMs = 0 } = plan.centre.queues.get(queue) ?? {};
  const { shortAbandonMs } = plan.centre.recovery;
  return {
    ...kpiOf(events, { queue, serviceLevelMs, shortAbandonMs }),
    longestWaitMs: longestOf(events),
    ...occupancy(time),
  };
}

/** All queues together; each keeps its own goal for the service level. */
function totalOf(queues: ReadonlyMap<string, QueueFigures>): QueueFigures {
  const all = [...queues.values()];
  const sum = (value: (one: QueueFigures) => number): number => all.reduce((total, one) => total + value(one), 0);
  const answered = sum((one) => one.answered);
  const abandoned = sum((one) => one.abandoned);
  const reached = answered + abandoned;
  const mean = (value: (one: QueueFigures) => number | undefined, weight: (one: QueueFigures) => number) =>
    sum((one) => (value(one) ?? 0) * weight(one)) / sum(weight);
  const counts = { answered, abandoned, offered: sum((one) => one.offered), waiting: sum((one) => one.waiting) };
  const callbacks = { requested: 0, attempted: 0, connected: 0, notReached: 0 };
  for (const one of all) {
    for (const name of ['requested', 'attempted', 'connected', 'notReached'] as const)
      callbacks[name] += one.callbacks[name];
  }
  return {
    ...counts,
    shortAbandoned: sum((one) => one.shortAbandoned),
    flowedOut: sum((one) => one.flowedOut),
    ...(reached === 0
      ? {}
      : {
          serviceLevel: mean(
            (one) => one.serviceLevel,
            (one) => one.answered + one.abandoned,
          ),
          abandonRate: abandoned / reached,
        }),
    ...(answered === 0
      ? {}
      : {
          asaMs: mean(
            (one) => one.asaMs,
            (one) => one.answered,
          ),
          ahtMs: mean(
            (one) => one.ahtMs,
            (one) => one.answered,
          ),
        }),
    longestWaitMs: Math.max(0, ...all.map((one) => one.longestWaitMs)),
    callbacks,
  };
}

/** The events of each queue, and of each queue and hour of the day: those of a call go with the queue it stood in last. */
class Parts {
  readonly #parts = new Map<string, RecordedEvent[]>();

  constructor(private readonly plan: Plan) {}

  of(queue: string, hour?: number): readonly RecordedEvent[] {
    return this.#parts.get(hour === undefined ? queue : `${queue} ${hour}`) ?? [];
  }

  add(events: readonly RecordedEvent[]): void {
    const places = new Map<string, readonly [string, string]>();
    for (const recorded of events) {
      const { event } = recorded;
      if (event.type === 'queued') {
        const { entry, segment, queue } = event.data;
        const place = [queue, `${queue} ${hourOf(this.plan, recorded.atMs)}`] as const;
        places.set(entry, place);
        places.set(segment, place);
      } else if (event.type === 'callback-requested') {
        const { queue, callback } = event.data;
        places.set(callback, [queue, `${queue} ${hourOf(this.plan, recorded.atMs)}`]);
      }
      for (const part of placeOf(recorded, places) ?? []) {
        const list = this.#parts.get(part);
        if (list === undefined) this.#parts.set(part, [recorded]);
        else list.push(recorded);
      }
    }
  }
}

function placeOf({ event }: RecordedEvent, places: ReadonlyMap<string, readonly [string, string]>) {
  switch (event.type) {
    case 'queued':
    case 'connected':
    case 'left-queue':
    case 'wrapped-up':
      return places.get(event.data.entry);
    case 'call-ended':
      return places.get(event.data.segment);
    case 'callback-requested':
    case 'callback-attempted':
    case 'callback-ended':
      return places.get(event.data.callback);
    default:
      return undefined;
  }
}

function longestOf(events: readonly RecordedEvent[]): number {
  let longestMs = 0;
  const calls = new Set<string>();
  for (const { event } of events) {
    if (event.type === 'queued' && event.data.kind === 'call') calls.add(event.data.entry);
    if (event.type === 'left-queue' && calls.has(event.data.entry))
      longestMs = Math.max(longestMs, event.data.waitedMs);
  }
  return longestMs;
}

// ── Agents ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface WorkTime {
  occupiedMs: number;
  atWorkMs: number;
}

interface Work {
  readonly all: WorkTime;
  readonly hours: readonly WorkTime[];
}

/** Key of the work of all agents; no skill is called so. */
const EVERYBODY = '';

function workOf(plan: Plan, spells: readonly Spell[]): Map<string, Work> {
  const skills = new Map(plan.agents.map(({ config }) => [config.name, [EVERYBODY, ...Object.keys(config.skills)]]));
  const work = new Map<string, Work>();
  for (const { agent, state, fromMs, toMs } of spells) {
    if (NOT_AT_WORK.has(state)) continue;
    for (const skill of skills.get(agent) ?? []) {
      const time = work.get(skill) ?? { all: none(), hours: Array.from({ length: 24 }, none) };
      work.set(skill, time);
      book(time.all, state, toMs - fromMs);
      for (let atMs = fromMs; atMs < toMs; ) {
        const untilMs = Math.min(toMs, atMs + HOUR_MS - ((atMs - plan.startMs) % HOUR_MS));
        const hour = time.hours[hourOf(plan, atMs)];
        if (hour !== undefined) book(hour, state, untilMs - atMs);
        atMs = untilMs;
      }
    }
  }
  return work;
}

function none(): WorkTime {
  return { occupiedMs: 0, atWorkMs: 0 };
}

function book(time: WorkTime, state: string, ms: number): void {
  time.atWorkMs += ms;
  if (OCCUPIED.has(state)) time.occupiedMs += ms;
}

function occupancy(time: WorkTime | undefined): { occupancy?: number } {
  return time === undefined || time.atWorkMs === 0 ? {} : { occupancy: time.occupiedMs / time.atWorkMs };
}

function hourOf({ startMs }: Plan, atMs: number): number {
  return Math.floor(((atMs - startMs) % DAY_MS) / HOUR_MS);
}

function skillOf({ centre }: Plan, queue: string): string {
  return centre.queues.get(queue)?.skill ?? queue;
}

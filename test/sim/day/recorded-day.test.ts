// A day out of the record: who was at work, how all behaved, who rang again; and what it was beside what is simulated.
import { describe, expect, it } from 'vitest';
import type { PresenceChange } from '../../../src/core/acd/agent-times.js';
import type { RecordedEvent } from '../../../src/core/interaction/event.js';
import { kpiOf } from '../../../src/core/interaction/kpi.js';
import { recordedDay } from '../../../src/sim/day/input/recorded-day.js';
import { changedPlan } from '../../../src/sim/day/input/what-if.js';
import { asItWas } from '../../../src/sim/day/report/logged.js';
import { runsOf } from '../../../src/sim/day/report/runs.js';
import { reportText } from '../../../src/sim/day/report/text.js';
import { simulate } from '../../../src/sim/day/world/day.js';
import { HOUR_MS, type LoggedCall } from '../../../src/sim/day/world/plan.js';
import { planOfDay, staff } from './scene.js';

const plan = planOfDay({ redial: 0, replies: 0 });
const { centre, startMs: midnightMs } = plan;
const threads = simulate(plan, 9, 0).threads.map(({ events }) => events);

describe('a recorded day', () => {
  it('has the figures that its record has', () => {
    const { calls } = recordedDay(threads, { centre, midnightMs });
    const was = asItWas({ ...plan, arrivals: { kind: 'log', calls } }, 'support');
    const { serviceLevelMs = 0 } = centre.queues.get('support') ?? {};
    const { shortAbandonMs } = centre.recovery;
    const kpi = kpiOf(threads.flat(), { queue: 'support', serviceLevelMs, shortAbandonMs });
    expect(was).toEqual({
      offered: kpi.offered,
      answered: kpi.answered,
      serviceLevel: kpi.serviceLevel,
      abandonRate: kpi.abandonRate,
      asaMs: kpi.asaMs,
    });
    expect(was?.abandonRate).toBeGreaterThan(0);
  });

  it('is told beside the simulation of it', () => {
    const { calls, agents } = recordedDay(threads, { centre, midnightMs });
    const again = planOfDay({ arrivals: { kind: 'log', calls }, agents, redial: 0, replies: 0 });
    const text = reportText(again, runsOf(again, { seed: 1, runs: 1 }), { seed: 1, explain: false });
    expect(text).toMatch(/support +simulated +95 % range +as it was +Erlang A/);
  });

  it('brings back agents whom the centre does not have any more, with what they were offered', () => {
    const { agents } = recordedDay(threads, { centre, midnightMs });
    const skills = new Map(agents.map(({ config }) => [config.name, config.skills]));
    expect(skills.get('support-1')).toEqual({ support: 3 });
    expect(skills.get('support+sales-1')).toEqual({ support: 2, sales: 2 });
  });

  it('has agents at work as they came and went, with their breaks', () => {
    const change = (hour: number, state: PresenceChange['state']): PresenceChange => ({
      ...{ agent: 'support-1', version: hour, atMs: midnightMs + hour * HOUR_MS, state },
    });
    const changes = [change(-5, 'offline'), change(9, 'available'), change(10, 'busy'), change(11, 'break')];
    const presences = new Map([['support-1', [...changes, change(12, 'available')]]]);
    const { agents } = recordedDay(threads, { centre, midnightMs, presences, untilMs: midnightMs + 15 * HOUR_MS });
    expect(agents.find(({ config }) => config.name === 'support-1')?.shifts).toEqual([
      { fromMs: 9 * HOUR_MS, toMs: 11 * HOUR_MS },
      { fromMs: 12 * HOUR_MS, toMs: 15 * HOUR_MS },
    ]);
  });

  it('tells how agents and customers behaved, and nothing of what was too rare', () => {
    const { habits } = recordedDay(threads, { centre, midnightMs });
    expect(habits.answer?.meanMs).toBeGreaterThan(3_500);
    expect(habits.answer?.meanMs).toBeLessThan(4_500);
    expect(habits.missed).toBeGreaterThan(0);
    expect(habits.missed).toBeLessThan(0.1);
    expect(habits.wrapUp?.meanMs).toBeCloseTo(5_000, -1);
    expect(habits.reached).toBeUndefined();
    const few = recordedDay(threads.slice(0, 5), { centre, midnightMs });
    expect(few.habits).toEqual({});
  });
});

describe('who rang again in a log', () => {
  const number = '+34600000001';
  const atMs = midnightMs + 10 * HOUR_MS;
  const calls: readonly LoggedCall[] = [
    { atMs, queue: 'support', number, gaveUpAfterMs: 30_000 },
    { atMs: atMs + 120_000, queue: 'support', number, waitedMs: 5_000, talkMs: 60_000 },
  ];
  const arrived = (agents: number): number => {
    const given = planOfDay({
      ...{ arrivals: { kind: 'log', calls }, agents: staff(agents, { support: 3 }) },
      ...{ redial: 0, replies: 0, missed: 0 },
    });
    const events: readonly RecordedEvent[] = simulate(given, 1, 0).threads.flatMap((thread) => thread.events);
    return events.filter(({ event }) => event.type === 'call-arrived').length;
  };

  it('rings again when the first call is in vain in the simulation as well, and else does not', () => {
    expect(arrived(0)).toBe(2);
    expect(arrived(2)).toBe(1);
  });
});

describe('changes', () => {
  it('agents who come in two changes are different people', () => {
    const { agents } = changedPlan(plan, 'agents=+1,agents=+2');
    expect(new Set(agents.map(({ config }) => config.name)).size).toBe(plan.agents.length + 3);
  });
});

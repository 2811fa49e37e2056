// Simulated days: the same to the byte for a seed, nobody lost in them, and what queueing theory says where it can say it.
import { describe, expect, it } from 'vitest';
import { outcomesOf } from '../../../src/core/interaction/outcome.js';
import { changedPlan, changesOf } from '../../../src/sim/day/input/what-if.js';
import { contains } from '../../../src/sim/day/report/confidence.js';
import type { RunFigures } from '../../../src/sim/day/report/figures.js';
import { METRICS } from '../../../src/sim/day/report/metrics.js';
import { agrees, reasonsOf } from '../../../src/sim/day/report/reasons.js';
import { ALL, ofQueue, over, runsOf } from '../../../src/sim/day/report/runs.js';
import { reportText } from '../../../src/sim/day/report/text.js';
import { theoryOf } from '../../../src/sim/day/report/theory.js';
import { whatIfText } from '../../../src/sim/day/report/what-if-text.js';
import { callersOf } from '../../../src/sim/day/world/callers.js';
import { simulate } from '../../../src/sim/day/world/day.js';
import { DAY_MS, type Plan } from '../../../src/sim/day/world/plan.js';
import { MAX_ATTEMPTS } from '../../../src/sim/day/world/recovery.js';
import { planOfDay, staff, steady, withQueues } from './scene.js';

const plan = planOfDay();

describe('one seed', () => {
  it('gives the same record to the byte, and another seed another one', () => {
    const text = (seed: number, run = 0): string =>
      JSON.stringify(simulate(plan, seed, run).threads.map(({ events }) => events));
    const first = text(7);
    expect(text(7)).toBe(first);
    expect(text(8)).not.toBe(first);
    expect(text(7, 1)).not.toBe(first);
  });

  it('gives the same report to the byte', () => {
    const brief = planOfDay({ arrivals: { kind: 'profile', perHour: new Map([['support', steady(60, 9, 11)]]) } });
    const report = (): string => reportText(brief, runsOf(brief, { seed: 3, runs: 1 }), { seed: 3, explain: true });
    expect(report()).toBe(report());
  });

  it('brings the same callers whatever is changed in the centre', () => {
    const changed = changedPlan(plan, 'agents=+3,ring=15s');
    expect(JSON.stringify(callersOf(changed, 5, 0))).toBe(JSON.stringify(callersOf(plan, 5, 0)));
  });

  it('ten per cent more callers are the same ones and some besides', () => {
    const numbers = new Set(callersOf(changedPlan(plan, 'arrivals=+10%'), 5, 0).map(({ number }) => number));
    const before = callersOf(plan, 5, 0);
    expect(before.every(({ number }) => numbers.has(number))).toBe(true);
    expect(numbers.size / before.length).toBeGreaterThan(1.04);
    expect(numbers.size / before.length).toBeLessThan(1.16);
  });
});

describe('nobody is lost', () => {
  const crowded = withQueues(planOfDay({ agents: staff(5, { support: 3, sales: 3 }) }), { maxWaitMs: 120_000 });
  const days: [string, Plan][] = [
    ['an ordinary day', plan],
    ['too few agents, and most are sent to the overflow', crowded],
    ['a queue with room for two', withQueues(plan, { maxLength: 2, overflow: { kind: 'callback' } })],
    [
      'a queue that diverts by the estimated wait',
      withQueues(crowded, { divert: { whenWaitOverMs: 30_000, to: { kind: 'message' } } }),
    ],
    [
      'agents go home while callers wait',
      withQueues(planOfDay({ agents: staff(3, { support: 3, sales: 3 }) }), { leaveEmpty: 'overflow' }),
    ],
    ['ring all', withQueues(plan, { strategy: 'ring-all' })],
    ['nobody is at work', planOfDay({ agents: [] })],
    ['two days', planOfDay({ days: 2 })],
  ];

  it.each(days)('%s: every caller has exactly one outcome', (_name, given) => {
    for (let run = 0; run < 2; run += 1) {
      const { threads } = simulate(given, 11, run);
      const events = threads.flatMap((thread) => thread.events);
      const arrived = events.filter(({ event }) => event.type === 'call-arrived').length;
      expect(arrived).toBeGreaterThan(100);
      expect(outcomesOf(events)).toHaveLength(arrived);
      expect(runFigures(given, run).unaccounted).toBe(0);
    }
  });

  it.each(days)('%s: offered = answered + abandoned + short + left + waiting', (_name, given) => {
    for (const one of Object.values(Object.fromEntries(runFigures(given, 0).queues))) {
      expect(one.answered + one.abandoned + one.shortAbandoned + one.flowedOut + one.waiting).toBe(one.offered);
    }
  });

  it('nobody rings more often than ten times for one matter', () => {
    const insisting = planOfDay({ agents: [], redial: 1, replies: 0, days: 1 });
    const calls = new Map<string, number>();
    for (const { events } of simulate(insisting, 3, 0).threads) {
      for (const { event } of events) {
        if (event.type === 'call-arrived') calls.set(event.data.from, (calls.get(event.data.from) ?? 0) + 1);
      }
    }
    expect(Math.max(...calls.values())).toBe(MAX_ATTEMPTS);
  });

  it('more callers than fit are refused before they are simulated', () => {
    expect(() => callersOf(plan, 1, 0, 100)).toThrow('more than 100 callers: fewer days, or fewer calls');
  });

  it('no agent is in two places, and the spells of each follow one another', () => {
    const { spells } = simulate(plan, 2, 0);
    const until = new Map<string, number>();
    for (const { agent, fromMs, toMs } of spells) {
      expect(fromMs).toBe(until.get(agent) ?? plan.startMs);
      until.set(agent, toMs);
    }
    expect(until.size).toBe(plan.agents.length);
  });
});

describe('what the centre says of waiting holds in a simulated day', () => {
  const crowded = withQueues(planOfDay({ agents: staff(5, { support: 3, sales: 3 }), redial: 0 }), {
    overflow: { kind: 'hangup' },
  });
  const causes = (given: Plan): string[] =>
    simulate(given, 11, 0).threads.flatMap(({ events }) =>
      events.flatMap(({ event }) => (event.type === 'overflowed' ? [event.data.cause] : [])),
    );

  it('diversion by estimate and by ratio', () => {
    expect(causes(crowded)).toEqual([]);
    const byWait = causes(withQueues(crowded, { divert: { whenWaitOverMs: 30_000, to: { kind: 'message' } } }));
    expect(new Set(byWait)).toEqual(new Set(['long-wait']));
    const byRatio = causes(withQueues(crowded, { divert: { whenWaitingPerAgentOver: 0.2, to: { kind: 'message' } } }));
    expect(new Set(byRatio)).toEqual(new Set(['too-many-waiting']));
  });

  it('whoever waits when the last agent goes home leaves with the overflow', () => {
    const evening = { kind: 'profile', perHour: new Map([['support', steady(80, 15, 17)]]) } as const;
    const patience = { kind: 'fixed', meanMs: 900_000 } as const;
    const late = { ...crowded, arrivals: evening, behaviour: { ...crowded.behaviour, patience } };
    expect(causes(late)).not.toContain('nobody-signed-in');
    expect(causes(withQueues(late, { leaveEmpty: 'overflow' }))).toContain('nobody-signed-in');
  });
});

describe('beside Erlang A', () => {
  // What the formula assumes: agents all alike who do nothing else, exponential times, patience without end in the rules.
  const pure = withQueues(
    planOfDay({
      agents: staff(10, { support: 3 }, { fromMs: 0, toMs: DAY_MS }),
      arrivals: { kind: 'profile', perHour: new Map([['support', steady(120, 0, 24)]]) },
      behaviour: {
        talk: { kind: 'exponential', meanMs: 270_000 },
        patience: { kind: 'exponential', meanMs: 120_000 },
      },
      answer: { kind: 'fixed', meanMs: 0 },
      missed: 0,
      redial: 0,
      replies: 0,
    }),
    { wrapUpMs: 0, maxWaitMs: DAY_MS, maxLength: 10_000 },
  );

  const pureRuns = runsOf(pure, { seed: 1, runs: 1 });

  it('agrees within the range where everything is as the formula assumes', () => {
    const runs = runsOf(pure, { seed: 1, runs: 8 });
    const { a } = theoryOf(pure, 'support');
    for (const metric of METRICS.filter(({ theory }) => theory !== undefined)) {
      const value = over(ofQueue(runs, 'support'), metric.of);
      const formula = a && metric.theory?.(a);
      expect(value && contains(value, formula ?? -1), `${metric.name}: ${JSON.stringify(value)}, ${formula}`).toBe(
        true,
      );
      // A range that holds everything says nothing.
      expect(value?.half ?? 1).toBeLessThan((value?.mean ?? 0) * 0.25);
    }
    expect(reportText(pure, runs, { seed: 1, explain: false })).toContain('Erlang A agrees within the range.');
  });

  it.each([
    [
      'agents who also serve another queue',
      { agents: [...plan.agents], arrivals: plan.arrivals },
      'also serve other queues',
    ],
    ['phones that ring', { answer: { kind: 'fixed', meanMs: 6_000 } }, 'rings 6.0 s before'],
    [
      'talks that vary less',
      { behaviour: { ...pure.behaviour, talk: plan.behaviour.talk } },
      'vary less than exponential',
    ],
    [
      'patience that wears out',
      { behaviour: { ...pure.behaviour, patience: plan.behaviour.patience } },
      'Patience is not exponential',
    ],
    ['people who ring again', { redial: 0.8 }, 'ring again'],
    ['call-backs', { replies: 0.9 }, 'call-backs besides'],
    ['offers left to ring', { missed: 0.1 }, 'left to ring'],
  ] as const)('%s are named as a reason', (_name, change, sentence) => {
    const given: Plan = { ...pure, ...change };
    const runs = runsOf(given, { seed: 1, runs: 1 });
    const before = reasonsOf(pure, 'support', pureRuns).map((reason) => reason.sentence);
    expect(before.join()).not.toContain(sentence);
    const reasons = reasonsOf(given, 'support', runs);
    const reason = reasons.find((one) => one.sentence.includes(sentence));
    expect(reason, reasons.map((one) => one.sentence).join('\n')).toBeDefined();
    // Taken away, it is no reason any more.
    const without = reason?.without(given) ?? given;
    const left = reasonsOf(without, 'support', runsOf(without, { seed: 1, runs: 1 }));
    expect(left.map((one) => one.sentence).join()).not.toContain(sentence);
  });

  it('does not agree where it should not: fifteen seconds of ringing are no chance', () => {
    const ringing: Plan = { ...pure, answer: { kind: 'fixed', meanMs: 15_000 } };
    const runs = runsOf(ringing, { seed: 1, runs: 3 });
    const [level, lost] = METRICS.filter(({ key }) => key === 'serviceLevel' || key === 'abandonRate').map((metric) =>
      over(ofQueue(runs, 'support'), metric.of),
    );
    expect(agrees(level, lost, theoryOf(ringing, 'support'))).toBe(false);
  });
});

describe('what if', () => {
  const before = runsOf(plan, { seed: 4, runs: 3 });
  const asked = (changes: string, key: string): number => {
    const after = runsOf(changedPlan(plan, changes), { seed: 4, runs: 3 });
    const metric = METRICS.find((one) => one.key === key);
    const [was, is] = [before, after].map((runs) => over(ofQueue(runs, ALL), (figures) => metric?.of(figures)));
    return (is?.mean ?? 0) - (was?.mean ?? 0);
  };

  it.each([
    ['agents=+2', 'serviceLevel', 1],
    ['agents=-2', 'serviceLevel', -1],
    ['agents:support=+2', 'abandonRate', -1],
    ['skill:support=sales-1+sales-2', 'abandonRate', -1],
    ['arrivals=+20%', 'serviceLevel', -1],
    ['arrivals=-20%', 'occupancy', -1],
    ['wrap-up=60s', 'occupancy', 1],
    ['max-wait=20s', 'flowedOut', 1],
    ['missed=40%', 'asaMs', 1],
  ])('%s: %s goes the way it has to', (changes, key, sign) => {
    expect(Math.sign(asked(changes, key))).toBe(sign);
  });

  it('tells before, after and the range of the difference, which is narrower than those of the two', () => {
    const changes = changesOf(plan, 'agents=+2');
    const after = runsOf(changes[0].plan, { seed: 4, runs: 3 });
    const text = whatIfText({ plan, runs: before }, changes, after, { seed: 4, explain: false });
    expect(text).toMatch(/service level +\d+\.\d % +\d+\.\d % +\+\d+\.\d pt \(\+\d+\.\d pt … \+\d+\.\d pt\)/);
  });

  it.each([
    ['agents=2', 'write +2 or -2'],
    ['agents:nowhere=+1', "there is no queue 'nowhere'"],
    ['agents=-100', 'there are only 8'],
    ['skill:sales=nobody', "there is no agent 'nobody', but for example support-1"],
    ['colour=red', 'this cannot be changed'],
    ['strategy:support=best', "there is no strategy 'best'"],
    ['arrivals=10', 'write +10% or -10%'],
    ['', 'nothing is changed'],
  ])('%s is refused with a sentence', (changes, sentence) => {
    expect(() => changedPlan(plan, changes)).toThrow(sentence);
  });
});

function runFigures(given: Plan, run: number): RunFigures {
  const figures = runsOf(given, { seed: 11, runs: run + 1 }).at(-1);
  if (figures === undefined) throw new Error('no run');
  return figures;
}

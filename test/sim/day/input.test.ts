// What a simulation is told: command line, files, and a day out of the record.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { behaviourIn, readArrivals } from '../../../src/sim/day/input/calls.js';
import { readOptions } from '../../../src/sim/day/input/options.js';
import { planOf } from '../../../src/sim/day/input/plan-from-options.js';
import { parseDuration } from '../../../src/sim/day/input/quantities.js';
import { recordedDay } from '../../../src/sim/day/input/recorded-day.js';
import { difference, estimate } from '../../../src/sim/day/report/confidence.js';
import { pictureOf } from '../../../src/sim/day/report/picture.js';
import { runsOf } from '../../../src/sim/day/report/runs.js';
import { draw, streamOf, variationOf } from '../../../src/sim/day/world/chance.js';
import { Clockwork } from '../../../src/sim/day/world/clockwork.js';
import { simulate } from '../../../src/sim/day/world/day.js';
import { Guide } from '../../../src/sim/day/world/guide.js';
import { HOUR_MS, type LoggedCall } from '../../../src/sim/day/world/plan.js';
import { planOfDay } from './scene.js';

const plan = planOfDay();

describe('the command line', () => {
  const planFor = (...args: string[]) => {
    const options = readOptions(args);
    if (options === undefined) throw new Error('help was not asked for');
    return planOf(options);
  };

  it('makes a plan of calls an hour and agents by queue', () => {
    const given = planFor('--arrivals', 'support=60,sales=30', '--agents', 'support=3,support+sales=2@09:00-12:00');
    expect(given.agents.map(({ config }) => config.name)).toEqual([
      'support-001',
      'support-002',
      'support-003',
      'support+sales-001',
      'support+sales-002',
    ]);
    expect(given.agents[4]).toMatchObject({
      config: { skills: { support: 3, sales: 3 } },
      shifts: [{ fromMs: 9 * HOUR_MS, toMs: 12 * HOUR_MS }],
    });
    if (given.arrivals.kind !== 'profile') throw new Error('a profile was given');
    expect(given.arrivals.perHour.get('sales')?.slice(8, 20)).toEqual([0, ...Array(10).fill(30), 0]);
  });

  it('takes the agents of centre.yaml when nobody says otherwise', () => {
    const given = planFor('--arrivals', 'support=1');
    expect(given.agents.map(({ config }) => config.name)).toEqual(['ana', 'bruno', 'carla']);
  });

  it('reads agents and a profile from files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hilo-sim-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(
      join(folder, 'staff.csv'),
      'name,skills,from,to\neva,support:5|sales:2,08:00,12:00\neva,sales,13:00,17:00\n',
    );
    writeFileSync(join(folder, 'calls.csv'), 'hour,support\n9,12\n10,30\n');
    const given = planFor('--arrivals', join(folder, 'calls.csv'), '--agents', join(folder, 'staff.csv'));
    expect(given.agents).toHaveLength(1);
    expect(given.agents[0]?.shifts).toHaveLength(2);
    if (given.arrivals.kind !== 'profile') throw new Error('a profile was given');
    expect(given.arrivals.perHour.get('support')?.slice(8, 12)).toEqual([0, 12, 30, 0]);
  });

  it.each([
    [[], 'who calls?'],
    [['--arrivals', '60'], '--arrivals: of which queue? Write for example support=10'],
    [['--arrivals', 'x=3'], "there is no queue 'x', only support, sales"],
    [['--arrivals', 'support=-3'], 'no number of calls an hour'],
    [['--arrivals', 'nothing.csv'], 'nothing.csv cannot be read'],
    [['--arrivals', 'support=1', '--from-record', '2026-01-05'], 'say both who calls'],
    [['--arrivals', 'support=1', '--agents', 'support=many'], 'no whole number from 0 to'],
    [['--arrivals', 'support=1', '--agents', 'support=5001'], 'no whole number from 0 to 5000'],
    [['--arrivals', 'support=1', '--runs', '10001'], 'no whole number from 1 to 10000'],
    [['--arrivals', 'support=1', '--days', '367'], 'no whole number from 1 to 366'],
    [['--arrivals', 'support=100001'], 'no number of calls an hour'],
    [['--arrivals', 'support=1', '--agents', '5'], 'write for example support=12'],
    [['--arrivals', 'support=1', '--patience', 'weibull:2m'], 'is no distribution'],
    [['--arrivals', 'support=1', '--talk', 'nowhere=2m'], "there is no queue 'nowhere'"],
    [['--arrivals', 'support=1', '--hours', '19:00-09:00'], 'is no time of the day'],
    [['--arrivals', 'support=1', '--redial', '130%'], 'is no share'],
    [['--arrivals', 'support=1', '--date', 'yesterday'], 'is no day'],
    [['--arrivals', 'support=1', '--dial', '9999'], 'the centre has no number 9999'],
    [['--arrivals', 'support=1', '--runs', '0'], 'no whole number from 1 to'],
    [['--arrivals', 'support=100000', '--days', '366'], 'are more than 500000: fewer days, or fewer calls'],
    [['--arrivals', 'support=1', '--flows', '/nowhere'], '--flows: /nowhere cannot be read'],
    [['--arrivals', 'support=1', '--outside', 'perhaps'], 'is neither answered nor failed'],
    [['--arrivals', 'support=1', '--wrap-up', 'nowhere=1m'], "there is no queue 'nowhere'"],
    [['--colour'], "Unknown option '--colour'"],
  ])('%j is refused with a sentence', (args, sentence) => {
    expect(() => planFor(...args)).toThrow(sentence);
  });
});

describe('a log of calls', () => {
  const log = [
    'at,queue,number,talk,waited,gave-up',
    '2026-01-05T09:00:10,support,+34600000001,120,5,',
    '2026-01-05T09:00:20,support,,,,45',
    '2026-01-05T11:30:00,sales,+34600000003,60,12,',
  ].join('\n');

  it('is called again at the same times, with what is known of each call', () => {
    const arrivals = readArrivals('log.csv', log, plan.centre);
    const given = planOfDay({ arrivals, redial: 0, replies: 0, startMs: Date.UTC(2026, 0, 4, 23) });
    const { threads } = simulate(given, 1, 0);
    const events = threads.flatMap((thread) => thread.events);
    const arrived = events
      .filter(({ event }) => event.type === 'call-arrived')
      .map(({ atMs }) => new Date(atMs).toISOString());
    expect(arrived).toEqual(['2026-01-05T08:00:10.000Z', '2026-01-05T08:00:20.000Z', '2026-01-05T10:30:00.000Z']);
    const talked = events.flatMap(({ event }) => (event.type === 'call-ended' ? [event.data.talkedMs] : []));
    expect(talked).toContain(120_000);
    expect(talked).toContain(60_000);
  });

  it('tells patience with those who were answered counted as censored', () => {
    // 30 hung up after 60 s, 90 were answered after 20 s: (30·60 + 90·20) / 30 = 120 s.
    const calls: LoggedCall[] = [
      ...Array.from({ length: 30 }, () => ({ atMs: 0, queue: 'support', gaveUpAfterMs: 60_000 })),
      ...Array.from({ length: 90 }, () => ({ atMs: 0, queue: 'support', waitedMs: 20_000, talkMs: 100_000 })),
    ];
    const { patience, talk } = behaviourIn(calls);
    expect(patience).toEqual({ kind: 'exponential', meanMs: 120_000 });
    expect(talk?.meanMs).toBe(100_000);
    expect(behaviourIn(calls.slice(0, 10))).toEqual({});
  });

  it.each([
    ['at,queue\n2026-01-05T09:00,nowhere', "log.csv:2: there is no queue 'nowhere'"],
    ['at,queue\nnoon,support', "log.csv:2: 'noon' is no time"],
    ['at,queue,talk\n2026-01-05T09:00,support,long', 'log.csv:2: talk is in seconds'],
    ['hour,support\n25,3', 'log.csv:2: hours are 0 to 23'],
    ['queue\nsupport', 'the head is'],
    ['', 'log.csv is empty'],
    ['at,queue', 'log.csv has a head and nothing below it'],
    ['at,queue,queue\n2026-01-05T09:00,support,sales', "log.csv:1: the head names 'queue' twice"],
    ['at,queue\n2026-01-05T09:00,support,1', 'log.csv:2: more values than the head has names'],
  ])('%j is refused with its line', (text, sentence) => {
    expect(() => readArrivals('log.csv', text, plan.centre)).toThrow(sentence);
  });

  it('a simulated day read back from its record brings the same callers', () => {
    const given = planOfDay({ redial: 0, replies: 0 });
    const { threads } = simulate(given, 9, 0);
    const named = { ...given.centre, agents: new Map(given.agents.map(({ config }) => [config.name, config])) };
    const day = recordedDay(
      threads.map(({ events }) => events),
      { centre: named, midnightMs: given.startMs },
    );
    const [queued, talks] = [
      threads.flatMap(({ events }) => events.filter(({ event }) => event.type === 'queued')),
      threads.flatMap(({ events }) =>
        events.flatMap(({ event }) =>
          event.type === 'call-ended' && event.data.talkedMs > 0 ? [event.data.talkedMs] : [],
        ),
      ),
    ];
    expect(day.calls.map(({ atMs }) => atMs)).toEqual(queued.map(({ atMs }) => atMs).sort((a, b) => a - b));
    expect(day.calls.flatMap(({ talkMs }) => talkMs ?? []).sort()).toEqual(talks.sort());
    expect(day.agents.map(({ config }) => config.name).sort()).toEqual(
      given.agents.map(({ config }) => config.name).sort(),
    );
    const again = planOfDay({ centre: named, arrivals: { kind: 'log', calls: day.calls }, agents: day.agents });
    const before = runsOf(given, { seed: 9, runs: 1 })[0]?.total.answered ?? 0;
    const after = runsOf(again, { seed: 9, runs: 1 })[0]?.total.answered ?? 0;
    expect(Math.abs(after - before) / before).toBeLessThan(0.1);
  });
});

describe('chance', () => {
  it.each(['fixed:10s', 'exp:10s', 'weibull:10s/1.5', 'weibull:10s/0.7', 'lognormal:10s/0.8'])(
    '%s has the mean and the variation it says',
    (text) => {
      const duration = parseDuration('test', text);
      const random = streamOf('test', text);
      const values = Array.from({ length: 100_000 }, () => draw(duration, random));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
      expect(mean / 10_000).toBeCloseTo(1, 1);
      expect(deviation / mean).toBeCloseTo(variationOf(duration), 1);
    },
  );

  it('ranges: of the mean by Student, of a difference by pairs', () => {
    // Mean 3, standard deviation √2.5, t(4) = 2.776: half = 2.776·√(2.5/5).
    expect(estimate([1, 2, 3, 4, 5])?.half).toBeCloseTo(1.963, 3);
    expect(estimate([7])).toEqual({ mean: 7 });
    expect(estimate([undefined])).toBeUndefined();
    expect(difference([1, 5, 9], [2, 6, 10])).toEqual({ mean: 1, half: 0 });
  });
});

describe('the virtual clock', () => {
  it('rings in the order of time, and in that of planning at the same time', () => {
    const clock = new Clockwork(0);
    const rung: string[] = [];
    const random = streamOf('clock');
    const planned = Array.from({ length: 500 }, (_, order) => ({ atMs: Math.floor(random.next() * 50), order }));
    for (const { atMs, order } of planned) clock.at(atMs, () => rung.push(`${clock.nowMs} ${order}`));
    clock.run();
    const expected = planned.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order);
    expect(rung).toEqual(expected.map(({ atMs, order }) => `${atMs} ${order}`));
  });

  it('says so when the time does not end', () => {
    const clock = new Clockwork(0);
    const again = (): void => clock.after(1, again);
    again();
    expect(() => clock.run(1_000)).toThrow('does not end: 1000 steps');
  });
});

describe('the way through the flow', () => {
  const guide = new Guide(plan.centre, plan.catalogue, plan);

  it('is found by pressing keys, and goes into the record as the flow tells it', () => {
    const way = guide.wayTo('sales', plan.startMs + 10 * HOUR_MS);
    expect(way?.number).toBe('1000');
    expect(way?.trace.at(0)).toMatchObject({ kind: 'flow-entered', flow: 'main' });
    expect(way?.trace.map((line) => (line.kind === 'step' ? line.outcome : ''))).toContain('key:2');
    expect(way?.takesMs).toBeGreaterThan(2_000);
  });

  it('is the number itself where that is the queue, and none where none leads there', () => {
    expect(guide.wayTo('nobody', plan.startMs)).toMatchObject({ number: '1002', trace: [] });
    expect(guide.wayTo('nowhere', plan.startMs)).toBeUndefined();
  });
});

it('the picture is drawn, with a panel for each queue', () => {
  const picture = pictureOf('a <day>', { plan, runs: runsOf(plan, { seed: 1, runs: 2 }) });
  expect(picture).toContain('a &lt;day>'.replace('>', '&gt;'));
  expect(picture.match(/simulated with its 95 % range/g)).toHaveLength(2);
  expect(picture).not.toMatch(/NaN|undefined/);
});

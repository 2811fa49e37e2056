// The cells of the figures: added up over any time they are what the log says directly, in whatever pieces they were counted.
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it, test } from 'vitest';
import type { InteractionEvent, RecordedEvent } from '../../../../src/core/interaction/event.js';
import {
  COUNTED,
  contributionOf,
  differenceOf,
  merged,
  type Thresholds,
} from '../../../../src/core/interaction/figures/contribution.js';
import {
  averagesOf,
  type Cell,
  type Counts,
  QUARTER_MS,
  total,
  waitingOf,
} from '../../../../src/core/interaction/figures/counts.js';
import { fold } from '../../../../src/core/interaction/interaction.js';
import { kpiOf } from '../../../../src/core/interaction/kpi.js';
import { recoveryFigures } from '../../../../src/core/interaction/lost/figures.js';
import { summaryOf } from '../../../../src/core/interaction/summary.js';
import * as told from '../../../support/record.js';

const ZONE = 'Europe/Madrid';
const SHORT_MS = 5_000;
const QUEUES = ['support', 'sales'] as const;
const THRESHOLDS: Thresholds = {
  serviceLevelMs: (queue) => (queue === 'support' ? 20_000 : 60_000),
  shortAbandonMs: SHORT_MS,
};
/** A day of 23 hours in Madrid, one of 25, and one like all others. */
const DAYS = ['2026-03-29', '2026-10-25', '2026-06-10'].map((day) => DateTime.fromISO(day, { zone: ZONE }));

interface Plan {
  readonly day: number;
  readonly atS: number;
  readonly queue: (typeof QUEUES)[number];
  readonly waitS: number;
  readonly talkS: number;
  readonly outcome: 'waiting' | 'talking' | 'answered' | 'abandoned' | 'overflowed';
  readonly callback: 'none' | 'promised' | 'missed' | 'reached';
  readonly recovered: boolean;
}

/** Two hours around the change of the clocks matter most; the rest of the day is there too. */
const plan: fc.Arbitrary<Plan> = fc.record({
  day: fc.nat(DAYS.length - 1),
  atS: fc.oneof(fc.integer({ min: -7_200, max: 4 * 3_600 }), fc.integer({ min: 0, max: 26 * 3_600 })),
  queue: fc.constantFrom(...QUEUES),
  waitS: fc.oneof(fc.nat(6), fc.integer({ min: 18, max: 62 }), fc.nat(2_000)),
  talkS: fc.nat(900),
  outcome: fc.constantFrom('waiting', 'talking', 'answered', 'abandoned', 'overflowed'),
  callback: fc.constantFrom('none', 'promised', 'missed', 'reached'),
  recovered: fc.boolean(),
});

describe('cells', () => {
  test('added over a day of the centre they are the figures of the log, also when the clocks change', () => {
    fc.assert(
      fc.property(fc.array(plan, { maxLength: 25 }), (plans) => {
        const matters = plans.map(matterOf);
        const cells = merged(matters.flatMap((events) => contributionOf(events, THRESHOLDS)));
        for (const day of DAYS) {
          const [fromMs, toMs] = [day.toMillis(), day.plus({ days: 1 }).toMillis()];
          for (const queue of QUEUES) {
            const within = cells.filter(
              (cell) => cell.queue === queue && cell.quarterMs >= fromMs && cell.quarterMs < toMs,
            );
            expectSame(total(within.map(({ counts }) => counts)), matters, { queue, fromMs, toMs });
          }
        }
      }),
    );
  });

  test('they come out the same however often a matter was counted on its way, and in whatever order', () => {
    const cuts = fc.array(fc.tuple(fc.nat(9), fc.nat(12)), { maxLength: 40 });
    fc.assert(
      fc.property(fc.array(plan, { minLength: 1, maxLength: 10 }), cuts, (plans, steps) => {
        const matters = plans.map(matterOf);
        const seen = matters.map(() => 0);
        const changes: Cell[] = [];
        const count = (index: number, upTo: number): void => {
          const events = matters[index];
          if (events === undefined || upTo <= (seen[index] ?? 0)) return;
          const before = contributionOf(events.slice(0, seen[index]), THRESHOLDS);
          changes.push(...differenceOf(before, contributionOf(events.slice(0, upTo), THRESHOLDS)));
          seen[index] = upTo;
        };
        for (const [index, upTo] of steps) count(index, Math.min(upTo, matters[index]?.length ?? 0));
        for (const [index, events] of matters.entries()) count(index, events.length);
        const whole = merged(matters.flatMap((events) => contributionOf(events, THRESHOLDS)));
        expect(inOrder(merged(changes))).toEqual(inOrder(whole));
      }),
    );
  });

  test('who gets a customer back is counted, whatever the fact that tells it', () => {
    const lost = told.abandonedWithOffer;
    const ways: readonly (readonly InteractionEvent[])[] = [
      [{ type: 'lost-settled', data: { by: 'sofia', as: 'recovered' } }],
      [{ type: 'recovered-elsewhere', data: { interaction: 'x', segment: 'x', by: 'message' } }],
      inWriting,
    ];
    for (const facts of ways) {
      const story = [...lost, ...facts.map((fact): told.Told => [9_000, fact])];
      const counts = contributionOf(told.record(story), THRESHOLDS).map((cell) => cell.counts);
      const got = counts.map(({ lost: all, recovered }) => [all, recovered]);
      expect([facts.at(-1)?.type, got]).toEqual([facts.at(-1)?.type, [[1, 1]]]);
      expect(COUNTED.has(facts.at(-1)?.type ?? 'queued')).toBe(true);
    }
  });

  test('a caller whom an agent sends on to another queue: each queue has its own talk, whatever happens in the second one', () => {
    const sentOn: told.Told[] = [
      [0, told.opened],
      [0, told.arrived()],
      [0, told.queued('e1', 0)],
      [10, told.connected('e1', 10)],
      [10, told.left('e1', 'connected', 10)],
      [70, told.queued('e2', 70, { queue: 'sales' })],
    ];
    const talkOf = (events: readonly told.Told[]) =>
      contributionOf(told.record([...sentOn, ...events]), THRESHOLDS).map(
        ({ queue, counts: { handled, talkMs, answered, abandoned } }) => [queue, handled, talkMs, answered, abandoned],
      );
    const answered = [
      [90, told.connected('e2', 20)],
      [120, told.ended('served', { talkedMs: 90_000 })],
    ] as const;
    expect(talkOf(answered)).toEqual([
      ['support', 1, 60_000, 1, 0],
      ['sales', 1, 30_000, 1, 0],
    ]);
    const hungUp = [
      [90, told.left('e2', 'caller-hung-up', 20)],
      [90, told.ended('abandoned', { talkedMs: 60_000 })],
    ] as const;
    expect(talkOf(hungUp)).toEqual([
      ['support', 1, 60_000, 1, 0],
      ['sales', 0, 0, 0, 1],
    ]);
  });

  test('a customer who is lost again after being recovered is lost where and when it happened last', () => {
    const again: told.Told[] = [
      ...told.recovered.slice(0, -1),
      [7_200, told.arrived('s9')],
      [7_210, told.queued('e9', 7_210, { segment: 's9', queue: 'sales' })],
      [7_290, told.left('e9', 'caller-hung-up', 80)],
      [7_290, told.ended('abandoned', { segment: 's9' })],
    ];
    const before = contributionOf(told.record(told.recovered.slice(0, -1)), THRESHOLDS);
    const after = contributionOf(told.record(again), THRESHOLDS);
    const of = (cells: readonly Cell[]) =>
      cells
        .filter(({ counts }) => counts.lost > 0)
        .map(({ queue, counts: { lost, recovered } }) => ({ queue, lost, recovered }));
    expect(of(before)).toEqual([{ queue: 'support', lost: 1, recovered: 1 }]);
    expect(of(after)).toEqual([{ queue: 'sales', lost: 1, recovered: 0 }]);
    expect(of(merged([...before, ...differenceOf(before, after)]))).toEqual(of(after));
  });
});

describe('averages', () => {
  it('are made of sums: those of two quarters together are not the mean of theirs', () => {
    const counts = (answered: number, waitMs: number): Counts => ({
      ...total([]),
      ...{ offered: answered, answered, answeredWaitMs: waitMs, longestWaitMs: waitMs },
    });
    const both = total([counts(1, 60_000), counts(3, 20_000)]);
    expect(averagesOf(both)).toMatchObject({ asaMs: 20_000, serviceLevel: 0, abandonRate: 0 });
    expect(both.longestWaitMs).toBe(60_000);
  });

  it('are missing where nothing happened', () => {
    expect(averagesOf(total([]))).toEqual({});
  });
});

/** What the log says directly of those who joined, were promised or lost in that time. */
function expectSame(
  counts: Counts,
  matters: readonly (readonly RecordedEvent[])[],
  { queue, fromMs, toMs }: { readonly queue: string; readonly fromMs: number; readonly toMs: number },
): void {
  const within = (atMs: number): boolean => atMs >= fromMs && atMs < toMs;
  const log = matters
    .flat()
    .filter(({ event, atMs }) => !['queued', 'callback-requested'].includes(event.type) || within(atMs));
  const kpi = kpiOf(log, { queue, serviceLevelMs: THRESHOLDS.serviceLevelMs(queue), shortAbandonMs: SHORT_MS });
  const { callbacks, waiting, ...direct } = kpi;
  const { offered, answered, abandoned, shortAbandoned, flowedOut } = counts;
  expect({ ...{ offered, answered, abandoned, shortAbandoned, flowedOut }, ...averagesOf(counts) }).toEqual(direct);
  expect(waitingOf(counts)).toBe(waiting);
  expect({
    requested: counts.callbacksPromised,
    attempted: counts.callbackAttempts,
    connected: counts.callbacksReached,
    notReached: counts.callbacksNotReached,
  }).toEqual(callbacks);
  const lost = matters.map((events) => summaryOf(fold(events)).lost).filter((one) => one !== undefined);
  const recovery = recoveryFigures(lost.filter((one) => one.queue === queue && within(one.atMs)))[0];
  expect([counts.lost, counts.recovered]).toEqual([recovery?.lost ?? 0, recovery?.recovered ?? 0]);
}

/** The customer writes, is answered, and the conversation is closed. */
const inWriting: readonly InteractionEvent[] = [
  {
    type: 'message-received',
    data: { segment: 'w1', message: 'w1', channel: 'sms', from: '+34600111222', text: 'Hola' },
  },
  {
    type: 'message-queued',
    data: {
      ...{ segment: 'w2', message: 'w2', channel: 'sms', to: '+34600111222', purpose: 'reply' },
      ...{ text: 'Ya está', language: 'es', agent: 'ana' },
    },
  },
  { type: 'work-finished', data: { entry: 'w1', agent: 'ana', kind: 'message', tookMs: 1 } },
];

/** One customer: a call, perhaps sent on to another queue; perhaps a call-back, perhaps recovered. */
function matterOf(
  { day, atS, queue, waitS, talkS, outcome, callback, recovered }: Plan,
  index: number,
): RecordedEvent[] {
  const startMs = (DAYS[day]?.toMillis() ?? 0) + atS * 1_000;
  const events: RecordedEvent[] = [];
  const tell = (afterS: number, event: InteractionEvent): void => {
    events.push({ interaction: `i${index}`, version: events.length + 1, atMs: startMs + afterS * 1_000, event });
  };
  const [segment, entry, next] = [`s${index}`, `e${index}`, `f${index}`];
  const other = QUEUES.find((name) => name !== queue) ?? queue;
  tell(0, told.opened);
  tell(0, told.arrived(segment));
  tell(0, told.queued(entry, 0, { segment, queue }));
  const talked = (id: string, from: number): void => {
    tell(from, told.connected(id, waitS, segment));
    tell(from, told.left(id, 'connected', waitS));
    if (outcome === 'talking') return;
    tell(from + talkS, told.ended('served', { segment, talkedMs: talkS * 1_000 }));
    tell(from + talkS + 9, wrappedUp(id, segment, 9));
  };
  if (outcome === 'talking' || outcome === 'answered') talked(entry, waitS);
  if (outcome === 'overflowed') {
    tell(waitS, told.left(entry, 'overflow', waitS));
    tell(waitS, told.queued(next, waitS, { segment, queue: other }));
    talked(next, 2 * waitS);
  }
  if (outcome === 'abandoned') {
    tell(waitS, told.left(entry, 'caller-hung-up', waitS));
    tell(waitS, told.ended('abandoned', { segment }));
    if (recovered)
      tell(waitS + 1_800, { type: 'recovered-elsewhere', data: { interaction: 'x', segment: 'x', by: 'call' } });
  }
  if (callback !== 'none') tellCallback(tell, waitS + 3_600, { id: `cb${index}`, queue, outcome: callback });
  return events;
}

function tellCallback(
  tell: (afterS: number, event: InteractionEvent) => void,
  fromS: number,
  { id, queue, outcome }: { readonly id: string; readonly queue: string; readonly outcome: Plan['callback'] },
): void {
  const request = told.requested(0, 0);
  if (request.type !== 'callback-requested') throw new Error('unreachable');
  tell(fromS, { ...request, data: { ...request.data, callback: id, queue } });
  if (outcome === 'promised') return;
  // Far later: it counts where it was promised.
  tell(fromS + 90_000, { type: 'callback-attempted', data: { callback: id, attempt: 1, agent: 'ana' } });
  tell(fromS + 90_000, { type: 'callback-attempted', data: { callback: id, attempt: 2, agent: 'ana' } });
  const result = outcome === 'reached' ? 'connected' : 'failed';
  tell(fromS + 90_010, { type: 'callback-ended', data: { callback: id, result, reason: 'as planned' } });
}

function wrappedUp(entry: string, segment: string, seconds: number): InteractionEvent {
  return { type: 'wrapped-up', data: { segment, entry, agent: 'ana', wrapUpMs: seconds * 1_000 } };
}

function inOrder(cells: readonly Cell[]): readonly Cell[] {
  const order = (a: Cell, b: Cell): number => a.quarterMs - b.quarterMs || (a.queue < b.queue ? -1 : 1);
  for (const { quarterMs } of cells) expect(quarterMs % QUARTER_MS).toBe(0);
  // What was added and taken away again leaves an empty cell.
  return cells.filter(({ counts }) => Object.values(counts).some((value) => value !== 0)).toSorted(order);
}

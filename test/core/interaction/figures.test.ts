import { describe, expect, it } from 'vitest';
import { kpiOf } from '../../../src/core/interaction/kpi.js';
import { outcomesOf, unaccounted } from '../../../src/core/interaction/outcome.js';
import * as told from '../../support/record.js';

const nobodyIsLive = (): boolean => false;

describe('outcomes', () => {
  const call = (...rest: readonly told.Told[]) => told.record([[0, told.opened], [0, told.arrived()], ...rest]);

  it.each([
    [
      'served by an agent',
      [
        [5, told.connected('e1', 5)],
        [9, told.ended('served')],
      ],
      'answered',
    ],
    ['served by the flow', [[9, told.ended('served')]], 'self-served'],
    ['abandoned', [[9, told.ended('abandoned')]], 'abandoned'],
    ['abandoned at once', [[9, told.ended('short-abandoned')]], 'abandoned'],
    ['voicemail', [[9, told.ended('voicemail')]], 'voicemail'],
    ['call-back promised', [[9, told.ended('callback-promised')]], 'callback-promised'],
    ['message sent', [[9, told.ended('message-sent')]], 'message-sent'],
    ['forwarded', [[9, told.ended('forwarded')]], 'forwarded'],
    ['refused', [[9, told.ended('refused')]], 'refused'],
    ['our fault', [[9, told.ended('failed')]], 'failed'],
  ] as const)('%s', (_name, rest, outcome) => {
    expect(outcomesOf(call(...rest))).toMatchObject([{ segment: 's1', outcome }]);
    expect(unaccounted(call(...rest), nobodyIsLive)).toEqual([]);
  });

  it('a call that neither lives nor ended is unaccounted for, and so is one that ended twice', () => {
    expect(unaccounted(call(), (segment) => segment === 's1')).toEqual([]);
    expect(unaccounted(call(), nobodyIsLive)).toEqual([
      { interaction: 'i1', segment: 's1', arrivedAtMs: told.at(0), cause: 'no-end' },
    ]);
    const twice = call([9, told.ended('served')], [9, told.ended('abandoned')]);
    expect(unaccounted(twice, nobodyIsLive)).toMatchObject([{ cause: 'two-ends' }]);
  });

  it('a call we made is nobody’s outcome', () => {
    expect(outcomesOf(told.record(told.recovered)).map(({ segment }) => segment)).toEqual(['s1']);
  });
});

describe('figures of a queue', () => {
  const served = (id: string, waitS: number, talkS: number, wrapS: number) => {
    const segment = `s-${id}`;
    return told.record(
      [
        [0, told.opened],
        [0, told.arrived(segment)],
        [0, told.queued(id, 0, { segment })],
        [waitS, told.connected(id, waitS, segment)],
        [waitS, told.left(id, 'connected', waitS)],
        [waitS + talkS, told.ended('served', { segment, talkedMs: talkS * 1000 })],
        [
          waitS + talkS + wrapS,
          { type: 'wrapped-up', data: { segment, entry: id, agent: 'ana', wrapUpMs: wrapS * 1000 } },
        ],
      ],
      `i-${id}`,
    );
  };
  const gone = (id: string, reason: 'caller-hung-up' | 'max-wait', waitS: number) =>
    told.record(
      [
        [0, told.queued(id, 0, { segment: `s-${id}` })],
        [waitS, told.left(id, reason, waitS)],
      ],
      `i-${id}`,
    );
  const question = { queue: 'support', serviceLevelMs: 20_000, shortAbandonMs: 5_000 };
  const day = [
    ...served('a', 10, 100, 20),
    ...served('b', 20, 200, 0),
    ...served('c', 60, 60, 40),
    ...gone('d', 'caller-hung-up', 40),
    ...gone('e', 'caller-hung-up', 4),
    ...gone('f', 'max-wait', 300),
    ...told.record([[0, told.queued('g', 0, { segment: 's-g' })]], 'i-g'),
    ...told.record([[0, told.queued('h', 0, { segment: 's-h', queue: 'sales' })]], 'i-h'),
  ];

  it('are what their formulas say', () => {
    expect(kpiOf(day, question)).toEqual({
      offered: 7,
      answered: 3,
      abandoned: 1,
      shortAbandoned: 1,
      flowedOut: 1,
      waiting: 1,
      serviceLevel: 2 / 4,
      abandonRate: 1 / 4,
      asaMs: 30_000,
      averageAbandonMs: 40_000,
      ahtMs: (120_000 + 200_000 + 100_000) / 3,
      callbacks: { requested: 0, attempted: 0, connected: 0, notReached: 0 },
    });
  });

  it('lose nobody: offered is the sum of what became of them', () => {
    const all = kpiOf(day, { ...question, queue: 'sales' });
    const { offered, answered, abandoned, shortAbandoned, flowedOut, waiting } = all;
    expect(offered).toBe(answered + abandoned + shortAbandoned + flowedOut + waiting);
  });

  it('take the first word on what became of a caller: a hang-up that crosses the answer is no abandonment', () => {
    const crossed = told.record([
      [0, told.queued('x', 0)],
      [9, told.connected('x', 9)],
      [9, told.left('x', 'caller-hung-up', 9)],
    ]);
    expect(kpiOf(crossed, question)).toMatchObject({ offered: 1, answered: 1, abandoned: 0, asaMs: 9_000 });
  });

  it('are absent, not zero, when there is nothing to divide by', () => {
    expect(kpiOf([], question)).toEqual({
      offered: 0,
      answered: 0,
      abandoned: 0,
      shortAbandoned: 0,
      flowedOut: 0,
      waiting: 0,
      callbacks: { requested: 0, attempted: 0, connected: 0, notReached: 0 },
    });
  });

  it('count call-backs apart from calls', () => {
    const { queue: _queue, ...allQueues } = question;
    expect(kpiOf(told.record(told.recovered), allQueues)).toMatchObject({
      offered: 1,
      abandoned: 1,
      answered: 0,
      callbacks: { requested: 1, attempted: 1, connected: 1, notReached: 0 },
    });
  });
});

// The table of the benches: its steps, its verdicts and its sums, without measuring anything.
import { describe, expect, test } from 'vitest';
import { BadOption } from '../../src/sim/bench/calls/options.js';
import type { Usage } from '../../src/sim/bench/calls/usage.js';
import { isHeld } from '../../src/sim/bench/media-limit.js';
import type { RunResult } from '../../src/sim/bench/media-run.js';
import { inodeOf } from '../../src/sim/bench/real-pair.js';
import { GOALS, ROWS, timesBetter, verdictOf } from '../../src/sim/bench/table/goals.js';
import { measuredLimit } from '../../src/sim/bench/table/measurement.js';
import { costOf } from '../../src/sim/bench/table/memory.js';
import { readTableOptions } from '../../src/sim/bench/table/options.js';
import { climb, nextLoad, type Tried } from '../../src/sim/bench/table/stepping.js';
import { benchPicture, benchTable, type Row } from '../../src/sim/bench/table/table.js';

const LADDER = [10, 20, 30, 40, 45, 60, 80];

/** A machine that holds so much, and what was tried on it. */
async function climbUpTo(limit: number, attempts = 1, first = 20): Promise<{ tried: number[]; found: number }> {
  const tried: number[] = [];
  const steps = await climb({ ladder: LADDER, first, attempts }, (load) => {
    tried.push(load);
    return Promise.resolve({ held: load <= limit, result: undefined });
  });
  return { tried, found: measuredLimit(steps, String, String).value };
}

describe('steps', () => {
  test.each([
    [45, [20, 30, 40, 45, 60], 45],
    [1_000, [20, 30, 40, 45, 60, 80], 80],
    [19, [20, 10], 10],
    [5, [20, 10], 0],
  ])('a machine that holds %i is asked for %j, and %i is found', async (limit, asked, highest) => {
    expect(await climbUpTo(limit)).toEqual({ tried: asked, found: highest });
  });

  test('a load that fails is tried again before it counts', async () => {
    expect((await climbUpTo(30, 2)).tried).toEqual([20, 30, 40, 40]);
    let disturbed = true;
    const steps = await climb({ ladder: [20, 30], first: 20, attempts: 2 }, (load) => {
      const held = !disturbed;
      disturbed = false;
      return Promise.resolve({ held, result: load });
    });
    expect(steps.map(({ load, held }) => [load, held])).toEqual([
      [20, true],
      [30, true],
    ]);
  });

  test('between one that holds and the next that does not, nothing is left to find', () => {
    const tried: Tried<undefined>[] = [
      { load: 40, held: true, result: undefined },
      { load: 45, held: false, result: undefined },
    ];
    expect(nextLoad({ ladder: LADDER, first: 20 }, tried)).toBeUndefined();
  });

  test('a limit is only a bound when nothing failed', () => {
    const at = (load: number, held: boolean): Tried<undefined> => ({ load, held, result: undefined });
    const best = (one: Tried<undefined>): string => `${one.load} held`;
    const worst = (): string => 'lost';
    expect(measuredLimit([at(20, true), at(30, true)], best, worst)).toEqual({
      value: 30,
      bounded: true,
      how: '30 held',
    });
    expect(measuredLimit([at(20, true), at(30, false)], best, worst)).toEqual({
      value: 20,
      bounded: false,
      how: '20 held; 30 not: lost',
    });
    expect(measuredLimit([at(20, false)], best, worst)).toMatchObject({ value: 0, bounded: false });
  });

  test('media is held while packets leave in time and none is missing', () => {
    const good: Partial<RunResult> = { p99: 4.9, whole: 0.9995, gaps: 0, packets: 10_000 };
    expect(isHeld(good as RunResult)).toBe(true);
    for (const bad of [{ p99: 5 }, { whole: 0.998 }, { gaps: 10 }]) {
      expect(isHeld({ ...good, ...bad } as RunResult)).toBe(false);
    }
  });
});

describe('verdicts', () => {
  test.each([
    ['light', 80, false, 'aim'],
    ['light', 45, false, 'reach'],
    ['light', 44, false, 'not'],
    // It held all that was tried, which was less than what is wanted.
    ['light', 40, true, 'open'],
    ['light', 60, true, 'reach'],
    ['cpu-light', 18, false, 'aim'],
    ['cpu-light', 30, false, 'reach'],
    ['cpu-light', 30.1, false, 'not'],
  ] as const)('%s: %d (bounded %s) is %s', (row, value, bounded, verdict) => {
    expect(verdictOf(GOALS[row], value, bounded)).toBe(verdict);
  });

  test('an aim is beyond what is to be reached, in every row', () => {
    for (const row of ROWS) expect(timesBetter(GOALS[row], GOALS[row].aim, GOALS[row].reach)).toBeGreaterThan(1);
  });

  test('twice as good is twice the rate, or half the time', () => {
    expect(timesBetter(GOALS.light, 60, 30)).toBe(2);
    expect(timesBetter(GOALS.digit, 10, 20)).toBe(2);
    expect(timesBetter(GOALS.light, 60, 0)).toBeUndefined();
  });
});

const ROW: Row = {
  name: 'light',
  load: 2.04,
  seconds: 60,
  state: 'measured',
  ours: { value: 60, bounded: false, how: '99.95 % served' },
};

describe('the table', () => {
  test('says what was measured, what it is worth, and why a row is missing', () => {
    const table = benchTable([ROW, { name: 'held', load: 1, seconds: 3, state: 'failed', why: 'no callers' }]);
    const [head, served, failed] = table.split('\n').map((line) => line.split(/ {2,}/));
    expect(head).toEqual(['what', 'unit', 'measured', 'reach', 'aim', 'verdict', 'load', 'how']);
    expect(served).toEqual([
      'served calls, light media',
      'calls/s',
      '60',
      '45',
      '80',
      'reached',
      '2.0',
      '99.95 % served',
    ]);
    expect(failed?.slice(2)).toEqual(['-', '500', '1000', 'failed', '1.0', 'no callers']);
  });

  test('sets real servers beside, where there are some', () => {
    const real = { value: 20, bounded: false, how: '' };
    const cells = benchTable([{ ...ROW, real }]).split(/ {2,}/);
    expect(cells).toContain('3.0 ×');
    expect(benchTable([{ ...ROW, real: 'it does not answer' }])).toContain('real servers: it does not answer');
  });

  test('a figure that is only a bound is marked as one', () => {
    expect(benchTable([{ ...ROW, ours: { value: 80, bounded: true, how: '' } }])).toContain('≥ 80');
  });

  test('the picture has a bar for each row, as long as it is good', () => {
    const picture = benchPicture(
      [ROW, { ...ROW, name: 'memory', ours: { value: 75, bounded: false, how: '' } }],
      'Hilo',
    );
    const widths = [...picture.matchAll(/<rect x="260".*? width="([\d.]+)"/g)].map(([, width]) => Number(width));
    expect(widths).toEqual([160, 240]);
  });
});

describe('options', () => {
  test('help, defaults, rows in the order of the table', () => {
    expect(readTableOptions(['--help'], {})).toBeUndefined();
    expect(readTableOptions([], {})).toMatchObject({ quick: false, seconds: 60, only: ROWS, pair: undefined });
    expect(readTableOptions(['--quick'], {})?.seconds).toBe(10);
    expect(readTableOptions(['--only', 'memory, light'], {})?.only).toEqual(['light', 'memory']);
  });

  test.each([[['--only', 'everything']], [['--seconds', '0']], [['--workers', '65']], [['--fast']]])(
    '%j is refused',
    (wrong) => {
      expect(() => readTableOptions(wrong, {})).toThrow(BadOption);
    },
  );

  test('real servers come with the environment', () => {
    const variables = {
      BENCH_DRACHTIO: '127.0.0.1:9022',
      BENCH_FREESWITCH: '127.0.0.1:8021',
      BENCH_DRACHTIO_SECRET: 'x',
    };
    expect(readTableOptions([], variables)?.pair).toEqual({
      drachtio: { host: '127.0.0.1', port: 9_022, secret: 'x' },
      freeswitch: { host: '127.0.0.1', port: 8_021, secret: 'ClueCon' },
    });
    expect(() => readTableOptions([], { BENCH_DRACHTIO: '127.0.0.1:9022' })).toThrow(/BENCH_FREESWITCH/);
  });
});

test('a server is found by the port on which it listens, not by one it is connected to', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:698E 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 111 1 0',
    '   1: 0100007F:698E 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 222 1 0',
  ].join('\n');
  expect(inodeOf(table, 0x698e)).toBe('222');
  expect(inodeOf(table, 5_060)).toBeUndefined();
});

describe('memory for a call', () => {
  const usage = (app: number, own: number): Usage => {
    const nothing = { app: 0, switch: 0, postgres: 0, redis: 0 };
    return { atMs: 0, load: 0, cpuS: nothing, rssMb: { ...nothing, app, switch: own } };
  };

  test('is the growth of both processes, shared by those who were answered', () => {
    const measured = costOf(200, usage(100, 50), usage(110, 60));
    expect(measured).toMatchObject({ value: 102, bounded: false });
    expect(measured.how).toBe('200 callers: app 51 kB, switch 51 kB each, after garbage collection');
  });

  test('was not measured when a process shrank, or nobody was answered', () => {
    expect(() => costOf(200, usage(100, 50), usage(95, 60))).toThrow('memory fell while callers waited');
    expect(() => costOf(0, usage(100, 50), usage(110, 60))).toThrow('no caller was answered');
  });
});

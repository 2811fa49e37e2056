// The figures of a day are those of the centre's own day; counting goes on batch by batch, and only where it should.
import { describe, expect, it } from 'vitest';
import { FigureCounting, thresholdsOf } from '../../../src/app/figures/counting.js';
import { Figures, ROWS_MAX } from '../../../src/app/figures/figures.js';
import { type Cell, QUARTER_MS, total } from '../../../src/core/interaction/figures/counts.js';
import type { Centre } from '../../../src/core/routing/centre.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { FakeFigureStore } from '../../support/fakes/figures.js';
import { sampleCentre } from '../../support/sample-centre.js';

const cell = (at: string, offered: number, queue = 'support'): Cell => ({
  queue,
  quarterMs: Date.parse(at),
  counts: { ...total([]), offered, answered: offered, answeredWaitMs: offered * 1_000, longestWaitMs: offered },
});

function scene(now: string, timeZone = 'Europe/Madrid') {
  const store = new FakeFigureStore();
  const clock = new FakeClock(Date.parse(now));
  const centre = (): Centre => ({ ...sampleCentre(), timeZone });
  return { store, clock, centre, figures: new Figures({ store, centre, clock }) };
}

describe('a day of the centre', () => {
  it.each([
    ['of 24 hours', '2026-06-10T10:00:00Z', 'today', '2026-06-09T22:00:00.000Z', 96],
    ['of 23 hours', '2026-03-29T10:00:00Z', 'today', '2026-03-28T23:00:00.000Z', 92],
    ['of 25 hours', '2026-10-25T10:00:00Z', 'today', '2026-10-24T22:00:00.000Z', 100],
    ['the one before a change of the clocks', '2026-10-26T00:30:00Z', 'yesterday', '2026-10-24T22:00:00.000Z', 100],
    ['named', '2026-06-10T10:00:00Z', '2026-03-29', '2026-03-28T23:00:00.000Z', 92],
  ])('%s', async (_, now, day, from, quarters) => {
    const { figures, store } = scene(now);
    store.cells = [cell(from, 1), cell(new Date(Date.parse(from) - QUARTER_MS).toISOString(), 100)];
    const endMs = Date.parse(from) + quarters * QUARTER_MS;
    store.cells.push({ ...cell(from, 3), quarterMs: endMs - QUARTER_MS }, { ...cell(from, 100), quarterMs: endMs });
    const answer = await figures.read({ day, step: 'quarter' });
    expect([new Date(answer.fromMs).toISOString(), (answer.toMs - answer.fromMs) / QUARTER_MS]).toEqual([
      from,
      quarters,
    ]);
    expect(answer.total).toMatchObject({ offered: 4, answeredWaitMs: 4_000, longestWaitMs: 3 });
  });

  it('queues are added apart and together', async () => {
    const { figures, store } = scene('2026-06-10T10:00:00Z');
    store.cells = [
      cell('2026-06-10T08:00:00Z', 2),
      cell('2026-06-10T08:15:00Z', 1),
      cell('2026-06-10T08:00:00Z', 5, 'sales'),
    ];
    const answer = await figures.read({ step: 'quarter' });
    expect(answer.queues.map(({ queue, total: { offered } }) => [queue, offered])).toEqual([
      ['sales', 5],
      ['support', 3],
    ]);
    expect(answer.total.offered).toBe(8);
    expect((await figures.read({ step: 'quarter', queue: 'sales' })).total.offered).toBe(5);
    expect((await figures.read({ step: 'day' })).rows).toHaveLength(2);
  });

  it.each([
    [{ day: 'tomorrow' }, 'invalid-input'],
    [{ day: '2026-02-30' }, 'invalid-input'],
    [{ day: 'today', fromMs: 0 }, 'invalid-input'],
    [{ fromMs: Date.parse('2026-06-10T12:00:00Z') }, 'invalid-input'],
  ])('%j is refused', async (asked, code) => {
    const { figures } = scene('2026-06-10T10:00:00Z');
    await expect(figures.read({ step: 'quarter', ...asked })).rejects.toMatchObject({ code });
  });

  it('more rows than may be told are refused, not cut off', async () => {
    const { figures, store } = scene('2026-06-10T10:00:00Z');
    const some = cell('2026-06-10T08:00:00Z', 1);
    store.cells = Array.from({ length: ROWS_MAX + 1 }, (_, index) => ({ ...some, quarterMs: index * QUARTER_MS }));
    const asked = { step: 'quarter' as const, fromMs: 0 };
    await expect(figures.read(asked)).rejects.toMatchObject({ code: 'too-large' });
    store.cells.pop();
    expect((await figures.read(asked)).rows).toHaveLength(ROWS_MAX);
  });
});

describe('counting', () => {
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('goes on batch by batch until nothing is left, then looks now and then, and stops when told', async () => {
    const { store, clock, centre } = scene('2026-06-10T10:00:00Z');
    const counting = new FigureCounting({ store, centre, leading: () => true, clock, log: silentLog });
    store.left = 1_200;
    counting.start();
    clock.advance(2_000);
    await settled();
    expect(store.left).toBe(700);
    for (let round = 0; round < 3; round += 1) {
      clock.advance(20);
      await settled();
    }
    expect(store.left).toBe(0);
    expect(store.thresholds).toHaveLength(4);
    clock.advance(1_999);
    await settled();
    expect(store.thresholds).toHaveLength(4);
    clock.advance(1);
    await settled();
    expect(store.thresholds).toHaveLength(5);
    await counting.close();
    expect(clock.pending).toBe(0);
  });

  it('is left to the leading node, and outlives a database that is away', async () => {
    const { store, clock, centre } = scene('2026-06-10T10:00:00Z');
    let leading = false;
    const counting = new FigureCounting({ store, centre, leading: () => leading, clock, log: silentLog });
    counting.start();
    clock.advance(2_000);
    await settled();
    expect(store.thresholds).toHaveLength(0);
    leading = true;
    const advance = store.advance.bind(store);
    store.advance = () => Promise.reject(new Error('away'));
    clock.advance(2_000);
    await settled();
    store.advance = advance;
    clock.advance(2_000);
    await settled();
    expect(store.thresholds).toHaveLength(1);
    await counting.close();
  });

  it('uses the thresholds of the file', () => {
    const centre = sampleCentre();
    const [name, queue] = [...centre.queues][0] ?? expect.fail('no queue');
    expect(thresholdsOf(centre).serviceLevelMs(name)).toBe(queue.serviceLevelMs);
    expect(thresholdsOf(centre).shortAbandonMs).toBe(centre.recovery.shortAbandonMs);
    expect(thresholdsOf(centre).serviceLevelMs('of yesterday')).toBe(20_000);
  });
});

// The figures of the queues in any time, by quarter of an hour, hour or day of the centre.
import { DateTime } from 'luxon';
import { type Counts, QUARTER_MS, quarterOf, total } from '../../core/interaction/figures/counts.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import { HiloError } from '../errors.js';
import type { FigureRow, FigureStore, Step } from './figure-store.js';

/** A quarter of a year of one queue by quarters of an hour, with room to spare. */
export const ROWS_MAX = 20_000;

export interface FiguresPorts {
  readonly store: FigureStore;
  readonly centre: () => Centre;
  readonly clock: Clock;
}

/** A day of the centre (`today`, `yesterday`, `2026-01-05`), or from a time to before another; nothing: today. */
export interface AskedFigures {
  readonly day?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly queue?: string;
  readonly step: Step;
}

export interface FiguresAnswer {
  readonly fromMs: number;
  readonly toMs: number;
  readonly timeZone: string;
  /** Facts in the log that are not counted yet. */
  readonly uncounted: number;
  readonly total: Counts;
  readonly queues: readonly { readonly queue: string; readonly total: Counts }[];
  /** Where nothing happened there is no row. */
  readonly rows: readonly FigureRow[];
}

export class Figures {
  constructor(private readonly ports: FiguresPorts) {}

  /** Rejects with HiloError `invalid-input`, `too-large` (ask for a larger step or less time), `store-unavailable`. */
  async read(asked: AskedFigures): Promise<FiguresAnswer> {
    const { store, centre } = this.ports;
    const { timeZone } = centre();
    const { fromMs, toMs } = this.#span(asked, timeZone);
    const { queue, step } = asked;
    const own = queue === undefined ? {} : { queue };
    const [rows, uncounted] = await Promise.all([
      store.rows({ fromMs, toMs, step, timeZone, limit: ROWS_MAX + 1, ...own }),
      store.uncounted(),
    ]);
    if (rows.length > ROWS_MAX) {
      throw new HiloError('too-large', `more than ${ROWS_MAX} rows: ask for step=day, one queue, or less time`);
    }
    const names = [...new Set(rows.map((row) => row.queue))].sort();
    const queues = names.map((name) => ({
      queue: name,
      total: total(rows.filter((row) => row.queue === name).map(({ counts }) => counts)),
    }));
    return { fromMs, toMs, timeZone, uncounted, total: total(queues.map((one) => one.total)), queues, rows };
  }

  /** Everything is counted again from the log, with the thresholds of now; meanwhile figures are incomplete. */
  rebuild(): Promise<void> {
    return this.ports.store.reset();
  }

  #span({ day, fromMs, toMs }: AskedFigures, zone: string): { readonly fromMs: number; readonly toMs: number } {
    const today = DateTime.fromMillis(this.ports.clock.nowMs(), { zone }).startOf('day');
    if (day === undefined && (fromMs !== undefined || toMs !== undefined)) {
      const from = quarterOf(fromMs ?? today.toMillis());
      const to = Math.ceil((toMs ?? this.ports.clock.nowMs()) / QUARTER_MS) * QUARTER_MS;
      if (from >= to) throw new HiloError('invalid-input', '`from` has to be before `to`, which is now when left out');
      return { fromMs: from, toMs: to };
    }
    if (fromMs !== undefined || toMs !== undefined) {
      throw new HiloError('invalid-input', 'either `day`, or `from` and `to`');
    }
    const start = day === undefined || day === 'today' ? today : dayNamed(day, today);
    return { fromMs: start.toMillis(), toMs: start.plus({ days: 1 }).startOf('day').toMillis() };
  }
}

function dayNamed(day: string, today: DateTime): DateTime {
  if (day === 'yesterday') return today.minus({ days: 1 }).startOf('day');
  const named = DateTime.fromFormat(day, 'yyyy-MM-dd', { zone: today.zone });
  if (!named.isValid) throw new HiloError('invalid-input', 'day: `today`, `yesterday` or a date such as 2026-01-05');
  return named.startOf('day');
}

// The figures in memory: cells that a test puts there, and what was asked of the store.
import { DateTime } from 'luxon';
import type { FigureRange, FigureRow, FigureStore } from '../../../src/app/figures/figure-store.js';
import type { Thresholds } from '../../../src/core/interaction/figures/contribution.js';
import { type Cell, plus } from '../../../src/core/interaction/figures/counts.js';

export class FakeFigureStore implements FigureStore {
  cells: Cell[] = [];
  /** Facts that wait to be counted. */
  left = 0;
  /** Counted at a time. */
  batch = 500;
  readonly thresholds: Thresholds[] = [];
  resets = 0;

  async advance(thresholds: Thresholds): Promise<{ counted: number }> {
    this.thresholds.push(thresholds);
    const counted = Math.min(this.left, this.batch);
    this.left -= counted;
    return { counted };
  }
  async uncounted(): Promise<number> {
    return this.left;
  }
  async rows({ fromMs, toMs, queue, step, timeZone, limit }: FigureRange): Promise<readonly FigureRow[]> {
    const rows = new Map<string, FigureRow>();
    for (const cell of this.cells) {
      if (cell.quarterMs < fromMs || cell.quarterMs >= toMs || (queue ?? cell.queue) !== cell.queue) continue;
      const at = DateTime.fromMillis(cell.quarterMs, { zone: timeZone });
      const startMs = step === 'quarter' ? cell.quarterMs : at.startOf(step).toMillis();
      const key = `${startMs} ${cell.queue}`;
      const known = rows.get(key);
      const counts = known === undefined ? cell.counts : plus(known.counts, cell.counts);
      rows.set(key, { queue: cell.queue, startMs, counts });
    }
    const order = (a: FigureRow, b: FigureRow): number => a.startMs - b.startMs || (a.queue < b.queue ? -1 : 1);
    return [...rows.values()].sort(order).slice(0, limit);
  }
  async reset(): Promise<void> {
    this.resets += 1;
    this.cells = [];
  }
}

// Today's figures of the queues, live: read from the projection while somebody looks on.
import type { LiveFigures } from '../../contract/live/floor.js';
import { averagesOf, type Counts, QUARTER_MS, total } from '../../core/interaction/figures/counts.js';
import { atLeast } from '../access.js';
import type { ApiServices } from '../services.js';
import type { LiveSource } from './hub.js';
import { every } from './watching.js';

export type FigureServices = Pick<ApiServices, 'figures' | 'clock' | 'log'>;

/** The projection is some seconds behind the record anyway. */
const READ_EVERY_MS = 2_000;

export function figuresSource({ figures, clock, log }: FigureServices): LiveSource {
  let known: ReadonlyMap<string, LiveFigures> = new Map();
  let reading = false;
  const read = async (dirty: (id: string) => void): Promise<void> => {
    if (reading) return;
    reading = true;
    try {
      const { rows, queues } = await figures.read({ day: 'today', step: 'quarter' });
      const sinceMs = clock.nowMs() - 2 * QUARTER_MS;
      const recent = rows.filter(({ startMs }) => startMs > sinceMs);
      const before = known.keys();
      known = new Map(
        queues.map(({ queue, total: today }) => {
          const own = recent.filter((row) => row.queue === queue).map(({ counts }) => counts);
          return [queue, figuresView(today, total(own))];
        }),
      );
      for (const id of new Set([...before, ...known.keys()])) dirty(id);
    } catch (error) {
      log.warn({ err: error }, 'the figures of today cannot be read; those that were known stay');
    } finally {
      reading = false;
    }
  };
  return {
    kind: 'figures',
    ids: () => known.keys(),
    view: (id) => known.get(id),
    shows: (user) => atLeast(user, 'supervisor'),
    watch: (dirty) => {
      void read(dirty);
      return every(clock, () => void read(dirty), READ_EVERY_MS);
    },
  };
}

function figuresView(today: Counts, recent: Counts): LiveFigures {
  const { offered, answered, abandoned, shortAbandoned, recovered } = today;
  const { serviceLevel } = averagesOf(today);
  const { serviceLevel: serviceLevelNow } = averagesOf(recent);
  return {
    ...{ offered, answered, abandoned, shortAbandoned, recovered },
    ...(serviceLevel === undefined ? {} : { serviceLevel }),
    ...(serviceLevelNow === undefined ? {} : { serviceLevelNow }),
  };
}

// What one matter adds to the figures, as far as it has come: the figures of all are the sum over the matters.
import type { InteractionEventType, RecordedEvent } from '../event.js';
import { fold } from '../interaction.js';
import { type Cell, type Counts, NOTHING, plus, quarterOf, SUMS, type Sum } from './counts.js';
import { type Stay, staysOf } from './stay.js';

export interface Thresholds {
  /** An answer within this time counts for the service level, in ms. */
  serviceLevelMs(queue: string): number;
  /** Whoever hangs up before this time in the queue is a short abandonment, in ms. */
  readonly shortAbandonMs: number;
}

/** The only facts that change what a matter contributes. */
export const COUNTED: ReadonlySet<InteractionEventType> = new Set([
  'queued',
  'connected',
  'left-queue',
  'call-ended',
  'wrapped-up',
  'callback-requested',
  'callback-attempted',
  'callback-ended',
  'recovered-elsewhere',
  'lost-settled',
  'work-finished',
]);

/** `events`: of one matter, from its first one on. At most one cell for each queue and quarter of an hour. */
export function contributionOf(events: readonly RecordedEvent[], thresholds: Thresholds): readonly Cell[] {
  const cells = new Cells();
  for (const stay of staysOf(events)) cells.add(stay.queue, stay.joinedAtMs, countsOf(stay, thresholds));
  addCallbacks(cells, events);
  addLoss(cells, events);
  return cells.all();
}

/** What has to be added to cells that hold `before` to make them hold `after`; sums may be below zero. */
export function differenceOf(before: readonly Cell[], after: readonly Cell[]): readonly Cell[] {
  const cells = new Cells();
  for (const { queue, quarterMs, counts } of after) cells.add(queue, quarterMs, counts);
  for (const { queue, quarterMs, counts } of before) cells.add(queue, quarterMs, negative(counts));
  return cells.all().filter(({ counts }) => counts.longestWaitMs > 0 || SUMS.some((name) => counts[name] !== 0));
}

/** Cells of many matters, one for each queue and quarter of an hour. */
export function merged(cells: Iterable<Cell>): readonly Cell[] {
  const all = new Cells();
  for (const { queue, quarterMs, counts } of cells) all.add(queue, quarterMs, counts);
  return all.all();
}

class Cells {
  readonly #cells = new Map<string, Cell>();

  add(queue: string, atMs: number, counts: Partial<Counts>): void {
    const quarterMs = quarterOf(atMs);
    const key = `${quarterMs} ${queue}`;
    this.#cells.set(key, { queue, quarterMs, counts: plus(this.#cells.get(key)?.counts ?? NOTHING, counts) });
  }

  all(): readonly Cell[] {
    return [...this.#cells.values()];
  }
}

function countsOf(stay: Stay, { serviceLevelMs, shortAbandonMs }: Thresholds): Partial<Counts> {
  const { queue, outcome, waitedMs, talkedMs, wrapUpMs } = stay;
  const ended = { offered: 1, longestWaitMs: waitedMs };
  switch (outcome) {
    case 'waiting':
      return { offered: 1 };
    case 'flowed-out':
      return { ...ended, flowedOut: 1 };
    case 'hung-up':
      return waitedMs < shortAbandonMs
        ? { ...ended, shortAbandoned: 1 }
        : { ...ended, abandoned: 1, abandonedWaitMs: waitedMs };
    case 'answered':
      return {
        ...{ ...ended, answered: 1, answeredWaitMs: waitedMs },
        answeredInTime: waitedMs <= serviceLevelMs(queue) ? 1 : 0,
        ...(talkedMs === undefined ? {} : { handled: 1, talkMs: talkedMs, wrapUpMs }),
      };
  }
}

/** By the queue and the time of the first promise; asking again for the same one changes neither. */
function addCallbacks(cells: Cells, events: readonly RecordedEvent[]): void {
  const promises = new Map<string, { readonly queue: string; readonly atMs: number }>();
  const count = (callback: string, name: Sum): void => {
    const promise = promises.get(callback);
    if (promise !== undefined) cells.add(promise.queue, promise.atMs, { [name]: 1 });
  };
  for (const { event, atMs } of events) {
    if (event.type === 'callback-requested' && !promises.has(event.data.callback)) {
      promises.set(event.data.callback, { queue: event.data.queue, atMs });
      count(event.data.callback, 'callbacksPromised');
    } else if (event.type === 'callback-attempted') {
      count(event.data.callback, 'callbackAttempts');
    } else if (event.type === 'callback-ended') {
      count(event.data.callback, event.data.result === 'connected' ? 'callbacksReached' : 'callbacksNotReached');
    }
  }
}

function addLoss(cells: Cells, events: readonly RecordedEvent[]): void {
  // Most matters end well: they need not be folded.
  if (!events.some(({ event }) => event.type === 'call-ended' && event.data.result !== 'served')) return;
  const { lost } = fold(events);
  if (lost === undefined) return;
  cells.add(lost.queue, lost.atMs, { lost: 1, recovered: lost.state === 'recovered' ? 1 : 0 });
}

/** The longest wait of a matter never becomes shorter: what was there before is there still. */
function negative(counts: Counts): Counts {
  const sums = Object.fromEntries(SUMS.map((name) => [name, -counts[name]])) as Record<Sum, number>;
  return { ...sums, longestWaitMs: 0 };
}

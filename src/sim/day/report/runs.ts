// Several runs of one plan: the same seed gives the same runs, and run n of a changed plan has the same callers as run n.
import { type DayRecord, simulate } from '../world/day.js';
import type { Plan } from '../world/plan.js';
import { type Estimate, estimate } from './confidence.js';
import { figuresOf, type QueueFigures, type RunFigures } from './figures.js';

export interface RunsOptions {
  readonly seed: number;
  readonly runs: number;
  /** Told before each run. */
  readonly progress?: (run: number) => void;
}

export function runsOf(plan: Plan, { seed, runs, progress }: RunsOptions): RunFigures[] {
  return Array.from({ length: runs }, (_, run) => {
    progress?.(run + 1);
    const record: DayRecord = simulate(plan, seed, run);
    return figuresOf(plan, record);
  });
}

/** Name of all queues together in a report; no queue may be called so. */
export const ALL = '*';

/** The figures of one queue, or of all, run by run. */
export function ofQueue(runs: readonly RunFigures[], queue: string): (QueueFigures | undefined)[] {
  return runs.map((run) => (queue === ALL ? run.total : run.queues.get(queue)));
}

export function ofHour(runs: readonly RunFigures[], queue: string, hour: number): (QueueFigures | undefined)[] {
  return runs.map((run) => run.hours.get(queue)?.get(hour));
}

export function over(
  figures: readonly (QueueFigures | undefined)[],
  value: (figures: QueueFigures) => number | undefined,
): Estimate | undefined {
  return estimate(figures.map((one) => one && value(one)));
}

/** Queues in which anybody stood in any run, in the order of the centre. */
export function queuesIn(plan: Plan, runs: readonly RunFigures[]): string[] {
  return [...plan.centre.queues.keys()].filter((queue) => runs.some((run) => run.queues.has(queue)));
}

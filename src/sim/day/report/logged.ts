// The figures of a day that really was, from its log: what a simulation of it is measured by.
import type { QueueConfig } from '../../../core/acd/queue.js';
import type { LoggedCall, Plan } from '../world/plan.js';

export interface LoggedFigures {
  readonly offered: number;
  readonly answered: number;
  readonly serviceLevel: number;
  readonly abandonRate: number;
  readonly asaMs: number;
}

/** By the definitions of core/interaction/kpi.ts. Undefined: the plan is no such day, or its log does not say how calls ended. */
export function asItWas(
  { arrivals, arrivalsFactor, days, centre }: Plan,
  queueName: string,
): LoggedFigures | undefined {
  const queue = centre.queues.get(queueName);
  if (arrivals.kind !== 'log' || arrivalsFactor !== 1 || days !== 1 || queue === undefined) return undefined;
  const calls = arrivals.calls.filter((call) => call.queue === queueName);
  return figuresOf(calls, queue, centre.recovery.shortAbandonMs);
}

function figuresOf(
  calls: readonly LoggedCall[],
  { serviceLevelMs }: QueueConfig,
  shortAbandonMs: number,
): LoggedFigures | undefined {
  const waits = calls.flatMap(({ waitedMs, flowedOut }) => (waitedMs === undefined || flowedOut ? [] : [waitedMs]));
  const abandoned = calls.filter(({ gaveUpAfterMs = -1 }) => gaveUpAfterMs >= shortAbandonMs).length;
  const reached = waits.length + abandoned;
  if (reached === 0) return undefined;
  return {
    offered: calls.length,
    answered: waits.length,
    serviceLevel: waits.filter((ms) => ms <= serviceLevelMs).length / reached,
    abandonRate: abandoned / reached,
    asaMs: waits.length === 0 ? 0 : waits.reduce((sum, ms) => sum + ms, 0) / waits.length,
  };
}

// The report of a simulation as JSON: every figure with its mean and range, by queue and by hour.
import type { Plan } from '../world/plan.js';
import { difference, type Estimate } from './confidence.js';
import type { RunFigures } from './figures.js';
import { asItWas } from './logged.js';
import { METRICS } from './metrics.js';
import { reasonsOf } from './reasons.js';
import { ALL, ofHour, ofQueue, over, queuesIn } from './runs.js';
import { theoryOf } from './theory.js';

export function reportJson(plan: Plan, runs: readonly RunFigures[]): object {
  const queues = queuesIn(plan, runs).map((queue) => {
    const { a, c, hours } = theoryOf(plan, queue);
    return [
      queue,
      {
        figures: metricsOf(ofQueue(runs, queue)),
        asItWas: asItWas(plan, queue) ?? null,
        erlangA: a ?? null,
        erlangC: c ?? null,
        reasons: reasonsOf(plan, queue, runs).map(({ sentence }) => sentence),
        hours: Object.fromEntries(
          Array.from({ length: 24 }, (_, hour) => hour).flatMap((hour) => {
            const figures = ofHour(runs, queue, hour);
            if (figures.every((one) => one === undefined)) return [];
            const formula = hours.find((one) => one.hour === hour)?.a ?? null;
            return [[hour, { figures: metricsOf(figures), erlangA: formula }]];
          }),
        ),
      },
    ];
  });
  const sum = (value: (run: RunFigures) => number): number => runs.reduce((total, run) => total + value(run), 0);
  return {
    runs: runs.length,
    all: metricsOf(ofQueue(runs, ALL)),
    queues: Object.fromEntries(queues),
    outcomes: runs.map(({ outcomes }) => outcomes),
    inboundCalls: sum(({ inboundCalls }) => inboundCalls),
    unaccounted: sum(({ unaccounted }) => unaccounted),
  };
}

/** After minus before of every figure, with its range. */
export function changeJson(
  before: readonly RunFigures[],
  after: readonly RunFigures[],
  queues: readonly string[],
): object {
  return Object.fromEntries(
    [...queues, ALL].map((queue) => [
      queue,
      Object.fromEntries(
        METRICS.map((metric) => {
          const [was, is] = [before, after].map((runs) => ofQueue(runs, queue).map((one) => one && metric.of(one)));
          return [metric.key, (was && is && difference(was, is)) ?? null];
        }),
      ),
    ]),
  );
}

function metricsOf(figures: Parameters<typeof over>[0]): Record<string, Estimate | null> {
  return Object.fromEntries(METRICS.map((metric) => [metric.key, over(figures, metric.of) ?? null]));
}

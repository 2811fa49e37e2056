// The report of a simulation as text: figures with their ranges beside Erlang's, why they differ, and the hours of the day.
import type { Plan } from '../world/plan.js';
import { difference, type Estimate } from './confidence.js';
import type { RunFigures } from './figures.js';
import { asItWas, type LoggedFigures } from './logged.js';
import { ABANDONED, METRICS, type Metric, SERVICE_LEVEL, shown, signed } from './metrics.js';
import { agrees, type Reason, reasonsOf } from './reasons.js';
import { ALL, ofHour, ofQueue, over, queuesIn, runsOf } from './runs.js';
import { type Theory, theoryOf } from './theory.js';

const NAME_WIDTH = 30;
const WIDTH = 12;
const RANGE_WIDTH = 22;
const BAR = 30;

/** `explain`: how often each step is run anew to see what each reason does; 0 = sentences alone. */
export interface TextOptions {
  readonly seed: number;
  readonly explain: boolean;
}

export function reportText(plan: Plan, runs: readonly RunFigures[], options: TextOptions): string {
  const parts = queuesIn(plan, runs).map((queue) => queueText(plan, queue, runs, options));
  const several = parts.length > 1 ? [totalText(runs)] : [];
  return [...parts, ...several, endsText(runs)].join('\n\n');
}

function queueText(plan: Plan, queue: string, runs: readonly RunFigures[], options: TextOptions): string {
  const theory = theoryOf(plan, queue);
  const { serviceLevelMs = 0 } = plan.centre.queues.get(queue) ?? {};
  const was = asItWas(plan, queue);
  const columns = [...(was === undefined ? [] : ['as it was']), 'Erlang A', 'Erlang C'];
  const head = `${queue.padEnd(NAME_WIDTH)}${'simulated'.padStart(WIDTH)}${'95 % range'.padStart(RANGE_WIDTH)}${columns.map((name) => name.padStart(WIDTH)).join('')}`;
  const rows = METRICS.flatMap((metric) => {
    const value = over(ofQueue(runs, queue), metric.of);
    if (value === undefined || isNothing(metric, value)) return [];
    const name = metric === SERVICE_LEVEL ? `${metric.name} (${shown('ms', serviceLevelMs)})` : metric.name;
    const byTheory = [theory.a, theory.c].map((figures) =>
      metric.theory === undefined ? '' : figures === undefined ? '-' : shown(metric.unit, metric.theory(figures)),
    );
    const beside = was === undefined ? byTheory : [wasText(metric, was), ...byTheory];
    return `  ${name.padEnd(NAME_WIDTH - 2)}${shown(metric.unit, value.mean).padStart(WIDTH)}${rangeOf(metric, value).padStart(RANGE_WIDTH)}${beside.map((text) => text.padStart(WIDTH)).join('')}`.trimEnd();
  });
  return [
    head,
    ...rows,
    '',
    ...whyText(plan, queue, runs, theory, options),
    '',
    ...hoursText(queue, runs, theory),
  ].join('\n');
}

function wasText({ key, unit }: Metric, was: LoggedFigures): string {
  const known = new Map<string, number>(Object.entries(was)).get(key);
  return known === undefined ? '' : shown(unit, known);
}

function whyText(
  plan: Plan,
  queue: string,
  runs: readonly RunFigures[],
  theory: Theory,
  options: TextOptions,
): string[] {
  if (theory.a === undefined) return ['  Nobody calls this queue directly: Erlang has nothing to say of it.'];
  const serviceLevel = over(ofQueue(runs, queue), SERVICE_LEVEL.of);
  const abandonRate = over(ofQueue(runs, queue), ABANDONED.of);
  const overload =
    theory.c === undefined
      ? ['  Erlang C has no answer: in some hour more comes than the agents can do, and nobody would hang up.']
      : [];
  const reasons = reasonsOf(plan, queue, runs);
  const apart = agrees(serviceLevel, abandonRate, theory)
    ? '  Erlang A agrees within the range.'
    : '  Why it is not Erlang A:';
  const sentences = reasons.map(({ sentence }) => `  - ${sentence}`);
  const steps = options.explain ? stepsText(plan, queue, runs, reasons, options.seed) : [];
  return [...overload, apart, ...sentences, ...steps];
}

/** One reason after the other is taken out of the simulation, each on top of the last: what is left comes near the formula. */
function stepsText(
  plan: Plan,
  queue: string,
  runs: readonly RunFigures[],
  reasons: readonly Reason[],
  seed: number,
): string[] {
  let without = plan;
  let before = runs;
  const lines = ['  One after the other taken away (service level, abandoned):'];
  for (const { sentence, without: remove } of reasons) {
    const next = remove(without);
    if (next === without) continue;
    const after = runsOf(next, { seed, runs: runs.length });
    const change = [SERVICE_LEVEL, ABANDONED].map((metric) => {
      const [was, is] = [before, after].map((some) => ofQueue(some, queue).map((one) => one && metric.of(one)));
      const apart = was && is && difference(was, is);
      const now = over(ofQueue(after, queue), metric.of);
      return now === undefined || apart === undefined
        ? '-'
        : `${shown('share', now.mean)} (${signed('share', apart.mean)})`;
    });
    lines.push(`    ${change.map((text) => text.padStart(18)).join('')}  without: ${sentence}`);
    without = next;
    before = after;
  }
  return lines.length > 1 ? lines : [];
}

function hoursText(queue: string, runs: readonly RunFigures[], theory: Theory): string[] {
  const hours = Array.from({ length: 24 }, (_, hour) => hour).flatMap((hour) => {
    const figures = ofHour(runs, queue, hour);
    const offered = over(
      figures.map((one) => one ?? undefined),
      (one) => one.offered,
    );
    return offered === undefined ? [] : [{ hour, figures, offered: offered.mean }];
  });
  const most = Math.max(1, ...hours.map(({ offered }) => offered));
  return [
    `  hour   calls  ${'service level 0 … 100 %'.padEnd(BAR + 2)}  simulated  Erlang A   occupancy`,
    ...hours.map(({ hour, figures, offered }) => {
      const level = over(figures, SERVICE_LEVEL.of);
      const a = theory.hours.find((one) => one.hour === hour)?.a;
      const filled = Math.round((level?.mean ?? 0) * BAR);
      const bar = `${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}`;
      const busy = over(figures, ({ occupancy }) => occupancy);
      const texts = [level?.mean, a?.serviceLevel, busy?.mean].map((value) =>
        value === undefined ? '-' : shown('share', value),
      );
      const [simulated = '', formula = '', occupied = ''] = texts;
      const peak = offered === most ? '*' : ' ';
      return `  ${String(hour).padStart(2)}-${String(hour + 1).padEnd(2)}${offered.toFixed(0).padStart(6)}${peak}  |${bar}|  ${simulated.padStart(9)}${formula.padStart(10)}${occupied.padStart(12)}`;
    }),
  ];
}

function totalText(runs: readonly RunFigures[]): string {
  const rows = METRICS.flatMap((metric) => {
    const value = over(ofQueue(runs, ALL), metric.of);
    if (value === undefined || isNothing(metric, value)) return [];
    return `  ${metric.name.padEnd(NAME_WIDTH - 2)}${shown(metric.unit, value.mean).padStart(WIDTH)}${rangeOf(metric, value).padStart(RANGE_WIDTH)}`.trimEnd();
  });
  return [titleOf(ALL), ...rows].join('\n');
}

/** What became of the inbound calls: every one ends in one way. */
function endsText(runs: readonly RunFigures[]): string {
  const names = [...new Set(runs.flatMap(({ outcomes }) => Object.keys(outcomes)))].sort();
  if (names.length === 0) return 'Nobody calls.';
  const sum = (value: (run: RunFigures) => number): number => runs.reduce((total, run) => total + value(run), 0);
  const calls = sum(({ inboundCalls }) => inboundCalls);
  const ends = names.map((name) => {
    const count = sum(({ outcomes }) => Object.entries(outcomes).find(([outcome]) => outcome === name)?.[1] ?? 0);
    return `${name} ${shown('share', count / calls)}`;
  });
  const direct = sum(({ withoutFlow }) => withoutFlow);
  return [
    `Calls by outcome: ${ends.join(', ')}; unaccounted: ${sum(({ unaccounted }) => unaccounted)}.`,
    ...(direct === 0
      ? []
      : [`${direct} of ${calls} calls were put into their queue directly: at that time no number leads there.`]),
  ].join('\n');
}

function rangeOf(metric: Metric, { mean, half }: Estimate): string {
  if (half === undefined) return '';
  return `${shown(metric.unit, Math.max(0, mean - half))} … ${shown(metric.unit, mean + half)}`;
}

export function isNothing(metric: Metric, { mean }: Estimate): boolean {
  return metric.unit === 'count' && mean === 0;
}

export function titleOf(queue: string): string {
  return queue === ALL ? 'all queues' : queue;
}

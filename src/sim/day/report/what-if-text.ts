// What a change does to the same callers, as text: before, after, the range of the difference, and each change by itself.
import type { Changed } from '../input/what-if.js';
import type { Plan } from '../world/plan.js';
import { difference, type Estimate } from './confidence.js';
import type { RunFigures } from './figures.js';
import { ABANDONED, METRICS, type Metric, SERVICE_LEVEL, shown, signed } from './metrics.js';
import { ALL, ofQueue, over, queuesIn, runsOf } from './runs.js';
import { isNothing, type TextOptions, titleOf } from './text.js';

const NAME_WIDTH = 30;
const WIDTH = 12;
/** So many sentences of one change. */
const MEANINGS_MAX = 4;

interface Played {
  readonly plan: Plan;
  readonly runs: readonly RunFigures[];
}

/** The same callers before and after the changes, the difference between them, and what each change means and does. */
export function whatIfText(
  { plan, runs: before }: Played,
  changes: readonly [Changed, ...Changed[]],
  after: readonly RunFigures[],
  options: TextOptions,
): string {
  const last = changes.at(-1) ?? changes[0];
  const steps = options.explain && changes.length > 1 ? [stepsText({ plan, runs: before }, changes, options.seed)] : [];
  return [
    `What if ${changes.map(({ change }) => change).join(',')}: the same callers`,
    ...changes.flatMap(({ means }) => meaningOf(means)),
    '',
    [tables({ plan, runs: before }, { plan: last.plan, runs: after }), ...steps].join('\n\n'),
  ].join('\n');
}

function meaningOf(means: readonly string[]): string[] {
  const more = means.length - MEANINGS_MAX;
  return [...means.slice(0, MEANINGS_MAX), ...(more > 0 ? [`${more} more like these`] : [])].map((line) => `  ${line}`);
}

/** Each change on top of those before it. */
function stepsText({ plan, runs }: Played, changes: readonly Changed[], seed: number): string {
  let before = runs;
  const lines = changes.map(({ change, plan: changed }) => {
    const after = runsOf(changed, { seed, runs: runs.length });
    const [level, lost] = [SERVICE_LEVEL, ABANDONED].map((metric) => {
      const [was, is] = [before, after].map((some) => ofQueue(some, ALL).map((one) => one && metric.of(one)));
      const apart = was && is && difference(was, is);
      return apart === undefined ? '-' : changeOf(metric, apart);
    });
    before = after;
    return `  ${change.padEnd(NAME_WIDTH)}service level ${level}, abandoned ${lost}`;
  });
  return [`One change after the other (${plan.centre.name}, all queues):`, ...lines].join('\n');
}

function tables({ plan, runs: before }: Played, { plan: changed, runs: after }: Played): string {
  const queues = [...new Set([...queuesIn(plan, before), ...queuesIn(changed, after)])];
  const names = queues.length > 1 ? [...queues, ALL] : queues;
  return names
    .map((queue) => {
      const rows = METRICS.flatMap((metric) => {
        const [was, is] = [ofQueue(before, queue), ofQueue(after, queue)].map((all) =>
          all.map((one) => one && metric.of(one)),
        );
        const apart = was && is && difference(was, is);
        const [first, second] = [over(ofQueue(before, queue), metric.of), over(ofQueue(after, queue), metric.of)];
        if (apart === undefined || first === undefined || second === undefined) return [];
        if (isNothing(metric, first) && isNothing(metric, second)) return [];
        const isSame = apart.mean === 0 && apart.half === 0;
        const isSure = isSame || (apart.half !== undefined && Math.abs(apart.mean) > apart.half);
        return row(
          metric.name,
          shown(metric.unit, first.mean),
          shown(metric.unit, second.mean),
          isSame ? 'the same' : changeOf(metric, apart) + (isSure ? '' : '  (may be chance)'),
        );
      });
      return [row(titleOf(queue), 'before', 'after', 'difference, 95 %'), ...rows].join('\n');
    })
    .join('\n\n');
}

function row(name: string, first: string, second: string, third: string): string {
  return `${name.padEnd(NAME_WIDTH)}${first.padStart(WIDTH)}${second.padStart(WIDTH)}   ${third}`.trimEnd();
}

function changeOf(metric: Metric, { mean, half }: Estimate): string {
  const text = signed(metric.unit, mean);
  if (half === undefined) return `${text}, one run: no range`;
  return `${text} (${signed(metric.unit, mean - half)} … ${signed(metric.unit, mean + half)})`;
}

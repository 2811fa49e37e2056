// The hours of a simulated day as one SVG picture: service level with its range beside Erlang A, and calls an hour.
import type { Plan } from '../world/plan.js';
import type { RunFigures } from './figures.js';
import { SERVICE_LEVEL } from './metrics.js';
import { ofHour, over, queuesIn } from './runs.js';
import { theoryOf } from './theory.js';

const WIDTH = 800;
const HEIGHT = 200;
const LEFT = 60;
const GAP = 60;
const HOUR_WIDTH = WIDTH / 24;

/** `changed`: the same day after a change, drawn beside it. */
export interface PictureSeries {
  readonly plan: Plan;
  readonly runs: readonly RunFigures[];
  readonly changed?: readonly RunFigures[];
}

export function pictureOf(title: string, series: PictureSeries): string {
  const queues = queuesIn(series.plan, series.runs);
  const panels = queues.map((queue, index) => panel(series, queue, index * (HEIGHT + GAP)));
  const [width, height] = [LEFT + WIDTH + 20, queues.length * (HEIGHT + GAP) + 60];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<text x="${LEFT}" y="18" font-size="14">${escaped(title)}</text>
<g transform="translate(${LEFT} 50)">
${panels.join('\n')}
</g>
</svg>
`;
}

function panel({ plan, runs, changed }: PictureSeries, queue: string, top: number): string {
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  const calls = hours.map((hour) => over(ofHour(runs, queue, hour), ({ offered }) => offered)?.mean ?? 0);
  const most = Math.max(1, ...calls);
  const bars = calls.map((count, hour) => {
    const height = (count / most) * HEIGHT;
    return `<rect x="${x(hour) - HOUR_WIDTH / 2 + 1}" y="${fixed(HEIGHT - height)}" width="${fixed(HOUR_WIDTH - 2)}" height="${fixed(height)}" fill="#e8e8e8"/>`;
  });
  const theory = new Map(theoryOf(plan, queue).hours.map(({ hour, a }) => [hour, a.serviceLevel]));
  const lines = [
    levelLine(runs, queue, '#1f77b4'),
    ...(changed === undefined ? [] : [levelLine(changed, queue, '#2ca02c')]),
    polyline(
      hours.flatMap((hour) => point(hour, theory.get(hour))),
      '#d62728',
      ' stroke-dasharray="5 4"',
    ),
  ];
  const marks = [0, 0.5, 1].map(
    (share) => `<text x="-8" y="${fixed(y(share) + 4)}" text-anchor="end">${share * 100} %</text>
<line x1="0" x2="${WIDTH}" y1="${fixed(y(share))}" y2="${fixed(y(share))}" stroke="#ccc"/>`,
  );
  const clock = [0, 6, 12, 18, 24].map(
    (hour) => `<text x="${fixed(hour * HOUR_WIDTH)}" y="${HEIGHT + 16}" text-anchor="middle">${hour}:00</text>`,
  );
  const after = changed === undefined ? '' : ' <tspan fill="#2ca02c">after the change</tspan>';
  return `<g transform="translate(0 ${top})">
<text x="0" y="-8"><tspan font-weight="bold">${escaped(queue)}</tspan>: service level <tspan fill="#1f77b4">simulated with its 95 % range</tspan>${after} <tspan fill="#d62728">Erlang A</tspan>; bars: calls an hour, at most ${most.toFixed(0)}</text>
${[...bars, ...marks, ...clock, ...lines].join('\n')}
</g>`;
}

function levelLine(runs: readonly RunFigures[], queue: string, colour: string): string {
  const levels = Array.from({ length: 24 }, (_, hour) => ({
    hour,
    level: over(ofHour(runs, queue, hour), SERVICE_LEVEL.of),
  }));
  const known = levels.flatMap(({ hour, level }) => (level === undefined ? [] : [{ hour, ...level }]));
  const upper = known.map(({ hour, mean, half = 0 }) => place(hour, Math.min(1, mean + half)));
  const lower = known.map(({ hour, mean, half = 0 }) => place(hour, Math.max(0, mean - half)));
  const band = `<polygon fill="${colour}" opacity="0.2" points="${[...upper, ...lower.toReversed()].join(' ')}"/>`;
  return `${band}\n${polyline(
    known.map(({ hour, mean }) => place(hour, mean)),
    colour,
    '',
  )}`;
}

function polyline(points: readonly string[], colour: string, style: string): string {
  return `<polyline fill="none" stroke="${colour}" stroke-width="1.5"${style} points="${points.join(' ')}"/>`;
}

function point(hour: number, level: number | undefined): string[] {
  return level === undefined ? [] : [place(hour, level)];
}

function place(hour: number, level: number): string {
  return `${fixed(x(hour))},${fixed(y(level))}`;
}

function x(hour: number): number {
  return (hour + 0.5) * HOUR_WIDTH;
}

function y(level: number): number {
  return HEIGHT * (1 - level);
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

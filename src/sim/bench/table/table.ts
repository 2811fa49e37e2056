// The table that all benches fill: for the terminal, and as a picture.
import { GOALS, type RowName, timesBetter, type Verdict, verdictOf } from './goals.js';
import type { Measured } from './measurement.js';

export type Row = {
  readonly name: RowName;
  /** Mean of the machine's load while the row was measured: the measuring itself included. */
  readonly load: number;
  readonly seconds: number;
} & (
  | {
      readonly state: 'measured';
      readonly ours: Measured;
      /** The same with real servers in place of our switch; text: why it could not be measured. */
      readonly real?: Measured | string;
    }
  | { readonly state: 'failed'; readonly why: string }
);

const VERDICTS: Readonly<Record<Verdict, string>> = {
  aim: 'aim',
  reach: 'reached',
  not: 'not',
  open: 'open',
};
const HEAD = ['what', 'unit', 'measured', 'reach', 'aim', 'verdict', 'load', 'real', 'ours / real', 'how'];
const RIGHT = new Set([2, 3, 4, 6, 7, 8]);

/** Columns of real servers are left out where none were measured. */
export function benchTable(rows: readonly Row[]): string {
  const withReal = rows.some((row) => row.state === 'measured' && row.real !== undefined);
  const lines = [HEAD, ...rows.map(cellsOf)].map((cells) =>
    cells.filter((_, at) => withReal || (at !== 7 && at !== 8)),
  );
  const right = withReal ? RIGHT : new Set([2, 3, 4, 6]);
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((cells) => (cells[at] ?? '').length)));
  return lines
    .map((cells) => cells.map((cell, at) => pad(cell, widths[at] ?? 0, right.has(at))).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

function cellsOf(row: Row): string[] {
  const goal = GOALS[row.name];
  const start = [goal.what, goal.unit];
  const goals = [String(goal.reach), String(goal.aim)];
  const load = row.load.toFixed(1);
  if (row.state === 'failed') return [...start, '-', ...goals, 'failed', load, '', '', row.why];
  const { ours, real } = row;
  const verdict = VERDICTS[verdictOf(goal, ours.value, ours.bounded)];
  const cells = [...start, figure(ours), ...goals, verdict, load];
  if (real === undefined) return [...cells, '', '', ours.how];
  if (typeof real === 'string') return [...cells, '-', '', `${ours.how}; real servers: ${real}`];
  const times = timesBetter(goal, ours.value, real.value);
  return [...cells, figure(real), times === undefined ? '' : `${times.toFixed(1)} ×`, ours.how];
}

export function figure({ value, bounded }: Measured): string {
  return `${bounded ? '≥ ' : ''}${Number.isInteger(value) ? value : value.toFixed(1)}`;
}

function pad(text: string, width: number, right: boolean): string {
  return right ? text.padStart(width) : text.padEnd(width);
}

const LABELS = 260;
const WIDTH = 480;
const LINE = 30;
const COLOURS: Readonly<Record<Verdict, string>> = {
  aim: '#2ca02c',
  reach: '#1f77b4',
  not: '#d62728',
  open: '#7f7f7f',
};
/** Of the right edge: so many times better than what is to be reached. */
const TIMES_MAX = 4;

/** Bars of how many times better than `reach` a figure is; a mark where the aim is. */
export function benchPicture(rows: readonly Row[], title: string): string {
  const height = 60 + rows.length * LINE;
  const x = (times: number): number => LABELS + (WIDTH * Math.min(times, TIMES_MAX)) / TIMES_MAX;
  const bars = rows.map((row, at) => barOf(row, 50 + at * LINE, x));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LABELS + WIDTH + 160} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<text x="10" y="20" font-size="14">${title}</text>
<line x1="${x(1)}" x2="${x(1)}" y1="40" y2="${height - 10}" stroke="#000"/><text x="${x(1)}" y="36" text-anchor="middle">reach</text>
${bars.join('\n')}
</svg>
`;
}

function barOf(row: Row, top: number, x: (times: number) => number): string {
  const goal = GOALS[row.name];
  const name = `<text x="${LABELS - 8}" y="${top + 14}" text-anchor="end">${goal.what}</text>`;
  if (row.state === 'failed')
    return `${name}<text x="${LABELS + 4}" y="${top + 14}" fill="#d62728">not measured</text>`;
  const { ours } = row;
  const times = timesBetter(goal, ours.value, goal.reach) ?? 0;
  const aim = x(timesBetter(goal, goal.aim, goal.reach) ?? 0);
  const colour = COLOURS[verdictOf(goal, ours.value, ours.bounded)];
  return `${name}<rect x="${LABELS}" y="${top}" width="${(x(times) - LABELS).toFixed(1)}" height="${LINE - 10}" fill="${colour}"/>
<line x1="${aim}" x2="${aim}" y1="${top - 3}" y2="${top + LINE - 7}" stroke="#000" stroke-dasharray="3 2"/>
<text x="${LABELS + WIDTH + 8}" y="${top + 14}">${figure(ours)} ${goal.unit}</text>`;
}

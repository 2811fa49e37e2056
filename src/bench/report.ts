// What was measured, as a table in the terminal and a picture of how a round of offers grows.
import { growthOf, type SelectRow } from './select.js';
import { timeText } from './timing.js';

export interface Line {
  readonly what: string;
  /** '' when it is only to be known. */
  readonly goal: string;
  readonly found: string;
  readonly met: boolean;
}

export function tableOf(lines: readonly Line[]): string {
  const width = (of: (line: Line) => string, title: string): number =>
    Math.max(title.length, ...lines.map((line) => of(line).length));
  const [what, goal] = [width((line) => line.what, 'what'), width((line) => line.goal, 'goal')];
  const row = (a: string, b: string, c: string): string => `${a.padEnd(what)}  ${b.padEnd(goal)}  ${c}`;
  const verdict = ({ goal, met }: Line): string => (goal === '' ? '' : met ? 'met' : 'MISSED').padEnd(6);
  const body = lines.map((line) => row(line.what, line.goal, `${verdict(line)} ${line.found}`));
  return [row('what', 'goal', 'found'), row('-'.repeat(what), '-'.repeat(goal), '-'.repeat(12)), ...body].join('\n');
}

const BAR = 50;

/** Bars of the medians, with n log n drawn from the first one, and the exponent between neighbours. */
export function growthText(rows: readonly SelectRow[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const nLogN = ({ waiting }: SelectRow): number => waiting * Math.log2(waiting);
  const expected = (row: SelectRow): number => (first.timing.medianMs * nLogN(row)) / nLogN(first);
  const most = Math.max(...rows.map((row) => Math.max(row.timing.medianMs, expected(row))));
  return rows
    .map((row, at) => {
      const length = Math.max(1, Math.round((row.timing.medianMs / most) * BAR));
      const mark = Math.min(BAR, Math.round((expected(row) / most) * BAR));
      const bar = `${'█'.repeat(length).padEnd(BAR)}`.split('');
      bar[Math.max(0, mark - 1)] = '│';
      const before = rows[at - 1];
      const growth = before === undefined ? '' : `  grows as (n log n)^${growthOf(before, row).toFixed(2)}`;
      const { medianMs, minMs, p99Ms } = row.timing;
      const times = `${timeText(medianMs)} (min ${timeText(minMs)}, p99 ${timeText(p99Ms)})`;
      return `${String(row.waiting).padStart(6)} ${bar.join('')} ${times}${growth}`;
    })
    .join('\n');
}

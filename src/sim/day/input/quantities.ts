// Durations, shares, times of day and distributions as they are written on a command line.
import type { Duration } from '../world/chance.js';
import { DAY_MS, HOUR_MS, type Shift } from '../world/plan.js';

/** What was written is not understood: said with what would be, never with a stack. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: HOUR_MS };
const MAX_MS = 7 * DAY_MS;

/** `90s`, `1.5m`, `500ms`, `1h`. */
export function parseMs(what: string, text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim()) ?? [];
  const ms = Number(number) * (UNITS[unit ?? ''] ?? Number.NaN);
  if (ms >= 0 && ms <= MAX_MS) return ms;
  throw new BadInput(`${what}: '${text}' is no duration, write for example 90s, 5m or 500ms`);
}

/** `30%` or `0.3`. */
export function parseShare(what: string, text: string): number {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text.trim())?.[1];
  const share = percent === undefined ? Number(text) : Number(percent) / 100;
  if (text.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new BadInput(`${what}: '${text}' is no share, write for example 30%`);
}

/** What other systems do that a flow asks. */
export function parseOutside(what: string, text: string): 'answered' | 'failed' {
  if (text === 'answered' || text === 'failed') return text;
  throw new BadInput(`${what}: '${text}' is neither answered nor failed`);
}

export function parseCount(what: string, text: string, min: number, max: number): number {
  const count = Number(text);
  if (text.trim() !== '' && Number.isInteger(count) && count >= min && count <= max) return count;
  throw new BadInput(`${what}: '${text}' is no whole number from ${min} to ${max}`);
}

/** `09:00-19:00`; `24:00` is the end of the day. */
export function parseShift(what: string, text: string): Shift {
  const [from = '', to = '', ...more] = text.split('-');
  const [fromMs, toMs] = [clock(from), clock(to)];
  if (more.length === 0 && fromMs < toMs) return { fromMs, toMs };
  throw new BadInput(`${what}: '${text}' is no time of the day, write for example 09:00-17:30`);
}

function clock(text: string): number {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? [];
  const ms = Number(hours) * HOUR_MS + Number(minutes) * 60_000;
  return Number(minutes) < 60 && ms <= DAY_MS ? ms : Number.NaN;
}

/** `240s` (exponential), `fixed:10s`, `exp:2m`, `weibull:2m/1.5` (mean, shape), `lognormal:4m/0.8` (mean, variation). */
export function parseDuration(what: string, text: string): Duration {
  const [, kind = 'exp', mean = '', extra] = /^(?:([a-z]+):)?([^/]+)(?:\/(.+))?$/.exec(text.trim()) ?? [];
  const meanMs = parseMs(what, mean);
  if (kind === 'fixed' && extra === undefined) return { kind, meanMs };
  if ((kind === 'exp' || kind === 'exponential') && extra === undefined) return { kind: 'exponential', meanMs };
  const number = Number(extra);
  if (kind === 'weibull' && number >= 0.2 && number <= 20) return { kind, meanMs, shape: number };
  if (kind === 'lognormal' && number > 0 && number <= 10) return { kind, meanMs, cv: number };
  const examples = 'fixed:10s, exp:2m, weibull:2m/1.5 (mean/shape) or lognormal:4m/0.8 (mean/variation)';
  throw new BadInput(`${what}: '${text}' is no distribution, write for example ${examples}`);
}

/** `a=1,b=2` as pairs; an item without `=` has the name ''. */
export function parseList(text: string): (readonly [name: string, value: string])[] {
  return text
    .split(',')
    .filter((item) => item.trim() !== '')
    .map((item) => {
      const at = item.indexOf('=');
      return at < 0 ? (['', item.trim()] as const) : ([item.slice(0, at).trim(), item.slice(at + 1).trim()] as const);
    });
}

export interface Table {
  /** In lower case. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: ReadonlyMap<string, string> }[];
}

/** A CSV file with a head. Quotes are not needed for what we read. */
export function parseTable(file: string, text: string): Table {
  const lines = text.split(/\r?\n/).map((row, index) => ({ line: index + 1, row: row.trim() }));
  const [head, ...rows] = lines.filter(({ row }) => row !== '' && !row.startsWith('#'));
  if (head === undefined) throw new BadInput(`${file} is empty`);
  const names = head.row.split(/[,;]/).map((name) => name.trim().toLowerCase());
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new BadInput(`${file}:${head.line}: the head names '${twice}' twice`);
  if (rows.length === 0) throw new BadInput(`${file} has a head and nothing below it`);
  const records = rows.map(({ line, row }) => {
    const cells = row.split(/[,;]/);
    if (cells.length > names.length) throw new BadInput(`${file}:${line}: more values than the head has names`);
    return { line, cells: new Map(names.map((name, index) => [name, (cells[index] ?? '').trim()])) };
  });
  return { columns: names, rows: records };
}

/** A property that is there when its value is known. */
export function known<Name extends string, T>(name: Name, value: T | undefined): { [Key in Name]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]?: T });
}

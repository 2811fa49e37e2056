// Which calls come: so many an hour, a profile of the day, or a log of calls that really came; and what a log tells of people.
import { DateTime } from 'luxon';
import type { Centre } from '../../../core/routing/centre.js';
import type { Duration } from '../world/chance.js';
import { type Arrivals, type Behaviour, HOUR_MS, type LoggedCall, type Shift } from '../world/plan.js';
import { BadInput, parseList, parseTable, type Table } from './quantities.js';
import { queueNamed } from './staff.js';

/** More than this in an hour and queue is a slip of the pen. */
const MAX_PER_HOUR = 100_000;
/** Fewer known durations than this say nothing. */
const MIN_KNOWN = 20;

/** `support=60,sales=30`: calls an hour, in the given hours. */
export function parseArrivals(text: string, centre: Centre, hours: Shift): Arrivals {
  const perHour = new Map<string, readonly number[]>();
  for (const [queue, rate] of parseList(text)) {
    queueNamed('--arrivals', queue, centre);
    perHour.set(
      queue,
      Array.from({ length: 24 }, (_, hour) => rateOf('--arrivals', rate) * overlapOf(hour, hours)),
    );
  }
  if (perHour.size === 0) throw new BadInput('--arrivals: write for example support=60,sales=30, or name a CSV file');
  return { kind: 'profile', perHour };
}

/** A profile has the columns `hour` and one for each queue; a log has `at` and `queue`, and `number talk waited gave-up`. */
export function readArrivals(file: string, text: string, centre: Centre): Arrivals {
  const { columns, rows } = parseTable(file, text);
  if (columns.includes('at') && columns.includes('queue')) {
    return { kind: 'log', calls: rows.map((row) => loggedCall(file, row, centre)) };
  }
  if (columns[0] !== 'hour') {
    throw new BadInput(`${file}: the head is 'hour,support,…' (a profile) or 'at,queue,…' (a log)`);
  }
  const perHour = new Map<string, number[]>();
  for (const name of columns.slice(1)) {
    queueNamed(file, name, centre);
    perHour.set(
      name,
      Array.from({ length: 24 }, () => 0),
    );
  }
  for (const { line, cells } of rows) {
    const hour = Number(cells.get('hour'));
    if (!Number.isInteger(hour) || hour < 0 || hour > 23) throw new BadInput(`${file}:${line}: hours are 0 to 23`);
    for (const [name, rates] of perHour) rates[hour] = rateOf(`${file}:${line}`, cells.get(name) ?? '0');
  }
  return { kind: 'profile', perHour };
}

/** The first midnight of a log, on the clock of the centre. */
export function firstDayOf(calls: readonly LoggedCall[], timeZone: string): number {
  const firstMs = calls.reduce((least, { atMs }) => Math.min(least, atMs), Number.POSITIVE_INFINITY);
  if (firstMs === Number.POSITIVE_INFINITY) throw new BadInput('there is no call in the log');
  return DateTime.fromMillis(firstMs, { zone: timeZone }).startOf('day').toMillis();
}

/**
 * How people of a log behave. Talk: lognormal of the mean and variation of the known talks. Patience: exponential; with
 * those who were answered counted as censored, the likeliest mean is Σ all waits / number of those who hung up
 * (G. Brown and others, "Statistical analysis of a telephone call center", JASA 2005). What is too rare is left out.
 */
export function behaviourIn(calls: readonly LoggedCall[]): Partial<Behaviour> {
  const talks = calls.flatMap(({ talkMs }) => (talkMs === undefined || talkMs <= 0 ? [] : [talkMs]));
  const gaveUp = calls.filter(({ gaveUpAfterMs }) => gaveUpAfterMs !== undefined);
  const waitsMs = calls.reduce((sum, { gaveUpAfterMs, waitedMs }) => sum + (gaveUpAfterMs ?? waitedMs ?? 0), 0);
  const talk = lognormalOf(talks);
  return {
    ...(talk === undefined ? {} : { talk }),
    ...(gaveUp.length < MIN_KNOWN
      ? {}
      : { patience: { kind: 'exponential', meanMs: Math.max(1_000, waitsMs / gaveUp.length) } as const }),
  };
}

/** With the mean and variation of the known ones; undefined when they are too few to say. */
export function lognormalOf(known: readonly number[]): Duration | undefined {
  if (known.length < MIN_KNOWN) return undefined;
  const meanMs = known.reduce((sum, ms) => sum + ms, 0) / known.length;
  if (meanMs <= 0) return { kind: 'fixed', meanMs: 0 };
  const variance = known.reduce((sum, ms) => sum + (ms - meanMs) ** 2, 0) / known.length;
  return { kind: 'lognormal', meanMs, cv: Math.max(0.05, Math.sqrt(variance) / meanMs) };
}

/** Undefined when there are too few to say. */
export function shareOf(count: number, of: number): number | undefined {
  return of < MIN_KNOWN ? undefined : count / of;
}

function loggedCall(file: string, row: Table['rows'][number], centre: Centre): LoggedCall {
  const { line, cells } = row;
  const where = `${file}:${line}`;
  const at = DateTime.fromISO(cells.get('at') ?? '', { zone: centre.timeZone });
  if (!at.isValid)
    throw new BadInput(`${where}: '${cells.get('at')}' is no time, write for example 2026-01-05T09:30:12`);
  const queue = queueNamed(where, cells.get('queue') ?? '', centre).name;
  const seconds = (column: string): number | undefined => {
    const text = cells.get(column) ?? '';
    if (text === '') return undefined;
    if (!(Number(text) >= 0)) throw new BadInput(`${where}: ${column} is in seconds, not '${text}'`);
    return Math.round(Number(text) * 1000);
  };
  const known = { talkMs: seconds('talk'), waitedMs: seconds('waited'), gaveUpAfterMs: seconds('gave-up') };
  const number = cells.get('number') ?? '';
  return {
    atMs: at.toMillis(),
    queue,
    ...(number === '' ? {} : { number }),
    ...(known.talkMs === undefined ? {} : { talkMs: known.talkMs }),
    ...(known.waitedMs === undefined ? {} : { waitedMs: known.waitedMs }),
    ...(known.gaveUpAfterMs === undefined ? {} : { gaveUpAfterMs: known.gaveUpAfterMs }),
  };
}

function rateOf(what: string, text: string): number {
  const rate = Number(text === '' ? '0' : text);
  if (rate >= 0 && rate <= MAX_PER_HOUR) return rate;
  throw new BadInput(`${what}: '${text}' is no number of calls an hour`);
}

/** How much of an hour of the day lies in the shift, 0 … 1. */
function overlapOf(hour: number, { fromMs, toMs }: Shift): number {
  const overlap = Math.min(toMs, (hour + 1) * HOUR_MS) - Math.max(fromMs, hour * HOUR_MS);
  return Math.max(0, overlap) / HOUR_MS;
}

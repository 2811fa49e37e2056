// Puts a plan together from the command line, the folder of the centre, and the files or the record it names.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import type { SourceFile } from '../../../core/document/issue.js';
import type { Centre } from '../../../core/routing/centre.js';
import type { Arrivals, LoggedCall, Plan, SimulatedAgent } from '../world/plan.js';
import { behaviourIn, firstDayOf, parseArrivals, readArrivals } from './calls.js';
import { compileFolder } from './folder.js';
import type { SimOptions } from './options.js';
import { BadInput } from './quantities.js';
import { parseStaff, queueNamed, readStaff, staffOfCentre } from './staff.js';

/** A day that really was: its calls, and who was at work when. */
export interface RecordedDay {
  readonly calls: readonly LoggedCall[];
  readonly agents: readonly SimulatedAgent[];
}

/** A working Monday: what a plan without a date begins with. */
const ORDINARY_DAY = '2026-01-12';
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.yaml$/;
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** `recorded`: of the day that `--from-record` names. Throws {@link BadInput}. */
export function planOf(options: SimOptions, recorded?: RecordedDay): Plan {
  const { centre, catalogue } = compileFolder(readFolder(options.flows));
  const arrivals = recorded ? ({ kind: 'log', calls: recorded.calls } as const) : arrivalsOf(options, centre);
  if (arrivals.kind === 'log' && arrivals.calls.length === 0) throw new BadInput('nobody called on that day');
  const learnt = arrivals.kind === 'log' ? behaviourIn(arrivals.calls) : {};
  for (const queue of options.behaviourOf.keys()) queueNamed('--talk or --patience', queue, centre);
  const { dial } = options;
  if (dial !== undefined && !centre.numbers.some(({ number }) => number === dial)) {
    throw new BadInput(`--dial: the centre has no number ${dial}`);
  }
  return {
    ...options,
    centre,
    catalogue,
    arrivals,
    startMs: startOf(options, arrivals, centre.timeZone),
    agents: agentsOf(options, centre, recorded),
    behaviour: {
      talk: (options.given.has('talk') ? undefined : learnt.talk) ?? options.behaviour.talk,
      patience: (options.given.has('patience') ? undefined : learnt.patience) ?? options.behaviour.patience,
    },
  };
}

export function readFolder(folder: string): SourceFile[] {
  const names = readdirSync(folder).filter((name) => FILE_NAME.test(name));
  return names.map((name) => ({ file: join(folder, name), text: readWhole(join(folder, name)), revision: 'here' }));
}

/** Midnight of a day on the clock of the centre. */
export function midnightOf(what: string, day: string, timeZone: string): number {
  const at = DateTime.fromISO(day, { zone: timeZone });
  if (!at.isValid) throw new BadInput(`${what}: '${day}' is no day, write for example 2026-01-05`);
  return at.startOf('day').toMillis();
}

function arrivalsOf({ arrivals = '', hours }: SimOptions, centre: Centre): Arrivals {
  return isFile(arrivals)
    ? readArrivals(arrivals, readWhole(arrivals), centre)
    : parseArrivals(arrivals, centre, hours);
}

function agentsOf({ agents, hours }: SimOptions, centre: Centre, recorded?: RecordedDay): readonly SimulatedAgent[] {
  if (agents === undefined) return recorded?.agents ?? staffOfCentre(centre, hours);
  return isFile(agents) ? readStaff(agents, readWhole(agents), centre) : parseStaff(agents, centre, hours);
}

function startOf({ date, fromRecord }: SimOptions, arrivals: Arrivals, timeZone: string): number {
  if (arrivals.kind === 'log') return firstDayOf(arrivals.calls, timeZone);
  return midnightOf('--date', date ?? fromRecord ?? ORDINARY_DAY, timeZone);
}

function isFile(text: string): boolean {
  return text.endsWith('.csv');
}

function readWhole(file: string): string {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MAX_FILE_BYTES) throw new BadInput(`${file} is larger than ${MAX_FILE_BYTES} bytes`);
    return bytes.toString('utf8');
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput(`${file} cannot be read`, { cause: error });
  }
}

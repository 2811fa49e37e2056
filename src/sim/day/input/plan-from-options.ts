// Puts a plan together from the command line, the folder of the centre, and the files or the record it names.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import type { SourceFile } from '../../../core/document/issue.js';
import type { Centre } from '../../../core/routing/centre.js';
import { MAX_CALLERS } from '../world/callers.js';
import type { Arrivals, Behaviour, LoggedCall, Plan, SimulatedAgent } from '../world/plan.js';
import { behaviourIn, firstDayOf, parseArrivals, readArrivals } from './calls.js';
import { compileFolder } from './folder.js';
import type { SimOptions } from './options.js';
import { BadInput, known, parseDuration } from './quantities.js';
import type { RecordedDay } from './recorded-day.js';
import { parseStaff, queueNamed, readStaff, staffOfCentre } from './staff.js';

/** A working Monday: what a plan without a date begins with. */
const ORDINARY_DAY = '2026-01-12';
/** How long agents write up where it lasts until they are done, when nobody says otherwise. */
const UNTIL_DONE = 'exp:30s';
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.yaml$/;
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** `recorded`: of the day that `--from-record` names. Throws {@link BadInput}. */
export function planOf(options: SimOptions, recorded?: RecordedDay): Plan {
  const { centre, catalogue } = compileFolder(readFolder(options.flows));
  const arrivals = recorded ? ({ kind: 'log', calls: recorded.calls } as const) : arrivalsOf(options, centre);
  if (arrivals.kind === 'log' && arrivals.calls.length === 0) throw new BadInput('nobody called on that day');
  if (arrivals.kind === 'log' && options.given.has('date')) throw new BadInput('--date: the days of a log are its own');
  for (const queue of options.behaviourOf.keys()) queueNamed('--talk, --patience or --wrap-up', queue, centre);
  const { dial } = options;
  if (dial !== undefined && !centre.numbers.some(({ number }) => number === dial)) {
    throw new BadInput(`--dial: the centre has no number ${dial}`);
  }
  const plan: Plan = {
    ...options,
    ...habitsOf(options, arrivals, recorded),
    ...behavioursOf(options, centre, { calls: arrivals.kind === 'log' ? arrivals.calls : [], recorded }),
    centre,
    catalogue,
    arrivals,
    startMs: startOf(options, arrivals, centre.timeZone),
    agents: agentsOf(options, centre, recorded),
  };
  return withinReach(plan);
}

/** Throws {@link BadInput} where more people call than can be simulated. */
export function withinReach(plan: Plan): Plan {
  const { arrivals, arrivalsFactor, days } = plan;
  const aDay =
    arrivals.kind === 'log'
      ? arrivals.calls.length
      : [...arrivals.perHour.values()].flat().reduce((sum, rate) => sum + rate, 0);
  const calls = aDay * days * arrivalsFactor;
  if (calls <= MAX_CALLERS) return plan;
  throw new BadInput(`${Math.round(calls)} calls are more than ${MAX_CALLERS}: fewer days, or fewer calls`);
}

/** What was said on the command line, then what the record tells. Whoever rang again that day is in its log. */
function habitsOf({ given, redial }: SimOptions, arrivals: Arrivals, recorded: RecordedDay | undefined): Partial<Plan> {
  const { answer, missed, replies, reached } = recorded?.habits ?? {};
  return {
    ...(arrivals.kind === 'log' && !given.has('redial') ? { redial: 0 } : { redial }),
    ...known('answer', given.has('answer') ? undefined : answer),
    ...known('missed', given.has('missed') ? undefined : missed),
    ...known('replies', given.has('replies') ? undefined : replies),
    ...known('reached', given.has('reached') ? undefined : reached),
  };
}

/** What was said of a queue, what was said of all, what the log tells of the queue, of all, and what nobody said otherwise. */
function behavioursOf(
  { behaviour, behaviourOf, given }: SimOptions,
  centre: Centre,
  { calls, recorded }: { readonly calls: readonly LoggedCall[]; readonly recorded: RecordedDay | undefined },
): Pick<Plan, 'behaviour' | 'behaviourOf'> {
  const unsaid = ({ talk, patience }: Partial<Behaviour>): Partial<Behaviour> => ({
    ...known('talk', given.has('talk') ? undefined : talk),
    ...known('patience', given.has('patience') ? undefined : patience),
  });
  const byQueue = [...centre.queues.values()].map(({ name, wrapUp }) => {
    const learnt = unsaid(behaviourIn(calls.filter(({ queue }) => queue === name)));
    const isOpen = wrapUp?.mode === 'until-done' && behaviour.wrapUp === undefined;
    const writesUp = recorded?.habits.wrapUp ?? (isOpen ? parseDuration('--wrap-up', UNTIL_DONE) : undefined);
    const said = behaviourOf.get(name);
    return [name, { ...learnt, ...known('wrapUp', behaviour.wrapUp ?? writesUp), ...said }] as const;
  });
  return { behaviour: { ...behaviour, ...unsaid(behaviourIn(calls)) }, behaviourOf: new Map(byQueue) };
}

export function readFolder(folder: string): SourceFile[] {
  const names = filesIn(folder).filter((name) => FILE_NAME.test(name));
  return names.map((name) => ({ file: join(folder, name), text: readWhole(join(folder, name)), revision: 'here' }));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new BadInput(`--flows: ${folder} cannot be read`, { cause: error });
  }
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

// Who calls, when, and how patient they are: drawn before the day begins, so that nothing that happens in it changes them.
import type { Random } from '../../../lib/ids.js';
import { draw, streamOf } from './chance.js';
import { type Behaviour, behaviourOf, DAY_MS, HOUR_MS, type LoggedCall, type Plan } from './plan.js';

export interface Caller {
  readonly number: string;
  readonly queue: string;
  readonly arriveMs: number;
  readonly talkMs: number;
  readonly patienceMs: number;
  /** How long the agent needs to write it up; undefined: as long as the queue says. */
  readonly wrapUpMs?: number;
  /** Rang again because the call before was in vain: somebody who was served does not. */
  readonly again?: true;
  /** Everything else this caller decides. */
  readonly random: Random;
}

/** More than this in one run is a mistake in the figures, and would not fit in memory. */
export const MAX_CALLERS = 500_000;
/** A number that was not served and calls within this time calls for the same matter. */
const AGAIN_MS = HOUR_MS;

/** In the order of arrival. Throws when there are more than `most`. */
export function callersOf(plan: Plan, seed: number, run: number, most = MAX_CALLERS): Caller[] {
  const callers: Caller[] = [];
  for (let day = 0; day < plan.days; day += 1) {
    const today = plan.arrivals.kind === 'log' ? fromLog(plan, seed, run, day) : fromProfile(plan, seed, run, day);
    for (const caller of today) callers.push(caller);
    if (callers.length > most) throw new Error(`more than ${most} callers: fewer days, or fewer calls`);
  }
  return callers.sort((a, b) => a.arriveMs - b.arriveMs || (a.number < b.number ? -1 : 1));
}

function fromProfile(plan: Plan, seed: number, run: number, day: number): Caller[] {
  if (plan.arrivals.kind !== 'profile') return [];
  const midnightMs = plan.startMs + day * DAY_MS;
  return [...plan.arrivals.perHour].flatMap(([queue, perHour]) =>
    perHour.flatMap((rate, hour) => {
      const fromMs = midnightMs + hour * HOUR_MS;
      const names = [seed, run, queue, day, hour];
      // Those who come anyway are the same whatever the factor is: fewer are some of them, more are some besides.
      const kept = Math.min(1, plan.arrivalsFactor);
      const ordinary = poisson(rate, fromMs, streamOf(...names, 'arrivals'))
        .map((arriveMs, index) => callerOf(plan, queue, arriveMs, [...names, index]))
        .filter(({ random }) => random.next() < kept);
      const more = poisson(rate * Math.max(0, plan.arrivalsFactor - 1), fromMs, streamOf(...names, 'more arrivals'));
      return [
        ...ordinary,
        ...more.map((arriveMs, index) => callerOf(plan, queue, arriveMs, [...names, 'more', index])),
      ];
    }),
  );
}

function fromLog(plan: Plan, seed: number, run: number, day: number): Caller[] {
  if (plan.arrivals.kind !== 'log') return [];
  const more = plan.arrivalsFactor - 1;
  const again = callsAgain(plan.arrivals.calls);
  return plan.arrivals.calls.flatMap((call, index) => {
    const names = [seed, run, 'log', day, index];
    const moved = { ...call, atMs: call.atMs + day * DAY_MS };
    const first = callerOf(plan, call.queue, moved.atMs, names, moved);
    const caller: Caller = again.has(call) ? { ...first, again: true } : first;
    const luck = caller.random.next();
    if (more < 0) return luck < -more ? [] : [caller];
    // Somebody more calls within half an hour of somebody who did.
    const copies = Math.floor(more) + (luck < more % 1 ? 1 : 0);
    const extra = Array.from({ length: copies }, (_, copy) => {
      const atMs = moved.atMs + (streamOf(...names, 'copy at', copy).next() - 0.5) * HOUR_MS;
      return callerOf(plan, call.queue, atMs, [...names, 'copy', copy]);
    });
    return [caller, ...extra];
  });
}

/** Calls of numbers whose call before was in vain. */
function callsAgain(calls: readonly LoggedCall[]): ReadonlySet<LoggedCall> {
  const inVain = new Map<string, number>();
  const again = new Set<LoggedCall>();
  for (const call of calls.toSorted((a, b) => a.atMs - b.atMs)) {
    const { number, atMs, gaveUpAfterMs, flowedOut } = call;
    if (number === undefined) continue;
    if (atMs - (inVain.get(number) ?? Number.NEGATIVE_INFINITY) <= AGAIN_MS) again.add(call);
    if (gaveUpAfterMs === undefined && flowedOut === undefined) inVain.delete(number);
    else inVain.set(number, atMs);
  }
  return again;
}

function poisson(perHour: number, fromMs: number, random: Random): number[] {
  const times: number[] = [];
  if (perHour <= 0) return times;
  const gap = { kind: 'exponential', meanMs: HOUR_MS / perHour } as const;
  for (let atMs = draw(gap, random); atMs < HOUR_MS; atMs += draw(gap, random)) times.push(Math.floor(fromMs + atMs));
  return times;
}

function callerOf(
  plan: Plan,
  queue: string,
  arriveMs: number,
  names: readonly (string | number)[],
  logged?: LoggedCall,
): Caller {
  const random = streamOf(...names);
  const behaviour = behaviourOf(plan, queue);
  const talkMs = Math.round(draw(behaviour.talk, random));
  const drawnMs = draw(behaviour.patience, random);
  const number = `+346${String(Math.floor(random.next() * 1e8)).padStart(8, '0')}`;
  return {
    queue,
    arriveMs: Math.round(arriveMs),
    random,
    number: logged?.number ?? number,
    talkMs: logged?.talkMs ?? talkMs,
    patienceMs: logged === undefined ? Math.round(drawnMs) : patienceOf(logged, drawnMs, behaviour, random),
    ...(behaviour.wrapUp === undefined ? {} : { wrapUpMs: Math.round(draw(behaviour.wrapUp, random)) }),
  };
}

function patienceOf({ gaveUpAfterMs, waitedMs }: LoggedCall, drawnMs: number, behaviour: Behaviour, random: Random) {
  if (gaveUpAfterMs !== undefined) return gaveUpAfterMs;
  // All that is known is that they were still there: drawn again until it fits, and just past it at last.
  let patienceMs = drawnMs;
  for (let time = 0; time < 50 && patienceMs < (waitedMs ?? 0); time += 1)
    patienceMs = draw(behaviour.patience, random);
  return Math.round(Math.max(patienceMs, (waitedMs ?? 0) + 1));
}

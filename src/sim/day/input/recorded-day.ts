// A day as the record has it: who called which queue when, how long they talked and waited, who was at work, and how all behaved.
import type { AgentState } from '../../../core/acd/agent.js';
import type { PresenceChange } from '../../../core/acd/agent-times.js';
import type { RecordedEvent } from '../../../core/interaction/event.js';
import type { AgentConfig, Centre } from '../../../core/routing/centre.js';
import { DAY_MS, HOUR_MS, type LoggedCall, type Shift, type SimulatedAgent } from '../world/plan.js';
import { type Habits, habitsIn } from './habits.js';
import { simulatedAgent } from './staff.js';

/** A day that really was: its calls, who was at work when, and how people behaved. */
export interface RecordedDay {
  readonly calls: readonly LoggedCall[];
  readonly agents: readonly SimulatedAgent[];
  readonly habits: Habits;
}

/** An agent whom nobody heard of for so long was not at work between; where the log of presences knows nothing. */
const GAP_MS = HOUR_MS;
const AT_WORK: ReadonlySet<AgentState> = new Set(['available', 'ringing', 'busy', 'wrap-up']);

interface DayQuestion {
  readonly centre: Centre;
  readonly midnightMs: number;
  /** Nothing is known of what comes then: the end of the day, or now. */
  readonly untilMs?: number;
  /** By agent: how they came and went, with the last change before that day; older versions kept none. */
  readonly presences?: ReadonlyMap<string, readonly PresenceChange[]>;
}

/** `threads`: the events of each interaction. Only queues that the centre still has. */
export function recordedDay(threads: readonly (readonly RecordedEvent[])[], question: DayQuestion): RecordedDay {
  const { centre, midnightMs, presences, untilMs = midnightMs + DAY_MS } = question;
  const isToday = (atMs: number): boolean => atMs >= midnightMs && atMs < midnightMs + DAY_MS;
  const calls = threads
    .flatMap((events) => callsIn(events))
    .filter(({ atMs, queue }) => isToday(atMs) && centre.queues.has(queue));
  const today = threads.map((events) => events.filter(({ atMs }) => isToday(atMs)));
  const seen = timesSeen(today);
  const skills = skillsSeen(today, centre);
  const agents = agentsOf(threads, centre).flatMap((name) => {
    const shifts =
      shiftsOf(presences?.get(name) ?? [], { midnightMs, untilMs }) ?? stretchesOf(seen.get(name) ?? [], midnightMs);
    // The skills of somebody who has left the centre since are those for which calls were offered.
    const config: AgentConfig = centre.agents.get(name) ?? simulatedAgent(name, skills.get(name) ?? {});
    return shifts.length === 0 ? [] : [{ config, shifts }];
  });
  return { calls: calls.sort((a, b) => a.atMs - b.atMs), agents, habits: habitsIn(today) };
}

/** Everybody the centre has, and whoever is named in the records. */
export function agentsOf(threads: readonly (readonly RecordedEvent[])[], centre: Centre): string[] {
  const named = threads.flatMap((events) => events.flatMap((recorded) => agentOf(recorded) ?? []));
  return [...new Set([...centre.agents.keys(), ...named])];
}

function agentOf({ event }: RecordedEvent): string | undefined {
  return 'agent' in event.data && typeof event.data.agent === 'string' ? event.data.agent : undefined;
}

function timesSeen(threads: readonly (readonly RecordedEvent[])[]): ReadonlyMap<string, readonly number[]> {
  const seen = new Map<string, number[]>();
  for (const recorded of threads.flat()) {
    const agent = agentOf(recorded);
    const times = agent === undefined ? undefined : (seen.get(agent) ?? []);
    if (agent === undefined || times === undefined) continue;
    times.push(recorded.atMs);
    seen.set(agent, times);
  }
  return seen;
}

/** What agents were offered, they could do; the level stands in the explanation of the offer. */
function skillsSeen(threads: readonly (readonly RecordedEvent[])[], { queues }: Centre) {
  const skills = new Map<string, Record<string, number>>();
  for (const { event } of threads.flat()) {
    const queue = event.type === 'offered' ? queues.get(event.data.queue) : undefined;
    if (event.type !== 'offered' || queue === undefined) continue;
    for (const { agent, values } of event.data.why.candidates) {
      skills.set(agent, { ...skills.get(agent), [queue.skill]: values['skillLevel'] ?? 3 });
    }
  }
  return skills;
}

/** The first queue of each inbound call. */
function callsIn(events: readonly RecordedEvent[]): LoggedCall[] {
  const calls = new Map<string, { -readonly [Key in keyof LoggedCall]: LoggedCall[Key] }>();
  const segments = new Map<string, string>();
  const numbers = new Map<string, string>();
  for (const { atMs, event } of events) {
    if (event.type === 'call-arrived') numbers.set(event.data.segment, event.data.from);
    if (event.type === 'queued' && event.data.kind === 'call') {
      const { segment, entry, queue } = event.data;
      segments.set(entry, segment);
      const number = numbers.get(segment) ?? '';
      if (!calls.has(segment)) calls.set(segment, { atMs, queue, ...(number === '' ? {} : { number }) });
    }
    if (event.type === 'left-queue') {
      const call = calls.get(segments.get(event.data.entry) ?? '');
      if (call === undefined) continue;
      const { reason, waitedMs } = event.data;
      if (reason === 'caller-hung-up') call.gaveUpAfterMs = waitedMs;
      else call.waitedMs = waitedMs;
      if (reason !== 'caller-hung-up' && reason !== 'connected') call.flowedOut = true;
    }
    if (event.type === 'call-ended' && event.data.talkedMs > 0) {
      const call = calls.get(event.data.segment);
      if (call !== undefined) call.talkMs = event.data.talkedMs;
    }
  }
  return [...calls.values()];
}

/** Undefined: nothing is known. */
function shiftsOf(
  changes: readonly PresenceChange[],
  { midnightMs, untilMs }: { readonly midnightMs: number; readonly untilMs: number },
): Shift[] | undefined {
  if (changes.length === 0) return undefined;
  const shifts: { fromMs: number; toMs: number }[] = [];
  for (const [index, { atMs, state }] of changes.entries()) {
    const fromMs = Math.max(0, atMs - midnightMs);
    const toMs = Math.min(untilMs, changes[index + 1]?.atMs ?? untilMs) - midnightMs;
    if (!AT_WORK.has(state) || toMs <= fromMs) continue;
    const last = shifts.at(-1);
    if (last?.toMs === fromMs) last.toMs = toMs;
    else shifts.push({ fromMs, toMs });
  }
  return shifts;
}

function stretchesOf(times: readonly number[], midnightMs: number): Shift[] {
  const shifts: { fromMs: number; toMs: number }[] = [];
  for (const atMs of times.toSorted((a, b) => a - b)) {
    const ms = atMs - midnightMs;
    const last = shifts.at(-1);
    if (last !== undefined && ms - last.toMs <= GAP_MS) last.toMs = ms + 1;
    else shifts.push({ fromMs: ms, toMs: ms + 1 });
  }
  return shifts;
}

// A day as the record has it: who called which queue when, how long they talked and waited, and which agents were there.
import type { RecordedEvent } from '../../../core/interaction/event.js';
import type { Centre } from '../../../core/routing/centre.js';
import { DAY_MS, HOUR_MS, type LoggedCall, type SimulatedAgent } from '../world/plan.js';
import type { RecordedDay } from './plan-from-options.js';
import { simulatedAgent } from './staff.js';

/** An agent whom nobody heard of for so long was not at work between. */
const GAP_MS = HOUR_MS;

/** `threads`: the events of each interaction. Only queues that the centre still has. */
export function recordedDay(
  threads: Iterable<readonly RecordedEvent[]>,
  { centre, midnightMs }: { readonly centre: Centre; readonly midnightMs: number },
): RecordedDay {
  const calls: LoggedCall[] = [];
  const seen = new Map<string, number[]>();
  const isToday = (atMs: number): boolean => atMs >= midnightMs && atMs < midnightMs + DAY_MS;
  for (const events of threads) {
    for (const call of callsIn(events)) if (isToday(call.atMs) && centre.queues.has(call.queue)) calls.push(call);
    for (const { atMs, event } of events) {
      if (!isToday(atMs) || !('agent' in event.data) || typeof event.data.agent !== 'string') continue;
      const times = seen.get(event.data.agent);
      if (times === undefined) seen.set(event.data.agent, [atMs]);
      else times.push(atMs);
    }
  }
  const agents = [...seen].flatMap(([name, times]) => agentSeen(name, times, { centre, midnightMs }));
  return { calls: calls.sort((a, b) => a.atMs - b.atMs), agents };
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
    }
    if (event.type === 'call-ended' && event.data.talkedMs > 0) {
      const call = calls.get(event.data.segment);
      if (call !== undefined) call.talkMs = event.data.talkedMs;
    }
  }
  return [...calls.values()];
}

function agentSeen(name: string, times: number[], { centre, midnightMs }: { centre: Centre; midnightMs: number }) {
  const config = centre.agents.get(name);
  times.sort((a, b) => a - b);
  const shifts: { fromMs: number; toMs: number }[] = [];
  for (const atMs of times) {
    const ms = atMs - midnightMs;
    const last = shifts.at(-1);
    if (last !== undefined && ms - last.toMs <= GAP_MS) last.toMs = ms + 1;
    else shifts.push({ fromMs: ms, toMs: ms + 1 });
  }
  // Somebody who has left the centre since has no skills any more.
  const agent: SimulatedAgent = { config: config ?? simulatedAgent(name, {}), shifts };
  return config === undefined ? [] : [agent];
}

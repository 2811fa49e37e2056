// The figures of a queue (or of all) computed from the events: each with its formula and unit.
import type { RecordedEvent } from './event.js';
import { ratio } from './figures/counts.js';
import { staysOf } from './figures/stay.js';

export interface KpiQuestion {
  /** Only this queue; all when left out. */
  readonly queue?: string;
  /** An answer within this time counts for the service level, in ms. */
  readonly serviceLevelMs: number;
  /** Whoever hangs up before this time in the queue is a short abandonment, in ms. */
  readonly shortAbandonMs: number;
}

/** `offered = answered + abandoned + shortAbandoned + flowedOut + waiting`: nobody falls out of the sum. */
export interface Kpi {
  /** Calls that joined the queue (call-backs are counted apart). */
  readonly offered: number;
  /** Calls connected to an agent. */
  readonly answered: number;
  /** Calls whose caller hung up in the queue after the short-abandon limit or at it. */
  readonly abandoned: number;
  /** Calls whose caller hung up before that limit. */
  readonly shortAbandoned: number;
  /** Calls that left for something else: overflow, maximum wait, exit key, lost node. */
  readonly flowedOut: number;
  /** Calls still in the queue. */
  readonly waiting: number;
  /** answered within `serviceLevelMs` / (answered + abandoned), 0 … 1; short abandonments and flow-outs do not count. */
  readonly serviceLevel?: number;
  /** abandoned / (answered + abandoned), 0 … 1. */
  readonly abandonRate?: number;
  /** Average speed of answer: Σ waiting time of answered calls / answered, in ms. */
  readonly asaMs?: number;
  /** Average wait of those who abandoned (short ones left out), in ms. */
  readonly averageAbandonMs?: number;
  /** Average handling time: (Σ talk incl. hold + Σ wrap-up) / answered calls that have ended, in ms. */
  readonly ahtMs?: number;
  readonly callbacks: {
    /** Asked for by customers. */
    readonly requested: number;
    /** Attempts to reach them. */
    readonly attempted: number;
    /** Ended with customer and agent talking. */
    readonly connected: number;
    /** Ended otherwise. */
    readonly notReached: number;
  };
}

export function kpiOf(events: Iterable<RecordedEvent>, question: KpiQuestion): Kpi {
  const all = [...events];
  const stays = staysOf(all).filter(({ queue }) => question.queue === undefined || queue === question.queue);
  const answered = stays.filter(({ outcome }) => outcome === 'answered');
  const hungUp = stays.filter(({ outcome }) => outcome === 'hung-up');
  const abandoned = hungUp.filter(({ waitedMs }) => waitedMs >= question.shortAbandonMs);
  const inTime = answered.filter(({ waitedMs }) => waitedMs <= question.serviceLevelMs);
  const handled = answered.filter(({ talkedMs }) => talkedMs !== undefined);
  const reached = answered.length + abandoned.length;
  return {
    offered: stays.length,
    answered: answered.length,
    abandoned: abandoned.length,
    shortAbandoned: hungUp.length - abandoned.length,
    flowedOut: stays.filter(({ outcome }) => outcome === 'flowed-out').length,
    waiting: stays.filter(({ outcome }) => outcome === 'waiting').length,
    ...ratio('serviceLevel', inTime.length, reached),
    ...ratio('abandonRate', abandoned.length, reached),
    ...ratio('asaMs', sum(answered.map(({ waitedMs }) => waitedMs)), answered.length),
    ...ratio('averageAbandonMs', sum(abandoned.map(({ waitedMs }) => waitedMs)), abandoned.length),
    ...ratio('ahtMs', sum(handled.map(({ talkedMs = 0, wrapUpMs }) => talkedMs + wrapUpMs)), handled.length),
    callbacks: callbacksOf(all, question.queue),
  };
}

function callbacksOf(events: readonly RecordedEvent[], queue: string | undefined): Kpi['callbacks'] {
  const asked = new Set<string>();
  const counts = { attempted: 0, connected: 0, notReached: 0 };
  for (const { event } of events) {
    if (event.type === 'callback-requested' && (queue === undefined || event.data.queue === queue)) {
      asked.add(event.data.callback);
    } else if (event.type === 'callback-attempted' && asked.has(event.data.callback)) {
      counts.attempted += 1;
    } else if (event.type === 'callback-ended' && asked.has(event.data.callback)) {
      counts[event.data.result === 'connected' ? 'connected' : 'notReached'] += 1;
    }
  }
  return { requested: asked.size, ...counts };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

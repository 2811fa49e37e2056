// When a queue is in trouble: what is more than it may be, as its centre says.

/** What a supervisor is told of when it is exceeded. */
export interface AlarmLimits {
  /** More than so many wait. */
  readonly waiting: number;
  /** Somebody waits for longer. */
  readonly waitMs: number;
  /** The service level of today is below that, 0 … 1. */
  readonly serviceLevel: number;
}

/** In the order in which they matter. `nobody`: somebody waits and no agent who could serve them is at work. */
export type AlarmKind = 'nobody' | 'longest-wait' | 'waiting' | 'service-level';

export interface QueueFigures {
  readonly waiting: number;
  /** Of the first in line; absent: nobody waits. */
  readonly longestMs?: number;
  /** Agents who serve the queue, by state. */
  readonly agents: Readonly<Record<string, number>>;
  /** Calls of today that count for the service level, and the level. */
  readonly counted: number;
  readonly serviceLevel?: number;
}

/** A share of fewer calls says nothing. */
export const COUNTED_LEAST = 10;
/** So many times the time in which an answer is in time, where the centre does not say. */
export const WAIT_TIMES = 3;
const AT_WORK: readonly string[] = ['available', 'ringing', 'busy', 'wrap-up'];

export function alarmsOf(figures: QueueFigures, limits: AlarmLimits): readonly AlarmKind[] {
  const { waiting, longestMs = 0, agents, counted, serviceLevel = 1 } = figures;
  const alarms: AlarmKind[] = [];
  if (waiting > 0 && !AT_WORK.some((state) => (agents[state] ?? 0) > 0)) alarms.push('nobody');
  if (longestMs > limits.waitMs) alarms.push('longest-wait');
  if (waiting > limits.waiting) alarms.push('waiting');
  if (counted >= COUNTED_LEAST && serviceLevel < limits.serviceLevel) alarms.push('service-level');
  return alarms;
}

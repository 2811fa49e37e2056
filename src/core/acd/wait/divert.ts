// Whether a caller is sent elsewhere instead of joining a queue in which the wait would be long.
import type { Destination, QueueConfig } from '../queue.js';
import type { Estimate } from './estimate.js';

export interface Diversion {
  readonly cause: 'long-wait' | 'too-many-waiting';
  readonly to: Destination;
}

export interface DivertQuestion {
  readonly queue: Pick<QueueConfig, 'divert'>;
  /** The place the caller would have; 1 = next. */
  readonly position: number;
  readonly agentsAtWork: number;
  /** Undefined: too little is known; then the wait diverts nobody. */
  readonly estimate: Pick<Estimate, 'waitMs'> | undefined;
}

/**
 * By the estimated (padded) wait, or by the ratio: more callers before this one than `whenWaitingPerAgentOver` for each
 * agent at work. Without anybody at work one caller who waits already is too many.
 */
export function diversion({ queue, position, agentsAtWork, estimate }: DivertQuestion): Diversion | undefined {
  const { divert } = queue;
  if (divert === undefined) return undefined;
  const { whenWaitOverMs, whenWaitingPerAgentOver, to } = divert;
  if (whenWaitOverMs !== undefined && estimate !== undefined && estimate.waitMs > whenWaitOverMs) {
    return { cause: 'long-wait', to };
  }
  if (whenWaitingPerAgentOver !== undefined && position - 1 > whenWaitingPerAgentOver * agentsAtWork) {
    return { cause: 'too-many-waiting', to };
  }
  return undefined;
}

// Where a caller goes who cannot wait (any longer): the queue's overflow destination, checked against what is possible.

import { unreachable } from '../../lib/assert.js';
import type { Destination, QueueConfig } from '../acd/queue.js';
import { isWithheld } from './recipient.js';

/** Queues a caller is moved through at most. */
export const MAX_OVERFLOWS = 5;

export type OverflowCommand =
  | { readonly type: 'move-to-queue'; readonly queue: string }
  | { readonly type: 'take-voicemail'; readonly queue: string }
  /** Say so, write, and hang up: core/policy/abandoned-call decides on the message. */
  | { readonly type: 'send-message' }
  /** Promise it to the caller on the line, then hang up. */
  | { readonly type: 'promise-callback'; readonly number: string; readonly queue: string }
  | { readonly type: 'forward'; readonly number: string }
  | { readonly type: 'ring-agent'; readonly agent: string }
  /** `instead`: what the centre wanted but is not possible for this caller. */
  | { readonly type: 'hang-up'; readonly instead?: 'loop' | 'unknown-queue' | 'no-number' };

export interface OverflowQuestion {
  readonly queue: QueueConfig;
  readonly queues: ReadonlyMap<string, QueueConfig>;
  /** Queues this caller has been in during this call, the present one included. */
  readonly visited: readonly string[];
  /** Caller's number; '' when withheld. */
  readonly number: string;
}

export function overflow({ queue, queues, visited, number }: OverflowQuestion): OverflowCommand {
  const to: Destination = queue.overflow;
  switch (to.kind) {
    case 'queue':
      if (!queues.has(to.queue)) return { type: 'hang-up', instead: 'unknown-queue' };
      if (visited.includes(to.queue) || visited.length > MAX_OVERFLOWS) return { type: 'hang-up', instead: 'loop' };
      return { type: 'move-to-queue', queue: to.queue };
    case 'voicemail':
      return { type: 'take-voicemail', queue: queue.name };
    case 'message':
      return isWithheld(number) ? { type: 'hang-up', instead: 'no-number' } : { type: 'send-message' };
    case 'callback':
      if (isWithheld(number)) return { type: 'hang-up', instead: 'no-number' };
      return { type: 'promise-callback', number, queue: queue.name };
    case 'number':
      return { type: 'forward', number: to.number };
    case 'agent':
      return { type: 'ring-agent', agent: to.agent };
    case 'hangup':
      return { type: 'hang-up' };
    default:
      return unreachable(to);
  }
}

// How a queue treats those who wait and its call-backs, as written in `centre.yaml`: the keys, and what they become.
import { z } from 'zod';
import type { QueueConfig } from '../acd/queue.js';
import { duration, nameSchema, strict, whole } from '../document/shape.js';
import { destinationSchema } from './destination.js';

const HOUR_MS = 3_600_000;
const KEY = /^[0-9*#]$/;
export const MAX_ANNOUNCEMENTS = 10;
const DEFAULT_OWNER_WAIT = '10m';

const announcement = strict({
  /** Key under `texts`; may use position, wait, queue and reference. */
  text: nameSchema,
  after: duration(0, HOUR_MS).prefault('0s'),
  /** Once when left out. */
  every: duration(10_000, HOUR_MS).optional(),
});

const divert = strict({
  'when-wait-over': duration(10_000, 4 * HOUR_MS).optional(),
  'when-waiting-per-agent-over': whole(0, 1_000).optional(),
  to: destinationSchema,
}).refine((raw) => raw['when-wait-over'] !== undefined || raw['when-waiting-per-agent-over'] !== undefined, {
  error: 'nothing says when to divert',
  params: { advice: 'when-wait-over: 10m, or when-waiting-per-agent-over: 5' },
});

const callbacks = strict({
  /** Who is rung first. */
  first: z.enum(['agent', 'customer']).default('agent'),
  /** Agent first: a talk that the agent ends sooner was with a machine; `0s`: every answer counts. */
  'reached-after': duration(0, 60_000).prefault('0s'),
  /** So long a call-back that belongs to an agent is kept for that agent. */
  'owner-wait': duration(0, 72 * HOUR_MS).prefault(DEFAULT_OWNER_WAIT),
});

/** Keys of a queue. */
export const waitingKeys = {
  /** Keys of the telephone that leave the queue, each for its own destination. */
  exits: z.record(z.string().regex(KEY, { error: 'one key of the telephone' }), destinationSchema).default({}),
  announcements: z.array(announcement).max(MAX_ANNOUNCEMENTS).default([]),
  /** With the position, the estimated wait is said. */
  'say-wait': z.boolean().default(false),
  /** Before joining: elsewhere at once when the wait would be long. */
  divert: divert.optional(),
  /** The last agent leaves while callers wait: they wait on, or overflow. */
  'leave-empty': z.enum(['wait', 'overflow']).default('wait'),
  /** When a queue is empty of agents. */
  'empty-means': z.enum(['nobody-signed-in', 'nobody-at-work']).default('nobody-signed-in'),
  callbacks: callbacks.prefault({}),
};

type RawWaiting = z.output<z.ZodObject<typeof waitingKeys>>;

export function waitingOf(
  raw: RawWaiting,
): Pick<QueueConfig, 'exits' | 'announcements' | 'sayWait' | 'divert' | 'leaveEmpty' | 'emptyMeans' | 'callbacks'> {
  const { divert, callbacks, announcements } = raw;
  const overMs = divert?.['when-wait-over'];
  const perAgent = divert?.['when-waiting-per-agent-over'];
  return {
    exits: raw.exits,
    announcements: announcements.map(({ text, after, every = 0 }) => ({ text, afterMs: after, everyMs: every })),
    sayWait: raw['say-wait'],
    leaveEmpty: raw['leave-empty'],
    emptyMeans: raw['empty-means'],
    ...(divert === undefined
      ? {}
      : {
          divert: {
            to: divert.to,
            ...(overMs === undefined ? {} : { whenWaitOverMs: overMs }),
            ...(perAgent === undefined ? {} : { whenWaitingPerAgentOver: perAgent }),
          },
        }),
    callbacks: {
      first: callbacks.first,
      reachedAfterMs: callbacks['reached-after'],
      ownerWaitMs: callbacks['owner-wait'],
    },
  };
}

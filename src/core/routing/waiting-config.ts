// How a queue treats those who wait and its call-backs, as written in `centre.yaml`: the keys, and what they become.
import { z } from 'zod';
import type { QueueConfig } from '../acd/queue.js';
import { WAIT_TIMES } from '../acd/wait/alarms.js';
import { duration, nameSchema, strict, whole } from '../document/shape.js';
import { destinationSchema } from './destination.js';

const HOUR_MS = 3_600_000;
const KEY = /^[0-9*#]$/;
export const MAX_ANNOUNCEMENTS = 10;
const DEFAULT_OWNER_WAIT = '10m';

const announcement = strict({
  text: nameSchema.describe('Key under `texts`; it may use position, wait, queue and reference.'),
  after: duration(0, HOUR_MS).prefault('0s').describe('When it is said first.'),
  every: duration(10_000, HOUR_MS).optional().describe('And how often then; without it once.'),
});

const divert = strict({
  'when-wait-over': duration(10_000, 4 * HOUR_MS)
    .optional()
    .describe('The estimated wait is longer.'),
  'when-waiting-per-agent-over': whole(0, 1_000).optional().describe('More callers wait for each agent at work.'),
  to: destinationSchema.describe('Where they go.'),
}).refine((raw) => raw['when-wait-over'] !== undefined || raw['when-waiting-per-agent-over'] !== undefined, {
  error: 'nothing says when to divert',
  params: { advice: 'when-wait-over: 10m, or when-waiting-per-agent-over: 5' },
});

const callbacks = strict({
  first: z.enum(['agent', 'customer']).default('agent').describe('Who is rung first.'),
  'reached-after': duration(0, 60_000)
    .prefault('0s')
    .describe('Agent first: a talk that the agent ends sooner was with a machine; `0s`: every answer counts.'),
  'owner-wait': duration(0, 72 * HOUR_MS)
    .prefault(DEFAULT_OWNER_WAIT)
    .describe('So long a call-back that belongs to an agent is kept for that agent.'),
});

const alarms = strict({
  waiting: whole(1, 10_000).default(10).describe('More than so many wait.'),
  wait: duration(1_000, 4 * HOUR_MS)
    .optional()
    .describe('Somebody waits for longer; three times the service level when left out.'),
  'service-level': whole(0, 100).default(80).describe('Percent of today’s calls answered in time: below that.'),
});

/** Keys of a queue. */
export const waitingKeys = {
  exits: z
    .record(z.string().regex(KEY, { error: 'one key of the telephone' }), destinationSchema)
    .default({})
    .describe('Keys of the telephone that leave the queue, each for its own destination.'),
  announcements: z.array(announcement).max(MAX_ANNOUNCEMENTS).default([]).describe('What is said to those who wait.'),
  'say-wait': z.boolean().default(false).describe('With the position, the estimated wait is said.'),
  divert: divert.optional().describe('Before joining: elsewhere at once when the wait would be long.'),
  'leave-empty': z
    .enum(['wait', 'overflow'])
    .default('wait')
    .describe('The last agent leaves while callers wait: they wait on, or overflow.'),
  'empty-means': z
    .enum(['nobody-signed-in', 'nobody-at-work'])
    .default('nobody-signed-in')
    .describe('When a queue is empty of agents.'),
  callbacks: callbacks.prefault({}).describe('How its call-backs are made.'),
  alarms: alarms.prefault({}).describe('When supervisors are alarmed.'),
};

type RawWaiting = z.output<z.ZodObject<typeof waitingKeys>>;

export function waitingOf(
  raw: RawWaiting & { readonly 'service-level': number },
): Pick<
  QueueConfig,
  'exits' | 'announcements' | 'sayWait' | 'divert' | 'leaveEmpty' | 'emptyMeans' | 'callbacks' | 'alarms'
> {
  const { divert, callbacks, announcements, alarms } = raw;
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
    alarms: {
      waiting: alarms.waiting,
      waitMs: alarms.wait ?? WAIT_TIMES * raw['service-level'],
      serviceLevel: alarms['service-level'] / 100,
    },
    callbacks: {
      first: callbacks.first,
      reachedAfterMs: callbacks['reached-after'],
      ownerWaitMs: callbacks['owner-wait'],
    },
  };
}

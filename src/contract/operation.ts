// What operators ask for: health, dead letters.
import { z } from 'zod';
import { time } from './wire.js';

export const live = z.object({ status: z.literal('live') });

export const health = z
  .object({
    status: z.enum(['ready', 'not-ready']),
    parts: z.array(
      z.object({
        name: z.string(),
        up: z.boolean(),
        needed: z.boolean().describe('No calls are taken while a needed part is down.'),
        detail: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'Health' });

export const servers = z.object({
  servers: z.array(
    z
      .object({
        server: z.string().describe('`host:port`'),
        kind: z.enum(['signalling', 'media']),
        state: z.string().describe('Of the connection: `up`, `connecting`, `waiting`, `refused`, `closed`.'),
        standing: z
          .enum(['in', 'doubted', 'returning', 'dead'])
          .describe('By the checks made through it; only `in` gets new calls.'),
        draining: z.boolean().describe('Gets no new calls; those on it end in peace.'),
        legs: z.number().optional().describe('Media legs on it.'),
        reason: z.string().optional().describe('Why it is not connected.'),
      })
      .meta({ id: 'SwitchServer' }),
  ),
});
export const serverState = z.strictObject({ draining: z.boolean() });

export const failedJobs = z.object({
  jobs: z
    .array(
      z.object({
        id: z.string(),
        kind: z.string(),
        interaction: z.string(),
        reason: z.string(),
        attempts: z.number(),
        failedAt: time,
      }),
    )
    .describe('Newest first.'),
});

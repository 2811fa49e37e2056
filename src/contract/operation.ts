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

// What agents do besides talking, on the wire: wrap-up, dispositions, notes, skills, times.
import { z } from 'zod';
import { agentState } from '../agent.js';
import { durationMs, name, time } from '../wire.js';

const text = z.string().min(1).max(2_000);

export const wrapUpWish = z.strictObject({
  action: z.enum(['finish', 'prolong']).describe('`prolong`: as far as the queue allows it.'),
});

export const dispositionWish = z.strictObject({
  code: name.describe('One of the codes of the queue.'),
  note: text.optional(),
  agent: name.optional().describe('Whose call, for supervisors; absent: your own.'),
});

export const breakList = z.object({
  breaks: z
    .array(z.object({ name, title: z.record(z.string(), z.string()), paid: z.boolean() }))
    .describe('Empty: the centre lists none, and any reason will do.'),
});
export type WireBreaks = z.infer<typeof breakList>;

export const noteWish = z.strictObject({ text });

export const skillsWish = z.strictObject({
  skills: z
    .record(name, z.number().int().min(1).max(5))
    .nullable()
    .describe('In place of those in the file, from the next decision on; null: those in the file again.'),
});

export const agentDecisions = z.object({
  decisions: z.array(
    z.object({
      at: time,
      by: z.string(),
      skills: z.record(z.string(), z.number()).nullable().describe('null: those in the file again.'),
    }),
  ),
});

const span = z.object({
  from: time,
  to: time,
  times: z
    .array(
      z.object({
        state: z
          .union([agentState, z.literal('unknown')])
          .describe('`unknown`: before anything was known of the agent.'),
        reason: z.string().optional().describe('Of a break; or why busy without an offer.'),
        paid: z.boolean().optional().describe('Of a break.'),
        ms: durationMs,
      }),
    )
    .describe('Adds up to the time between `from` and `to`.'),
  atWorkMs: durationMs.describe('available + ringing + busy + wrap-up'),
  handlingMs: durationMs.describe('busy (hold included) + wrap-up'),
  occupancy: z.number().optional().describe('handling / at work, 0 … 1; absent: not at work.'),
});

export const agentPresence = z.object({
  changes: z
    .array(
      z.object({
        at: time,
        state: agentState,
        reason: z.string().optional().describe('Of a break; or why busy without an offer.'),
      }),
    )
    .describe('The last one before `from`, if any, and those until `to`, oldest first.'),
});

export const agentTimes = z.object({
  total: span,
  days: z.array(span.extend({ day: z.string().describe('Of the centre’s time zone, 2026-11-23.') })),
});
export type WireTimes = z.infer<typeof agentTimes>;

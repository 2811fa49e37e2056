// Queues on the wire: how many wait, who could serve them, and why each one still waits.
import { z } from 'zod';
import { durationMs, time } from './wire.js';

export const queue = z
  .object({
    id: z.string(),
    title: z.record(z.string(), z.string()).describe('Per language.'),
    skill: z.string(),
    waiting: z.number().describe('Callers and call-backs in line, those whose offer rings included.'),
    callbacks: z.number().describe('Of these, call-backs that are due.'),
    longestWaitMs: durationMs.describe('Of those in line; 0 when nobody waits.'),
    estimatedWaitMs: durationMs
      .optional()
      .describe('Of somebody who joins now and finds nobody free, padded; missing while too little is known.'),
    maxLength: z.number(),
    serviceLevelMs: durationMs,
    agents: z.record(z.string(), z.number()).describe('Agents with the skill, by state.'),
    alarms: z
      .object({ waiting: z.number(), waitMs: durationMs, serviceLevel: z.number().describe('0 … 1') })
      .optional()
      .describe('Beyond these supervisors are alarmed.'),
  })
  .meta({ id: 'Queue' });
export type WireQueue = z.infer<typeof queue>;

export const queueList = z.object({ queues: z.array(queue) });

const explanation = z.object({
  strategy: z.string(),
  candidates: z
    .array(z.object({ agent: z.string(), values: z.record(z.string(), z.number()) }))
    .describe('Who could have got it, best first, with what was compared.'),
  removed: z.array(z.object({ agent: z.string(), filter: z.string() })).describe('Who could not, and why.'),
  counts: z.object({ candidates: z.number(), removed: z.record(z.string(), z.number()) }),
  order: z.object({ priority: z.number(), seniorityMs: z.number(), joinedAtMs: z.number() }),
  ahead: z.number(),
  passedOver: z.array(z.string()),
  heldBack: z.array(z.string()),
  reserved: z.array(z.string()).optional().describe('Before it, and kept for agents of their own.'),
  preferred: z.string().optional().describe('Agent for whom it was kept.'),
  ring: z.object({ number: z.number(), of: z.number() }).optional().describe('How far the queue had widened.'),
  together: z.number().optional().describe('Agents who were offered it together.'),
  seed: z.number().optional().describe('What chance was drawn from, where the strategy draws.'),
});

export const entry = z
  .object({
    id: z.string(),
    interaction: z.string(),
    kind: z.enum(['call', 'callback', 'message', 'task']),
    state: z.enum(['waiting', 'offered', 'accepted']),
    priority: z.number().describe('0 (most urgent) to 9.'),
    joinedAt: time,
    seniority: time.describe('Start of the first wait for this matter: decides within one priority.'),
    waitedMs: durationMs,
    position: z.number().optional().describe('1 = next; missing once an agent has taken it.'),
    ahead: z
      .object({ byPriority: z.number(), bySeniority: z.number() })
      .optional()
      .describe('What put the others before it.'),
    cause: z.string().describe('Why it still waits, for programs, e.g. `all-occupied`.'),
    why: z.string().describe('The same as a sentence.'),
    title: z.string().optional().describe('What there is to do, of a message or task.'),
    offer: z
      .object({ id: z.string(), agent: z.string(), madeAt: time, expiresAt: time, explanation })
      .optional()
      .describe('The present offer, and why this agent got it.'),
    refusedBy: z.array(z.object({ agent: z.string(), reason: z.string(), until: time })),
  })
  .meta({ id: 'Entry', description: 'Somebody or something waiting for an agent.' });
export type WireEntry = z.infer<typeof entry>;

export const entryList = z.object({
  total: z.number().describe('Entries in the queue, also those beyond `limit`.'),
  entries: z.array(entry).describe('In the order in which they stand.'),
});

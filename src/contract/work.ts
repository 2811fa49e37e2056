// Messages and tasks on the wire, and why somebody waits or was offered.
import { z } from 'zod';
import { entry } from './queue.js';
import { name, time } from './wire.js';

export const newWork = z.strictObject({
  kind: z.enum(['task', 'message']),
  title: z.string().trim().min(1).max(200).describe('What there is to do.'),
  priority: z.int().min(0).max(9).optional().describe('0 (most urgent) to 9; the queue’s when left out.'),
  contact: z.string().min(1).max(64).optional().describe('Number or address of the customer it is about.'),
  interaction: z.string().min(1).max(64).optional().describe('The matter it belongs to; a new one when left out.'),
});

export const newWorkAnswer = z.object({ id: z.string().describe('Of the entry.'), interaction: z.string() });

export const work = z
  .object({
    id: z.string().describe('Of the queue entry; finish it under this.'),
    state: z.enum(['offered', 'open']),
    kind: z.enum(['message', 'task']),
    queue: z.string(),
    interaction: z.string(),
    since: time,
    offer: z.string().optional().describe('Accept or refuse it under this.'),
    expiresAt: time.optional().describe('Of an offer.'),
  })
  .meta({ id: 'Work', description: 'A message or task that an agent is offered or has.' });
export type WireWork = z.infer<typeof work>;

export const workList = z.object({ works: z.array(work) });

const values = z.record(z.string(), z.number());

export const entryWhy = z
  .object({
    entry,
    cause: z.string(),
    strategy: z.string(),
    order: z.object({ priority: z.number(), seniority: time, joinedAt: time }).describe('Smaller goes first.'),
    ahead: z
      .array(z.object({ entry: z.string(), by: z.enum(['priority', 'seniority']) }))
      .describe('Who stands before it, in order: the first 100.'),
    agents: z
      .array(
        z.object({
          agent: name,
          filter: z.string().optional(),
          until: time.optional().describe('When that ends by itself: a rest, a refusal.'),
          values: values.optional(),
        }),
      )
      .describe('Who serves the queue: those who could have it, best first; then the others with what keeps them.'),
    ring: z
      .object({
        number: z.number(),
        of: z.number(),
        skills: z.array(values).describe('Any of these is enough by now.'),
        widensAt: time.optional(),
        comeIn: z.array(z.string()).describe('Agents who come in then.'),
      })
      .optional(),
    sentences: z.array(z.string()).describe('The same for people.'),
  })
  .meta({ id: 'EntryWhy' });

export const interactionWhy = z
  .object({
    id: z.string(),
    decisions: z.array(
      z.object({
        version: z.number(),
        type: z.string(),
        at: time,
        sentences: z.array(z.string()).describe('What happened, then why.'),
        explanation: z.record(z.string(), z.unknown()).optional().describe('Of an offer: what was compared.'),
      }),
    ),
  })
  .meta({ id: 'InteractionWhy', description: 'Every decision of an interaction, as its record explains it.' });
export type WireInteractionWhy = z.infer<typeof interactionWhy>;

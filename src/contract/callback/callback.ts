// Call-backs and customers who are to be got back, on the wire.
import { z } from 'zod';
import { durationMs, name, time } from '../wire.js';

const number = z.string().min(2).max(40).describe('As dialled: +34600123456, or national.');
const atWish = z.string().min(4).max(40).describe('Not before; ISO 8601, without offset on the clock of the centre.');

export const callbackWish = z
  .strictObject({
    number,
    queue: name.optional().describe('Left out: the first queue of the form.'),
    at: atWish.optional(),
    consent: z.boolean().optional().describe('Strangers have to send true: the customer wants to be called.'),
    agent: name.optional().describe('Whose call-back it is; only for people of the centre.'),
  })
  .describe('Strangers may use number, queue, at and consent, where the centre has opened its form.');

export const callback = z
  .object({
    id: z.string(),
    interaction: z.string(),
    reference: z.string(),
    state: z.enum(['requested', 'waiting', 'dialling']),
    number: z.string(),
    queue: z.string(),
    dueAt: time.describe('Not dialled before.'),
    seniority: time.describe('Start of the first wait: the place that is kept.'),
    attempts: z.number().describe('Made so far.'),
    source: z.string().describe('Who asked, e.g. `message`, `flow`, `overflow`, `web`, `api`.'),
    agent: z.string().optional().describe('Whose it is, until `agentUntil`.'),
    agentUntil: time.optional(),
  })
  .meta({ id: 'Callback', description: 'A promised call-back that is not over.' });
export type WireCallback = z.infer<typeof callback>;

export const callbackWhy = z.object({
  id: z.string(),
  sentences: z.array(z.string()).describe('Most important first.'),
});

export const callbackList = z.object({ callbacks: z.array(callback).describe('The next one first.') });

/** To strangers: nothing is told of the customer. */
export const wishTaken = z.object({ accepted: z.literal(true) });

export const lostCustomer = z
  .object({
    interaction: z.string(),
    reference: z.string(),
    number: z.string(),
    queue: z.string().describe('In which, or on the way to which, the customer was lost first.'),
    lostAt: time,
    ageMs: durationMs,
    result: z.string().describe('What became of the call, e.g. `abandoned`.'),
    calls: z.number().describe('Calls of the customer in this matter that were not served.'),
    attempts: z.number().describe('Call-backs tried.'),
    next: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('callback'), callback: z.string(), state: z.string(), dueAt: time }),
        z
          .object({ kind: z.literal('offer'), until: time })
          .describe('A call-back was offered; the customer has not answered.'),
        z.object({ kind: z.literal('nothing') }).describe('Nothing will happen by itself.'),
      ])
      .describe('What happens next.'),
  })
  .meta({ id: 'LostCustomer', description: 'A customer who was not served and is still owed something.' });
export type WireLostCustomer = z.infer<typeof lostCustomer>;

export const lostList = z.object({ lost: z.array(lostCustomer).describe('The longest ago first.') });

export const recoveryFigures = z.object({
  queues: z.array(
    z
      .object({
        queue: z.string(),
        lost: z.number().describe('Customers lost in the period: recovered + declined + open.'),
        recovered: z.number(),
        byCallback: z.number(),
        byCall: z.number().describe('They called again.'),
        byMessage: z.number().describe('One of us answered them in writing.'),
        declined: z.number(),
        open: z.number(),
        recoveredShare: z.number().optional().describe('recovered / (recovered + open).'),
        averageRecoveryMs: durationMs.optional(),
      })
      .meta({ id: 'RecoveryFigures' }),
  ),
});

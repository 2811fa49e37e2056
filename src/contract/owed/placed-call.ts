// Calls that agents place from their desk: their own telephone rings first, then the customer.
import { z } from 'zod';
import { name, time } from '../wire.js';

const NUMBER_CHARS_MAX = 40;
const NUMBER_PATTERN = /^\+?[0-9 ()./-]+$/;

export const placeWish = z
  .strictObject({
    interaction: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('Its customer, in this very interaction; what is promised in it is thereby being kept.'),
    number: z
      .string()
      .min(2)
      .max(NUMBER_CHARS_MAX)
      .regex(NUMBER_PATTERN)
      .optional()
      .describe('As typed. With `interaction`: in place of the number that is known.'),
    queue: name
      .optional()
      .describe(
        'On whose behalf; one that you serve. Left out: that in which the customer was, else the first that you serve.',
      ),
  })
  .refine(({ interaction, number }) => interaction !== undefined || number !== undefined, {
    message: 'say whom to call: interaction, number, or both',
  });

export const placedCall = z
  .object({
    id: z.string(),
    agent: z.string(),
    interaction: z.string(),
    reference: z.string(),
    number: z.string(),
    placedAt: time,
    state: z
      .enum(['ringing-agent', 'ringing-customer', 'talking', 'over'])
      .describe('`ringing-agent`: your own telephone; the customer is dialled when you answer it.'),
    result: z.enum(['talked', 'agent-not-reached', 'customer-not-reached']).optional().describe('When it is over.'),
    reason: z.string().optional().describe('Why nobody was reached: `no-answer`, `busy`, `destination-cap` …'),
  })
  .meta({ id: 'PlacedCall' });
export type WirePlacedCall = z.infer<typeof placedCall>;

export const lastPlacedCall = z
  .object({ call: placedCall.nullable().describe('The last one that you placed.') })
  .meta({ id: 'LastPlacedCall' });

export const placingQueues = z
  .object({
    queues: z
      .array(z.object({ id: z.string(), title: z.record(z.string(), z.string()).describe('Per language.') }))
      .describe('In the order of the centre’s file; the first one is taken when nothing else says which.'),
  })
  .meta({ id: 'PlacingQueues' });
export type WirePlacingQueues = z.infer<typeof placingQueues>;

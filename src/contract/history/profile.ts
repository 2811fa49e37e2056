// A customer on the wire: profile, what is owed, and all matters in all channels in time order.
import { z } from 'zod';
import { callback, contact, interactionSummary, segment } from '../interaction.js';
import { time } from '../wire.js';

const note = z.object({ at: time, by: z.string(), text: z.string() });

export const matter = interactionSummary
  .omit({ callback: true })
  .extend({
    segments: z.array(segment).describe('Calls and messages in time order.'),
    queues: z.array(z.string()).describe('In which the customer waited.'),
    agents: z.array(z.string()).describe('Who talked with the customer.'),
    notes: z.array(note),
    dispositions: z.array(z.object({ agent: z.string(), code: z.string() })),
    recordings: z.number().describe('Conversations and messages that were recorded.'),
    owed: callback.optional().describe('The call-back that was promised or offered and is not over.'),
  })
  .meta({ id: 'Matter', description: 'An interaction in the history of a customer.' });
export type WireMatter = z.infer<typeof matter>;

export const profile = z
  .object({
    contact: contact.describe('All that are together as one: the main one first.'),
    withheld: z.boolean().describe('The number is withheld: nobody can say who it is, and no history is told.'),
    members: z
      .array(contact.extend({ into: z.string().optional().describe('The profile it was put into.') }))
      .describe('The profiles that are together; one when none was merged.'),
    merges: z
      .array(
        z.object({
          act: z.enum(['merged', 'unmerged']),
          contact: z.string(),
          into: z.string(),
          by: z.string(),
          at: time,
        }),
      )
      .describe('How that came about, newest first.'),
    matters: z.array(matter).describe('Newest first.'),
    next: z.string().optional().describe('Send it as `after` for older matters; missing when there are none.'),
    crm: z
      .object({ url: z.string(), title: z.string() })
      .optional()
      .describe('The customer in the other system of the centre, as `crm` in `centre.yaml` says.'),
  })
  .meta({ id: 'Profile', description: 'Who a customer is, and everything that was between us.' });
export type WireProfile = z.infer<typeof profile>;

export const mergeWish = z.strictObject({
  with: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .describe('The other profile: id of its contact, its number, or the reference of one of its matters.'),
});

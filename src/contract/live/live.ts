// What a browser is told without asking: a picture of everything it may see, then numbered changes of it.
import { z } from 'zod';
import { queue } from '../queue.js';
import { time } from '../wire.js';

const change = z.object({
  kind: z.string().describe('What it is: agent, queue, entry …'),
  id: z.string(),
  value: z.unknown().describe('The whole document; null: gone.'),
});
export type LiveChange = z.infer<typeof change>;

const number = z.number().int().nonnegative();

export const liveMessage = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('snapshot').describe('In place of all that was known.'),
      epoch: z.string().describe('Numbers of another epoch mean nothing.'),
      number,
      documents: z.array(change),
    }),
    z.object({ type: z.literal('resumed').describe('Nothing is missing; changes follow.'), epoch: z.string(), number }),
    z.object({
      type: z.literal('changes'),
      after: number.describe('Number of the message before; another one than the last: something is missing.'),
      number,
      changes: z.array(change),
    }),
    z.object({ type: z.literal('beat') }),
  ])
  .meta({ id: 'LiveMessage' });
export type LiveMessage = z.infer<typeof liveMessage>;

export const liveQuery = z.object({
  epoch: z.string().max(64).optional().describe('Of the last message that arrived, to go on after it.'),
  after: z.coerce.number().int().nonnegative().optional(),
});

/** A queue as it is shown live: with moments in place of durations, so that it changes only when something happens. */
export const liveQueue = queue.omit({ longestWaitMs: true }).extend({
  longestSince: time.optional().describe('Since when the first of those in line waits; missing when nobody does.'),
});
export type LiveQueue = z.infer<typeof liveQueue>;

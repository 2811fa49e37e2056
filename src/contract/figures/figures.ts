// The figures of the queues on the wire, each with its formula and unit.
import { z } from 'zod';
import type { Averages, Counts } from '../../core/interaction/figures/counts.js';
import { durationMs, time } from '../wire.js';

const count = z.number().int();

const sums = {
  offered: count.describe(
    'Calls that joined the queue: answered + abandoned + shortAbandoned + flowedOut + still waiting.',
  ),
  answered: count.describe('Of these, calls connected with an agent.'),
  answeredInTime: count.describe('Of these, within the `service-level` time of the queue.'),
  abandoned: count.describe('Calls whose caller hung up in the queue, at the `short-abandon` limit or later.'),
  shortAbandoned: count.describe('Calls whose caller hung up in the queue before it.'),
  flowedOut: count.describe('Calls that left for something else: overflow, maximum wait, exit key, lost node.'),
  answeredWaitMs: durationMs.describe('Σ wait of the answered, ms.'),
  abandonedWaitMs: durationMs.describe('Σ wait of the abandoned, ms.'),
  handled: count.describe('Answered calls that are over.'),
  talkMs: durationMs.describe('Σ talk of these, hold included, ms.'),
  wrapUpMs: durationMs.describe('Σ work after these, ms.'),
  callbacksPromised: count.describe('Call-backs that customers were promised.'),
  callbackAttempts: count.describe('Attempts to make them.'),
  callbacksReached: count.describe('Of those promised: ended with customer and agent talking.'),
  callbacksNotReached: count.describe('Of those promised: ended otherwise.'),
  lost: count.describe('Customers who went without being served.'),
  recovered: count.describe('Of these, those who talked with somebody since, or served themselves.'),
  longestWaitMs: durationMs.describe('Longest wait that is over, ms. The greatest, where the others are added.'),
} satisfies Record<keyof Counts, z.ZodType>;

const share = z.number().min(0).max(1).optional();
const average = durationMs.optional();

const averages = {
  serviceLevel: share.describe(
    'answeredInTime / (answered + abandoned), 0 to 1; short abandonments and flow-outs do not count.',
  ),
  abandonRate: share.describe('abandoned / (answered + abandoned), 0 to 1.'),
  asaMs: average.describe('Average speed of answer: answeredWaitMs / answered, ms.'),
  averageAbandonMs: average.describe('abandonedWaitMs / abandoned, ms.'),
  ahtMs: average.describe('Average handling time: (talkMs + wrapUpMs) / handled, ms.'),
} satisfies Record<keyof Averages, z.ZodType>;

const figures = z.object({ ...sums, ...averages }).meta({
  id: 'Figures',
  description: 'Counts and sums, and averages made of them; missing where nothing is to be divided by.',
});

export const figuresAnswer = z
  .object({
    from: time,
    to: time,
    timeZone: z.string().describe('Of the centre: its days begin there.'),
    step: z.enum(['quarter', 'hour', 'day']),
    uncounted: count.describe(
      'Facts in the record that are not counted yet: 0, or a few of the last seconds, or a recount goes on.',
    ),
    total: figures,
    queues: z.array(z.object({ queue: z.string(), total: figures })),
    rows: z
      .array(z.object({ start: time, queue: z.string(), ...sums }).meta({ id: 'FigureRow' }))
      .describe('By time, then queue; where nothing happened there is no row. They add up: averages are made of sums.'),
  })
  .describe(
    'A call counts in the quarter of an hour in which it joined the queue, whenever the rest happened; a call-back in that of its promise, a lost customer in that of the loss.',
  );
export type WireFigures = z.infer<typeof figuresAnswer>;
export type WireFigureRow = WireFigures['rows'][number];

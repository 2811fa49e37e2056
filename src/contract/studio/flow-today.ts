// How the steps of a flow were left today, on the wire.
import { z } from 'zod';
import { time } from '../wire.js';

export const flowToday = z.object({
  since: time.describe('Midnight of the centre.'),
  steps: z
    .array(
      z.object({
        step: z.string(),
        outcome: z.string().describe('How it was left, as in the record: `key:1`, `time-out`, `served` …'),
        count: z.int(),
      }),
    )
    .describe('Most frequent first. Who hung up within a step has not left it: see calls that ended in the flow.'),
});
export type WireFlowToday = z.infer<typeof flowToday>;

// Agents on the wire: what they are doing now, and what they may ask for.
import { z } from 'zod';
import { role } from './session.js';
import { time } from './wire.js';

export const agentState = z.enum(['offline', 'available', 'break', 'ringing', 'busy', 'wrap-up']);

export const agent = z
  .object({
    id: z.string(),
    title: z.string(),
    role,
    skills: z.record(z.string(), z.number()).describe('Level from 1 (knows) to 5 (best).'),
    team: z.string().optional().describe('Of the file, or the one a supervisor has put them into.'),
    state: agentState,
    reason: z.string().optional().describe('Of a break; or why busy without an offer: `own-call`, `direct-call`.'),
    since: time,
    idleSince: time.describe('What "longest idle" compares.'),
    backOffUntil: time.optional().describe('No offer before this time, after refusals.'),
    devices: z.array(z.object({ name: z.string(), registered: z.boolean() })),
    interaction: z.string().optional().describe('While busy, and in the wrap-up after it.'),
    until: time.optional().describe('When ringing or wrap-up ends by itself.'),
    afterwards: z
      .object({ state: z.enum(['offline', 'available', 'break']), reason: z.string().optional() })
      .optional()
      .describe('The state taken when the call is over.'),
  })
  .meta({ id: 'Agent' });
export type WireAgent = z.infer<typeof agent>;

export const agentList = z.object({ agents: z.array(agent) });

export const stateWish = z.strictObject({
  state: z
    .enum(['offline', 'available', 'busy', 'wrap-up', 'break'])
    .describe('`busy` and `wrap-up` follow from calls and are refused with `wrong-state`.'),
  reason: z
    .string()
    .regex(/^[^\p{Cc}]{1,64}$/u, 'one line of at most 64 characters')
    .optional()
    .describe('Of a break.'),
});

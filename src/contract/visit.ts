// Trying the centre out without an account, on the wire.
import { z } from 'zod';
import { agent } from './agent.js';
import { interaction } from './interaction.js';
import { sandboxMessage } from './sandbox.js';

const account = z
  .object({
    server: z.string().describe('SIP over WebSocket: `ws://127.0.0.1:5066`.'),
    uri: z.string().describe('`sip:user@host`'),
    credentials: z.object({ user: z.string(), password: z.string().describe('Holds for this visit only.') }),
  })
  .meta({ id: 'VisitPhone' });

export const visit = z
  .object({
    id: z.string(),
    number: z.string().describe('The customer’s own number.'),
    dial: z.string().describe('What the customer calls.'),
    agent: z.object({ id: z.string(), title: z.string() }),
    customerPhone: account,
    agentPhone: account.describe('A browser that rings along with the agent’s own phone.'),
  })
  .meta({ id: 'Visit' });
export type WireVisit = z.infer<typeof visit>;

export const visitView = z
  .object({
    agent,
    messages: z.array(sandboxMessage).describe('To and from this customer; newest last.'),
    interaction: interaction.optional().describe('The customer’s newest one; missing before the first call.'),
  })
  .meta({ id: 'VisitView' });
export type WireVisitView = z.infer<typeof visitView>;

// A supervisor's ear in a conversation, on the wire.
import { z } from 'zod';
import { name } from '../wire.js';

export const monitorMode = z
  .enum(['listen', 'whisper', 'barge'])
  .describe('`listen`: hears both. `whisper`: the agent hears the supervisor too. `barge`: both do.');

export const monitorWish = z
  .strictObject({
    device: name.optional().describe('The SIP device to ring.'),
    agent: name.optional().describe('Or: ring all registered SIP devices of this agent.'),
    mode: monitorMode.default('listen'),
  })
  .refine(({ device, agent }) => (device === undefined) !== (agent === undefined), 'give a device or an agent');

export const monitorChange = z.strictObject({ mode: monitorMode });

export const monitor = z
  .object({
    id: z.string(),
    interaction: z.string(),
    by: z.string().describe('The user who asked for it.'),
    mode: monitorMode,
    state: z.enum(['ringing', 'joined']),
    device: z.string().optional().describe('Once it is joined.'),
  })
  .meta({ id: 'Monitor' });

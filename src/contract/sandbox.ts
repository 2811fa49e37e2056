// The channel that needs no provider, on the wire.
import { z } from 'zod';
import { time } from './wire.js';

export const sandboxMessage = z
  .object({
    id: z.string(),
    direction: z.enum(['in', 'out']).describe('`out` went to the customer.'),
    address: z.string(),
    text: z.string(),
    at: time,
  })
  .meta({ id: 'SandboxMessage' });

export const sandboxMessages = z.object({ messages: z.array(sandboxMessage).describe('Newest last.') });

/** A customer's number or name in the sandbox. */
export const sandboxAddress = z.string().regex(/^\+?[A-Za-z0-9._-]{1,32}$/, 'a number such as +34600123456');

export const sandboxWrite = z.strictObject({
  from: sandboxAddress.describe('Who writes.'),
  text: z.string().min(1).max(4096),
});

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
    attachments: z
      .array(z.object({ id: z.string(), name: z.string(), type: z.string(), bytes: z.number().int(), url: z.string() }))
      .optional()
      .describe('Files that came with it.'),
  })
  .meta({ id: 'SandboxMessage' });

export const sandboxMessages = z.object({ messages: z.array(sandboxMessage).describe('Newest last.') });

/** A customer's number or name in the sandbox. */
export const sandboxAddress = z.string().regex(/^\+?[A-Za-z0-9._-]{1,32}$/, 'a number such as +34600123456');

export const sandboxWrite = z.strictObject({
  from: sandboxAddress.describe('Who writes.'),
  text: z.string().min(1).max(4096),
});

/** POST /api/sandbox/attachments?from=…&name=…&text=… with the bytes as body: the customer sends a file. */
export const sandboxAttachment = z.strictObject({
  // A plus that was not escaped arrives as a space.
  from: z.preprocess((text) => (typeof text === 'string' ? text.replace(/^ /, '+') : text), sandboxAddress),
  name: z.string().min(1).max(200),
  text: z.string().max(4096).optional(),
});

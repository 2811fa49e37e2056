// Pieces that many shapes on the wire are made of: times, addresses, names.
import { z } from 'zod';

export const time = z.string().describe('ISO 8601, UTC, with milliseconds.');
export const durationMs = z.number().describe('Milliseconds.');

export const channel = z.enum(['voice', 'sms', 'whatsapp', 'chat', 'sandbox']);

export const address = z.object({ channel, value: z.string() });

/** A name as the centre's files write it: of an agent, a queue, a flow. */
export const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'letters, digits, _ and -, at most 64, beginning with a letter or digit');

export const languageHeader = z.object({
  'accept-language': z.string().max(200).optional().describe('`es` or `en`; the language of the centre when left out.'),
});

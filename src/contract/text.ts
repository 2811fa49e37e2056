// What is written to a customer on a call with real-time text, on the wire.
import { z } from 'zod';

export const textToWrite = z.object({
  text: z.string().trim().min(1).max(1_000).describe('One line; the customer reads it at once.'),
});

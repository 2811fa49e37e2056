// What can be done with a conversation that goes on, on the wire.
import { z } from 'zod';
import { name } from '../wire.js';

const note = z
  .string()
  .regex(/^[^\p{Cc}]{1,300}$/u, 'one line of at most 300 characters')
  .optional()
  .describe('For whoever is rung (`X-Hilo-Note`), and for the record.');

const number = z.string().regex(/^\+?[0-9*#]{2,20}$/, 'a number to dial');

export const colleague = z
  .strictObject({ agent: name.optional(), number: number.optional() })
  .refine((who) => (who.agent === undefined) !== (who.number === undefined), 'give an agent or a number');

export const transferWish = z.strictObject({
  to: z
    .strictObject({ agent: name.optional(), queue: name.optional(), number: number.optional() })
    .refine((to) => Object.values(to).filter((one) => one !== undefined).length === 1, 'one of agent, queue, number')
    .describe(
      'A queue keeps the place that the customer had. A number of the centre leads where callers of it are led.',
    ),
  note,
});

export const consultWish = z.strictObject({ with: colleague, note });

export const conferenceWish = z.strictObject({
  with: colleague.optional().describe('Absent: with the colleague who is being consulted.'),
});

export const takeOverWish = z.strictObject({
  agent: name.optional().describe('Whose phones are rung; absent: your own.'),
});

export const digitsWish = z.strictObject({
  digits: z.string().regex(/^[0-9A-D*#]{1,32}$/, 'keys of the telephone, at most 32'),
});

export const recordingState = z
  .enum(['off', 'on', 'paused'])
  .describe('`paused`: there is silence in the recording until it is resumed.');

export const recordingWish = z.strictObject({ action: z.enum(['pause', 'resume']) });

export const talk = z
  .object({
    interaction: z.string(),
    state: z
      .enum(['talking', 'on-hold', 'calling', 'consulting', 'together', 'over'])
      .describe(
        '`calling`: a colleague is rung. `consulting`: agent and colleague talk, the customer hears music. `together`: a conference.',
      ),
    muted: z.boolean().describe('Whether the microphone of the first party is off.'),
    parties: z
      .array(z.object({ kind: z.enum(['agent', 'number']), name: z.string(), device: z.string() }))
      .describe('On our side; the first is the one the customer deals with.'),
    consulted: z.string().optional(),
    recording: recordingState,
  })
  .meta({ id: 'Talk' });
export type WireTalk = z.infer<typeof talk>;

// The emergency message on the wire.
import { z } from 'zod';
import { name, time } from './wire.js';

const MAX_TEXT_CHARS = 1_000;
const MAX_NUMBERS = 100;

const afterwards = z
  .union([z.enum(['go-on', 'hang-up']), z.strictObject({ queue: name })])
  .describe('`go-on`: the call goes on as if nothing had been; `hang-up`: it ends; `{ queue }`: it goes there.');

export const emergencyWish = z.strictObject({
  texts: z
    .record(z.string().max(10), z.string().trim().min(1).max(MAX_TEXT_CHARS))
    .default({})
    .describe(
      'Language of the centre → what is said. All that are given are said, in the order of the languages of the centre.',
    ),
  recorded: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'the name of a recording: lower-case letters, digits, dashes')
    .optional()
    .describe('A prompt; where it is not recorded in a language its text is said.'),
  numbers: z
    .array(z.string().max(40))
    .min(1)
    .max(MAX_NUMBERS)
    .optional()
    .describe('Numbers of the centre whose callers hear it; all when left out.'),
  afterwards: afterwards.default('go-on'),
});

export const emergency = emergencyWish
  .extend({ texts: z.record(z.string(), z.string()), afterwards, id: z.string(), by: z.string(), since: time })
  .meta({ id: 'Emergency', description: 'What every caller hears before anything else.' });
export type WireEmergency = z.infer<typeof emergency>;

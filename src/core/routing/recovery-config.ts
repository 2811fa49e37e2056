// Getting lost customers back, as written under `recovery` in `centre.yaml`: the keys, and what they become.
import { z } from 'zod';
import { duration, nameSchema, strict, whole } from '../document/shape.js';
import type { RecoveryPolicy } from './centre.js';

const HOUR_MS = 3_600_000;
const MAX_DELAY_MS = 168 * HOUR_MS;
const MAX_ATTEMPTS = 10;

const delays = z.array(duration(0, MAX_DELAY_MS)).max(MAX_ATTEMPTS);
const clock = z
  .string({ error: 'a time is written as 09:00' })
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: 'a time is written as 09:00' });

const customerHours = strict({ from: clock.describe('Not before.'), to: clock.describe('Not after.') }).refine(
  ({ from, to }) => from < to,
  {
    error: 'these hours never open',
    params: { advice: "e.g. { from: '09:00', to: '21:00' }" },
  },
);

const webForm = strict({
  queues: z
    .array(nameSchema)
    .min(1, { error: 'a form needs a queue' })
    .max(50)
    .describe('Queues that the form may name; the first one is taken when it names none.'),
  'max-per-hour': whole(1, 10_000).default(60).describe('Call-backs asked for in all.'),
});

export const recoverySchema = strict({
  'short-abandon': duration(0, HOUR_MS).describe('Who hangs up sooner gets no message.'),
  channel: z.enum(['sms', 'whatsapp', 'sandbox']).describe('How the message goes.'),
  'cool-down': duration(0, MAX_DELAY_MS).describe('No second message to the same customer within this time.'),
  consent: z
    .enum(['implied', 'required'])
    .describe('`implied`: a caller may be written to; `required`: only whose consent is recorded.'),
  attempts: delays.min(1, { error: 'at least one attempt' }).describe('When a call-back is tried: after these times.'),
  'retry-after': strict({
    busy: delays.optional().describe('The line was busy.'),
    'no-answer': delays.optional().describe('Nobody answered.'),
    machine: delays.optional().describe('A machine answered.'),
  })
    .default({})
    .describe(
      'Own rules for how an attempt failed: time after the 1st, 2nd … attempt, as many more as there are times.',
    ),
  'offer-valid': duration(60_000, MAX_DELAY_MS).describe('An offer that nobody answers within this time lapses.'),
  'callback-hours': z.string().optional().describe('Opening hours outside of which nobody is called back.'),
  'customer-hours': customerHours
    .optional()
    .describe("On the customer's own clock, told by the country of the number; besides `callback-hours`."),
  'resume-place': duration(0, HOUR_MS)
    .prefault('60s')
    .describe('Who was cut off or hung up, and rings in again within this time, has the old place.'),
  'web-form': webForm
    .optional()
    .describe('Call-backs that may be asked for on the web; without it the form is closed.'),
  'promises-per-number-per-day': whole(1, 1_000).default(5).describe('So many call-backs are promised to one number.'),
  text: z.string().describe('Key under `texts` of the message.'),
  note: z.string().optional().describe('For whoever reads the file.'),
});

type RawRecovery = z.output<typeof recoverySchema>;

export function recoveryOf(raw: RawRecovery): RecoveryPolicy {
  const callbackHours = raw['callback-hours'];
  const customerHours = raw['customer-hours'];
  const form = raw['web-form'];
  const { busy, machine, 'no-answer': noAnswer } = raw['retry-after'];
  return {
    shortAbandonMs: raw['short-abandon'],
    channel: raw.channel,
    coolDownMs: raw['cool-down'],
    consent: raw.consent,
    attemptDelaysMs: raw.attempts,
    retryAfterMs: {
      ...(busy === undefined ? {} : { busy }),
      ...(noAnswer === undefined ? {} : { 'no-answer': noAnswer }),
      ...(machine === undefined ? {} : { machine }),
    },
    offerValidMs: raw['offer-valid'],
    ...(callbackHours === undefined ? {} : { callbackHours }),
    ...(customerHours === undefined ? {} : { customerHours }),
    resumePlaceMs: raw['resume-place'],
    ...(form === undefined ? {} : { webForm: { queues: form.queues, maxPerHour: form['max-per-hour'] } }),
    promisesPerNumberPerDay: raw['promises-per-number-per-day'],
    text: raw.text,
  };
}

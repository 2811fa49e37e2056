// The keys of `centre.yaml` and what may stand there; what names what is checked afterwards.

import { isSupportedCountry } from 'libphonenumber-js/max';
import { z } from 'zod';
import { CALLBACK_SHARE } from '../acd/callback-share.js';
import { budgetsSchema } from '../document/budgets.js';
import { runLimitsSchema } from '../document/run-limits.js';
import { dialString, duration, languageSchema, nameSchema, strict, whole } from '../document/shape.js';
import { webHostsSchema } from '../document/web-host.js';
import { deskKeys, deskQueueKeys, deviceRing } from './desk-config.js';
import { destinationSchema, entrySchema } from './destination.js';
import { chatSchema } from './keys/chat-keys.js';
import { channelsSchema, choiceAgentKeys, choiceKeys } from './keys/choice-keys.js';
import { conversationsSchema } from './keys/conversation-keys.js';
import { crmSchema } from './keys/crm-keys.js';
import { tryOutSchema } from './keys/try-out.js';
import { hours, timeZone } from './opening/hours-shape.js';
import { recoverySchema } from './recovery-config.js';
import { waitingKeys } from './waiting-config.js';

const HOUR_MS = 3_600_000;
const MAX_TITLE_CHARS = 80;

const title = z.string().min(1).max(MAX_TITLE_CHARS);
const texts = z.record(languageSchema, z.string());
const forward = strict({
  when: z
    .enum(['always', 'busy', 'no-answer', 'unregistered'])
    .describe('When it applies. `unregistered`: no device is there.'),
  to: destinationSchema.describe('Where the call goes instead.'),
});

const number = strict({
  to: entrySchema.describe('What answers the number.'),
  forwards: z
    .array(forward)
    .max(10)
    .default([])
    .describe('Where its calls go instead, and when; the first that applies.'),
  note: z.string().optional().describe('For whoever reads the file.'),
});

/** Of one that gets another name every year. */
export const FORMER_NAMES_MAX = 20;
const formerly = z.array(nameSchema).max(FORMER_NAMES_MAX).default([]);

const queue = strict({
  title: texts.describe('What it is called, per language; texts may say it.'),
  formerly: formerly.describe('Names that it had before: promises, figures and the record of then lead to it.'),
  ...choiceKeys,
  priority: whole(0, 9).default(5).describe('0 is the most urgent.'),
  music: nameSchema.default('moh').describe('What those who wait hear: a folder or file of the prompts.'),
  ring: duration(3_000, 120_000).prefault('20s').describe('How long an agent is rung.'),
  'max-wait': duration(1_000, 4 * HOUR_MS)
    .prefault('10m')
    .describe('Who waits longer overflows.'),
  'max-length': whole(0, 10_000).default(100).describe('So many may wait; the next one overflows.'),
  announce: z
    .union([z.literal('never').transform(() => 0), duration(10_000, HOUR_MS)])
    .prefault('never')
    .describe('How often the position is said, or `never`.'),
  ...deskQueueKeys,
  overflow: destinationSchema.describe('Where those go who are not served.'),
  'when-empty': z
    .enum(['wait', 'overflow'])
    .default('wait')
    .describe('Nobody with the skill is there: wait all the same, or overflow at once.'),
  'exit-key': z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(/^[0-9*#]$/, { error: 'one key of the telephone' }))
    .optional()
    .describe('The key with which a caller leaves for the overflow.'),
  ...waitingKeys,
  'service-level': duration(1_000, HOUR_MS).prefault('20s').describe('Answered within this counts as served in time.'),
  record: z.boolean().default(false).describe('Conversations are recorded.'),
  'callback-share': whole(1, 100)
    .default(100 * CALLBACK_SHARE)
    .describe('Percent of the agents at work who may be on call-backs of the queue at a time; at least one.'),
  note: z.string().optional().describe('For whoever reads the file.'),
});

const device = strict({
  sip: nameSchema.optional().describe('Registers with Hilo under this name.'),
  browser: nameSchema
    .optional()
    .describe('The telephone in the agent’s browser, under this name; who is signed in needs no password for it.'),
  number: dialString.optional().describe('Is called over the trunk; who answers accepts with key 1.'),
  security: z.literal('sdes').optional().describe('It is called with keys for SRTP (RFC 4568).'),
  ring: deviceRing.describe('How long it rings; else as long as the queue says.'),
});

const agent = strict({
  title: title.describe('The name as people read it.'),
  formerly: formerly.describe('Names that the agent had before: account, promises and the record of then lead to it.'),
  skills: z.record(nameSchema, whole(1, 5)).describe('Skill and level: 1 (knows) to 5 (best).'),
  devices: z.array(device).max(10).describe('Where the agent answers, best first.'),
  ring: z
    .enum(['together', 'in-order'])
    .default('in-order')
    .describe('Its devices ring all at once or one after the other.'),
  'available-on-register': z.boolean().default(true).describe('A device that registers makes the agent available.'),
  forwards: z.array(forward).max(10).default([]).describe('Where calls for the agent go instead, and when.'),
  role: z.enum(['agent', 'supervisor', 'admin']).default('agent').describe('What the agent may do in the API.'),
  ...choiceAgentKeys,
  note: z.string().optional().describe('For whoever reads the file.'),
});

const peer = z.string().refine(isPeer, {
  error: 'this is neither an address nor a range',
  params: { advice: 'e.g. 192.0.2.10 or 192.0.2.0/24' },
});

const trunk = strict({
  peers: z
    .array(peer)
    .min(1, { error: 'a trunk needs at least one peer' })
    .max(100)
    .describe('Addresses and ranges from which calls are taken; everything else gets 403.'),
  outbound: strict({
    host: z
      .string()
      .regex(/^[A-Za-z0-9.:-]{1,253}$/, { error: 'this is not a host' })
      .describe('Name or address.'),
    port: whole(1, 65_535).default(5060).describe('Of SIP there.'),
    transport: z.enum(['udp', 'tcp']).default('udp').describe('As the provider wants it.'),
  })
    .optional()
    .describe('Where our calls go out.'),
  'caller-id': dialString.describe('The number that people see whom we call.'),
  note: z.string().optional().describe('For whoever reads the file.'),
});

const prefix = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^\+?[0-9]{1,15}$/, { error: 'a prefix is digits, with + for other countries' }));

const outbound = strict({
  allowed: z.array(prefix).max(500).describe('Prefixes that may be dialled; the longest prefix decides.'),
  denied: z.array(prefix).max(500).default([]).describe('Exceptions from them.'),
  premium: z.boolean().default(false).describe('Numbers that cost extra may be dialled where a prefix allows them.'),
  'max-per-hour': whole(0, 100_000).describe('Calls of the whole centre.'),
  'max-per-destination-per-hour': whole(0, 1_000).describe('Calls to one number.'),
  'max-per-destination-per-day': whole(0, 10_000).default(50).describe('Calls to one number.'),
  note: z.string().optional().describe('For whoever reads the file.'),
});

export const centreSchema = strict({
  version: z.literal(1, { error: 'this version is not known: Hilo reads version 1' }).describe('Of the language: 1.'),
  name: title.describe('Of the centre, for people.'),
  'time-zone': timeZone.describe('In which its hours and times are meant.'),
  country: z
    .string()
    .refine(isSupportedCountry, {
      error: 'this country is not known',
      params: { advice: 'two capital letters, e.g. ES' },
    })
    .describe('Two letters: how numbers without country code are read.'),
  languages: z
    .array(languageSchema)
    .min(1, { error: 'a centre speaks at least one language' })
    .max(20)
    .describe('What is spoken here; the first one when nothing is known of the caller.'),
  numbers: z
    .record(
      z
        .string()
        .regex(/^\+?[0-9*#]{1,20}$|^[a-z][a-z0-9.-]{0,39}$/, { error: 'a number, or the user part of a SIP address' }),
      number,
    )
    .describe('What answers each number: digits, or the user part of a SIP address.'),
  channels: channelsSchema.optional().describe('How much an agent does at a time, and what may interrupt what.'),
  queues: z.record(nameSchema, queue).describe('Where people wait, by name.'),
  agents: z.record(nameSchema, agent).describe('Who serves them, by name.'),
  trunks: z.record(nameSchema, trunk).describe('Where calls come in and go out, by name.'),
  hours: z.record(nameSchema, hours).describe('Opening hours, by name.'),
  outbound: outbound.describe('What Hilo may dial. Premium-rate numbers never, unless said.'),
  crm: crmSchema.optional().describe('Where a customer is found in another system: a link beside every conversation.'),
  conversations: conversationsSchema
    .optional()
    .describe('Who answers what customers write; left out: it is only recorded.'),
  chat: chatSchema.optional().describe('The chat that web pages may show; left out: there is none.'),
  recovery: recoverySchema.describe('What follows a call that nobody served.'),
  http: strict({
    hosts: webHostsSchema.describe('The only hosts that requests may go to.'),
    note: z.string().optional().describe('For whoever reads the file.'),
  })
    .optional()
    .describe('Other systems that flows may ask.'),
  budgets: budgetsSchema
    .optional()
    .describe('What a flow may ask of a caller at most: `npm run flow check` tells what is beyond.'),
  limits: runLimitsSchema.optional().describe('Where a call is taken out of a flow that does not let it go.'),
  'try-out': tryOutSchema
    .optional()
    .describe('Whoever sits at this machine may try the centre out as customer and agent, without an account.'),
  texts: z.record(nameSchema, texts).describe('What Hilo itself says and writes, per language.'),
  ...deskKeys,
  note: z.string().optional().describe('For whoever reads the file.'),
});

export type RawCentre = z.output<typeof centreSchema>;

function isPeer(peer: string): boolean {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(peer);
  if (v4 !== null) return v4.slice(1, 5).every((part) => Number(part) <= 255) && Number(v4[5] ?? 32) <= 32;
  const v6 = /^([0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})(?:\/(\d{1,3}))?$/i.exec(peer);
  return v6 !== null && Number(v6[2] ?? 128) <= 128;
}

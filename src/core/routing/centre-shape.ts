// The keys of `centre.yaml` and what may stand there; what names what is checked afterwards.

import { isSupportedCountry } from 'libphonenumber-js/max';
import { z } from 'zod';
import { CALLBACK_SHARE } from '../acd/callback-share.js';
import { budgetsSchema } from '../document/budgets.js';
import { dialString, duration, languageSchema, nameSchema, strict, whole } from '../document/shape.js';
import { webHostsSchema } from '../document/web-host.js';
import { deskKeys, deskQueueKeys, deviceRing } from './desk-config.js';
import { destinationSchema, entrySchema } from './destination.js';
import { hours, timeZone } from './opening/hours-shape.js';
import { channelsSchema, choiceAgentKeys, choiceKeys } from './keys/choice-keys.js';
import { recoverySchema } from './recovery-config.js';
import { waitingKeys } from './waiting-config.js';

const HOUR_MS = 3_600_000;
const MAX_TITLE_CHARS = 80;

const title = z.string().min(1).max(MAX_TITLE_CHARS);
const texts = z.record(languageSchema, z.string());
const forward = strict({ when: z.enum(['always', 'busy', 'no-answer', 'unregistered']), to: destinationSchema });

const number = strict({ to: entrySchema, forwards: z.array(forward).max(10).default([]), note: z.string().optional() });

const queue = strict({
  title: texts,
  ...choiceKeys,
  priority: whole(0, 9).default(5),
  music: nameSchema.default('moh'),
  ring: duration(3_000, 120_000).prefault('20s'),
  'max-wait': duration(1_000, 4 * HOUR_MS).prefault('10m'),
  'max-length': whole(0, 10_000).default(100),
  /** `never`, or how often the position is said. */
  announce: z.union([z.literal('never').transform(() => 0), duration(10_000, HOUR_MS)]).prefault('never'),
  ...deskQueueKeys,
  overflow: destinationSchema,
  /** Nobody with the skill is signed in: wait all the same, or overflow at once. */
  'when-empty': z.enum(['wait', 'overflow']).default('wait'),
  'exit-key': z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(/^[0-9*#]$/, { error: 'one key of the telephone' }))
    .optional(),
  ...waitingKeys,
  'service-level': duration(1_000, HOUR_MS).prefault('20s'),
  record: z.boolean().default(false),
  /** Percent of the agents at work who may be on call-backs of this queue at a time. */
  'callback-share': whole(1, 100).default(100 * CALLBACK_SHARE),
  note: z.string().optional(),
});

const device = strict({
  sip: nameSchema.optional(),
  number: dialString.optional(),
  security: z.literal('sdes').optional(),
  ring: deviceRing,
});

const agent = strict({
  title,
  skills: z.record(nameSchema, whole(1, 5)),
  devices: z.array(device).max(10),
  ring: z.enum(['together', 'in-order']).default('in-order'),
  'available-on-register': z.boolean().default(true),
  forwards: z.array(forward).max(10).default([]),
  role: z.enum(['agent', 'supervisor', 'admin']).default('agent'),
  ...choiceAgentKeys,
  note: z.string().optional(),
});

const peer = z.string().refine(isPeer, {
  error: 'this is neither an address nor a range',
  params: { advice: 'e.g. 192.0.2.10 or 192.0.2.0/24' },
});

const trunk = strict({
  peers: z.array(peer).min(1, { error: 'a trunk needs at least one peer' }).max(100),
  outbound: strict({
    host: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, { error: 'this is not a host' }),
    port: whole(1, 65_535).default(5060),
    transport: z.enum(['udp', 'tcp']).default('udp'),
  }).optional(),
  'caller-id': dialString,
  note: z.string().optional(),
});

const prefix = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^\+?[0-9]{1,15}$/, { error: 'a prefix is digits, with + for other countries' }));

const outbound = strict({
  allowed: z.array(prefix).max(500),
  denied: z.array(prefix).max(500).default([]),
  premium: z.boolean().default(false),
  'max-per-hour': whole(0, 100_000),
  'max-per-destination-per-hour': whole(0, 1_000),
  'max-per-destination-per-day': whole(0, 10_000).default(50),
  note: z.string().optional(),
});

export const centreSchema = strict({
  version: z.literal(1, { error: 'this version is not known: Hilo reads version 1' }),
  name: title,
  'time-zone': timeZone,
  country: z.string().refine(isSupportedCountry, {
    error: 'this country is not known',
    params: { advice: 'two capital letters, e.g. ES' },
  }),
  languages: z.array(languageSchema).min(1, { error: 'a centre speaks at least one language' }).max(20),
  numbers: z.record(
    z
      .string()
      .regex(/^\+?[0-9*#]{1,20}$|^[a-z][a-z0-9.-]{0,39}$/, { error: 'a number, or the user part of a SIP address' }),
    number,
  ),
  channels: channelsSchema.optional(),
  queues: z.record(nameSchema, queue),
  agents: z.record(nameSchema, agent),
  trunks: z.record(nameSchema, trunk),
  hours: z.record(nameSchema, hours),
  outbound,
  recovery: recoverySchema,
  http: strict({ hosts: webHostsSchema, note: z.string().optional() }).optional(),
  budgets: budgetsSchema.optional(),
  texts: z.record(nameSchema, texts),
  ...deskKeys,
  note: z.string().optional(),
});

export type RawCentre = z.output<typeof centreSchema>;

function isPeer(peer: string): boolean {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(peer);
  if (v4 !== null) return v4.slice(1, 5).every((part) => Number(part) <= 255) && Number(v4[5] ?? 32) <= 32;
  const v6 = /^([0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})(?:\/(\d{1,3}))?$/i.exec(peer);
  return v6 !== null && Number(v6[2] ?? 128) <= 128;
}

// An interaction on the wire: the row it is found by, and the whole record with its story.
import { z } from 'zod';
import { address, channel, durationMs, time } from './wire.js';

export const interactionState = z.enum(['new', 'active', 'waiting-for-customer', 'callback-due', 'idle', 'closed']);

const party = z.object({
  kind: z.enum(['customer', 'flow', 'queue', 'agent', 'number']),
  name: z.string(),
});
const direction = z.enum(['in', 'out']).describe('`in`: the customer came to us.');

export const interactionSummary = z
  .object({
    id: z.string(),
    reference: z.string().describe('What people call it, e.g. `H-7K3Q-X2PD`.'),
    state: z.string(),
    contact: z.string(),
    address,
    channels: z.array(channel),
    openedAt: time,
    updatedAt: time,
    callback: z.object({ id: z.string(), dueAt: time }).optional().describe('The call-back that was promised.'),
  })
  .meta({ id: 'InteractionSummary' });
export type WireSummary = z.infer<typeof interactionSummary>;

export const interactionPage = z.object({
  interactions: z.array(interactionSummary).describe('Newest first.'),
  next: z.string().optional().describe('Send it as `after` for the next page; missing on the last one.'),
});

const callSegment = z.object({
  kind: z.literal('call'),
  id: z.string(),
  channel,
  direction,
  state: z.enum(['ringing', 'answered', 'ended']),
  number: z.string().describe('Who called, or who was called.'),
  dialled: z.string().optional(),
  callback: z.string().optional(),
  node: z.string(),
  party: party.describe('With whom the customer dealt last.'),
  path: z.array(z.object({ party, from: time })),
  language: z.string().optional(),
  startedAt: time,
  answeredAt: time.optional(),
  endedAt: time.optional(),
  endedBy: z.string().optional(),
  result: z.string().optional(),
  reason: z.string().optional(),
  sipStatus: z.number().optional(),
  waitedMs: durationMs,
  talkedMs: durationMs.optional(),
  quality: z
    .array(
      z.object({
        party: z.enum(['customer', 'other-side']),
        packets: z.number(),
        lossPercent: z.number(),
        jitterMs: z.number(),
        opinion: z.number().describe('Mean opinion score of 1 (bad) to 4.4 (as good as G.711 can be).'),
        reported: z
          .object({ lossPercent: z.number(), opinion: z.number(), roundTripMs: z.number() })
          .optional()
          .describe('What the party reported of the sound it got.'),
      }),
    )
    .optional()
    .describe('How each line sounded, when it is over.'),
});

const messageSegment = z.object({
  kind: z.literal('message'),
  id: z.string(),
  channel,
  direction,
  message: z.string(),
  party,
  startedAt: time,
  text: z.string(),
  purpose: z.string(),
  status: z.string(),
  reason: z.string().optional(),
});

export const segment = z
  .discriminatedUnion('kind', [callSegment, messageSegment])
  .meta({ id: 'Segment', description: 'One stretch in one channel with one party.' });
export type WireSegment = z.infer<typeof segment>;

export const callback = z.object({
  id: z.string(),
  state: z.enum(['offered', 'requested', 'waiting', 'dialling', 'ended']),
  queue: z.string().optional(),
  number: z.string().optional(),
  dueAt: time.optional(),
  attempts: z.number().optional(),
  result: z.string().optional(),
  reason: z.string().optional(),
});
export type WireCallback = z.infer<typeof callback>;

const wait = z.object({
  entry: z.string(),
  queue: z.string(),
  kind: z.enum(['call', 'callback', 'message', 'task']),
  state: z.enum(['waiting', 'offered', 'over']),
  priority: z.number(),
  from: time,
  offers: z.number().describe('Offers made so far.'),
  reason: z.string().optional().describe('How it ended.'),
  waitedMs: durationMs.optional(),
});

export const interaction = z
  .object({
    id: z.string(),
    reference: z.string(),
    state: interactionState,
    contact: z.string(),
    address,
    language: z.string().optional(),
    openedAt: time,
    updatedAt: time,
    closed: z.object({ reason: z.string(), at: time }).optional(),
    callback: callback.optional().describe('The present or last call-back.'),
    surveys: z
      .array(
        z.object({
          survey: z.enum(['csat', 'nps', 'fcr']).describe('Content 1-5, would recommend 0-10, settled 1 or 0.'),
          score: z.number(),
          name: z.string().describe('Of the step that asked.'),
          at: time,
        }),
      )
      .optional()
      .describe('What the customer answered when asked about us.'),
    segments: z.array(segment),
    waits: z.array(wait),
    outcomes: z
      .array(z.object({ segment: z.string(), outcome: z.string(), reason: z.string() }))
      .describe('Of each inbound call that ended: exactly one.'),
    events: z
      .array(
        z.object({
          version: z.number(),
          type: z.string(),
          at: time,
          data: z.record(z.string(), z.unknown()).describe('As recorded; times in it are Unix milliseconds.'),
        }),
      )
      .describe('The record itself: everything else here is computed from it.'),
    timeline: z
      .array(
        z.object({
          version: z.number(),
          type: z.string(),
          at: time,
          text: z.string(),
          step: z.string().optional().describe('Of which step of a flow it tells, as the file names it: `main/menu`.'),
        }),
      )
      .describe('The same as sentences.'),
  })
  .meta({ id: 'Interaction', description: 'One customer matter, whichever channels it passed through.' });
export type WireInteraction = z.infer<typeof interaction>;

const shortText = z.string().trim().min(1).max(80);
const tags = z.array(shortText).max(20);
const language = z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'a language is written as `es`, `en` or `pt-BR`');

export const contact = z
  .object({
    id: z.string(),
    addresses: z.array(address),
    name: z.string().optional(),
    language: z.string().optional(),
    segment: z.string().optional().describe('Of the centre’s own making, e.g. `premium`.'),
    tags: z.array(z.string()),
    consent: z.enum(['unknown', 'given', 'withdrawn']),
  })
  .meta({ id: 'Contact' });

export const contactChange = z.strictObject({
  number: z
    .string()
    .trim()
    .min(1)
    .max(40)
    .describe('E.164, as dialled in the country of the centre, or an internal number.'),
  name: shortText.nullable().optional(),
  language: language.nullable().optional(),
  segment: shortText.nullable().optional(),
  tags: tags.nullable().optional(),
});

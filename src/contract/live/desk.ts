// What an agent's desk shows live: the call that is offered, the one that goes on, and what there is to write up.
import { z } from 'zod';
import { recordingState } from '../talk/talk.js';
import { address, name, time } from '../wire.js';

const titles = z.record(z.string(), z.string()).describe('Per language.');

export const deskCustomer = z.object({
  address,
  name: z
    .string()
    .optional()
    .describe('Of the contact, else what the network of the caller says; as text, never as markup.'),
  contact: z.string(),
  reference: z.string(),
  language: z.string().optional(),
});

export const deskAnswer = z.object({
  step: z.string().describe('Flow and step.'),
  title: z.string().describe('What reports call the step, else its name; in words.'),
  titles: titles.optional().describe('What the flow calls it for people.'),
  answer: z.string().describe('What was typed or written; what was typed in secret is masked.'),
  chose: titles.optional().describe('Of a key in a menu: where it leads.'),
});

const matter = z.object({
  interaction: z.string(),
  customer: deskCustomer.optional().describe('Missing for the moment in which the record is read.'),
  answers: z.array(deskAnswer).describe('What the customer has told the flow so far, oldest first.'),
  handover: z
    .object({ by: z.string(), note: z.string().optional() })
    .optional()
    .describe('Who passed the customer on, with what they had to say.'),
});

const deskOffer = matter.extend({
  id: z.string(),
  entry: z.string(),
  kind: z.enum(['call', 'callback']),
  queue: z.string(),
  queueTitle: titles,
  waitingSince: time.describe('In this queue.'),
  firstWaitingSince: time.optional().describe('In this matter, when that was earlier.'),
  offeredAt: time,
  expiresAt: time,
  why: titles.describe('Why this agent, as a sentence per language.'),
});

const deskTalk = matter.extend({
  state: z
    .enum(['talking', 'on-hold', 'calling', 'consulting', 'together', 'over', 'connecting', 'own-call', 'elsewhere'])
    .describe(
      'As of a conversation; `connecting`: the customer is not there yet. `own-call`: dialled by the agent. `elsewhere`: another node of Hilo holds it.',
    ),
  since: time,
  queue: z.string().optional(),
  queueTitle: titles.optional(),
  leads: z.boolean().describe('The customer deals with this agent.'),
  muted: z.boolean(),
  recording: recordingState,
  parties: z.array(z.object({ kind: z.enum(['agent', 'number']), name: z.string() })),
  consulted: z.string().optional(),
  canWrite: z.boolean().describe('The customer’s phone has real-time text.'),
  written: z
    .array(z.object({ at: time, by: z.enum(['customer', 'agent']), name: z.string().optional(), text: z.string() }))
    .describe('The newest lines of real-time text, oldest first.'),
});

const deskWrapUp = z.object({
  interaction: z.string().optional(),
  customer: deskCustomer.optional(),
  queue: z.string().optional(),
  since: time,
  until: time,
  codes: z.array(z.object({ code: name, title: titles })),
  required: z.boolean(),
  canProlong: z.boolean(),
  chosen: z.string().optional().describe('The code that was given.'),
});

/** Of one agent, for that agent and for supervisors. */
export const liveDesk = z.object({
  agent: z.string(),
  offer: deskOffer.optional(),
  talk: deskTalk.optional(),
  wrapUp: deskWrapUp.optional(),
});
export type LiveDesk = z.infer<typeof liveDesk>;
export type DeskOffer = z.infer<typeof deskOffer>;
export type DeskTalk = z.infer<typeof deskTalk>;
export type DeskWrapUp = z.infer<typeof deskWrapUp>;
export type DeskCustomer = z.infer<typeof deskCustomer>;
export type DeskAnswer = z.infer<typeof deskAnswer>;

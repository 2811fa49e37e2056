// What is owed to customers and waits for somebody's hand, as the work-list shows it.
import { z } from 'zod';
import { name, time } from '../wire.js';

const NOTE_CHARS_MAX = 500;

export const workQuery = z.strictObject({
  scope: z
    .enum(['mine', 'queues', 'all'])
    .default('queues')
    .describe('What I look after; the queues that I serve, and mine; everything (supervisors).'),
  done: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true`: voice messages that are dealt with, the newest first.'),
});

const said = z.object({
  by: z.enum(['customer', 'colleague']),
  source: z.string().optional().describe('Step of the flow that asked, or name of the colleague; missing: a message.'),
  text: z.string().describe('As it was said: text, never markup.'),
  at: time,
});

const item = z.object({
  interaction: z.string(),
  reference: z.string(),
  number: z.string().describe('Empty: withheld.'),
  name: z.string().optional(),
  queue: z.string().optional(),
  holder: z.string().optional().describe('Who looks after it, or calls just now; missing: whoever comes first.'),
  said: z.array(said).describe('The newest lines, oldest first.'),
});

const callbackItem = item.extend({
  id: z.string(),
  state: z.enum(['requested', 'waiting', 'dialling']),
  dueAt: time,
  attempts: z.number().int(),
  source: z.string(),
});

const lostItem = item.extend({
  lostAt: time,
  result: z.string(),
  calls: z.number().int().describe('In which the customer was not served.'),
  offered: z.boolean().describe('A call-back was offered and not answered yet.'),
});

const voicemailItem = item.extend({
  recording: z.string(),
  leftAt: time,
  durationMs: z.number(),
  state: z.enum(['new', 'heard', 'done']),
  by: z.string().optional().describe('Who heard it first, or dealt with it.'),
  at: time.optional(),
  note: z.string().optional(),
});

export const workList = z
  .object({
    callbacks: z.array(callbackItem).describe('The next one first.'),
    lost: z.array(lostItem).describe('The longest ago first.'),
    voicemails: z.array(voicemailItem).describe('The longest ago first.'),
  })
  .meta({ id: 'WorkList' });
export type WireWorkList = z.infer<typeof workList>;
export type WireCallbackItem = WireWorkList['callbacks'][number];
export type WireLostItem = WireWorkList['lost'][number];
export type WireVoicemailItem = WireWorkList['voicemails'][number];

const note = z.string().trim().min(1).max(NOTE_CHARS_MAX);

export const takeWish = z.strictObject({
  agent: name.optional().describe('Who is to look after it (supervisors); you.'),
});
export const postponeWish = z.strictObject({
  at: z.string().min(4).max(40).describe('ISO 8601; where no offset: local.'),
});
export const postponed = z.object({
  dueAt: time,
  adjusted: z.boolean().describe('Not the moment asked for: then the customer may not be called.'),
});
export const callableTimes = z.object({ times: z.array(time) });
export const reasonWish = z.strictObject({ reason: note });
export const settleWish = z.strictObject({ as: z.enum(['recovered', 'dismissed']), note });
export const voicemailWish = z.strictObject({ state: z.enum(['heard', 'done']), note: note.optional() });

/** How much there is to do. Id: an agent, for that agent; `*`: everything, for supervisors. */
export interface LiveWork {
  readonly callbacks: number;
  readonly lost: number;
  readonly voicemails: number;
  /** Of these, what the agent looks after. */
  readonly mine: number;
  /** Another one: the lists look different. */
  readonly stamp: string;
}

// Webhooks on the wire: who is told what, and what became of it.
import { z } from 'zod';
import { TEST_EVENT, WEBHOOK_EVENT_TYPES } from '../../core/interaction/outward/webhook-event.js';
import { time } from '../wire.js';

const MAX_TITLE_CHARS = 80;
const MAX_URL_CHARS = 2_000;
const PAGE_MAX = 200;

const title = z.string().trim().min(1).max(MAX_TITLE_CHARS).describe('For people.');
const url = z
  .url({ protocol: /^https?$/ })
  .max(MAX_URL_CHARS)
  .describe('Its host has to stand under `http: hosts:` of the centre.');
const events = z.array(z.enum(WEBHOOK_EVENT_TYPES)).min(1).describe('What it is told.');

export const webhookWish = z.strictObject({ title, url, events });
export const webhookChange = z.strictObject({
  title: title.optional(),
  url: url.optional(),
  events: events.optional(),
  state: z.enum(['active', 'paused']).optional().describe('To `active`: what failed before is forgotten.'),
});

export const webhook = z
  .object({
    ...{ id: z.string(), title: z.string(), url: z.string(), events: z.array(z.enum(WEBHOOK_EVENT_TYPES)) },
    state: z.enum(['active', 'paused', 'disabled']),
    disabledFor: z
      .enum(['failing', 'full'])
      .optional()
      .describe('`failing`: nothing arrived for days; `full`: too much was waiting.'),
    disabledAt: time.optional(),
    failures: z.number().describe('Attempts in a row that failed.'),
    failingSince: time.optional(),
    openUntil: time.optional().describe('It failed too often: nothing is tried before then.'),
    waiting: z.number().describe('Deliveries that have not arrived yet.'),
    ...{ madeAt: time, madeBy: z.string() },
  })
  .meta({ id: 'Webhook' });
export type WireWebhook = z.infer<typeof webhook>;

export const webhookList = z.object({ webhooks: z.array(webhook) });

const secret = z.string().describe('Shown this once.');
export const madeWebhook = z.object({ webhook, secret });
export type WireMadeWebhook = z.infer<typeof madeWebhook>;
export const newSecret = z.object({ secret });
export type WireNewSecret = z.infer<typeof newSecret>;

export const deliveryQuery = z.object({
  state: z.enum(['waiting', 'delivered', 'failed']).optional(),
  before: z.coerce.number().int().positive().optional().describe('Only those with a smaller number.'),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(50),
});

const delivery = z
  .object({
    number: z.number(),
    event: z.string().describe('Id of the event: the same however often it is sent.'),
    type: z.enum([...WEBHOOK_EVENT_TYPES, TEST_EVENT]),
    state: z.enum(['waiting', 'delivered', 'failed']),
    attempts: z.number(),
    madeAt: time,
    nextAt: time.optional().describe('Of the next attempt, while it waits.'),
    lastAt: time.optional(),
    status: z.number().optional().describe('HTTP status of the last answer.'),
    error: z.string().optional().describe('Why the last attempt failed.'),
  })
  .meta({ id: 'WebhookDelivery' });
export type WireDelivery = z.infer<typeof delivery>;

export const deliveryPage = z.object({ deliveries: z.array(delivery), next: z.number().optional() });
export type WireDeliveryPage = z.infer<typeof deliveryPage>;

// What other systems are told of an interaction: which facts, and which of their data. Nothing else of the record goes out.
import type { InteractionEvent, InteractionEventType } from '../event.js';

type DataOf<T extends InteractionEventType> = Extract<InteractionEvent, { type: T }>['data'];
type Told = { readonly [T in InteractionEventType]?: readonly (keyof DataOf<T>)[] };

/** A promise to those who receive them: a field is only ever added. */
export const WEBHOOK_EVENTS = {
  'interaction-opened': ['reference', 'contact', 'address'],
  'call-arrived': ['segment', 'from', 'to', 'trunk'],
  'call-dialled': ['segment', 'to', 'purpose', 'agent'],
  queued: ['segment', 'entry', 'queue', 'priority', 'kind', 'title'],
  connected: ['segment', 'entry', 'agent', 'waitedMs'],
  'left-queue': ['entry', 'queue', 'reason', 'waitedMs'],
  overflowed: ['entry', 'queue', 'to', 'cause'],
  'call-ended': ['segment', 'by', 'result', 'reason', 'talkedMs'],
  'wrapped-up': ['segment', 'entry', 'agent', 'wrapUpMs'],
  'voicemail-left': ['segment', 'recording', 'durationMs', 'queue'],
  'survey-answered': ['segment', 'name'],
  'message-received': ['segment', 'message', 'channel', 'from', 'text'],
  'message-status': ['message', 'status', 'reason'],
  'callback-offered': ['callback', 'message', 'queue'],
  'callback-requested': ['callback', 'number', 'queue', 'dueAtMs', 'priority', 'source'],
  'callback-attempted': ['callback', 'attempt', 'agent'],
  'callback-ended': ['callback', 'result', 'reason', 'note'],
  'recovered-elsewhere': ['interaction', 'segment', 'by'],
  'work-taken': ['entry', 'queue', 'agent', 'kind', 'waitedMs'],
  'work-finished': ['entry', 'agent', 'kind', 'tookMs'],
  'interaction-closed': ['reason'],
} as const satisfies Told;

export type WebhookEventType = keyof typeof WEBHOOK_EVENTS;
export const WEBHOOK_EVENT_TYPES = Object.keys(WEBHOOK_EVENTS) as readonly WebhookEventType[];
/** Sent by hand, to see whether it arrives. */
export const TEST_EVENT = 'test';

export interface WebhookFact {
  readonly interaction: string;
  readonly reference: string;
  readonly version: number;
  readonly atMs: number;
  readonly type: string;
  readonly data: unknown;
}

/** The body that is sent, and the id of the event; undefined for what is not told. Shape: docs/webhooks.md. */
export function webhookBody(fact: WebhookFact): { readonly id: string; readonly body: string } | undefined {
  const type = WEBHOOK_EVENT_TYPES.find((one) => one === fact.type);
  if (type === undefined) return undefined;
  const keys: readonly string[] = WEBHOOK_EVENTS[type];
  const data = Object.entries(fact.data as object).filter(([key]) => keys.includes(key));
  const { interaction, reference, version, atMs } = fact;
  const id = `${interaction}.${version}`;
  const timestamp = new Date(atMs).toISOString();
  const told = { id, type, timestamp, interaction, reference, version, data: Object.fromEntries(data) };
  return { id, body: JSON.stringify(told) };
}

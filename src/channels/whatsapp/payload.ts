// What Meta's webhook says, as messages and receipts in our words. Whatever it may invent besides is passed over.
import { z } from 'zod';
import type { IncomingFile, IncomingMessage, MessageReceipt } from '../../app/message/messenger.js';

/** WhatsApp's own limit of a text. */
const MAX_TEXT_CHARS = 4_096;
const MAX_REASON_CHARS = 200;
const MAX_NAME_CHARS = 200;

const providerId = z.string().min(1).max(256);
/** Unix seconds, as text or as a number. */
const timestamp = z.coerce.number().int().min(0).max(100_000_000_000);
const title = z.object({ title: z.string() });

const media = z.object({
  id: z.string().regex(/^[\w.-]{1,256}$/),
  caption: z.string().optional().catch(undefined),
  filename: z.string().optional().catch(undefined),
});
/** Kinds of messages that are files. */
const MEDIA = ['image', 'audio', 'video', 'document', 'sticker'] as const;

const message = z.object({
  id: providerId,
  from: z.string().regex(/^\d{5,20}$/),
  timestamp,
  type: z.string(),
  text: z.object({ body: z.string() }).optional(),
  button: z.object({ text: z.string() }).optional(),
  interactive: z.object({ button_reply: title.optional(), list_reply: title.optional() }).optional(),
  image: media.optional().catch(undefined),
  audio: media.optional().catch(undefined),
  video: media.optional().catch(undefined),
  document: media.optional().catch(undefined),
  sticker: media.optional().catch(undefined),
  context: z.object({ id: providerId.optional() }).optional().catch(undefined),
});

const status = z.object({
  id: providerId,
  status: z.enum(['sent', 'delivered', 'read', 'failed']),
  timestamp,
  errors: z
    .array(z.object({ code: z.number(), title: z.string().optional() }))
    .optional()
    .catch(undefined),
  /** Our message id, given along when it was sent. */
  biz_opaque_callback_data: z.string().max(512).optional().catch(undefined),
});

const list = z.array(z.unknown()).optional();
const value = z.object({
  metadata: z.object({ phone_number_id: z.string() }),
  messages: list,
  statuses: list,
});
const envelope = z.object({
  object: z.literal('whatsapp_business_account'),
  entry: z.array(z.object({ changes: z.array(z.object({ field: z.string(), value: z.unknown() })) })),
});

export interface Status {
  readonly receipt: MessageReceipt;
  /** Our id of the message, when the provider gives it back. */
  readonly message?: string;
}

export interface Payload {
  readonly messages: readonly IncomingMessage[];
  readonly statuses: readonly Status[];
  /** Kinds of things that were passed over, e.g. `image`. */
  readonly ignored: readonly string[];
}

/** In order of arrival; of our own number `phoneId` only. Undefined when it is no webhook of WhatsApp. */
export function parsePayload(body: Buffer, phoneId: string, nowMs: number): Payload | undefined {
  const parsed = envelope.safeParse(json(body));
  if (!parsed.success) return undefined;
  const messages: IncomingMessage[] = [];
  const statuses: Status[] = [];
  const ignored: string[] = [];
  for (const change of parsed.data.entry.flatMap(({ changes }) => changes)) {
    const content = change.field === 'messages' ? value.safeParse(change.value).data : undefined;
    if (content === undefined || content.metadata.phone_number_id !== phoneId) {
      ignored.push(content === undefined ? named(change.field) : 'of-another-number');
      continue;
    }
    for (const item of content.messages ?? []) messageOf(item, nowMs, messages, ignored);
    for (const item of content.statuses ?? []) statusOf(item, nowMs, statuses, ignored);
  }
  return { messages, statuses, ignored };
}

function messageOf(item: unknown, nowMs: number, messages: IncomingMessage[], ignored: string[]): void {
  const parsed = message.safeParse(item).data;
  const file = parsed && fileOf(parsed);
  const text = parsed && (textOf(parsed) ?? (file === undefined ? undefined : (file.caption ?? '')));
  if (parsed === undefined || text === undefined) {
    ignored.push(named(kindOf(item)));
    return;
  }
  messages.push({
    channel: 'whatsapp',
    providerId: parsed.id,
    from: `+${parsed.from}`,
    text: text.slice(0, MAX_TEXT_CHARS),
    atMs: Math.min(parsed.timestamp * 1000, nowMs),
    ...(parsed.context?.id === undefined ? {} : { inReplyTo: parsed.context.id }),
    ...(file === undefined ? {} : { files: [incomingFile(file)] }),
  });
}

/** What came as a file: a picture, a voice message, a document. */
function fileOf(parsed: z.infer<typeof message>): z.infer<typeof media> | undefined {
  const kind = MEDIA.find((name) => name === parsed.type);
  return kind === undefined ? undefined : parsed[kind];
}

function incomingFile({ id, filename }: z.infer<typeof media>): IncomingFile {
  return filename === undefined ? { source: id } : { source: id, name: filename.slice(0, MAX_NAME_CHARS) };
}

/** What the customer wrote, or what stands on the button that was tapped. */
function textOf({ type, text, button, interactive }: z.infer<typeof message>): string | undefined {
  switch (type) {
    case 'text':
      return text?.body;
    case 'button':
      return button?.text;
    case 'interactive':
      return interactive?.button_reply?.title ?? interactive?.list_reply?.title;
    default:
      return undefined;
  }
}

function statusOf(item: unknown, nowMs: number, statuses: Status[], ignored: string[]): void {
  const parsed = status.safeParse(item).data;
  if (parsed === undefined) {
    ignored.push('status');
    return;
  }
  const [error] = parsed.errors ?? [];
  const reason = error === undefined ? undefined : `whatsapp ${error.code} ${error.title ?? ''}`.trim();
  const receipt: MessageReceipt = {
    channel: 'whatsapp',
    providerId: parsed.id,
    status: parsed.status,
    ...(reason === undefined ? {} : { reason: reason.slice(0, MAX_REASON_CHARS) }),
    atMs: Math.min(parsed.timestamp * 1000, nowMs),
  };
  const message = parsed.biz_opaque_callback_data;
  statuses.push(message === undefined ? { receipt } : { receipt, message });
}

function kindOf(item: unknown): string {
  const kind = typeof item === 'object' && item !== null && 'type' in item ? item.type : undefined;
  return typeof kind === 'string' ? kind : 'message';
}

/** Fit for a log line. */
function named(kind: string): string {
  return /^[a-z_]{1,32}$/.test(kind) ? kind : 'unknown';
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

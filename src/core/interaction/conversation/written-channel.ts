// What each written channel carries, and how long free text may follow what the customer wrote.
import type { ChannelName } from '../event.js';

const DAY_MS = 24 * 3_600_000;
/** The provider counts by its own clock, and a message takes its time. */
export const WINDOW_MARGIN_MS = 60_000;
/** Of the phones' old alphabet ten short messages hold more; of all others this. */
const SMS_CHARS = 670;

export interface WrittenChannel {
  /** Free text goes so long after the customer wrote last; absent: always. */
  readonly windowMs?: number;
  readonly textChars: number;
  readonly files: boolean;
  /** Of words that go with a file. */
  readonly captionChars?: number;
  /** Approved texts can be sent, window or not. */
  readonly templates: boolean;
  /** What a customer's address is there: a telephone number, or a name that leads nowhere else. */
  readonly address: 'number' | 'name';
}

/** Of WhatsApp; the sandbox stands in for it. */
const WHATSAPP: WrittenChannel = {
  windowMs: DAY_MS,
  textChars: 4_096,
  files: true,
  captionChars: 1_024,
  templates: true,
  address: 'number',
};

const CHANNELS: Readonly<Record<ChannelName, WrittenChannel | undefined>> = {
  whatsapp: WHATSAPP,
  sandbox: WHATSAPP,
  sms: { textChars: SMS_CHARS, files: false, templates: false, address: 'number' },
  chat: { textChars: 4_096, files: true, templates: false, address: 'name' },
  voice: undefined,
};

/** Undefined: nothing can be written there. */
export function writtenChannel(channel: ChannelName): WrittenChannel | undefined {
  return CHANNELS[channel];
}

export type ReplyWindow =
  | { readonly state: 'open'; readonly untilMs: number }
  /** `sinceMs` absent: the customer has never written there. */
  | { readonly state: 'closed'; readonly sinceMs?: number };

/** Undefined: this channel has none. `receivedAtMs`: when the customer wrote there last. */
export function replyWindow(
  channel: ChannelName,
  receivedAtMs: number | undefined,
  nowMs: number,
): ReplyWindow | undefined {
  const windowMs = CHANNELS[channel]?.windowMs;
  if (windowMs === undefined) return undefined;
  if (receivedAtMs === undefined) return { state: 'closed' };
  const untilMs = receivedAtMs + windowMs - WINDOW_MARGIN_MS;
  return nowMs < untilMs ? { state: 'open', untilMs } : { state: 'closed', sinceMs: untilMs };
}

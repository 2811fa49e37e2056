// Bodies as Meta posts them to a webhook, their signatures, and a log that can be read.
import { createHmac } from 'node:crypto';
import type { Log } from '../../../src/lib/log.js';

export const PHONE_ID = '1055';

export function payload(value: object, phoneId = PHONE_ID): Buffer {
  const metadata = { display_phone_number: '34900000000', phone_number_id: phoneId };
  const change = { field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } };
  return Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '99', changes: [change] }] }));
}

export function messagePayload(...messages: readonly object[]): Buffer {
  const base = { id: 'wamid.in', from: '34600111222', timestamp: '1767603600', type: 'text' };
  return payload({ messages: messages.map((message) => ({ ...base, ...message })) });
}

export function statusPayload(...statuses: readonly object[]): Buffer {
  const base = { id: 'wamid.out', status: 'sent', timestamp: '1767603600', recipient_id: '34600111222' };
  return payload({ statuses: statuses.map((status) => ({ ...base, ...status })) });
}

export function signed(body: Buffer, secret: string): Record<string, string> {
  return { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}

/** A log whose lines a test can look through. */
export function linesOf(): { readonly log: Log; text(): string; clear(): void } {
  const lines: string[] = [];
  const write = (fields: object, message?: string): void =>
    void lines.push(`${message} ${JSON.stringify(fields, whole)}`);
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
  return { log, text: () => lines.join('\n'), clear: () => void lines.splice(0) };
}

/** Errors with everything that pino would show of them. */
function whole(_key: string, value: unknown): unknown {
  return value instanceof Error ? { message: value.message, stack: value.stack, cause: value.cause } : value;
}

// What the pages of conversations ask of the API.
import { queryOptions } from '@tanstack/react-query';
import type { WireAttachment } from '../../contract/conversation/attachment.js';
import type {
  NewConversationMessage,
  WireMessage,
  WireThread,
  WireWrittenChannels,
} from '../../contract/conversation/conversation.js';
import type { WireCannedTexts } from '../../contract/conversation/texts.js';
import { ask } from '../session/http.js';
import type { Language } from '../texts/language.js';

export const conversationPath = (id: string): string => `/api/conversations/${encodeURIComponent(id)}`;

/** `version`: as the live list tells it; with each new one the thread is read anew. */
export const threadQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ['conversation', id, version],
    queryFn: () => ask<WireThread>(conversationPath(id)),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const cannedQuery = (id: string, language: Language) =>
  queryOptions({
    queryKey: ['canned-texts', id, language],
    queryFn: () =>
      ask<WireCannedTexts>(`/api/canned-texts?conversation=${encodeURIComponent(id)}`, {
        headers: { 'accept-language': language },
      }),
  });

/** They are as the process was started. */
export const channelsQuery = queryOptions({
  queryKey: ['written-channels'],
  queryFn: () => ask<WireWrittenChannels>('/api/written-channels'),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Resolves with the interaction. */
export async function begin(whom: {
  readonly number?: string;
  readonly interaction?: string;
  readonly channel?: string;
}): Promise<string> {
  return (await ask<{ readonly id: string }>('/api/conversations', { method: 'POST', body: whom })).id;
}

export async function sendMessage(id: string, message: NewConversationMessage): Promise<WireMessage> {
  const { message: taken } = await ask<{ readonly message: WireMessage }>(`${conversationPath(id)}/messages`, {
    method: 'POST',
    body: message,
  });
  return taken;
}

/** The file waits there until a message takes it along. */
export async function upload(id: string, file: File): Promise<WireAttachment> {
  const path = `${conversationPath(id)}/attachments?name=${encodeURIComponent(file.name.slice(-NAME_MAX_CHARS))}`;
  // What it is says its content, not its name: Hilo looks for itself.
  const bytes = new Blob([file], { type: 'application/octet-stream' });
  return (await ask<{ readonly attachment: WireAttachment }>(path, { method: 'POST', file: bytes })).attachment;
}

const NAME_MAX_CHARS = 200;

/** UUID of a message, so that the same one sent twice is one; also where the page has no TLS (`crypto.randomUUID` is not there then). */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  // RFC 9562 §5.4: version 4, variant 10.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

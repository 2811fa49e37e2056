// What the chat's page asks of Hilo, and what a refusal means to the visitor.
import type { NewWireChatMessage, WireChatFile, WireChatSettings } from '../../contract/chat/chat.js';
import { CHAT_CALL_BACK_PATH, CHAT_FILES_PATH, CHAT_MESSAGES_PATH, CHAT_PATH } from '../../contract/chat/link.js';

export type Fault = 'number' | 'busy' | 'large' | 'kind' | 'ringing' | 'other';

/** `again`: later it may go. */
export class Refused extends Error {
  constructor(
    readonly fault: Fault,
    readonly again: boolean,
  ) {
    super(fault);
  }
}

const LIMIT_MS = 20_000;
const UPLOAD_LIMIT_MS = 120_000;

export async function settings(language: string): Promise<WireChatSettings> {
  const answer = await ask(`${CHAT_PATH}?language=${encodeURIComponent(language)}`, { method: 'GET' });
  return answer.json();
}

export async function write(token: string, message: NewWireChatMessage): Promise<void> {
  await ask(CHAT_MESSAGES_PATH, json(token, message));
}

export async function askCall(token: string, number: string, language: string): Promise<void> {
  await ask(CHAT_CALL_BACK_PATH, json(token, { number, language }));
}

export async function upload(token: string, file: File): Promise<WireChatFile> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' };
  const path = `${CHAT_FILES_PATH}?name=${encodeURIComponent(file.name.slice(0, 120) || 'file')}`;
  const answer = await ask(path, { method: 'POST', headers, body: file }, UPLOAD_LIMIT_MS);
  return (await answer.json()).file;
}

export async function fetchFile(token: string, id: string): Promise<Blob> {
  const headers = { authorization: `Bearer ${token}` };
  return (await ask(`${CHAT_FILES_PATH}/${id}`, { method: 'GET', headers }, UPLOAD_LIMIT_MS)).blob();
}

function json(token: string, body: object): RequestInit {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return { method: 'POST', headers, body: JSON.stringify(body) };
}

async function ask(path: string, init: RequestInit, limitMs = LIMIT_MS): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { ...init, credentials: 'omit', signal: AbortSignal.timeout(limitMs) });
  } catch {
    throw new Refused('other', true);
  }
  if (answer.ok) return answer;
  const { code } = (await answer.json().catch(() => ({}))) as { code?: string };
  throw refusal(answer.status, code);
}

function refusal(status: number, code: string | undefined): Refused {
  switch (code) {
    case 'not-allowed':
      return new Refused('number', false);
    case 'too-many-requests':
      return new Refused('busy', true);
    case 'too-large':
      return new Refused('large', false);
    case 'unsupported-media-type':
      return new Refused('kind', false);
    case 'wrong-state':
      return new Refused('ringing', false);
    default:
      return new Refused('other', status >= 500);
  }
}

// Requests to Hilo's own API; a refusal is an error that can be shown.
import type { Problem } from '../../contract/problem.js';

/** What Hilo said (RFC 9457), or that nothing came back. */
export class RequestFailed extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    title: string,
    readonly detail: string | undefined,
    /** Mistakes in a text, with their places. */
    readonly issues: Problem['issues'] = [],
    /** Which of several causes, where there are several. */
    readonly why?: Problem['why'],
  ) {
    super(detail === undefined ? title : `${title}: ${detail}`);
  }
}

const LIMIT_MS = 15_000;

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  /** YAML, instead of a body. */
  readonly text?: string;
  /** A file, instead of a body; its type says what it is. */
  readonly file?: Blob;
  readonly headers?: Readonly<Record<string, string>>;
}

/** In the language of the page. Rejects with {@link RequestFailed}. */
export async function ask<T>(path: string, asked: Asked = {}): Promise<T> {
  const response = await send(path, asked);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** A text with its revision (ETag; '' without one). Rejects with {@link RequestFailed}. */
export async function read(path: string): Promise<{ readonly text: string; readonly revision: string }> {
  const response = await send(path, { headers: { accept: 'text/yaml' } });
  return { text: await response.text(), revision: (response.headers.get('etag') ?? '').replaceAll('"', '') };
}

/** Bytes, such as a sound. Rejects with {@link RequestFailed}. */
export async function download(path: string, asked: Asked = {}): Promise<Blob> {
  return (await send(path, asked)).blob();
}

async function send(path: string, { method = 'GET', body, text, file, headers = {} }: Asked): Promise<Response> {
  const type = file?.type ?? (text !== undefined ? 'text/yaml' : body !== undefined ? 'application/json' : undefined);
  const content = file ?? text ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await reach(path, {
    method,
    headers: {
      accept: 'application/json',
      'accept-language': document.documentElement.lang,
      ...(type === undefined ? {} : { 'content-type': type }),
      ...headers,
    },
    signal: AbortSignal.timeout(LIMIT_MS),
    ...(content === undefined ? {} : { body: content }),
  });
  if (!response.ok) throw await failureOf(response);
  return response;
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    throw new RequestFailed('unreachable', 0, 'Hilo', error instanceof Error ? error.message : undefined);
  }
}

async function failureOf(response: Response): Promise<RequestFailed> {
  const { status, statusText } = response;
  if (!(response.headers.get('content-type') ?? '').startsWith('application/problem+json')) {
    return new RequestFailed('unknown', status, statusText, undefined);
  }
  const { code, title, detail, issues, why }: Problem = await response.json();
  return new RequestFailed(code, status, title, detail, issues, why);
}

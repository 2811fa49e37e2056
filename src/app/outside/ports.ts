// What the running centre needs of the edge that asks other systems (channels/web).
import type { WebHost } from '../../core/document/web-host.js';
import type { WebFailure, WebRequest } from '../../core/ivr/outside/web-request.js';

/** What came of one try. */
export type WebResult =
  /** `body`: of JSON; undefined when there is none. */
  | { readonly outcome: 'answered'; readonly status: number; readonly body: unknown }
  | { readonly outcome: 'failed'; readonly reason: WebFailure };

/** Requests of flows to systems that the centre allows. Nothing rejects; no answer is followed to another place. */
export interface WebClient {
  /** One try; given up when `signal` is aborted. */
  send(
    request: WebRequest,
    host: WebHost,
    limits: { readonly timeOutMs: number; readonly signal: AbortSignal },
  ): Promise<WebResult>;
  /** A WebSocket over which one talk goes, opened with its first turn. */
  talk(request: WebRequest, host: WebHost): WebTalk;
}

export interface WebTalk {
  /** Sends a JSON message; the next one that comes is its answer, with status 200. One at a time. */
  ask(message: object, timeOutMs: number): Promise<WebResult>;
  /** Safe to call twice. */
  close(): void;
}

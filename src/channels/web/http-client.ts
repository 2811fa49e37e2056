// Requests of flows to other systems: bounded in time and size, never redirected, and only to public addresses unless the
// centre says otherwise.
import { Agent, type Dispatcher, request } from 'undici';
import type { WebClient, WebResult, WebTalk } from '../../app/outside/ports.js';
import type { WebHost } from '../../core/document/web-host.js';
import type { WebFailure, WebRequest } from '../../core/ivr/outside/web-request.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { BotSocket } from './bot-socket.js';
import { bare, isLiteral, isPublic, lookUpPublic, PrivateAddress } from './public-address.js';

export const MAX_ANSWER_BYTES = 256 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;
/** To one origin; whoever comes then waits, within the time-out. */
const MAX_CONNECTIONS = 50;
const CONNECT_LIMIT_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;
const AGENT_NAME = 'hilo';

export interface HttpClientPorts {
  /** Of the environment, by name. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly clock: Clock;
  readonly log: Log;
}

export class HttpClient implements WebClient {
  readonly #ports: HttpClientPorts;
  readonly #toPublic = agent({ lookup: lookUpPublic });
  readonly #toAnybody = agent({});

  constructor(ports: HttpClientPorts) {
    this.#ports = ports;
  }

  async send(
    asked: WebRequest,
    host: WebHost,
    limits: { readonly timeOutMs: number; readonly signal: AbortSignal },
  ): Promise<WebResult> {
    const headers = this.headersOf(asked);
    if (headers === undefined) return failed('no-secret');
    // An address instead of a name is not looked up.
    const { hostname } = new URL(asked.url);
    if (!host.private && isLiteral(hostname) && !isPublic(bare(hostname))) return failed('private-address');
    const expired = new AbortController();
    const timer = this.#ports.clock.after(limits.timeOutMs, () => expired.abort());
    try {
      const { body } = asked;
      const response = await request(asked.url, {
        method: asked.method,
        dispatcher: host.private ? this.#toAnybody : this.#toPublic,
        signal: AbortSignal.any([expired.signal, limits.signal]),
        headers: {
          accept: 'application/json',
          'user-agent': AGENT_NAME,
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : body.reveal() }),
      });
      return await read(response);
    } catch (error) {
      if (expired.signal.aborted) return failed('time-out');
      const reason = failureOf(error);
      // Neither address nor body: there may be customers in them.
      if (!limits.signal.aborted) this.#ports.log.info({ host: host.host, reason, code: codeOf(error) }, 'no answer');
      return failed(reason);
    } finally {
      timer.cancel();
    }
  }

  talk(asked: WebRequest, host: WebHost): WebTalk {
    const { clock, log } = this.#ports;
    return new BotSocket({ request: asked, host, headers: this.headersOf(asked), clock, log });
  }

  /** With the secrets put in; undefined when one is missing. */
  headersOf({ headers }: WebRequest): Record<string, string> | undefined {
    const written: Record<string, string> = {};
    for (const header of headers) {
      const value = 'value' in header ? header.value : this.#ports.secrets.get(header.secret);
      if (value === undefined) {
        this.#ports.log.error({ header: header.name }, 'the secret of a request is not in the environment');
        return undefined;
      }
      written[header.name] = 'value' in header ? value : `${header.before}${value}`;
    }
    return written;
  }

  /** Requests in progress are given up. Safe to call twice. */
  async close(): Promise<void> {
    await Promise.all([this.#toPublic.destroy(), this.#toAnybody.destroy()]);
  }
}

export function agent(connect: { readonly lookup?: typeof lookUpPublic }): Agent {
  return new Agent({
    connections: MAX_CONNECTIONS,
    connect: { timeout: CONNECT_LIMIT_MS, ...connect },
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    maxResponseSize: MAX_ANSWER_BYTES,
  });
}

async function read({ statusCode: status, body }: Dispatcher.ResponseData): Promise<WebResult> {
  if (status >= 300 && status < 400) {
    // Destroyed unread it is an error to itself.
    body.on('error', () => undefined).destroy();
    return failed('redirected');
  }
  const text = await body.text();
  if (text.trim() === '') return { outcome: 'answered', status, body: undefined };
  try {
    return { outcome: 'answered', status, body: JSON.parse(text) };
  } catch {
    // What errors say is often HTML; their status is what counts.
    return status >= 200 && status < 300 ? failed('not-json') : { outcome: 'answered', status, body: undefined };
  }
}

export function failureOf(error: unknown): WebFailure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof PrivateAddress) return 'private-address';
    if (codeOf(cause) === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'too-large';
    if (cause instanceof AggregateError && cause.errors.some((one) => one instanceof PrivateAddress)) {
      return 'private-address';
    }
  }
  return 'unreachable';
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function failed(reason: WebFailure): WebResult {
  return { outcome: 'failed', reason };
}

// One talk with a bot over a WebSocket: a JSON message each way in turn, opened with the first, closed with the talk.
import { WebSocket } from 'ws';
import type { WebResult, WebTalk } from '../../app/outside/ports.js';
import type { WebHost } from '../../core/document/web-host.js';
import type { WebFailure, WebRequest } from '../../core/ivr/outside/web-request.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { bare, isLiteral, isPublic, lookUpPublic, PrivateAddress } from './public-address.js';

export const MAX_MESSAGE_BYTES = 64 * 1024;
const NORMAL_CLOSURE = 1000;

export interface BotSocketOptions {
  readonly request: WebRequest;
  readonly host: WebHost;
  /** undefined: a secret is missing. */
  readonly headers: Record<string, string> | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/*
 *  idle ──ask──▶ asking ──message──▶ idle        any ──close, time-out, fault──▶ over
 */
type State =
  | { readonly state: 'idle' }
  | { readonly state: 'asking'; readonly settle: (result: WebResult) => void }
  | { readonly state: 'over'; readonly reason: WebFailure };

export class BotSocket implements WebTalk {
  readonly #options: BotSocketOptions;
  #socket: WebSocket | undefined;
  #state: State = { state: 'idle' };

  constructor(options: BotSocketOptions) {
    this.#options = options;
  }

  ask(message: object, timeOutMs: number): Promise<WebResult> {
    if (this.#state.state === 'over') return Promise.resolve(failed(this.#state.reason));
    if (this.#state.state === 'asking') return Promise.resolve(failed('unreachable'));
    const { clock } = this.#options;
    return new Promise((resolve) => {
      const timer = clock.after(timeOutMs, () => this.#end('time-out'));
      const settle = (result: WebResult): void => {
        timer.cancel();
        resolve(result);
      };
      this.#state = { state: 'asking', settle };
      this.#send(JSON.stringify(message));
    });
  }

  close(): void {
    this.#end('unreachable');
  }

  #send(text: string): void {
    const socket = this.#socket ?? this.#open();
    if (socket === undefined) return;
    if (socket.readyState === WebSocket.OPEN) socket.send(text);
    else socket.once('open', () => socket.send(text));
  }

  #open(): WebSocket | undefined {
    const { request, host, headers } = this.#options;
    const { hostname } = new URL(request.url);
    if (headers === undefined) {
      this.#end('no-secret');
      return undefined;
    }
    if (!host.private && isLiteral(hostname) && !isPublic(bare(hostname))) {
      this.#end('private-address');
      return undefined;
    }
    const socket = new WebSocket(request.url, {
      headers,
      followRedirects: false,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      ...(host.private ? {} : { lookup: lookUpPublic }),
    });
    this.#socket = socket;
    socket.on('message', (data, isBinary) => this.#onMessage(isBinary ? '' : String(data)));
    socket.on('error', (error) => {
      this.#options.log.info({ host: host.host, reason: error.message }, 'the WebSocket of a bot failed');
      this.#end(error instanceof PrivateAddress ? 'private-address' : 'unreachable');
    });
    socket.on('close', () => this.#end('unreachable'));
    return socket;
  }

  /** What comes without having been asked for is passed over. */
  #onMessage(text: string): void {
    if (this.#state.state !== 'asking') return;
    const { settle } = this.#state;
    this.#state = { state: 'idle' };
    try {
      settle({ outcome: 'answered', status: 200, body: JSON.parse(text) });
    } catch {
      settle(failed('not-json'));
    }
  }

  #end(reason: WebFailure): void {
    const before = this.#state;
    if (before.state === 'over') return;
    this.#state = { state: 'over', reason };
    if (before.state === 'asking') before.settle(failed(reason));
    const socket = this.#socket;
    if (socket === undefined) return;
    // A peer that does not answer the closing handshake is not waited for (RFC 6455 §7.1.7).
    if (socket.readyState === WebSocket.OPEN && reason === 'unreachable') socket.close(NORMAL_CLOSURE);
    else socket.terminate();
  }
}

function failed(reason: WebFailure): WebResult {
  return { outcome: 'failed', reason };
}

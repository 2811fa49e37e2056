// Requests too large for a datagram go over TCP when the peer takes them there, else over UDP all the same (RFC 3261
// §18.1.1).
import type { Clock, Timer } from '../../lib/clock.js';
import type { Headers } from './message/headers.js';
import type { SipRequest, SipResponse } from './message/message.js';
import type { Listener, Peer } from './peer.js';
import type { ClientHandlers, ClientTransaction } from './transaction/transaction.js';

/** 200 bytes below the usual 1500 of a network, so that the response finds room too. */
export const LARGE_BYTES = 1_300;
/** How long a peer may take to accept the connection, and how long it is not tried again when it has not. */
export const CONNECT_PATIENCE_MS = 500;
export const REFUSAL_LASTS_MS = 600_000;
export const MAX_REFUSALS = 10_000;
/** Our Via and Content-Length, not there yet. */
const OWN_BYTES = 150;
/** `: ` and the line break. */
const LINE_BYTES = 4;

/** Text is counted in characters: what is close enough to the limit to matter may go either way. */
export function isLarge({ method, uri, headers, body }: SipRequest): boolean {
  let bytes = method.length + uri.length + body.length + OWN_BYTES;
  for (const [name, value] of headers) bytes += name.length + value.length + LINE_BYTES;
  return bytes > LARGE_BYTES;
}

/** Peers that have no ear for TCP, so that only the first large request waits for them. */
export class TcpRefusals {
  readonly #untilMs = new Map<string, number>();

  constructor(readonly clock: Clock) {}

  has({ address, port }: Peer): boolean {
    return (this.#untilMs.get(`${address} ${port}`) ?? 0) > this.clock.monotonicMs();
  }

  add({ address, port }: Peer): void {
    const [oldest] = this.#untilMs.size < MAX_REFUSALS ? [] : this.#untilMs.keys();
    if (oldest !== undefined) this.#untilMs.delete(oldest);
    this.#untilMs.set(`${address} ${port}`, this.clock.monotonicMs() + REFUSAL_LASTS_MS);
  }
}

export interface TcpFirstPorts {
  readonly clock: Clock;
  /** Begins the request over that transport. */
  start(transport: 'udp' | 'tcp', handlers: ClientHandlers): ClientTransaction;
  /** Closes the connection if it is still being opened: its requests fail. */
  giveUp(connectionId: string): void;
  onRefused(): void;
}

/** One request for the core, over TCP or, when no connection comes about, over UDP as a new transaction. */
export class TcpFirst implements ClientTransaction {
  readonly id: string;
  #current: ClientTransaction;
  #phase: 'connecting' | 'settled' = 'connecting';
  #cancelled: { readonly headers: Headers | undefined } | undefined;
  readonly #patience: Timer;

  constructor(
    readonly ports: TcpFirstPorts,
    readonly handlers: ClientHandlers,
  ) {
    this.#current = ports.start('tcp', {
      onResponse: (response, source) => this.#onResponse(response, source),
      onFailure: (reason) => this.#onFailure(reason),
    });
    this.id = this.#current.id;
    this.#patience = ports.clock.after(CONNECT_PATIENCE_MS, () => {
      ports.giveUp(this.#current.destination.connectionId ?? '');
    });
  }

  get request(): SipRequest {
    return this.#current.request;
  }

  get destination(): Peer {
    return this.#current.destination;
  }

  get local(): Listener {
    return this.#current.local;
  }

  cancel(headers?: Headers): void {
    this.#cancelled ??= { headers };
    this.#current.cancel(headers);
  }

  #onResponse(response: SipResponse, source: Peer): void {
    this.#settle();
    this.handlers.onResponse(response, source);
  }

  #onFailure(reason: 'timeout' | 'transport'): void {
    const wasConnecting = this.#phase === 'connecting' && reason === 'transport';
    this.#settle();
    if (!wasConnecting) {
      this.handlers.onFailure(reason);
      return;
    }
    this.ports.onRefused();
    this.#current = this.ports.start('udp', this.handlers);
    if (this.#cancelled !== undefined) this.#current.cancel(this.#cancelled.headers);
  }

  #settle(): void {
    this.#phase = 'settled';
    this.#patience.cancel();
  }
}

// The SIP stack as one piece: transports below, transactions in the middle, handlers of the user agent above.
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { isLarge, TcpFirst, TcpRefusals } from './large-request.js';
import type { SipMessage, SipRequest } from './message/message.js';
import { type Essentials, type Parsed, type Problem, parseBroken, parseMessage } from './message/parse.js';
import { makeResponse } from './message/response.js';
import { serialise } from './message/serialise.js';
import { formatVia, MAGIC_COOKIE, parseVia, type Via } from './message/via.js';
import { defaultPort, nearest } from './next-hop.js';
import { PacedLog } from './paced-log.js';
import type { Listener, Peer, TransportName } from './peer.js';
import { SourceRates } from './source-rates.js';
import { ClientSide } from './transaction/client-side.js';
import { type ServerHandlers, ServerSide } from './transaction/server-side.js';
import { DEFAULT_TIMERS, type SipTimers } from './transaction/timers.js';
import type { ClientHandlers, ClientTransaction } from './transaction/transaction.js';
import { DEFAULT_PLACES, type PlaceLimits, Places } from './transport/places.js';
import { openTcp } from './transport/tcp.js';
import type { ListenOptions, OpenTransport, Transport } from './transport/transport.js';
import { openUdp } from './transport/udp.js';

export interface StackHandlers extends ServerHandlers {
  onConnectionClosed?(connectionId: string): void;
  /** Asked before an unused connection is closed: whether a registration or a dialog depends on it. */
  needsConnection?(connectionId: string): boolean;
}

export interface StackOptions {
  readonly listen: readonly ListenOptions[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly timers?: Partial<SipTimers>;
  /** Answer each new INVITE with 100 at once, or after so many ms without another answer; default: at once. */
  readonly auto100?: boolean | number;
  /** Connections in all and of one address (default {@link DEFAULT_PLACES}). */
  readonly places?: PlaceLimits;
  /** How long a connection lives that nobody uses and nothing needs (default 10 min). */
  readonly idleMs?: number | 'keep';
  /** Messages a second that an unknown address may send ({@link SourceRates}); default any number. */
  readonly requestsPerSecond?: number;
  /** How each transport is opened; default: udp and tcp. */
  readonly transports?: Partial<Record<TransportName, OpenTransport>>;
}

export interface SentRequest {
  /** As sent, with our Via. */
  readonly request: SipRequest;
  /** Sends the same bytes again: the ACK to a repeated 2xx. */
  resend(): void;
}

export interface StackSnapshot {
  readonly listeners: readonly Listener[];
  readonly serverTransactions: number;
  readonly clientTransactions: number;
  readonly connections: number;
}

export interface SipStack {
  readonly listeners: readonly Listener[];
  /** The listener we would send from, or undefined when the transport is not spoken here. */
  listenerFor(destination: Peer): Listener | undefined;
  /**
   * Sends a request in a transaction of its own: adds the top Via, Max-Forwards when missing, Content-Length. Throws
   * {@link NoTransport} when `listenerFor(destination)` is undefined.
   */
  request(message: SipRequest, destination: Peer, handlers: ClientHandlers): ClientTransaction;
  /** Sends outside any transaction: the ACK for a 2xx. Adds the top Via with a fresh branch. Throws as `request`. */
  send(message: SipRequest, destination: Peer): SentRequest;
  snapshot(): StackSnapshot;
  /** Stops everything without telling the handlers; safe to call twice. */
  close(): Promise<void>;
}

export class NoTransport extends Error {
  override readonly name = 'NoTransport';
}

const DEFAULT_TRANSPORTS: Partial<Record<TransportName, OpenTransport>> = { udp: openUdp, tcp: openTcp };
const BRANCH_BYTES = 12;
const TAG_BYTES = 8;

/** Binds every listener; rejects when one cannot be bound, with none left open. */
export async function openStack(options: StackOptions, handlers: StackHandlers): Promise<SipStack> {
  const stack = new Stack(options, handlers);
  await stack.open();
  return stack;
}

class Stack implements SipStack {
  readonly #transports: Transport[] = [];
  readonly #servers: ServerSide;
  readonly #clients: ClientSide;
  readonly #oddities: PacedLog;
  readonly #refusals: TcpRefusals;
  readonly #rates: SourceRates | undefined;
  #state: 'opening' | 'open' | 'closed' = 'opening';

  constructor(
    readonly options: StackOptions,
    readonly handlers: StackHandlers,
  ) {
    const { clock, ids, log, auto100 = true } = options;
    const timers = { ...DEFAULT_TIMERS, ...options.timers };
    const tell = (what: string, call: () => void): boolean => this.#tell(what, call);
    const { requestsPerSecond } = options;
    this.#rates = requestsPerSecond === undefined ? undefined : new SourceRates(clock, requestsPerSecond);
    const onAccepted = ({ address }: Peer): void => this.#rates?.trust(address);
    this.#servers = new ServerSide({ clock, ids, timers, auto100, handlers, tell, onAccepted });
    this.#clients = new ClientSide({ clock, ids, timers, tell });
    this.#oddities = new PacedLog(log, clock);
    this.#refusals = new TcpRefusals(clock);
  }

  async open(): Promise<void> {
    const { listen, clock, ids, log, transports = DEFAULT_TRANSPORTS } = this.options;
    const { places = DEFAULT_PLACES, idleMs } = this.options;
    const ports = { clock, ids, log, places: new Places(places), ...(idleMs === undefined ? {} : { idleMs }) };
    const events = {
      onMessage: (bytes: Buffer, source: Peer, local: Transport) => {
        if (this.#rates?.allows(source.address, bytes) !== false) this.#receive(bytes, source, local);
        // Without an answer: it would cost as much as what was asked, and make us the echo of forged addresses.
        else this.#oddities.warn({ source }, 'too many requests of one address: dropped');
      },
      onBroken: (bytes: Buffer, problem: Problem, source: Peer, local: Transport) =>
        this.#receive(bytes, source, local, problem),
      onClosed: (connectionId: string) => this.#onConnectionClosed(connectionId),
      isNeeded: (connectionId: string) => this.#needs(connectionId),
    };
    try {
      for (const binding of listen) {
        const openTransport = transports[binding.transport];
        if (openTransport === undefined) throw new NoTransport(`cannot listen on ${binding.transport}`);
        this.#transports.push(await openTransport(binding, events, ports));
      }
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#state = 'open';
  }

  get listeners(): readonly Listener[] {
    return this.#transports.map((transport) => transport.listener);
  }

  listenerFor(destination: Peer): Listener | undefined {
    return this.#transportFor(destination)?.listener;
  }

  request(message: SipRequest, destination: Peer, handlers: ClientHandlers): ClientTransaction {
    const overTcp = this.#goesOverTcp(message, destination);
    if (overTcp === undefined) return this.#start(message, destination, handlers);
    const ports = {
      clock: this.options.clock,
      start: (transport: 'udp' | 'tcp', inner: ClientHandlers) =>
        this.#start(message, { ...destination, transport }, inner),
      giveUp: (connectionId: string) => overTcp.giveUp?.(connectionId),
      onRefused: () => this.#refusals.add(destination),
    };
    return new TcpFirst(ports, handlers);
  }

  /** Our TCP, when the request is too large for a datagram and the peer may take it there. */
  #goesOverTcp(message: SipRequest, destination: Peer): Transport | undefined {
    if (destination.transport !== 'udp' || !isLarge(message) || this.#refusals.has(destination)) return undefined;
    if (this.#transportFor(destination)?.takesAnySize?.(destination) === true) return undefined;
    return this.#transportFor({ ...destination, transport: 'tcp' });
  }

  #start(message: SipRequest, destination: Peer, handlers: ClientHandlers): ClientTransaction {
    const { transport, request, branch } = this.#prepare(message, destination);
    return this.#clients.start({
      request,
      branch,
      destination,
      local: transport.listener,
      handlers,
      transmit: (bytes, to, onError, again) =>
        again && transport.sendAgain !== undefined
          ? transport.sendAgain(bytes, to, onError)
          : transport.send(bytes, to, onError),
    });
  }

  send(message: SipRequest, destination: Peer): SentRequest {
    const { transport, request } = this.#prepare(message, destination);
    const bytes = serialise(request);
    const resend = (): void => {
      transport.send(bytes, destination, (error) => {
        this.options.log.info({ err: error, destination, method: request.method }, 'could not send');
      });
    };
    resend();
    return { request, resend };
  }

  snapshot(): StackSnapshot {
    return {
      listeners: this.listeners,
      serverTransactions: this.#servers.size,
      clientTransactions: this.#clients.size,
      connections: this.#transports.reduce((sum, transport) => sum + transport.connections, 0),
    };
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    this.#servers.abandon();
    this.#clients.abandon();
    await Promise.all(this.#transports.map((transport) => transport.close()));
  }

  #transportFor({ transport, address, connectionId }: Peer): Transport | undefined {
    const speaking = this.#transports.filter((candidate) => candidate.listener.transport === transport);
    const holding = speaking.find((candidate) => connectionId !== undefined && candidate.has(connectionId));
    return holding ?? nearest(speaking, address);
  }

  /** A copy with our Via on top (§18.1.1), `rport` asked for (RFC 3581), and Max-Forwards. */
  #prepare(message: SipRequest, destination: Peer): { transport: Transport; request: SipRequest; branch: string } {
    const transport = this.#transportFor(destination);
    if (transport === undefined || this.#state !== 'open') {
      throw new NoTransport(`cannot send to ${destination.transport}:${destination.address}:${destination.port}`);
    }
    const { listener } = transport;
    const branch = MAGIC_COOKIE + this.options.ids.token(BRANCH_BYTES);
    const via = formatVia({
      transport: listener.transport.toUpperCase(),
      host: listener.external ?? listener.address,
      port: listener.port,
      parameters: new Map([
        ['branch', branch],
        ['rport', undefined],
      ]),
    });
    const headers = message.headers.clone().prepend('Via', via);
    if (!headers.has('Max-Forwards')) headers.append('Max-Forwards', '70');
    return { transport, request: { ...message, headers }, branch };
  }

  #receive(bytes: Buffer, source: Peer, local: Transport, problem?: Problem): void {
    if (this.#state !== 'open') return;
    const parsed = problem === undefined ? parseMessage(bytes) : parseBroken(bytes, problem);
    if (!parsed.ok) this.#refuse(parsed, source, local);
    else if (parsed.message.kind === 'request') {
      this.#onRequest(parsed.message, parsed.essentials, bytes.length, source, local);
    } else if (!this.#clients.receive(parsed.message, parsed.essentials, source)) {
      this.options.log.debug({ source, status: parsed.message.status }, 'stray response dropped');
    }
  }

  #onRequest(request: SipRequest, essentials: Essentials, bytes: number, source: Peer, local: Transport): void {
    stampVia(request, essentials.topVia, source);
    this.#servers.receive({
      request,
      essentials,
      bytes,
      source,
      local: local.listener,
      reply: (answer, onError) => local.send(answer, wayBack(source, essentials.topVia, local), onError),
    });
  }

  /** What cannot be understood is answered once, without a transaction, when there is enough to answer it. */
  #refuse({ partial, status, reason }: Parsed & { ok: false }, source: Peer, local: Transport): void {
    this.#oddities.warn({ source, status, reason, answered: partial !== undefined }, 'malformed message');
    if (partial === undefined) return;
    const via = parseVia(partial.headers.get('Via') ?? '');
    if (via !== undefined) stampVia(partial, via, source);
    const response = makeResponse(partial, status, { reason, toTag: this.options.ids.token(TAG_BYTES) });
    local.send(serialise(response), source, () => undefined); // gone: nobody waits for the answer
  }

  #onConnectionClosed(connectionId: string): void {
    if (this.#state !== 'open') return;
    this.#clients.connectionClosed(connectionId);
    this.#tell('onConnectionClosed', () => this.handlers.onConnectionClosed?.(connectionId));
  }

  #needs(connectionId: string): boolean {
    const { handlers } = this;
    const isUsed = this.#clients.uses(connectionId) || this.#servers.uses(connectionId);
    return isUsed || handlers.needsConnection?.(connectionId) === true;
  }

  /** A fault in the core ends one request, not the process of all other calls. */
  #tell(what: string, call: () => void): boolean {
    try {
      call();
      return true;
    } catch (error) {
      this.options.log.error({ err: error, what }, 'handler failed');
      return false;
    }
  }
}

/** Writes down where the request really came from (RFC 3261 §18.2.1, RFC 3581 §4), asked or not: NATs do not ask. */
function stampVia(message: SipMessage, via: Via, source: Peer): void {
  const parameters = new Map(via.parameters);
  parameters.set('rport', String(source.port)).set('received', source.address);
  message.headers.setFirst('Via', formatVia({ ...via, parameters }));
}

/** By the connection or from the address it came by; when the connection is gone, to the sent-by port (§18.2.2). */
function wayBack(source: Peer, via: Via, local: Transport): Peer {
  if (source.connectionId === undefined || local.has(source.connectionId)) return source;
  return { ...source, port: via.port ?? defaultPort(source.transport) };
}

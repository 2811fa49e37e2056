// The server that drachtio-srf connects to: owns the SIP stack towards the network and the port for applications.
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../../lib/clock.js';
import type { Ids } from '../../../lib/ids.js';
import type { Log } from '../../../lib/log.js';
import { formatHostPort } from '../../sip/message/uri.js';
import { PacedLog } from '../../sip/paced-log.js';
import type { Listener } from '../../sip/peer.js';
import { RouteMarks } from '../../sip/proxy/record-route.js';
import type { StackHandlers, StackOptions, StackSnapshot } from '../../sip/stack.js';
import { openStack } from '../../sip/stack.js';
import type { SipTimers } from '../../sip/transaction/timers.js';
import { DEFAULT_TIMERS } from '../../sip/transaction/timers.js';
import type { ListenOptions } from '../../sip/transport/transport.js';
import { onAppRequest } from '../exchange/app-requests.js';
import { onAppResponse } from '../exchange/app-responses.js';
import { handOver, onAck, onCancel, onLateCancel, onRequest, onResponseFailure } from '../exchange/network-requests.js';
import { OutboundRequests } from '../exchange/outbound-requests.js';
import { onProxy } from '../exchange/proxying.js';
import { abandon, hangUp, loseConnection, needsConnection } from '../exchange/release.js';
import type { Exchange } from '../exchange/tables.js';
import { Applications, DialogTable, FlowTable, MAX_PENDING } from '../exchange/tables.js';
import type { OutboundTargets } from '../outbound/targets.js';
import { Shedder } from '../overload/shedder.js';
import { AppConnection } from './app-connection.js';
import type { SipCommand } from './command.js';

/** Applications connected at once; the next is turned away. */
export const MAX_APPLICATIONS = 64;
/** `v<n>.<n>.<n>` of at least 0.8.2, or drachtio-srf sends no pings: the release whose protocol this is. */
const VERSION = 'v0.9.10';
const ORPHAN_GRACE_MS = 5_000;
const LOST_CONNECTION_MS = 15_000;

export interface DrachtioServerOptions {
  /** Where applications connect. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly secret: string;
  /** Where SIP is spoken. */
  readonly sip: {
    readonly listen: readonly ListenOptions[];
    readonly timers?: Partial<SipTimers>;
    readonly auto100?: NonNullable<StackOptions['auto100']>;
    readonly transports?: NonNullable<StackOptions['transports']>;
    readonly places?: NonNullable<StackOptions['places']>;
    readonly requestsPerSecond?: number;
    readonly idleMs?: NonNullable<StackOptions['idleMs']>;
  };
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** How long dialogs outlive their application before they are hung up (default 5 s); `keep` never hangs up. */
  readonly orphanGraceMs?: number | 'keep';
  /** How long dialogs outlive a WebSocket that was the only way to their peer (default 5 s); `keep` never hangs up. */
  readonly lostConnectionMs?: number | 'keep';
  /** Outbound mode: who decides about new requests, by method; the others go to applications that are connected. */
  readonly outbound?: { readonly targets: OutboundTargets };
  /** Milliseconds by which the timers of this process ring late of late; absent: nothing is refused for that. */
  readonly delayMs?: () => number;
  /** Requests under way in each direction (default {@link MAX_PENDING}). */
  readonly maxPending?: number;
}

export interface DrachtioServer {
  readonly address: { readonly host: string; readonly port: number };
  readonly sipListeners: readonly Listener[];
  snapshot(): DrachtioSnapshot;
  /** Hangs up every call, then closes all sockets. Safe to call twice. */
  close(): Promise<void>;
}

export interface DrachtioSnapshot {
  readonly applications: readonly object[];
  readonly incoming: number;
  readonly outgoing: number;
  readonly proxied: number;
  readonly dialogs: number;
  readonly flows: number;
  readonly shedding: ReturnType<Shedder['snapshot']>;
  readonly sip: StackSnapshot;
}

/** Resolves when applications may connect; rejects, with nothing left open, when a port cannot be had. */
export async function openDrachtioServer(options: DrachtioServerOptions): Promise<DrachtioServer> {
  const { sip, clock, ids, log, orphanGraceMs = ORPHAN_GRACE_MS, maxPending = MAX_PENDING } = options;
  // A request can come while later listeners are still being bound: the stack answers 500 when its handler throws.
  let exchange: Exchange | undefined;
  const opened = (): Exchange => {
    if (exchange === undefined) throw new Error('not open yet');
    return exchange;
  };
  const handlers: StackHandlers = {
    onRequest: (transaction) => onRequest(opened(), transaction),
    onCancel: (transaction, cancel) => onCancel(opened(), transaction, cancel),
    onLateCancel: (transaction) => onLateCancel(opened(), transaction),
    onAck: (ack, source) => onAck(opened(), ack, source),
    onResponseFailure: (transaction) => onResponseFailure(opened(), transaction),
    onConnectionClosed: (connectionId) => loseConnection(opened(), connectionId),
    needsConnection: (connectionId) => exchange !== undefined && needsConnection(exchange, connectionId),
  };
  const timers = { ...DEFAULT_TIMERS, ...sip.timers };
  const stack = await openStack({ ...sip, timers, clock, ids, log }, handlers);
  exchange = {
    stack,
    timers,
    clock,
    ids,
    log,
    oddities: new PacedLog(log, clock),
    applications: new Applications(),
    incoming: new Map(),
    outgoing: new Map(),
    proxied: new Map(),
    marks: new RouteMarks(ids.token(16)),
    dialogs: new DialogTable(),
    flows: new FlowTable(clock),
    outbound: undefined,
    maxPending,
    shedder: new Shedder({ clock, log, delayMs: options.delayMs ?? (() => 0) }),
    orphanGraceMs,
    lostConnectionMs: options.lostConnectionMs ?? LOST_CONNECTION_MS,
    graces: new Set(),
  };
  const port = new AppPort(exchange, options.secret);
  if (options.outbound !== undefined) {
    const { targets } = options.outbound;
    const adopt = (socket: Socket, onReady: (connection: AppConnection) => void) => port.adopt(socket, onReady);
    const take = opened();
    take.outbound = new OutboundRequests(take, {
      targets,
      adopt,
      handOver: (transaction, owner) => handOver(take, transaction, owner),
    });
  }
  // Only now: an application that connects earlier would be told of half the listeners.
  try {
    await port.listen(options.host, options.port);
  } catch (error) {
    exchange.shedder.close();
    await stack.close();
    throw error;
  }
  return port;
}

class AppPort implements DrachtioServer {
  readonly #exchange: Exchange;
  readonly #secret: string;
  readonly #server: Server;
  /** Connections that applications have opened; those that we have dialled have a limit of their own. */
  #accepted = 0;
  #closing: Promise<void> | undefined;

  constructor(exchange: Exchange, secret: string) {
    this.#exchange = exchange;
    this.#secret = secret;
    this.#server = createServer((socket) => this.#welcome(socket));
  }

  listen(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        this.#server.on('error', (error) =>
          this.#exchange.log.error({ error: error.message }, 'application port failed'),
        );
        resolve();
      });
    });
  }

  get address(): { host: string; port: number } {
    const { address: host, port } = this.#server.address() as AddressInfo;
    return { host, port };
  }

  get sipListeners(): readonly Listener[] {
    return this.#exchange.stack.listeners;
  }

  snapshot(): DrachtioSnapshot {
    const { applications, incoming, outgoing, proxied, dialogs, flows, shedder, stack } = this.#exchange;
    return {
      applications: [...applications].map((connection) => connection.snapshot()),
      incoming: incoming.size,
      outgoing: outgoing.size,
      proxied: proxied.size,
      dialogs: dialogs.size,
      flows: flows.size,
      shedding: shedder.snapshot(),
      sip: stack.snapshot(),
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const exchange = this.#exchange;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    exchange.outbound?.close();
    exchange.shedder.close();
    for (const connection of [...exchange.applications]) connection.close();
    for (const live of [...exchange.dialogs]) hangUp(exchange, live, 'application is gone');
    for (const grace of exchange.graces) grace.cancel();
    await closed;
    // One turn of the loop, in which the BYEs leave.
    await new Promise((resolve) => setImmediate(resolve));
    await exchange.stack.close();
  }

  #welcome(socket: Socket): void {
    if (this.#accepted >= MAX_APPLICATIONS) {
      this.#exchange.log.warn({ limit: MAX_APPLICATIONS }, 'too many applications: one turned away');
      socket.destroy();
      return;
    }
    this.#accepted += 1;
    socket.once('close', () => {
      this.#accepted -= 1;
    });
    this.adopt(socket);
  }

  /** Speaks the protocol on a socket, whoever has opened it. */
  adopt(socket: Socket, onReady: (connection: AppConnection) => void = () => undefined): AppConnection {
    const { applications, clock, ids, log } = this.#exchange;
    const connection = new AppConnection(socket, {
      secret: this.#secret,
      clock,
      ids,
      log,
      greeting: () => this.#greeting(),
      onSip: (from, command) => this.#onSip(from, command),
      onProxy: (from, command) => this.#obey(from, command, () => onProxy(this.#exchange, from, command)),
      onReady,
      onGone: (gone) => this.#onGone(gone),
    });
    applications.add(connection);
    return connection;
  }

  #greeting(): readonly string[] {
    const { listeners } = this.#exchange.stack;
    const list = (hostOf: (listener: Listener) => string): string =>
      listeners.map((own) => `${own.transport}/${formatHostPort(hostOf(own), own.port)}`).join(',');
    return [list((own) => own.external ?? own.address), VERSION, list((own) => own.address)];
  }

  #onSip(connection: AppConnection, command: SipCommand): void {
    const { message } = command;
    if (message.skipped.length > 0)
      this.#exchange.log.warn({ lines: message.skipped.length }, 'invalid headers skipped');
    this.#obey(connection, command, () => {
      if (message.kind === 'request') onAppRequest(this.#exchange, connection, command, message);
      else onAppResponse(this.#exchange, connection, command, message);
    });
  }

  #obey(connection: AppConnection, { id }: { readonly id: string }, act: () => void): void {
    try {
      act();
    } catch (error) {
      // A fault of ours ends this one operation, never the other calls.
      this.#exchange.log.error({ err: error }, 'frame could not be handled');
      connection.reply(id, 'NOK', 'Server error: internal error');
    }
  }

  #onGone(connection: AppConnection): void {
    this.#exchange.applications.delete(connection);
    abandon(this.#exchange, connection);
  }
}

// A connection-oriented transport: the listening socket, and the connections of both directions, found again by id or
// by address. What kind of connection it is (TCP, TLS, WebSocket) is its opener's business.
import { once } from 'node:events';
import { createServer, isIP, type Server, type Socket } from 'node:net';
import { PacedLog } from '../paced-log.js';
import type { Listener, Peer } from '../peer.js';
import type { Attach, Connection, ConnectionEvents, ConnectionKind } from './connection.js';
import { IDLE_LIMIT_MS, IdleWatch } from './idle-watch.js';
import {
  type ListenOptions,
  listenerOf,
  type Transport,
  type TransportEvents,
  type TransportPorts,
} from './transport.js';

/** TLS and WebSocket handshakes together. */
export const SETUP_TIMEOUT_MS = 10_000;
const BACKLOG = 1_024;

export async function openConnections(
  kind: ConnectionKind,
  binding: ListenOptions,
  events: TransportEvents,
  ports: TransportPorts,
): Promise<Transport> {
  const server = createServer();
  server.listen({ port: binding.port, host: binding.address, backlog: BACKLOG });
  await once(server, 'listening'); // rejects on 'error'
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a listener needs an IP address');
  server.on('error', (error) => ports.log.error({ err: error, binding }, 'listener failed'));
  return new ConnectionTransport(server, kind, listenerOf(binding, address.port), events, ports);
}

class ConnectionTransport implements Transport {
  readonly #byId = new Map<string, Connection>();
  readonly #byAddress = new Map<string, Connection>();
  /** Accepted, their handshakes not yet done. */
  readonly #arriving = new Set<Socket>();
  readonly #refusals: PacedLog;
  #state: 'open' | 'closed' = 'open';

  constructor(
    readonly server: Server,
    readonly kind: ConnectionKind,
    readonly listener: Listener,
    readonly events: TransportEvents,
    readonly ports: TransportPorts,
  ) {
    this.#refusals = new PacedLog(ports.log, ports.clock);
    server.on('connection', (socket: Socket) => this.#accept(socket));
  }

  get connections(): number {
    return this.#byId.size;
  }

  has(connectionId: string): boolean {
    return this.#byId.has(connectionId);
  }

  isUp(connectionId: string): boolean {
    return this.#byId.get(connectionId)?.isUp === true;
  }

  send(bytes: Buffer, to: Peer, onError: (error: Error) => void): string | undefined {
    if (this.#state === 'closed') {
      queueMicrotask(() => onError(new Error('transport is closed')));
      return undefined;
    }
    const connection = this.#find(to) ?? this.#dial(to);
    if (connection instanceof Error) {
      queueMicrotask(() => onError(connection));
      return undefined;
    }
    connection.send(bytes, onError);
    return connection.id;
  }

  giveUp(connectionId: string): void {
    const connection = this.#byId.get(connectionId);
    if (connection?.isUp === false) connection.close();
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.#arriving) socket.destroy();
    for (const connection of this.#byId.values()) connection.close();
    await closed;
  }

  #find(to: Peer): Connection | undefined {
    const byId = to.connectionId === undefined ? undefined : this.#byId.get(to.connectionId);
    return byId ?? this.#byAddress.get(addressKey(to));
  }

  #dial(to: Peer): Connection | Error {
    const { kind, ports } = this;
    if (kind.dial === undefined) return new Error('a browser cannot be dialled: it has to connect'); // RFC 7118 §5
    if (isIP(to.address) === 0) return new Error('not an IP address');
    if (!ports.places.takeOwn()) return new Error('too many connections');
    try {
      return this.#keep(kind.dial(to), to, () => ports.places.release());
    } catch (error) {
      ports.places.release();
      return error instanceof Error ? error : new Error(String(error)); // a port that is none
    }
  }

  #accept(socket: Socket): void {
    const { remoteAddress: address, remotePort: port } = socket;
    const { clock, places } = this.ports;
    if (address === undefined || port === undefined || this.#state === 'closed') {
      socket.destroy();
      return;
    }
    if (!places.take(address)) {
      const counts = { ofAddress: places.takenBy(address), inAll: places.taken };
      this.#refusals.warn({ address, ...counts }, 'connection refused: too many');
      socket.resetAndDestroy(); // costs us neither bytes nor a port that waits
      return;
    }
    const deadline = clock.after(SETUP_TIMEOUT_MS, () => socket.destroy());
    this.#arriving.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      deadline.cancel();
      places.release(address);
      this.#arriving.delete(socket);
    });
    this.kind.welcome(socket, (attach) => {
      deadline.cancel();
      if (!this.#arriving.delete(socket)) return; // closed in its last handshake
      this.#keep(attach, { transport: this.listener.transport, address, port });
    });
  }

  #keep(attach: Attach, to: Peer, onClosed?: () => void): Connection {
    const { transport, address, port } = to;
    const peer = { transport, address, port, connectionId: this.ports.ids.uuid() };
    const events: ConnectionEvents = {
      onMessage: (bytes, source) => {
        idle?.used();
        this.events.onMessage(bytes, source, this);
      },
      onKeepAlive: () => idle?.used(),
      onBroken: (bytes, problem, source) => this.events.onBroken(bytes, problem, source, this),
      onClosed: (id) => {
        idle?.stop();
        onClosed?.();
        this.#byId.delete(id);
        if (this.#byAddress.get(addressKey(peer)) === connection) this.#byAddress.delete(addressKey(peer));
        this.events.onClosed(id);
      },
    };
    const connection = attach(peer, this.ports, events);
    const idle = this.#watch(connection);
    this.#byId.set(connection.id, connection);
    this.#byAddress.set(addressKey(peer), connection);
    return connection;
  }

  #watch(connection: Connection): IdleWatch | undefined {
    const { clock, idleMs = IDLE_LIMIT_MS } = this.ports;
    if (idleMs === 'keep') return undefined;
    const isNeeded = (): boolean => this.events.isNeeded?.(connection.id) === true;
    return new IdleWatch({ clock, limitMs: idleMs, isNeeded, onIdle: () => connection.close() });
  }
}

function addressKey({ address, port }: Peer): string {
  return `${address} ${port}`;
}

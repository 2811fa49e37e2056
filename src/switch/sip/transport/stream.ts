// A connection-oriented transport: the listening socket, and the connections of both directions, found again by id or
// by address. What kind of stream it is (TCP, TLS) is its opener's business.
import { once } from 'node:events';
import { isIP, type Server, type Socket } from 'node:net';
import { PacedLog } from '../paced-log.js';
import type { Listener, Peer } from '../peer.js';
import { type ConnectionEvents, StreamConnection } from './stream-connection.js';
import {
  type ListenOptions,
  listenerOf,
  type Transport,
  type TransportEvents,
  type TransportPorts,
} from './transport.js';

export const MAX_CONNECTIONS = 4_096;
export const MAX_CONNECTIONS_PER_SOURCE = 512;

export interface StreamKind {
  readonly server: Server;
  /** The event of `server` that hands over a ready socket: `connection`, `secureConnection`. */
  readonly event: string;
  dial(to: Peer): Socket;
}

export async function openStream(
  kind: StreamKind,
  binding: ListenOptions,
  events: TransportEvents,
  ports: TransportPorts,
): Promise<Transport> {
  kind.server.listen(binding.port, binding.address);
  await once(kind.server, 'listening'); // rejects on 'error'
  const address = kind.server.address();
  if (address === null || typeof address === 'string') throw new Error('a stream listener needs an IP address');
  kind.server.on('error', (error) => ports.log.error({ err: error, binding }, 'listener failed'));
  return new StreamTransport(kind, listenerOf(binding, address.port), events, ports);
}

class StreamTransport implements Transport {
  readonly #byId = new Map<string, StreamConnection>();
  readonly #byAddress = new Map<string, StreamConnection>();
  readonly #perSource = new Map<string, number>();
  readonly #refusals: PacedLog;
  #state: 'open' | 'closed' = 'open';

  constructor(
    readonly kind: StreamKind,
    readonly listener: Listener,
    readonly events: TransportEvents,
    readonly ports: TransportPorts,
  ) {
    this.#refusals = new PacedLog(ports.log, ports.clock);
    kind.server.on(kind.event, (socket: Socket) => this.#accept(socket));
  }

  get connections(): number {
    return this.#byId.size;
  }

  has(connectionId: string): boolean {
    return this.#byId.has(connectionId);
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

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    const closed = once(this.kind.server, 'close');
    this.kind.server.close();
    for (const connection of this.#byId.values()) connection.close();
    await closed;
  }

  #find(to: Peer): StreamConnection | undefined {
    const byId = to.connectionId === undefined ? undefined : this.#byId.get(to.connectionId);
    return byId ?? this.#byAddress.get(addressKey(to));
  }

  #dial(to: Peer): StreamConnection | Error {
    if (this.#byId.size >= MAX_CONNECTIONS) return new Error('too many connections');
    if (isIP(to.address) === 0) return new Error('not an IP address');
    try {
      return this.#keep(this.kind.dial(to), to, 'by-us');
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error)); // a port that is none
    }
  }

  #accept(socket: Socket): void {
    const { remoteAddress: address, remotePort: port } = socket;
    const fromSource = this.#perSource.get(address ?? '') ?? 0;
    if (address === undefined || port === undefined || this.#state === 'closed') {
      socket.destroy();
    } else if (this.#byId.size >= MAX_CONNECTIONS || fromSource >= MAX_CONNECTIONS_PER_SOURCE) {
      this.#refusals.warn({ address, fromSource, connections: this.#byId.size }, 'connection refused: too many');
      socket.destroy();
    } else {
      this.#perSource.set(address, fromSource + 1);
      socket.once('close', () => this.#forgetSource(address));
      this.#keep(socket, { transport: this.listener.transport, address, port }, 'by-peer');
    }
  }

  #keep(socket: Socket, to: Peer, opened: 'by-us' | 'by-peer'): StreamConnection {
    const { transport, address, port } = to;
    const peer = { transport, address, port, connectionId: this.ports.ids.uuid() };
    const events: ConnectionEvents = {
      onMessage: (bytes, source) => this.events.onMessage(bytes, source, this),
      onBroken: (bytes, problem, source) => this.events.onBroken(bytes, problem, source, this),
      onClosed: (id) => {
        this.#byId.delete(id);
        if (this.#byAddress.get(addressKey(peer)) === connection) this.#byAddress.delete(addressKey(peer));
        this.events.onClosed(id);
      },
    };
    const connection = new StreamConnection(socket, peer, this.ports.clock, events, opened);
    this.#byId.set(connection.id, connection);
    this.#byAddress.set(addressKey(peer), connection);
    return connection;
  }

  #forgetSource(address: string): void {
    const left = (this.#perSource.get(address) ?? 1) - 1;
    if (left > 0) this.#perSource.set(address, left);
    else this.#perSource.delete(address);
  }
}

function addressKey({ address, port }: Peer): string {
  return `${address} ${port}`;
}

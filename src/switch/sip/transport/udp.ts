// SIP over UDP: one datagram, one message (RFC 3261 §18).
import { createSocket, type RemoteInfo, type Socket, type SocketOptions } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { Clock, Timer } from '../../../lib/clock.js';
import type { Listener, Peer } from '../peer.js';
import {
  type ListenOptions,
  listenerOf,
  type Transport,
  type TransportEvents,
  type TransportPorts,
} from './transport.js';

/** Holds a burst of some thousand messages while the event loop is busy; the kernel may grant less. */
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;
/** Peers that do not answer and are listened to for ICMP errors at one time; more wait for their time-outs. */
export const MAX_WATCHES = 64;
/** An ICMP error takes a round trip. */
const WATCH_MS = 400;

export async function openUdp(
  binding: ListenOptions,
  events: TransportEvents,
  { clock, log }: TransportPorts,
): Promise<Transport> {
  const { address } = binding;
  // Alone first: the port may be shared with our own sockets only, not with another server.
  const alone = newSocket(address, {});
  await bound(alone, binding);
  const { port } = alone.address();
  await new Promise<void>((resolve) => alone.close(resolve));
  const sizes = { recvBufferSize: SOCKET_BUFFER_BYTES, sendBufferSize: SOCKET_BUFFER_BYTES };
  const socket = newSocket(address, { ...sizes, reuseAddr: true });
  await bound(socket, { address, port });
  socket.on('error', (error) => log.error({ err: error, binding }, 'udp socket failed'));
  return new UdpTransport(socket, listenerOf(binding, port), events, clock);
}

function newSocket(address: string, options: Partial<SocketOptions>): Socket {
  return createSocket({
    type: isIPv6(address) ? 'udp6' : 'udp4',
    // Addresses are literals: nothing is ever looked up.
    lookup: (name, _options, done) => done(null, name, isIPv6(name) ? 6 : 4),
    ...options,
  });
}

async function bound(socket: Socket, { address, port }: Pick<ListenOptions, 'address' | 'port'>): Promise<void> {
  const listening = once(socket, 'listening'); // rejects on 'error'
  try {
    socket.bind(port, address); // with our look-up it may be bound before this returns
    await listening;
  } catch (error) {
    socket.close();
    throw error;
  }
}

interface Watch {
  readonly socket: Socket;
  readonly timer: Timer;
}

class UdpTransport implements Transport {
  readonly connections = 0;
  readonly #watches = new Set<Watch>();
  #state: 'open' | 'closed' = 'open';

  constructor(
    readonly socket: Socket,
    readonly listener: Listener,
    readonly events: TransportEvents,
    readonly clock: Clock,
  ) {
    socket.on('message', this.#onDatagram);
  }

  readonly #onDatagram = (bytes: Buffer, from: RemoteInfo): void => {
    if (!isKeepAlive(bytes)) this.events.onMessage(bytes, peerOf(from), this);
  };

  has(): boolean {
    return false;
  }

  isUp(): boolean {
    return false;
  }

  send(bytes: Buffer, to: Peer, onError: (error: Error) => void): undefined {
    if (this.#state === 'closed') {
      queueMicrotask(() => onError(new Error('udp socket is closed')));
      return;
    }
    try {
      this.socket.send(bytes, to.port, to.address, (error) => {
        if (error) onError(error);
      });
    } catch (error) {
      // Port 0 of a forged source, or an address that is none.
      queueMicrotask(() => onError(error instanceof Error ? error : new Error(String(error))));
    }
  }

  /** From a second socket on the same port, connected to the peer: only such a one is told of ICMP errors. */
  sendAgain(bytes: Buffer, to: Peer, onError: (error: Error) => void): undefined {
    if (this.#state === 'closed' || this.#watches.size >= MAX_WATCHES) {
      this.send(bytes, to, onError);
      return;
    }
    const { address, port } = this.listener;
    const socket = newSocket(address, { reuseAddr: true });
    const watch: Watch = { socket, timer: this.clock.after(WATCH_MS, () => this.#unwatch(watch)) };
    this.#watches.add(watch);
    socket.on('message', this.#onDatagram); // while it is there, what the peer sends comes by it
    socket.on('error', (error) => {
      this.#unwatch(watch);
      onError(error);
    });
    socket.bind(port, address, () => {
      if (!this.#watches.has(watch)) return;
      socket.connect(to.port, to.address, () => {
        if (this.#watches.has(watch)) socket.send(bytes);
      });
    });
  }

  #unwatch(watch: Watch): void {
    if (!this.#watches.delete(watch)) return;
    watch.timer.cancel();
    watch.socket.close();
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    for (const watch of this.#watches) this.#unwatch(watch);
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }
}

function peerOf(from: RemoteInfo): Peer {
  return { transport: 'udp', address: from.address, port: from.port };
}

/** Empty lines keep a NAT binding open and want no answer over udp; STUN begins with two zero bits, SIP never does. */
function isKeepAlive(bytes: Buffer): boolean {
  const first = bytes[0];
  return first === undefined || first < 4 || bytes.every((byte) => byte === 0x0d || byte === 0x0a || byte === 0);
}

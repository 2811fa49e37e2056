// SIP over UDP: one datagram, one message (RFC 3261 §18).
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
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

export async function openUdp(
  binding: ListenOptions,
  events: TransportEvents,
  { log }: TransportPorts,
): Promise<Transport> {
  const socket = createSocket({
    type: isIPv6(binding.address) ? 'udp6' : 'udp4',
    // Addresses are literals: nothing is ever looked up.
    lookup: (address, _options, done) => done(null, address, isIPv6(address) ? 6 : 4),
    recvBufferSize: SOCKET_BUFFER_BYTES,
    sendBufferSize: SOCKET_BUFFER_BYTES,
  });
  await bound(socket, binding);
  socket.on('error', (error) => log.error({ err: error, binding }, 'udp socket failed'));
  return new UdpTransport(socket, listenerOf(binding, socket.address().port), events);
}

async function bound(socket: Socket, { address, port }: ListenOptions): Promise<void> {
  const listening = once(socket, 'listening'); // rejects on 'error'
  try {
    socket.bind(port, address); // with our look-up it may be bound before this returns
    await listening;
  } catch (error) {
    socket.close();
    throw error;
  }
}

class UdpTransport implements Transport {
  readonly connections = 0;
  #state: 'open' | 'closed' = 'open';

  constructor(
    readonly socket: Socket,
    readonly listener: Listener,
    events: TransportEvents,
  ) {
    socket.on('message', (bytes, from) => {
      if (isKeepAlive(bytes)) return;
      events.onMessage(bytes, peerOf(from), this);
    });
  }

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

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
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

// One WebSocket that carries SIP: a message of the one is a message of the other (RFC 7118 §5).
import { isUtf8 } from 'node:buffer';
import type { RawData, WebSocket } from 'ws';
import type { Timer } from '../../../lib/clock.js';
import {
  type Attach,
  type ConnectedPeer,
  type Connection,
  type ConnectionEvents,
  MAX_UNSENT_BYTES,
} from './connection.js';
import type { TransportPorts } from './transport.js';

/** A browser that vanished is noticed within two of these: it has not answered the ping. */
export const PING_EVERY_MS = 15_000;
const GOING_AWAY = 1001;
const CR = 0x0d;
const LF = 0x0a;
const PONG = '\r\n';

export function attachWebSocket(socket: WebSocket): Attach {
  return (peer, ports, events) => new WebSocketConnection(socket, peer, ports, events);
}

class WebSocketConnection implements Connection {
  readonly id: string;
  readonly isUp = true;
  #ping: Timer | undefined;
  #peerIs: 'there' | 'silent' = 'there';

  constructor(
    readonly socket: WebSocket,
    readonly peer: ConnectedPeer,
    readonly ports: TransportPorts,
    readonly events: ConnectionEvents,
  ) {
    this.id = peer.connectionId;
    socket.on('message', (data) => this.#receive(bytesOf(data)));
    socket.on('pong', () => {
      this.#peerIs = 'there';
    });
    socket.on('ping', () => {
      events.onKeepAlive();
      this.#dropWhoDoesNotRead(); // the library answers each
    });
    socket.on('error', () => socket.terminate()); // too long, not UTF-8, reset; 'close' follows
    socket.on('close', () => {
      this.#ping?.cancel();
      events.onClosed(this.id);
    });
    this.#pingLater();
  }

  send(bytes: Buffer, onError: (error: Error) => void): void {
    this.#dropWhoDoesNotRead();
    // Text where it is text: the body of a message may be anything (RFC 7118 §5).
    this.socket.send(bytes, { binary: !isUtf8(bytes) }, (error) => {
      if (error) onError(error);
    });
  }

  close(): void {
    this.socket.close(GOING_AWAY);
    this.socket.terminate();
  }

  #receive(bytes: Buffer): void {
    this.#peerIs = 'there';
    const isMessage = bytes.some((byte) => byte !== CR && byte !== LF);
    if (isMessage) this.events.onMessage(bytes, this.peer);
    else if (bytes.length >= 4) this.#pong();
  }

  /** RFC 5626 §4.4.1. */
  #pong(): void {
    this.events.onKeepAlive();
    this.#dropWhoDoesNotRead();
    this.socket.send(PONG, () => undefined); // 'close' tells when it fails
  }

  #dropWhoDoesNotRead(): void {
    if (this.socket.bufferedAmount > MAX_UNSENT_BYTES) this.socket.terminate();
  }

  #pingLater(): void {
    this.#ping = this.ports.clock.after(PING_EVERY_MS, () => {
      if (this.#peerIs === 'silent') {
        this.socket.terminate();
        return;
      }
      this.#peerIs = 'silent';
      this.socket.ping();
      this.#pingLater();
    });
  }
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

// One TCP or TLS connection: framing, time limits, keep-alive, a bounded send buffer.
import type { Socket } from 'node:net';
import type { Timer } from '../../../lib/clock.js';
import {
  type Attach,
  type ConnectedPeer,
  type Connection,
  type ConnectionEvents,
  MAX_UNSENT_BYTES,
} from './connection.js';
import { StreamFramer } from './stream-framer.js';
import type { TransportPorts } from './transport.js';

/** From the first byte of a message to its last; also from the opening of a connection to its first message. */
export const MESSAGE_TIMEOUT_MS = 10_000;
export const CONNECT_TIMEOUT_MS = 5_000;
/** How long a peer whose stream broke may take to fetch our answer. */
export const LINGER_MS = 2_000;
/** TCP's own probes find peers that vanished without a word, within 40 s: the system sends ten, one a second. */
const PROBE_AFTER_MS = 30_000;
const PONG = Buffer.from('\r\n');

/** @param up the event by which a connection that we open says that it is there; undefined when it was accepted */
export function attachStream(socket: Socket, up?: 'connect' | 'secureConnect'): Attach {
  return (peer, ports, events) => new StreamConnection(socket, up, peer, ports, events);
}

class StreamConnection implements Connection {
  readonly id: string;
  readonly #framer = new StreamFramer();
  #deadline: Timer | undefined;
  /** Who waits for a connection that we open: a handshake that fails does not tell them by itself. */
  #waiting: ((error: Error) => void)[] = [];
  #up: boolean;

  constructor(
    readonly socket: Socket,
    up: 'connect' | 'secureConnect' | undefined,
    readonly peer: ConnectedPeer,
    readonly ports: TransportPorts,
    readonly events: ConnectionEvents,
  ) {
    this.id = peer.connectionId;
    this.#up = up === undefined;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, PROBE_AFTER_MS);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    let fault = new Error('connection closed');
    socket.on('error', (error) => {
      fault = error;
      socket.destroy(); // 'close' follows
    });
    socket.on('close', () => {
      this.#deadline?.cancel();
      for (const tell of this.#waiting.splice(0)) tell(fault);
      events.onClosed(this.id);
    });
    if (up === undefined) {
      this.#limit(MESSAGE_TIMEOUT_MS);
      return;
    }
    this.#limit(CONNECT_TIMEOUT_MS);
    socket.once(up, () => {
      this.#up = true;
      this.#waiting = [];
      this.#unlimit();
    });
  }

  get isUp(): boolean {
    return this.#up;
  }

  send(bytes: Buffer, onError: (error: Error) => void): void {
    if (this.socket.writableLength > MAX_UNSENT_BYTES) this.socket.destroy(new Error('peer does not read'));
    if (!this.#up && !this.socket.destroyed) {
      this.#waiting.push(onError);
      this.socket.write(bytes);
      return;
    }
    // On a destroyed socket the callback gets the error.
    this.socket.write(bytes, (error) => {
      if (error) onError(error);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #receive(chunk: Buffer): void {
    const frames = this.#framer.push(chunk);
    if (frames.length > 0) this.#unlimit();
    for (const frame of frames) {
      if (frame.kind === 'message') this.events.onMessage(frame.bytes, this.peer);
      else if (frame.kind === 'ping') this.#pong();
      else {
        this.events.onBroken(frame.bytes, frame.problem, this.peer);
        this.#giveUp();
      }
    }
    if (this.#framer.unfinished && this.#deadline === undefined) this.#limit(MESSAGE_TIMEOUT_MS);
  }

  #pong(): void {
    this.events.onKeepAlive();
    this.send(PONG, () => this.close());
  }

  #giveUp(): void {
    // Reading goes on into the void: closing with bytes unread would reset the connection and lose the answer.
    this.socket.end();
    this.#limit(LINGER_MS);
  }

  #limit(ms: number): void {
    this.#deadline?.cancel();
    this.#deadline = this.ports.clock.after(ms, () => this.socket.destroy(new Error('time limit')));
  }

  #unlimit(): void {
    this.#deadline?.cancel();
    this.#deadline = undefined;
  }
}

// One TCP (or TLS) connection: framing, time limits, keep-alive, a bounded send buffer.
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../../../lib/clock.js';
import type { Problem } from '../message/parse.js';
import type { Peer } from '../peer.js';
import { StreamFramer } from './stream-framer.js';

/** From the first byte of a message to its last; also from the opening of a connection to its first message. */
export const MESSAGE_TIMEOUT_MS = 10_000;
export const CONNECT_TIMEOUT_MS = 5_000;
/** A peer that does not read is dropped beyond this. */
export const MAX_UNSENT_BYTES = 1024 * 1024;
/** How long a peer whose stream broke may take to fetch our answer. */
export const LINGER_MS = 2_000;
/** TCP's own probes find peers that vanished without a word. */
const PROBE_AFTER_MS = 30_000;
const PONG = Buffer.from('\r\n');

export interface ConnectionEvents {
  onMessage(bytes: Buffer, source: Peer): void;
  onBroken(bytes: Buffer, problem: Problem, source: Peer): void;
  onClosed(connectionId: string): void;
}

export class StreamConnection {
  readonly id: string;
  readonly #framer = new StreamFramer();
  #deadline: Timer | undefined;

  constructor(
    readonly socket: Socket,
    readonly peer: Peer & { readonly connectionId: string },
    readonly clock: Clock,
    readonly events: ConnectionEvents,
    opened: 'by-us' | 'by-peer',
  ) {
    this.id = peer.connectionId;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, PROBE_AFTER_MS);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => socket.destroy()); // 'close' follows, and the senders' callbacks carry the error
    socket.on('close', () => {
      this.#deadline?.cancel();
      events.onClosed(this.id);
    });
    if (opened === 'by-peer') this.#limit(MESSAGE_TIMEOUT_MS);
    else {
      this.#limit(CONNECT_TIMEOUT_MS);
      socket.once('connect', () => this.#unlimit());
    }
  }

  send(bytes: Buffer, onError: (error: Error) => void): void {
    if (this.socket.writableLength > MAX_UNSENT_BYTES) this.socket.destroy(new Error('peer does not read'));
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
      else if (frame.kind === 'ping') this.send(PONG, () => this.close());
      else this.#giveUp(frame.bytes, frame.problem);
    }
    if (this.#framer.unfinished && this.#deadline === undefined) this.#limit(MESSAGE_TIMEOUT_MS);
  }

  #giveUp(bytes: Buffer, problem: Problem): void {
    this.events.onBroken(bytes, problem, this.peer);
    // Reading goes on into the void: closing with bytes unread would reset the connection and lose the answer.
    this.socket.end();
    this.#limit(LINGER_MS);
  }

  #limit(ms: number): void {
    this.#deadline?.cancel();
    this.#deadline = this.clock.after(ms, () => this.socket.destroy(new Error('time limit')));
  }

  #unlimit(): void {
    this.#deadline?.cancel();
    this.#deadline = undefined;
  }
}

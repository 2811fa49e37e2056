// What every kind of connection (TCP, TLS, WebSocket) offers to its transport, and tells it.
import type { Socket } from 'node:net';
import type { Problem } from '../message/parse.js';
import type { Peer } from '../peer.js';
import type { TransportPorts } from './transport.js';

/** A peer that does not read is dropped beyond this. */
export const MAX_UNSENT_BYTES = 1024 * 1024;

export interface ConnectionEvents {
  onMessage(bytes: Buffer, source: Peer): void;
  onBroken(bytes: Buffer, problem: Problem, source: Peer): void;
  onClosed(connectionId: string): void;
  /** The peer has said that it wants to keep the connection (RFC 5626 §3.5.1, RFC 7118 §6). */
  onKeepAlive(): void;
}

export type ConnectedPeer = Peer & { readonly connectionId: string };

export interface Connection {
  readonly id: string;
  /** False while a connection that we open is not there yet. */
  readonly isUp: boolean;
  send(bytes: Buffer, onError: (error: Error) => void): void;
  close(): void;
}

/** Puts the message layer on a socket that is ready for it. */
export type Attach = (peer: ConnectedPeer, ports: TransportPorts, events: ConnectionEvents) => Connection;

/** What differs between TCP, TLS and WebSocket. */
export interface ConnectionKind {
  /** Takes an accepted socket through its handshakes; calls `ready` once, when messages can flow. */
  welcome(socket: Socket, ready: (attach: Attach) => void): void;
  /** Opens a connection. Throws when the address cannot be one. Undefined: nobody can be reached this way. */
  readonly dial: ((to: Peer) => Attach) | undefined;
}

// What every transport offers to the stack, and tells it.
import type { Clock } from '../../../lib/clock.js';
import type { Ids } from '../../../lib/ids.js';
import type { Log } from '../../../lib/log.js';
import type { Problem } from '../message/parse.js';
import type { Listener, Peer, TransportName } from '../peer.js';
import type { Places } from './places.js';

export interface ListenOptions {
  readonly transport: TransportName;
  /** IP literal to bind. */
  readonly address: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly external?: string;
}

export interface TransportEvents {
  /** One message, not yet parsed. */
  onMessage(bytes: Buffer, source: Peer, local: Transport): void;
  /** A stream lost its framing, or a limit was passed: answer if it can be answered; the stream is then closed. */
  onBroken(bytes: Buffer, problem: Problem, source: Peer, local: Transport): void;
  onClosed(connectionId: string): void;
  /** Whether something depends on a connection that has been silent for long; default: nothing does. */
  isNeeded?(connectionId: string): boolean;
}

export interface TransportPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Shared by all listeners of a stack. */
  readonly places: Places;
  /** How long an unused connection is kept (default {@link IDLE_LIMIT_MS}). */
  readonly idleMs?: number | 'keep';
}

export interface Transport {
  readonly listener: Listener;
  /** Connections now open; 0 for udp. */
  readonly connections: number;
  /** Whether that connection is ours and open. */
  has(connectionId: string): boolean;
  /** Whether that connection is there, not still being opened. */
  isUp(connectionId: string): boolean;
  /**
   * Sends one message; a stream is opened when none leads there. `onError` comes later, never during the call.
   * Returns the id of the connection used.
   */
  send(bytes: Buffer, to: Peer, onError: (error: Error) => void): string | undefined;
  /**
   * As `send`, for a message repeated because nobody has answered: `onError` also when the peer's machine says that
   * nobody listens there (ICMP), where that can be heard. Only datagrams need it.
   */
  sendAgain?(bytes: Buffer, to: Peer, onError: (error: Error) => void): string | undefined;
  /** True when datagrams to that peer do not go through a network that cuts them. */
  takesAnySize?(to: Peer): boolean;
  /** Closes a connection that is still being opened; whoever waits for it hears of an error. */
  giveUp?(connectionId: string): void;
  /** Safe to call twice. */
  close(): Promise<void>;
}

export type OpenTransport = (
  binding: ListenOptions,
  events: TransportEvents,
  ports: TransportPorts,
) => Promise<Transport>;

export function listenerOf(binding: ListenOptions, port: number): Listener {
  const { transport, address, external } = binding;
  return external === undefined ? { transport, address, port } : { transport, address, port, external };
}

// Who is at the other end, and where we listen: addresses of SIP hops.

export type TransportName = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

export interface Peer {
  readonly transport: TransportName;
  /** IP literal, without brackets. */
  readonly address: string;
  readonly port: number;
  /** The connection a message came by, or is to go by while it lives (RFC 5626); never for udp. */
  readonly connectionId?: string;
}

/** A bound socket. */
export interface Listener {
  readonly transport: TransportName;
  readonly address: string;
  readonly port: number;
  /** The address others see, written into Via instead of `address`. */
  readonly external?: string;
}

/** Transports that deliver or break: no retransmission over them (RFC 3261 §17.1.1.2). */
export function isReliable(transport: TransportName): boolean {
  return transport !== 'udp';
}

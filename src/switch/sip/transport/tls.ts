// SIP over TLS, and the TLS under secure WebSockets.
import type { Socket } from 'node:net';
import { type ConnectionOptions, connect, type SecureContext, TLSSocket } from 'node:tls';
import { openConnections } from './connections.js';
import { attachStream } from './stream-connection.js';
import type { OpenTransport } from './transport.js';

export interface TlsOptions {
  /** The certificate now in force: asked anew for each connection. */
  readonly context: () => SecureContext;
  /** PEM of the authorities whose certificates peers that we dial must show; undefined: any certificate will do. */
  readonly authorities?: string;
}

/** The server's side of the handshake; `ready` when it is done. A handshake that fails closes the socket. */
export function secured(socket: Socket, { context }: TlsOptions, ready: (secure: TLSSocket) => void): void {
  const secure = new TLSSocket(socket, { isServer: true, secureContext: context() });
  secure.on('error', () => secure.destroy());
  secure.once('secure', () => ready(secure));
}

export function openTls(options: TlsOptions): OpenTransport {
  const { authorities } = options;
  const verify: ConnectionOptions = authorities === undefined ? { rejectUnauthorized: false } : { ca: authorities };
  return (binding, events, ports) =>
    openConnections(
      {
        welcome: (socket, ready) => secured(socket, options, (secure) => ready(attachStream(secure))),
        dial: ({ address: host, port }) => {
          const to = { ...verify, host, port, localAddress: binding.address };
          return attachStream(connect(to), 'secureConnect');
        },
      },
      binding,
      events,
      ports,
    );
}

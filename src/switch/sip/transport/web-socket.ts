// SIP over WebSocket, with and without TLS (RFC 7118): browsers come to us, we never go to them.
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { MAX_MESSAGE_BYTES } from '../message/parse.js';
import type { Attach } from './connection.js';
import { openConnections } from './connections.js';
import { mayConnect, type Origins } from './origin.js';
import { secured, type TlsOptions } from './tls.js';
import type { OpenTransport } from './transport.js';
import { attachWebSocket } from './web-socket-connection.js';

export const SUBPROTOCOL = 'sip';
const MAX_HEAD_BYTES = 8 * 1024;

export interface WebSocketOptions {
  /** Present for `wss`. */
  readonly tls?: TlsOptions;
  /** Pages that may connect; those of the same host unless named. */
  readonly origins?: Origins;
}

export function openWebSocket({ tls, origins = 'own-host' }: WebSocketOptions = {}): OpenTransport {
  return (binding, events, ports) => {
    const arriving = new WeakMap<Duplex, (attach: Attach) => void>();
    const sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      clientTracking: false,
      handleProtocols: () => SUBPROTOCOL,
    });
    // Never listens: sockets come from the transport's own listener, which has counted them.
    const http = createServer({ maxHeaderSize: MAX_HEAD_BYTES }, (_request, response) => {
      response.writeHead(426, { Upgrade: 'websocket', Connection: 'close' }).end();
    });
    http.on('clientError', (_error, socket) => socket.destroy());
    http.on('upgrade', (request, socket, head) => {
      const status = refusal(request, origins);
      if (status !== undefined) {
        socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      sockets.handleUpgrade(request, socket, head, (webSocket) => arriving.get(socket)?.(attachWebSocket(webSocket)));
    });
    const begin = (socket: Duplex, ready: (attach: Attach) => void): void => {
      arriving.set(socket, ready);
      http.emit('connection', socket);
    };
    return openConnections(
      {
        welcome: (socket, ready) =>
          tls === undefined ? begin(socket, ready) : secured(socket, tls, (secure) => begin(secure, ready)),
        dial: undefined,
      },
      binding,
      events,
      ports,
    );
  };
}

/** The status line of an upgrade that is refused. */
function refusal({ headers, socket }: IncomingMessage, origins: Origins): string | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  if (!offered.includes(SUBPROTOCOL)) return '400 Bad Request';
  const { origin, host } = headers;
  return mayConnect({ origin, host, localAddress: socket.localAddress }, origins) ? undefined : '403 Forbidden';
}

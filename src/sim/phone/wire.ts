// How the small phone sends and receives: datagrams, or one TCP connection cut into messages by Content-Length.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';

export interface Wire {
  readonly transport: 'UDP' | 'TCP';
  readonly address: string;
  readonly port: number;
  /** Nothing once it is closed: calls may still want to say something then. */
  send(text: string): void;
  onMessage(listener: (text: string) => void): void;
  close(): void;
}

interface Server {
  readonly host: string;
  readonly port: number;
}

export async function openUdp(server: Server, address: string, port = 0): Promise<Wire> {
  const socket = createSocket('udp4');
  socket.bind(port, address);
  await once(socket, 'listening');
  let isOpen = true;
  // What cannot be sent is lost, as on any network.
  socket.on('error', () => undefined);
  return {
    transport: 'UDP',
    address,
    port: socket.address().port,
    send(text) {
      if (isOpen) socket.send(text, server.port, server.host, () => undefined);
    },
    onMessage: (listener) => socket.on('message', (packet) => listener(packet.toString())),
    close() {
      isOpen = false;
      socket.close();
    },
  };
}

export async function openTcp(server: Server, address: string): Promise<Wire> {
  const socket = connect({ host: server.host, port: server.port, localAddress: address });
  await once(socket, 'connect');
  socket.on('error', () => socket.destroy());
  return {
    transport: 'TCP',
    address,
    port: socket.localPort ?? 0,
    send: (text) => void socket.write(text),
    onMessage(listener) {
      let buffer = '';
      socket.on('data', (chunk) => {
        buffer += chunk.toString('latin1');
        for (;;) {
          const end = buffer.indexOf('\r\n\r\n');
          if (end < 0) return;
          const length = Number(/^(?:Content-Length|l)\s*:\s*(\d+)/im.exec(buffer.slice(0, end))?.[1] ?? 0);
          if (buffer.length < end + 4 + length) return;
          listener(buffer.slice(0, end + 4 + length));
          buffer = buffer.slice(end + 4 + length);
        }
      });
    },
    close: () => socket.destroy(),
  };
}

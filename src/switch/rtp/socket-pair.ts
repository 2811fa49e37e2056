// The two UDP sockets of a leg: RTP on an even port, RTCP on the next; a closed remote port never ends the process.
import { createSocket, type Socket } from 'node:dgram';
import type { Source } from './source-latch.js';

export interface SocketListener {
  onRtp(datagram: Buffer, source: Source): void;
  onRtcp(datagram: Buffer, source: Source): void;
  /** The RTP socket is unusable. */
  onDead(error: Error): void;
}

/** A pair of sockets, whoever owns them. */
export interface Sockets {
  /** Passing errors so far. */
  readonly errors: number;
  /** Sends to `target` at once; the buffer may be used again after the call. */
  send(packet: Buffer, target: Source): void;
  /** Sends to the port after that of `target`. */
  sendRtcp(packet: Buffer, target: Source): void;
  /** From now on the kernel drops what others send, and sending is cheaper (no address per packet). */
  connect(target: Source): void;
  disconnect(): void;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** Errors that tell about the remote side or a full queue; the socket goes on working. */
const PASSING_ERRORS = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EAGAIN',
  'ENOBUFS',
  'EPERM',
  'EINVAL',
  'EACCES',
]);

export class SocketPair implements Sockets {
  errors = 0;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  #connected = false;
  #closed = false;

  constructor(rtp: Socket, rtcp: Socket, listener: SocketListener) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    rtp.removeAllListeners('error');
    rtcp.removeAllListeners('error');
    rtp.on('error', (error: NodeJS.ErrnoException) => {
      this.errors++;
      if (!PASSING_ERRORS.has(error.code ?? '') && !this.#closed) listener.onDead(error);
    });
    rtcp.on('error', () => void this.errors++);
    rtp.on('message', listener.onRtp.bind(listener));
    rtcp.on('message', listener.onRtcp.bind(listener));
  }

  send(packet: Buffer, target: Source): void {
    if (this.#closed) return;
    if (this.#connected) this.#rtp.send(packet);
    else this.#rtp.send(packet, target.port, target.address);
  }

  sendRtcp(packet: Buffer, target: Source): void {
    if (!this.#closed) this.#rtcp.send(packet, target.port + 1, target.address);
  }

  connect(target: Source): void {
    if (this.#closed) return;
    this.disconnect();
    this.#rtp.connect(target.port, target.address);
    this.#connected = true;
  }

  disconnect(): void {
    if (!this.#connected || this.#closed) return;
    this.#connected = false;
    this.#rtp.disconnect();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([closeSocket(this.#rtp), closeSocket(this.#rtcp)]);
  }
}

/** Binds `port` and `port + 1`; rejects with the system's error (EADDRINUSE) and leaves nothing bound. */
export async function openSocketPair(address: string, port: number, listener: SocketListener): Promise<SocketPair> {
  const rtp = await bind(address, port);
  try {
    return new SocketPair(rtp, await bind(address, port + 1), listener);
  } catch (error) {
    await closeSocket(rtp);
    throw error;
  }
}

function bind(address: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // Addresses are numeric (they come from SDP, checked there): no name is ever looked up, least of all for every packet.
    const socket = createSocket({ type: 'udp4', lookup: (host, _options, callback) => callback(null, host, 4) });
    const onError = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', onError);
    socket.bind(port, address, () => {
      // Until the owner sets its own, an error must not end the process.
      socket.on('error', () => undefined);
      socket.removeListener('error', onError);
      resolve(socket);
    });
  });
}

function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.close(() => resolve());
  });
}

// A port of this machine that nobody uses right now, by TCP or UDP.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Not one that the system gives to outgoing connections (Linux: 32768 and above), which could take it before its user does, or
// while its user is restarted; below the usual RTP ranges.
const FIRST_PORT = 10_000;
const LAST_PORT = 15_999;
const TRIES = 100;

/** Rejects with the system's error when this address has no port left in the range, or is none of ours. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let left = TRIES; ; left -= 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    try {
      await tryTcp(host, port);
      await tryUdp(host, port);
      return port;
    } catch (error) {
      if (left <= 1) throw error;
    }
  }
}

async function tryTcp(host: string, port: number): Promise<void> {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

async function tryUdp(host: string, port: number): Promise<void> {
  const socket = createSocket('udp4').bind(port, host);
  await once(socket, 'listening');
  socket.close();
  await once(socket, 'close');
}

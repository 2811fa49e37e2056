// A port of this machine that nobody uses, by TCP or UDP, and that nobody else who asks here is told of.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { platform } from 'node:process';

// Not one that the system gives to outgoing connections (Linux: 32768 and above), which could take it before its user does, or
// while its user is restarted; below the usual RTP ranges.
const FIRST_PORT = 10_000;
const LAST_PORT = 15_999;
const TRIES = 100;

/**
 * Kept for this process as long as it lives: its user may open it later, or be a child of it, and anybody else who asks
 * meanwhile, in any process, is told of another one. Rejects with the system's error when this address has no port left in the
 * range, or is none of ours.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let left = TRIES; ; left -= 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    try {
      await claim(port);
      await tryTcp(host, port);
      await tryUdp(host, port);
      return port;
    } catch (error) {
      if (left <= 1) throw error;
    }
  }
}

/** An abstract socket (unix(7)) has one owner on a machine and goes with its process. Only Linux has them. */
async function claim(port: number): Promise<void> {
  if (platform !== 'linux') return;
  const owner = createServer().listen(`\0hilo-port-${port}`);
  await once(owner, 'listening');
  owner.unref();
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

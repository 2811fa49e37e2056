import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { openSocketPair, type SocketListener, type SocketPair } from '../../../src/switch/rtp/socket-pair.js';

const listener: SocketListener = { onRtp: () => undefined, onRtcp: () => undefined, onDead: () => undefined };
const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const socket of opened.splice(0)) await socket.close();
});

async function bound(port = 0): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  opened.push(socket);
  return socket;
}

/** A pair on two free ports; others may take one meanwhile, so it is tried again. */
async function openPair(own: Partial<SocketListener> = {}): Promise<{ pair: SocketPair; port: number }> {
  for (let attempt = 0; ; attempt++) {
    const probe = createSocket('udp4');
    probe.bind(0, '127.0.0.1');
    await once(probe, 'listening');
    const port = probe.address().port & 0xfffe;
    probe.close();
    try {
      const pair = await openSocketPair('127.0.0.1', port, { ...listener, ...own });
      opened.push(pair);
      return { pair, port };
    } catch (error) {
      if (attempt === 20) throw error;
    }
  }
}

describe('the sockets of a leg', () => {
  test('survive a remote port that is closed, and work on when it opens', async () => {
    const { pair } = await openPair({ onDead: (error) => expect.unreachable(String(error)) });
    const gone = await bound();
    const target = { address: '127.0.0.1', port: gone.address().port };
    await new Promise<void>((resolve) => gone.close(() => resolve()));
    opened.splice(opened.indexOf(gone), 1);
    pair.connect(target);
    const deadline = Date.now() + 5_000;
    while (pair.errors === 0 && Date.now() < deadline) {
      pair.send(Buffer.from('x'), target);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(pair.errors).toBeGreaterThan(0);
    const back = await bound(target.port);
    const heard = once(back, 'message');
    // The first send after an ICMP message may only fetch the error.
    pair.send(Buffer.from('hello'), target);
    pair.send(Buffer.from('hello'), target);
    expect(String((await heard)[0])).toBe('hello');
  });

  test('when connected, a stranger is not heard at all', async () => {
    const heard: string[] = [];
    const { pair, port } = await openPair({ onRtp: (datagram) => heard.push(String(datagram)) });
    const [friend, stranger] = [await bound(), await bound()];
    pair.connect({ address: '127.0.0.1', port: friend.address().port });
    stranger.send('stranger', port, '127.0.0.1');
    friend.send('friend', port, '127.0.0.1');
    while (heard.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual(['friend']);
  });

  test('a pair of which one port is taken leaves the other free', async () => {
    const { pair, port } = await openPair();
    await pair.close();
    opened.splice(opened.indexOf(pair), 1);
    await bound(port + 1);
    await expect(openSocketPair('127.0.0.1', port, listener)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await bound(port);
  });

  test('sending and closing again after the end does nothing', async () => {
    const { pair } = await openPair();
    await pair.close();
    pair.send(Buffer.from('x'), { address: '127.0.0.1', port: 9 });
    pair.connect({ address: '127.0.0.1', port: 9 });
    await pair.close();
  });
});

// Small writes to a socket: together, in order, and none lost at the end.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { coalesceWrites } from '../../src/lib/coalesced-writes.js';

let server: Server;
let near: Socket;
let received: string[];
let ended: Promise<unknown>;

beforeEach(async () => {
  received = [];
  server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  near = connect({ port: address.port, host: '127.0.0.1', noDelay: true });
  const [far] = await accepted;
  far.setEncoding('utf8').on('data', (text: string) => received.push(text));
  ended = once(far, 'end');
  coalesceWrites(near);
});

afterEach(() => {
  near?.destroy();
  server?.close();
});

test('writes of one turn arrive in one piece, also those of its promises', async () => {
  near.write('one ');
  near.write('two ');
  await Promise.resolve();
  near.write('three');
  near.end();
  await ended;
  expect(received).toEqual(['one two three']);
});

test('a write of a later turn leaves with that turn', async () => {
  near.write('first');
  await new Promise((resolve) => near.write(' turn', resolve));
  near.write('second');
  near.end();
  await ended;
  expect(received.join('')).toBe('first turnsecond');
});

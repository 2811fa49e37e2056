// Two stacks of one process: what they send each other takes the short cut, what others send comes by UDP.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../../src/lib/clock.js';
import { systemIds } from '../../../../src/lib/ids.js';
import { silentLog } from '../../../../src/lib/log.js';
import type { Peer } from '../../../../src/switch/sip/peer.js';
import { Places } from '../../../../src/switch/sip/transport/places.js';
import { ShortCut } from '../../../../src/switch/sip/transport/short-cut.js';
import type { Transport } from '../../../../src/switch/sip/transport/transport.js';

const PORTS = { clock: systemClock, ids: systemIds, log: silentLog, places: new Places() };
const opened: Transport[] = [];

afterEach(async () => {
  for (const transport of opened.splice(0)) await transport.close();
});

interface End {
  readonly transport: Transport;
  readonly peer: Peer;
  /** What came: text, and the port it came from. */
  readonly heard: string[];
  next(count: number): Promise<void>;
}

async function open(shortCut: ShortCut, address = '127.0.0.1'): Promise<End> {
  const heard: string[] = [];
  let told = (): void => undefined;
  const events = {
    onMessage: (bytes: Buffer, source: Peer, local: Transport) => {
      expect(local).toBe(transport);
      heard.push(`${bytes.toString()} from ${source.port}`);
      told();
    },
    onBroken: () => undefined,
    onClosed: () => undefined,
  };
  const transport = await shortCut.openUdp({ transport: 'udp', address, port: 0 }, events, PORTS);
  opened.push(transport);
  const peer: Peer = { transport: 'udp', address: '127.0.0.1', port: transport.listener.port };
  const next = async (count: number): Promise<void> => {
    while (heard.length < count) await new Promise<void>((resolve) => (told = resolve));
  };
  return { transport, peer, heard, next };
}

const noError = (error: Error): void => expect.unreachable(error.message);

test('messages arrive in order, from the address of the sender, after the call that sent them', async () => {
  const shortCut = new ShortCut();
  const [near, far] = [await open(shortCut), await open(shortCut)];
  near.transport.send(Buffer.from('one'), far.peer, noError);
  near.transport.send(Buffer.from('two'), far.peer, noError);
  expect(far.heard).toEqual([]);
  await far.next(2);
  expect(far.heard).toEqual([`one from ${near.peer.port}`, `two from ${near.peer.port}`]);
});

test('they do not go through the kernel; what anybody else sends does', async () => {
  const shortCut = new ShortCut();
  const [near, far] = [await open(shortCut), await open(shortCut)];
  const stranger = createSocket('udp4').bind(0, '127.0.0.1');
  await once(stranger, 'listening');
  near.transport.send(Buffer.from('to a stranger'), { ...far.peer, port: stranger.address().port }, noError);
  const [bytes] = (await once(stranger, 'message')) as [Buffer];
  expect(bytes.toString()).toBe('to a stranger');
  stranger.send('by udp', far.peer.port, '127.0.0.1');
  // Sent later, handed over earlier.
  near.transport.send(Buffer.from('by the short cut'), far.peer, noError);
  await far.next(2);
  expect(far.heard.toSorted()).toEqual([
    `by the short cut from ${near.peer.port}`,
    `by udp from ${stranger.address().port}`,
  ]);
  stranger.close();
});

test('a stack that is closed hears nothing any more', async () => {
  const shortCut = new ShortCut();
  const [near, far] = [await open(shortCut), await open(shortCut)];
  near.transport.send(Buffer.from('late'), far.peer, noError);
  await far.transport.close();
  await new Promise((resolve) => setImmediate(resolve));
  expect(far.heard).toEqual([]);
});

test('a socket on all addresses sends by UDP: only the kernel knows from which', async () => {
  const shortCut = new ShortCut();
  const [near, far] = [await open(shortCut, '0.0.0.0'), await open(shortCut)];
  near.transport.send(Buffer.from('one'), far.peer, noError);
  await far.next(1);
  expect(far.heard).toEqual([`one from ${near.peer.port}`]);
});

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { BIND_ATTEMPTS_MAX } from '../../../src/switch/media/engine.js';
import type { RemoteMedia } from '../../../src/switch/media/media-leg.js';
import { type Bench, openBench } from './rtp-phone.js';

const benches: Bench[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
  for (const socket of sockets.splice(0)) socket.close();
});

async function bench(ports?: number): Promise<Bench> {
  const opened = await openBench(ports === undefined ? {} : { ports });
  benches.push(opened);
  return opened;
}

test('each leg has an even port of its own, with the next one bound for RTCP', async () => {
  const { engine } = await bench();
  const legs = await Promise.all(Array.from({ length: 10 }, () => engine.openLeg()));
  const ports = legs.map((leg) => leg.port);
  expect(new Set(ports).size).toBe(10);
  expect(ports.every((port) => port % 2 === 0)).toBe(true);
  const taken = createSocket('udp4');
  taken.bind((ports[0] ?? 0) + 1, '127.0.0.1');
  const [error] = await once(taken, 'error');
  expect(error).toMatchObject({ code: 'EADDRINUSE' });
  expect(engine.snapshot().legs).toBe(10);
});

test('when all ports are taken the next leg is refused, until one is freed', async () => {
  const { engine } = await bench(4);
  const [first] = [await engine.openLeg(), await engine.openLeg()];
  await expect(engine.openLeg()).rejects.toMatchObject({ name: 'MediaError', code: 'no-ports' });
  expect(engine.snapshot()).toMatchObject({ portsFree: 0, legs: 2 });
  await first.close();
  expect((await engine.openLeg()).port).toBe(first.port);
});

test('a port that somebody else holds is passed over', async () => {
  const { engine } = await bench(6);
  const probe = await engine.openLeg();
  const held = createSocket('udp4').bind(probe.port + 2, '127.0.0.1');
  await once(held, 'listening');
  sockets.push(held);
  const leg = await engine.openLeg();
  expect(leg.port).toBe(probe.port + 4);
});

test('a range full of ports of others is given up after so many attempts', async () => {
  const { engine } = await bench(2 * BIND_ATTEMPTS_MAX + 4);
  const probe = await engine.openLeg();
  for (let at = 1; at <= BIND_ATTEMPTS_MAX; at++) {
    const held = createSocket('udp4').bind(probe.port + 2 * at, '127.0.0.1');
    sockets.push(held);
    await Promise.race([once(held, 'listening'), once(held, 'error')]);
  }
  await expect(engine.openLeg()).rejects.toMatchObject({ code: 'no-ports' });
  expect((await engine.openLeg()).port).toBe(probe.port + 2 * BIND_ATTEMPTS_MAX + 2);
});

test('a fault in one leg ends that leg only', async () => {
  const opened = await bench();
  const [broken, other] = [await opened.call(), await opened.call()];
  const reasons: string[] = [];
  broken.leg.onFailure((reason) => reasons.push(reason));
  const playback = broken.leg.play({ kind: 'silence', ms: -1 });
  await playback.started;
  broken.leg.connect(undefined as unknown as RemoteMedia);
  expect((await playback.done).outcome).toBe('break');
  expect(reasons).toEqual([expect.stringContaining('TypeError')]);
  await broken.leg.close();
  const going = other.leg.play({ kind: 'silence', ms: 100 });
  await going.started;
  await opened.run(6);
  expect((await going.done).outcome).toBe('done');
  expect(opened.engine.snapshot().legs).toBe(1);
});

test('closing the engine closes its legs, frees the ports and refuses new ones', async () => {
  const opened = await bench();
  const { leg } = await opened.call();
  const playback = leg.play({ kind: 'silence', ms: -1 });
  await playback.started;
  await opened.engine.close();
  await opened.engine.close();
  expect((await playback.done).outcome).toBe('break');
  await expect(opened.engine.openLeg()).rejects.toMatchObject({ code: 'closed' });
  expect(opened.clock.pending).toBe(0);
  const socket = createSocket('udp4').bind(leg.port, '127.0.0.1');
  await once(socket, 'listening');
  sockets.push(socket);
});

test('the snapshot tells what goes on', async () => {
  const opened = await bench();
  const { leg } = await opened.call();
  await leg.play({ kind: 'silence', ms: -1 }).started;
  await opened.run(101);
  const [worker] = opened.engine.snapshot().workers;
  expect(worker).toMatchObject({ legs: 1, playing: 1, recording: 0, skippedFrames: 0 });
  expect(worker?.packetsOut).toBeGreaterThan(40);
  await leg.close();
  await opened.run(101);
  expect(opened.engine.snapshot().workers[0]).toMatchObject({ legs: 0, playing: 0 });
  expect(opened.engine.snapshot().workers[0]?.packetsOut).toBeGreaterThan(90);
});

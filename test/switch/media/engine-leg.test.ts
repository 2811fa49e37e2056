import { expect, test, vi } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { openMediaEngine } from '../../../src/switch/media/engine.js';
import { EngineLeg } from '../../../src/switch/media/engine-leg.js';
import type { Command } from '../../../src/switch/media/messages.js';

function leg(clock = new FakeClock()): { leg: EngineLeg; posted: Command[]; closed: () => number } {
  const posted: Command[] = [];
  let closed = 0;
  const opened = new EngineLeg({
    id: 'a',
    address: '127.0.0.1',
    port: 20_000,
    clock,
    worker: {},
    post: (command) => posted.push(command),
    openRoom: () => expect.fail('nobody wants a room'),
    onClosed: () => closed++,
  });
  return { leg: opened, posted, closed: () => closed };
}

test('a leg whose worker dies settles everything, tells why, and is closed', async () => {
  const { leg: one, posted, closed } = leg();
  const { leg: two, posted: postedToTwo } = leg();
  const reasons: string[] = [];
  one.onFailure((reason) => reasons.push(reason));
  one.bridge(two);
  const playback = one.play({ kind: 'silence', ms: -1 });
  const recording = one.record('/x.wav', { channels: 'read' });
  const question = one.stats();
  one.lose('out of memory');
  one.lose('again');
  expect(await playback.started).toBe(false);
  expect((await playback.done).outcome).toBe('break');
  expect(await recording.done).toMatchObject({ outcome: 'failed', error: 'out of memory' });
  expect((await question).received.packets).toBe(0);
  expect((await one.close()).sent.packets).toBe(0);
  expect(reasons).toEqual(['out of memory']);
  expect(closed()).toBe(1);
  expect(postedToTwo.at(-1)?.type).toBe('unbridge');
  const before = posted.length;
  one.connect({ address: '127.0.0.1', port: 5, payloadType: 0, send: true, receive: true, latch: true });
  expect(posted).toHaveLength(before);
});

test('a worker that does not answer is not waited for for ever', async () => {
  const clock = new FakeClock();
  const { leg: opened } = leg(clock);
  const answers = [opened.stats(), opened.close()].map((answer) =>
    expect(answer).rejects.toThrow('longer than 5000 ms'),
  );
  clock.advance(5_000);
  await Promise.all(answers);
  expect(clock.pending).toBe(0);
});

test('a worker thread that cannot start is an error of each leg, not of the process', async () => {
  // Beside the sources there is no compiled worker.
  const engine = await openMediaEngine({
    address: '127.0.0.1',
    ports: { first: 20_000, last: 20_003 },
    workers: 1,
    musicFolder: '/nonexistent',
    log: silentLog,
  });
  for (let attempt = 0; attempt < 3; attempt++) {
    await expect(engine.openLeg()).rejects.toMatchObject({ name: 'MediaError', code: 'worker-lost' });
  }
  expect(engine.snapshot()).toMatchObject({ legs: 0, portsFree: 2 });
  await engine.close();
});

test('a leg that is opened when nobody waits for it any more is closed, and its port is free again', async () => {
  const clock = new FakeClock();
  const ports = { first: 27_000, last: 27_003 };
  const options = { address: '127.0.0.1', ports, workers: 0, musicFolder: '/nowhere', log: silentLog, clock };
  const engine = await openMediaEngine({ ...options, engine: 'typescript' });
  const { portsFree } = engine.snapshot();
  const opening = engine.openLeg();
  clock.advance(5_000);
  await expect(opening).rejects.toMatchObject({ code: 'socket' });
  await vi.waitFor(() => expect(engine.snapshot()).toMatchObject({ legs: 0, portsFree }), 10_000);
  await engine.close();
});

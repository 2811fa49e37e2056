import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../../src/lib/log.js';
import type { EngineChoice, MediaEngine } from '../../../src/switch/media/engine.js';
import type { MediaLeg } from '../../../src/switch/media/media-leg.js';
import { isNativeBuilt } from '../../../src/switch/media/native/addon.js';
import { type G711, PCMA, PCMU } from '../../../src/switch/rtp/g711.js';
import { compile } from '../../support/compiled.js';
import { purity, RtpPhone, tonePackets } from './rtp-phone.js';

// The engine as it runs in production: compiled, with worker threads, on the real clock.

let folder: string;
let engine: MediaEngine;
const phones: RtpPhone[] = [];

beforeAll(async () => {
  folder = await compile(['switch/media/engine.ts', 'switch/media/worker.ts']);
  // The worker as it is, and a way for the test to make it crash: not at once, so that it dies with packets waiting.
  await rename(join(folder, 'dist/switch/media/worker.js'), join(folder, 'dist/switch/media/real-worker.js'));
  await writeFile(
    join(folder, 'dist/switch/media/worker.js'),
    `import './real-worker.js';
     import { parentPort } from 'node:worker_threads';
     parentPort.on('message', (command) => {
       if (command.direction !== 'crash') return;
       const end = Date.now() + 50;
       while (Date.now() < end);
       throw new Error('crashed by the test');
     });`,
  );
});

afterAll(() => rm(folder, { recursive: true }));

async function call(law: G711): Promise<{ leg: MediaLeg; phone: RtpPhone }> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const [leg, phone] = [await engine.openLeg(), new RtpPhone(socket, law)];
  phones.push(phone);
  leg.connect(phone.remote());
  phone.talkTo(leg);
  return { leg, phone };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not happen');
    await new Promise((resume) => setTimeout(resume, 5));
  }
}

const engines: readonly EngineChoice[] = isNativeBuilt() ? ['typescript', 'native'] : ['typescript'];

describe.each(engines)('the %s engine', (choice) => {
  beforeEach(async () => {
    const { openMediaEngine } = await import(pathToFileURL(join(folder, 'dist/switch/media/engine.js')).href);
    const ports = { first: 26_000, last: 26_999 };
    const options = { address: '127.0.0.1', ports, workers: 2, musicFolder: folder, log: silentLog };
    engine = await openMediaEngine({ ...options, engine: choice });
  });

  afterEach(async () => {
    await engine?.close();
    for (const phone of phones.splice(0)) await phone.close();
  });

  test('a tone is heard from a worker thread, whole and without a gap', async () => {
    const { leg, phone } = await call(PCMU);
    const programme = { segments: [{ onMs: 1_000, offMs: 0, frequencies: [440], level: -9 }], loops: 1 };
    const result = await leg.play({ kind: 'tone', programme }).done;
    expect(result).toMatchObject({ outcome: 'done', samples: 8_000 });
    await until(() => phone.audio.length >= 50);
    expect(purity(phone.samples(), 440)).toBeGreaterThan(0.99);
  });

  test('most of the work is done by the engine that was asked for', async () => {
    const { leg } = await call(PCMU);
    await leg.play({ kind: 'music', name: 'moh' }).started;
    const handedOver = (): number =>
      engine.snapshot().workers.reduce((sum, { native }) => sum + (native?.handedOver ?? 0), 0);
    await until(() => engine.snapshot().workers.some(({ playing }) => playing === 1));
    if (choice === 'native') await until(() => handedOver() === 1);
    else expect(handedOver()).toBe(0);
  });

  test('two listeners in different workers hear the same moment of the music', async () => {
    const calls = [await call(PCMU), await call(PCMU)];
    for (const { leg } of calls) await leg.play({ kind: 'music', name: 'moh' }).started;
    await until(() => calls.every(({ phone }) => phone.audio.length >= 100));
    const [one = '', two = ''] = calls.map(({ phone }) =>
      phone.audio
        .slice(10, 60)
        .map((packet) => packet.payload.toString('hex'))
        .join(),
    );
    // The same frames of a long piece, less than a second apart: as much as the second listener came later.
    const place = Math.max(one.indexOf(two.slice(0, 3_000)), two.indexOf(one.slice(0, 3_000)));
    expect(place).toBeGreaterThanOrEqual(0);
  });

  test('legs of different workers are bridged: talk, keys, other laws, and the end of it', async () => {
    const [one, two] = [await call(PCMU), await call(PCMA)];
    const digits: string[] = [];
    one.leg.onDigit(({ digit }) => digits.push(digit));
    one.leg.bridge(two.leg);
    await one.leg.stats();
    await two.leg.stats();
    const [low, high] = [tonePackets(440, 50, PCMU), tonePackets(900, 50, PCMA)];
    for (let packet = 0; packet < 50; packet++) {
      one.phone.sendAudio(low[packet] ?? Buffer.alloc(0));
      two.phone.sendAudio(high[packet] ?? Buffer.alloc(0));
    }
    for (const packet of one.phone.keyPackets(4)) one.phone.sendRaw(packet);
    await until(() => two.phone.events.length === 6 && one.phone.audio.length === 50);
    expect(two.phone.audio).toHaveLength(50);
    expect(purity(two.phone.samples(), 440)).toBeGreaterThan(0.99);
    expect(purity(one.phone.samples(), 900)).toBeGreaterThan(0.99);
    expect(digits).toEqual(['4']);
    two.leg.unbridge();
    await one.leg.stats();
    await two.leg.stats();
    one.phone.sendAudio(low[0] ?? Buffer.alloc(0));
    // What the leg has heard by now would have been sent on.
    while ((await one.leg.stats()).received.packets < 57) await new Promise((resume) => setTimeout(resume, 5));
    expect(two.phone.audio).toHaveLength(50);
  });

  test('parties of different workers share a room, and one of a third party listens in', async () => {
    const calls = [await call(PCMU), await call(PCMA), await call(PCMU)];
    const [one, two, ear] = calls;
    if (one === undefined || two === undefined || ear === undefined) throw new Error('nobody');
    const tones = [450, 700, 1_100];
    const listening = { heardByTarget: true, heardByOthers: false, hearsTarget: true, hearsOthers: true };
    const heard = (phone: RtpPhone): number[] => {
      const samples = phone.samples().slice(-2_400);
      return samples.length < 2_400 ? [] : tones.filter((hertz) => purity(samples, hertz) > 0.15);
    };
    const packets = calls.map(({ phone }, at) => tonePackets(tones[at] ?? 0, 50, phone.law));
    let frame = 0;
    const talking = setInterval(() => {
      for (const [at, { phone }] of calls.entries()) phone.sendAudio(packets[at]?.[frame % 50] ?? Buffer.alloc(0));
      frame++;
    }, 20);
    const hear = (...wanted: number[][]): Promise<void> =>
      until(() => JSON.stringify(calls.map(({ phone }) => heard(phone))) === JSON.stringify(wanted));
    try {
      const room = engine.openRoom(one.leg, { relaysKeys: false });
      for (const { leg } of calls) room.seat(leg);
      await hear([700, 1_100], [450, 1_100], [450, 700]);
      room.close();
      one.leg.bridge(two.leg);
      ear.leg.overhear(one.leg, listening);
      await hear([700, 1_100], [450], [450, 700]);
    } finally {
      clearInterval(talking);
    }
  });

  test('a worker that crashes ends its own legs only, and is replaced', async () => {
    const [one, two] = [await call(PCMU), await call(PCMU)];
    const failure = new Promise<string>((tell) => one.leg.onFailure(tell));
    two.leg.onFailure(() => expect.unreachable());
    const lost = one.leg.play({ kind: 'silence', ms: -1 });
    await lost.started;
    // A young worker carries out commands before it listens to the test's own: asked until it has heard.
    const asking = setInterval(() => {
      one.leg.mute('crash' as 'read', true);
      one.phone.sendRaw(Buffer.from('no plain packet'));
    }, 20);
    expect(await failure.finally(() => clearInterval(asking))).toContain('crashed by the test');
    expect((await lost.done).outcome).toBe('break');
    const third = await call(PCMU);
    for (const { leg } of [two, third])
      expect(await leg.play({ kind: 'silence', ms: 100 }).done).toMatchObject({ outcome: 'done' });
    await until(() => third.phone.audio.length >= 5);
  });
});

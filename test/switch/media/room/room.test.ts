// Rooms, by content.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MediaRoom, Talk } from '../../../../src/switch/media/media-room.js';
import { PCMA, PCMU } from '../../../../src/switch/rtp/g711.js';
import { loudness, purity } from '../rtp-phone.js';
import { bench, benchForEachTest, heard, parties, talk, together } from './parties.js';

benchForEachTest();

describe('a room', () => {
  test('of three: each hears the two others and never himself, whatever his law', async () => {
    const { all } = await together([PCMU, PCMA, PCMU]);
    await talk(all);
    expect(all.map(heard)).toEqual([
      [700, 1_100],
      [450, 1_100],
      [450, 700],
    ]);
    for (const { phone } of all) {
      expect(new Set(phone.heard.map(({ ssrc }) => ssrc)).size).toBe(1);
      expect(phone.audio.length).toBeGreaterThanOrEqual(58);
    }
  });

  test('a muted one is not heard, a deaf one hears silence that still flows', async () => {
    const { room, all } = await together([PCMU, PCMU, PCMU]);
    const [a, b, c] = all;
    if (!a || !b || !c) throw new Error('nobody');
    room.seat(a.leg, { speaks: false });
    room.seat(b.leg, { hears: false });
    await talk(all);
    expect(all.map(heard)).toEqual([[700, 1_100], [], [700]]);
    expect(b.phone.audio.length).toBeGreaterThanOrEqual(58);
    room.seat(a.leg, { speaks: true });
    room.seat(b.leg, { hears: true });
    await talk(all);
    expect(all.map(heard)).toEqual([
      [700, 1_100],
      [450, 1_100],
      [450, 700],
    ]);
  });

  test('pairs can be parted: one ignores another, one speaks to some only', async () => {
    const { room, all } = await together([PCMU, PCMA, PCMU, PCMU]);
    const [a, b, c, d] = all;
    if (!a || !b || !c || !d) throw new Error('nobody');
    room.seat(a.leg, { ignores: [b.leg.id] });
    room.seat(c.leg, { audience: { only: [a.leg.id] } });
    room.seat(d.leg, { audience: { except: [a.leg.id] } });
    await talk(all);
    expect(all.map(heard)).toEqual([[1_100], [450, 1_700], [450, 700, 1_700], [450, 700]]);
  });

  test('who leaves hears nobody and is not heard; who comes back is', async () => {
    const { room, all } = await together([PCMU, PCMU, PCMU]);
    const [a] = all;
    if (!a) throw new Error('nobody');
    room.leave(a.leg);
    await bench.settle();
    await talk(all);
    expect(a.phone.audio).toEqual([]);
    expect(all.slice(1).map(heard)).toEqual([[1_100], [700]]);
    room.seat(a.leg);
    await talk(all);
    expect(all.map(heard)).toEqual([
      [700, 1_100],
      [450, 1_100],
      [450, 700],
    ]);
  });

  test('a bridge takes a member out, and a closed leg is gone', async () => {
    const { all } = await together([PCMU, PCMU, PCMU, PCMU]);
    const [a, b, , d] = all;
    if (!a || !b || !d) throw new Error('nobody');
    a.leg.bridge(b.leg);
    await talk(all);
    expect(all.map(heard)).toEqual([[700], [450], [1_700], [1_100]]);
    await Promise.all([d.leg.close(), bench.run(2)]);
    await talk(all.slice(0, 3));
    expect(all.slice(0, 3).map(heard)).toEqual([[700], [450], []]);
  });

  test('volumes make one louder for all, or all softer for one', async () => {
    const { room, all } = await together([PCMU, PCMU]);
    const [a, b] = all;
    if (!a || !b) throw new Error('nobody');
    await talk(all);
    const usual = loudness(b.phone.samples().slice(-3_200));
    room.seat(a.leg, { levelIn: -4 });
    await talk(all);
    expect(loudness(b.phone.samples().slice(-3_200)) / usual).toBeCloseTo(0.2, 1);
    room.seat(a.leg, { levelIn: 0 });
    room.seat(b.leg, { levelOut: -2 });
    await talk(all);
    expect(loudness(b.phone.samples().slice(-3_200)) / usual).toBeCloseTo(0.6, 1);
  });

  test('tells who begins to talk and who ceases', async () => {
    const { room, all } = await together([PCMU, PCMU]);
    const [a, b] = all;
    if (!a || !b) throw new Error('nobody');
    const told: Talk[] = [];
    room.onTalk((one) => told.push(one));
    await talk([a], 40);
    expect(told).toEqual([{ leg: a.leg.id, talking: true, energy: expect.any(Number) }]);
    await bench.run(80);
    expect(told.at(-1)).toMatchObject({ leg: a.leg.id, talking: false });
    expect(told).toHaveLength(2);
  });

  test('plays to all or to one, mixed under the talk', async () => {
    const { room, all } = await together([PCMU, PCMU]);
    const [a, b] = all;
    if (!a || !b) throw new Error('nobody');
    const tone = (hertz: number): Parameters<MediaRoom['play']>[0] => ({
      kind: 'tone',
      programme: { segments: [{ onMs: 600, offMs: 0, frequencies: [hertz], level: -7 }], loops: 1 },
    });
    const toAll = room.play(tone(1_700));
    const toOne = room.play(tone(1_100), { audience: { only: [a.leg.id] } });
    await talk(all, 35);
    expect(all.map(heard)).toEqual([
      [700, 1_100, 1_700],
      [450, 1_700],
    ]);
    expect(await toAll.started).toBe(true);
    await expect(toAll.done).resolves.toMatchObject({ outcome: 'done', ms: 600 });
    await expect(toOne.done).resolves.toMatchObject({ outcome: 'done', ms: 600 });
    const missing = room.play({ kind: 'file', path: '/nowhere/x.wav' });
    await expect(missing.done).resolves.toMatchObject({ outcome: 'not-found' });
  });

  test('records what all say, with a silent stretch while paused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hilo-room-'));
    try {
      const { room, all } = await together([PCMU, PCMU]);
      const recording = room.record(join(folder, 'room.wav'));
      await talk(all, 50);
      recording.pause(true);
      await bench.settle();
      await talk(all, 25);
      recording.stop();
      await expect(recording.done).resolves.toMatchObject({ outcome: 'stopped', ms: 1_500 });
      const bytes = readFileSync(join(folder, 'room.wav')).subarray(44);
      const samples = Int16Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readInt16LE(at * 2));
      const said = samples.subarray(1_600, 7_200);
      expect([450, 700].every((hertz) => purity(said, hertz) > 0.4)).toBe(true);
      expect(loudness(samples.subarray(8_160))).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('closing leaves everybody alone and ends what was played', async () => {
    const { room, all } = await together([PCMU, PCMU]);
    const playing = room.play({ kind: 'music', name: 'moh' });
    await bench.run(5);
    room.close();
    room.close();
    await expect(playing.done).resolves.toMatchObject({ outcome: 'break' });
    await talk(all);
    expect(all.map(heard)).toEqual([[], []]);
    const [a, b] = all;
    if (!a || !b) throw new Error('nobody');
    a.leg.bridge(b.leg);
    await bench.settle();
    await talk(all);
    expect(all.map(heard)).toEqual([[700], [450]]);
  });
});

describe('listening in', () => {
  const LISTEN = { heardByTarget: false, heardByOthers: false, hearsTarget: true, hearsOthers: true };

  test('to a bridge: hears both, whispers to one, is heard by both, and leaves them as they were', async () => {
    const all = await parties([PCMU, PCMA, PCMU]);
    const [agent, customer, supervisor] = all;
    if (!agent || !customer || !supervisor) throw new Error('nobody');
    agent.leg.bridge(customer.leg);
    const ear = supervisor.leg.overhear(agent.leg, LISTEN);
    await bench.settle();
    await talk(all);
    expect(all.map(heard)).toEqual([[700], [450], [450, 700]]);
    ear.change({ ...LISTEN, heardByTarget: true });
    await talk(all);
    expect(all.map(heard)).toEqual([[700, 1_100], [450], [450, 700]]);
    ear.change({ ...LISTEN, heardByTarget: true, heardByOthers: true });
    await talk(all);
    expect(all.map(heard)).toEqual([
      [700, 1_100],
      [450, 1_100],
      [450, 700],
    ]);
    ear.change({ ...LISTEN, heardByOthers: true });
    await talk(all);
    expect(all.map(heard)).toEqual([[700], [450, 1_100], [450, 700]]);
    ear.change({ ...LISTEN, hearsOthers: false });
    await talk(all);
    expect(all.map(heard)).toEqual([[700], [450], [450]]);
    ear.stop();
    await talk(all);
    expect(all.map(heard)).toEqual([[700], [450], []]);
    ear.change(LISTEN);
    await talk(all);
    expect(heard(supervisor)).toEqual([]);
  });

  test('follows the target to its next partner, hears prompts played to it, and ends with it', async () => {
    const all = await parties([PCMU, PCMU, PCMU, PCMU]);
    const [agent, first, second, supervisor] = all;
    if (!agent || !first || !second || !supervisor) throw new Error('nobody');
    supervisor.leg.overhear(agent.leg, LISTEN);
    const prompt = agent.leg.play({
      kind: 'tone',
      programme: { segments: [{ onMs: 1_000, offMs: 0, frequencies: [2_300], level: -7 }], loops: 1 },
    });
    await talk([agent, supervisor], 49);
    expect(purity(supervisor.phone.samples().slice(-3_200), 2_300)).toBeGreaterThan(0.1);
    await bench.run(5);
    await prompt.done;
    agent.leg.bridge(first.leg);
    await talk(all);
    expect(heard(supervisor)).toEqual([450, 700]);
    agent.leg.bridge(second.leg);
    await talk(all);
    expect(all.map(heard)).toEqual([[1_100], [], [450], [450, 1_100]]);
    await Promise.all([agent.leg.close(), bench.run(2)]);
    await talk(all.slice(1));
    expect(heard(supervisor)).toEqual([]);
    supervisor.leg.bridge(second.leg);
    await talk(all.slice(1));
    expect(heard(supervisor)).toEqual([1_100]);
  });

  test('to a member of a room: whispers to it alone', async () => {
    const { all } = await together([PCMU, PCMU, PCMU]);
    const [a] = all;
    const [supervisor] = (await parties([PCMU])).map((party) => ({ ...party, hertz: 1_700 }));
    if (!a || !supervisor) throw new Error('nobody');
    const ear = supervisor.leg.overhear(a.leg, { ...LISTEN, heardByTarget: true });
    await talk([...all, supervisor]);
    expect([...all, supervisor].map(heard)).toEqual([
      [700, 1_100, 1_700],
      [450, 1_100],
      [450, 700],
      [450, 700, 1_100],
    ]);
    ear.stop();
    await talk([...all, supervisor]);
    expect([...all, supervisor].map(heard)).toEqual([[700, 1_100], [450, 1_100], [450, 700], []]);
  });

  test('keys of the customer still reach the agent', async () => {
    const all = await parties([PCMU, PCMU, PCMU]);
    const [agent, customer, supervisor] = all;
    if (!agent || !customer || !supervisor) throw new Error('nobody');
    agent.leg.bridge(customer.leg);
    supervisor.leg.overhear(agent.leg, LISTEN);
    await talk(all, 10);
    const packets = customer.phone.keyPackets(5);
    await bench.run(packets.length, (frame) => customer.phone.sendRaw(packets[frame] ?? Buffer.alloc(0)));
    await bench.run(2);
    expect(agent.phone.events.length).toBeGreaterThanOrEqual(6);
  });
});

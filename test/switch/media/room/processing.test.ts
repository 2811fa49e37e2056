// What the mixer does with one leg, by content.
import { describe, expect, test } from 'vitest';
import { encode, PCMA, PCMU } from '../../../../src/switch/rtp/g711.js';
import { loudness, sine } from '../rtp-phone.js';
import { bench, benchForEachTest, heard, parties, talk, together } from './parties.js';

benchForEachTest();

describe('what the mixer does with a leg', () => {
  const gong = {
    kind: 'tone',
    programme: { segments: [{ onMs: 1_200, offMs: 0, frequencies: [1_700], level: -7 }], loops: 1 },
  } as const;

  test('plays under a talk, for one side or the other, on into the next bridge', async () => {
    const all = await parties([PCMU, PCMU, PCMU]);
    const [a, b, c] = all;
    if (!a || !b || !c) throw new Error('nobody');
    a.leg.bridge(b.leg);
    const own = a.leg.mixIn(gong, 'write');
    await talk(all, 30);
    expect(all.map(heard)).toEqual([[700, 1_700], [450], []]);
    a.leg.bridge(c.leg);
    await talk(all, 25);
    expect(all.map(heard)).toEqual([[1_100, 1_700], [], [450]]);
    await bench.runUntil(() => false, 20).catch(() => undefined);
    await expect(own.done).resolves.toMatchObject({ outcome: 'done' });
    const others = a.leg.mixIn(gong, 'read');
    await talk(all, 30);
    expect(all.map(heard)).toEqual([[1_100], [], [450, 1_700]]);
    others.stop();
    await talk(all, 40);
    await expect(others.done).resolves.toMatchObject({ outcome: 'break' });
    expect(all.map(heard)).toEqual([[1_100], [], [450]]);
  });

  test('levels, echo and what is listened for go with a leg into a conference', async () => {
    const { room, all } = await together([PCMU, PCMU]);
    const [a, b] = all;
    if (!a || !b) throw new Error('nobody');
    const found: string[] = [];
    a.leg.onDetected(({ name }) => found.push(name));
    await talk(all, 50);
    const usual = loudness(b.phone.samples().slice(-1_600));
    a.leg.process({ levelIn: -4, detects: [{ kind: 'tone', name: 'fax', frequencies: [450], ms: 200 }] });
    await talk(all, 50);
    expect(loudness(b.phone.samples().slice(-1_600)) / usual).toBeCloseTo(0.2, 1);
    expect(found).toContain('fax');
    // The volume of the room is kept beside that of the leg.
    room.seat(a.leg, { levelIn: 4 });
    await talk(all, 50);
    expect(loudness(b.phone.samples().slice(-1_600)) / usual).toBeCloseTo(1, 1);
    room.seat(a.leg, { levelIn: 0 });
    a.leg.process({ levelIn: undefined, detects: undefined, echoMs: 0 });
    await talk(all, 50);
    expect(heard(a)).toEqual([450, 700]);
    expect(loudness(b.phone.samples().slice(-1_600)) / usual).toBeCloseTo(1, 1);
    a.leg.process({ echoMs: undefined });
    await talk(all, 50);
    expect(heard(a)).toEqual([700]);
  });

  test('changes levels, and back', async () => {
    const all = await parties([PCMU, PCMU]);
    const [a, b] = all;
    if (!a || !b) throw new Error('nobody');
    a.leg.bridge(b.leg);
    await talk(all);
    const usual = loudness(b.phone.samples().slice(-3_200));
    a.leg.process({ levelIn: -4 });
    await talk(all);
    expect(loudness(b.phone.samples().slice(-3_200)) / usual).toBeCloseTo(0.2, 1);
    a.leg.process({ levelIn: undefined });
    await talk(all);
    expect(loudness(b.phone.samples().slice(-3_200)) / usual).toBeCloseTo(1, 1);
  });

  test('gives back what is said, at once or later', async () => {
    const all = await parties([PCMU]);
    const [a] = all;
    if (!a) throw new Error('nobody');
    a.leg.process({ echoMs: 0 });
    await talk(all);
    expect(heard(a)).toEqual([450]);
    a.leg.process({ echoMs: 400 });
    await talk(all, 10);
    expect(heard(a)).toEqual([]);
    await talk(all, 60);
    expect(heard(a)).toEqual([450]);
    a.leg.process({ echoMs: undefined });
    await talk(all, 20);
    expect(a.phone.audio).toEqual([]);
  });

  test('finds tones in what a party hears: from a file, from its partner, in a conference; not in what it says', async () => {
    const all = await parties([PCMU, PCMA, PCMU]);
    const [a, b, c] = all;
    if (!a || !b || !c) throw new Error('nobody');
    const found: string[] = [];
    a.leg.onDetected(({ kind, name }) => found.push(`${kind} ${name}`));
    const look = (...frequencies: number[]): void =>
      a.leg.listenFor(
        frequencies.map((hertz) => ({ kind: 'tone', name: String(hertz), frequencies: [hertz], ms: 200 })),
      );
    look(450, 700, 1_700);
    await talk(all, 40);
    expect(found).toEqual([]);
    a.leg.play(gong);
    await talk(all, 40);
    expect(found).toEqual(['tone 1700']);
    a.leg.bridge(b.leg);
    await talk(all, 80);
    expect(found).toEqual(['tone 1700', 'tone 700']);
    look(1_100);
    const room = bench.engine.openRoom(a.leg, { relaysKeys: false });
    for (const { leg } of [a, c]) room.seat(leg);
    await talk(all, 40);
    expect(found).toEqual(['tone 1700', 'tone 700', 'tone 1100']);
    look();
    room.leave(c.leg);
    await talk(all, 20);
    room.seat(c.leg);
    await talk(all, 40);
    expect(found).toHaveLength(3);
  });

  test('finds tones and keys in what is said, once each', async () => {
    const [a] = await parties([PCMA]);
    if (!a) throw new Error('nobody');
    const found: string[] = [];
    a.leg.onDetected(({ kind, name }) => found.push(`${kind} ${name}`));
    a.leg.process({ detects: [{ kind: 'keys' }, { kind: 'tone', name: 'fax', frequencies: [1_100], ms: 200 }] });
    await bench.settle();
    const say = async (frequencies: readonly number[], frames: number): Promise<void> => {
      const sum = new Int16Array(frames * 160);
      for (const hertz of frequencies) {
        for (const [at, value] of sine(hertz, sum.length, 6_000).entries()) sum[at] = (sum[at] ?? 0) + value;
      }
      const codes = encode(sum, PCMA);
      await bench.run(frames, (frame) => a.phone.sendAudio(codes.subarray(frame * 160, frame * 160 + 160)));
    };
    await say([770, 1_336], 5);
    await say([], 5);
    await say([941, 1_477], 5);
    await say([1_100], 8);
    await say([], 5);
    await say([1_100], 20);
    await say([], 10);
    expect(found).toEqual(['key 5', 'key #', 'tone fax']);
  });
});

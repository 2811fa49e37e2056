import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MediaLeg } from '../../../src/switch/media/media-leg.js';
import { type G711, PCMA, PCMU } from '../../../src/switch/rtp/g711.js';
import { SSRC_SILENCE_FRAMES } from '../../../src/switch/rtp/source-latch.js';
import { type Bench, loudness, openBench, purity, type RtpPhone, tonePackets } from './rtp-phone.js';

interface Call {
  readonly leg: MediaLeg;
  readonly phone: RtpPhone;
}

let bench: Bench;

beforeEach(async () => {
  bench = await openBench();
});

afterEach(() => bench?.close());

async function bridged(laws: readonly [G711, G711] = [PCMU, PCMU]): Promise<readonly [Call, Call]> {
  const calls = [await bench.call(laws[0]), await bench.call(laws[1])] as const;
  calls[0].leg.bridge(calls[1].leg);
  await bench.settle();
  return calls;
}

/** Both talk for `frames`, the first at 440 Hz, the second at 900 Hz. */
async function talk([one, two]: readonly [Call, Call], frames: number): Promise<void> {
  const [low, high] = [tonePackets(440, frames, one.phone.law), tonePackets(900, frames, two.phone.law)];
  await bench.run(frames, (frame) => {
    one.phone.sendAudio(low[frame] ?? Buffer.alloc(0));
    two.phone.sendAudio(high[frame] ?? Buffer.alloc(0));
  });
}

function expectContinuous(phone: RtpPhone): void {
  const [first] = phone.heard;
  expect(new Set(phone.heard.map((packet) => packet.ssrc)).size).toBe(1);
  for (const [at, packet] of phone.heard.entries()) {
    expect(packet.sequence).toBe(((first?.sequence ?? 0) + at) & 0xffff);
  }
}

describe('two bridged legs', () => {
  test.each<[string, readonly [G711, G711]]>([
    ['PCMU and PCMU', [PCMU, PCMU]],
    ['PCMU and PCMA', [PCMU, PCMA]],
    ['PCMA and PCMU', [PCMA, PCMU]],
  ])('hear each other: %s', async (_, laws) => {
    const calls = await bridged(laws);
    await talk(calls, 50);
    const [one, two] = calls;
    expect(two.phone.audio).toHaveLength(50);
    expect(purity(two.phone.samples(), 440)).toBeGreaterThan(0.99);
    expect(purity(one.phone.samples(), 900)).toBeGreaterThan(0.99);
    expectContinuous(one.phone);
    expectContinuous(two.phone);
    // A stream of the engine, not the peer's.
    expect(two.phone.heard[0]?.ssrc).not.toBe(one.phone.ssrc);
  });

  test('packets of other lengths, with extensions and padding, pass as plain packets', async () => {
    const [one, two] = await bridged();
    const payload = Buffer.alloc(240, 0x42);
    const head = one.phone.packet(PCMU, Buffer.alloc(0), { timestamp: 1 });
    head[0] = 0xb0;
    const datagram = Buffer.concat([head, Buffer.from('bede000111223344', 'hex'), payload, Buffer.of(0, 0, 3)]);
    await bench.run(1, () => one.phone.sendRaw(datagram));
    expect(two.phone.audio.map((packet) => packet.payload)).toEqual([payload]);
  });

  test('do not hear what was said while the process stood still, and do not lag behind after it', async () => {
    const [one, two] = await bridged();
    await talk([one, two], 10);
    bench.clock.stop(4_000);
    for (let packet = 0; packet < 200; packet++) one.phone.sendAudio(Buffer.alloc(160, 0x42));
    await bench.run(10);
    expect(two.phone.audio).toHaveLength(10);
    await bench.run(10, () => one.phone.sendAudio(Buffer.alloc(160, 0x43)));
    const [before, after] = [two.phone.audio[9], two.phone.audio[10]];
    expect(two.phone.audio).toHaveLength(20);
    expect(after?.payload[0]).toBe(0x43);
    expect(((after?.timestamp ?? 0) - (before?.timestamp ?? 0)) >>> 0).toBe(201 * 160);
  });

  test('loss and order are passed on as they are', async () => {
    const [one, two] = await bridged();
    const packets = Array.from({ length: 10 }, (_, at) =>
      one.phone.packet(PCMU, Buffer.alloc(160, at), { timestamp: 1_000 + at * 160 }),
    );
    const order = [0, 1, 2, 4, 3, 6, 7, 9];
    await bench.run(order.length, (frame) => one.phone.sendRaw(packets[order[frame] ?? 0] ?? Buffer.alloc(0)));
    const [first] = two.phone.heard;
    const place = two.phone.heard.map(({ sequence, timestamp, payload }) => [
      (sequence - (first?.sequence ?? 0)) & 0xffff,
      (timestamp - (first?.timestamp ?? 0)) / 160,
      payload[0],
    ]);
    expect(place).toEqual(order.map((at) => [at, at, at]));
    expect((await one.leg.stats()).received).toMatchObject({ lost: 2, outOfOrder: 1 });
  });

  test('duplicates are not passed on', async () => {
    const [one, two] = await bridged();
    const packet = one.phone.packet(PCMU, Buffer.alloc(160), { timestamp: 1 });
    await bench.run(2, () => one.phone.sendRaw(packet));
    expect(two.phone.heard).toHaveLength(1);
  });

  test('a sender that starts anew (SSRC, sequence, timestamp) goes on as one stream, marked', async () => {
    const calls = await bridged();
    await talk(calls, 5);
    const { phone } = calls[0];
    phone.ssrc = 0x2222;
    phone.sequence = 40_000;
    phone.timestamp = 3_000_000_000;
    await talk(calls, 5);
    const heard = calls[1].phone;
    expectContinuous(heard);
    // Nobody is believed to have taken the stream over before the old one has been silent for 60 ms.
    const unheard = SSRC_SILENCE_FRAMES - 1;
    expect(heard.audio.map((packet) => packet.marker)).toEqual([
      true,
      ...Array(4).fill(false),
      true,
      ...Array(4 - unheard).fill(false),
    ]);
    const steps = heard.audio.slice(1).map((packet, at) => packet.timestamp - (heard.audio[at]?.timestamp ?? 0));
    expect(Math.max(...steps)).toBeLessThan(800);
    expect(Math.min(...steps)).toBeGreaterThan(0);
  });

  test('keys are passed on with the payload type of the peer, and reported', async () => {
    const [one, two] = await bridged();
    two.leg.connect(two.phone.remote({ telephoneEvent: 96 }));
    const digits: string[] = [];
    one.leg.onDigit(({ digit }) => digits.push(digit));
    await talk([one, two], 5);
    const key = one.phone.keyPackets(9);
    await bench.run(key.length, (frame) => one.phone.sendRaw(key[frame] ?? Buffer.alloc(0)));
    await talk([one, two], 5);
    const events = two.phone.heard.filter((packet) => packet.payloadType === 96);
    expect(events.map((packet) => packet.payload.toString('hex'))).toEqual([
      '090a00a0',
      '090a0140',
      '090a01e0',
      '098a0280',
      '098a0280',
      '098a0280',
    ]);
    expect(new Set(events.map((packet) => packet.timestamp)).size).toBe(1);
    expect(events[0]?.marker).toBe(true);
    expectContinuous(two.phone);
    expect(digits).toEqual(['9']);
  });

  test('a key held during an announcement to the peer keeps its timestamp', async () => {
    const [one, two] = await bridged();
    await talk([one, two], 3);
    const playback = two.leg.play({ kind: 'silence', ms: 400 });
    await playback.started;
    const key = one.phone.keyPackets(9);
    await bench.run(key.length, (frame) => one.phone.sendRaw(key[frame] ?? Buffer.alloc(0)));
    expect(two.phone.events).toHaveLength(6);
    expect(new Set(two.phone.events.map((packet) => packet.timestamp)).size).toBe(1);
    expectContinuous(two.phone);
  });

  test('an announcement replaces the peer for its time, the other direction goes on', async () => {
    const calls = await bridged();
    const [one, two] = calls;
    await talk(calls, 10);
    const playback = two.leg.play({
      kind: 'tone',
      programme: { segments: [{ onMs: 200, offMs: 0, frequencies: [1_500], level: -7 }], loops: 1 },
    });
    await playback.started;
    await talk(calls, 30);
    await playback.done;
    expect(one.phone.audio).toHaveLength(40);
    const heard = two.phone.samples();
    expect(purity(heard.subarray(0, 1_600), 440)).toBeGreaterThan(0.99);
    expect(purity(heard.subarray(1_600, 3_200), 1_500)).toBeGreaterThan(0.95);
    expect(purity(heard.subarray(-2_400), 440)).toBeGreaterThan(0.99);
    expectContinuous(two.phone);
    const steps = two.phone.audio
      .slice(1)
      .map((packet, at) => packet.timestamp - (two.phone.audio[at]?.timestamp ?? 0));
    expect(Math.min(...steps)).toBeGreaterThan(0);
  });

  test('a muted party is not heard, but hears', async () => {
    const calls = await bridged();
    calls[0].leg.mute('read', true);
    await bench.settle();
    await talk(calls, 10);
    expect(calls[1].phone.audio).toHaveLength(10);
    expect(loudness(calls[1].phone.samples())).toBeLessThan(10);
    expect(purity(calls[0].phone.samples(), 900)).toBeGreaterThan(0.9);
  });

  test('a party on hold (send only) is not heard by the peer', async () => {
    const calls = await bridged();
    calls[0].leg.connect(calls[0].phone.remote({ receive: false }));
    await bench.settle();
    await talk(calls, 10);
    expect(calls[1].phone.heard).toHaveLength(0);
    expect(calls[0].phone.audio).toHaveLength(10);
  });
});

describe('a bridge ends', () => {
  test.each<[string, (calls: readonly [Call, Call]) => void]>([
    ['by unbridge of the first', ([one]) => one.leg.unbridge()],
    ['by unbridge of the second', ([, two]) => two.leg.unbridge()],
    ['by the peer closing', ([one]) => void one.leg.close()],
  ])('%s; the leg that is left plays and can be bridged again', async (_, end) => {
    const calls = await bridged();
    await talk(calls, 3);
    end(calls);
    await bench.settle();
    await talk(calls, 5);
    const { leg, phone } = calls[1];
    expect(phone.audio).toHaveLength(3);
    const third = await bench.call();
    leg.bridge(third.leg);
    await bench.settle();
    await talk([third, calls[1]], 5);
    expect(phone.audio).toHaveLength(8);
    expectContinuous(phone);
  });

  test('when one leg is bridged elsewhere', async () => {
    const calls = await bridged();
    const third = await bench.call();
    third.leg.bridge(calls[1].leg);
    await bench.settle();
    await talk(calls, 5);
    expect(calls[1].phone.heard).toHaveLength(0);
    expect(purity(third.phone.samples(), 900)).toBeGreaterThan(0.9);
  });
});

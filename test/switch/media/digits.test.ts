import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MediaLeg } from '../../../src/switch/media/media-leg.js';
import { PCMU } from '../../../src/switch/rtp/g711.js';
import { type Bench, openBench, purity, type RtpPhone, tonePackets } from './rtp-phone.js';

let bench: Bench;

beforeEach(async () => {
  bench = await openBench();
});

afterEach(() => bench?.close());

function digitsOf(leg: MediaLeg): string[] {
  const digits: string[] = [];
  leg.onDigit(({ digit, durationSamples, source }) => digits.push(`${digit}/${durationSamples}/${source}`));
  return digits;
}

async function press(phone: RtpPhone, event: number): Promise<void> {
  const packets = phone.keyPackets(event);
  await bench.run(packets.length, (frame) => phone.sendRaw(packets[frame] ?? Buffer.alloc(0)));
}

describe('keys pressed by the remote party', () => {
  test('are reported once each, also while it talks and hears', async () => {
    const { leg, phone } = await bench.call();
    const digits = digitsOf(leg);
    leg.play({ kind: 'silence', ms: -1 });
    const talk = tonePackets(440, 10, PCMU);
    await bench.run(10, (frame) => phone.sendAudio(talk[frame] ?? Buffer.alloc(0)));
    await press(phone, 1);
    await press(phone, 1);
    await press(phone, 11);
    expect(digits).toEqual(['1/640/RTP', '1/640/RTP', '#/640/RTP']);
    expect((await leg.stats()).received).toMatchObject({ digits: 3, lost: 0, unknownPayload: 0 });
  });

  test('are reported when the end packets are lost and nothing follows', async () => {
    const { leg, phone } = await bench.call();
    const digits = digitsOf(leg);
    for (const packet of phone.keyPackets(7).slice(0, 3)) phone.sendRaw(packet);
    await bench.run(5);
    expect(digits).toEqual([]);
    await bench.run(10);
    expect(digits).toEqual(['7/480/RTP']);
  });

  test('are reported when the leg closes on a key held down', async () => {
    const { leg, phone } = await bench.call();
    const digits = digitsOf(leg);
    for (const packet of phone.keyPackets(7).slice(0, 3)) phone.sendRaw(packet);
    await bench.run(1);
    await leg.close();
    expect(digits).toEqual(['7/480/RTP']);
  });

  test('sent as a captured stream of its own, between packets of audio, stay one digit', async () => {
    const { leg, phone } = await bench.call();
    const digits = digitsOf(leg);
    const talk = tonePackets(440, 6, PCMU);
    const key = phone.keyPackets(3);
    for (const packet of key) packet.writeUInt32BE(0xabcdef, 8);
    await bench.run(6, (frame) => {
      phone.sendAudio(talk[frame] ?? Buffer.alloc(0));
      phone.sendRaw(key[frame] ?? Buffer.alloc(0));
    });
    expect(digits).toEqual(['3/640/RTP']);
  });

  test('of a payload type that was not negotiated are not heard', async () => {
    const { leg, phone } = await bench.call();
    leg.connect({ ...phone.remote(), telephoneEvent: 96 });
    const digits = digitsOf(leg);
    await press(phone, 1);
    expect(digits).toEqual([]);
    expect((await leg.stats()).received.unknownPayload).toBe(6);
  });
});

describe('digits sent to the remote party', () => {
  test('go out as telephone-events in place of audio: one timestamp per key, marker first, the end three times', async () => {
    const { leg, phone } = await bench.call();
    const playback = leg.play({ kind: 'silence', ms: 2_000 });
    await playback.started;
    await bench.run(5);
    expect(leg.sendDigits('5#', 60)).toBe(true);
    await bench.run(20);
    const events = phone.events.map(({ payload, marker }) => `${payload.toString('hex')}${marker ? 'm' : ''}`);
    const five = ['050a00a0m', '050a0140', '058a01e0', '058a01e0', '058a01e0'];
    const hash = ['0b0a00a0m', '0b0a0140', '0b8a01e0', '0b8a01e0', '0b8a01e0'];
    expect(events).toEqual([...five, ...hash]);
    expect(new Set(phone.events.slice(0, 5).map((packet) => packet.timestamp)).size).toBe(1);
    expect(new Set(phone.events.map((packet) => packet.timestamp)).size).toBe(2);
    // 25 frames, 14 of them keys and gaps; sequence numbers without a hole.
    expect(phone.audio).toHaveLength(25 - 14);
    const sequences = phone.heard.map((packet) => packet.sequence);
    expect(sequences).toEqual(sequences.map((_, at) => ((sequences[0] ?? 0) + at) & 0xffff));
    expect((await leg.stats()).sent.digits).toBe(2);
    await bench.run(80);
    expect((await playback.done).ms).toBe(2_000);
  });

  test('go out as tones when telephone-event was not negotiated', async () => {
    const { leg, phone } = await bench.call();
    const { telephoneEvent, ...plain } = phone.remote();
    expect(telephoneEvent).toBeDefined();
    leg.connect(plain);
    expect(leg.sendDigits('5', 200)).toBe(true);
    await bench.run(20);
    const heard = phone.samples().subarray(0, 1_600);
    expect(purity(heard, 770)).toBeGreaterThan(0.4);
    expect(purity(heard, 1_336)).toBeGreaterThan(0.4);
  });

  test.each(['', '1234567890*#ABCDwW', 'abcd'])('%j is accepted', async (digits) => {
    const { leg } = await bench.call();
    expect(leg.sendDigits(digits)).toBe(true);
  });

  test.each(['12x', '1 2', '1'.repeat(129)])('%j is refused', async (digits) => {
    const { leg } = await bench.call();
    expect(leg.sendDigits(digits)).toBe(false);
  });
});

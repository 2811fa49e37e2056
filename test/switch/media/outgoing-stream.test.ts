import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OUTGOING_NUMBERS, OutgoingStream } from '../../../src/switch/media/leg/outgoing-stream.js';
import { emptyRtpPacket, type RtpPacket, readRtp, timestampDistance } from '../../../src/switch/rtp/packet.js';

const bytes = Buffer.alloc(12);

function sent(): RtpPacket {
  const packet = emptyRtpPacket();
  expect(readRtp(bytes, packet)).toBe(true);
  return packet;
}

describe('one stream out of many sources', () => {
  test('a pause between playbacks is a gap in time with a marker, not in the sequence', () => {
    const stream = new OutgoingStream({ ssrc: 1, sequence: 65_535, timestamp: 0xffff_fff0 });
    stream.ownAudio(bytes, 0, 10);
    const before = sent();
    stream.ownAudio(bytes, 0, 60);
    const after = sent();
    expect(before).toMatchObject({ marker: true, sequence: 65_535 });
    expect(after).toMatchObject({ marker: true, sequence: 0 });
    expect(timestampDistance(after.timestamp, before.timestamp)).toBe(50 * 160);
    stream.ownAudio(bytes, 0, 61);
    expect(sent().marker).toBe(false);
  });

  test('whatever is played and relayed in whatever order: time never goes back, sequence numbers have no hole', () => {
    const step = fc.record({
      kind: fc.constantFrom('own', 'relay', 'burst', 'other sender', 'unbridge'),
      frames: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(), (steps, seed) => {
        const stream = new OutgoingStream({ ssrc: 1, sequence: seed, timestamp: seed * 7_919 });
        const from: RtpPacket = { ...emptyRtpPacket(), sequence: 9, timestamp: 1_234 };
        let frame = 0;
        let last: RtpPacket | undefined;
        const check = (): void => {
          const now = sent();
          if (last !== undefined) {
            expect(now.sequence).toBe((last.sequence + 1) & 0xffff);
            expect(timestampDistance(now.timestamp, last.timestamp)).toBeGreaterThanOrEqual(160);
          }
          last = now;
        };
        for (const { kind, frames } of steps) {
          if (kind === 'unbridge') stream.forgetPeer();
          if (kind === 'other sender') {
            from.sequence = (from.sequence + 20_000) & 0xffff;
            from.timestamp = (from.timestamp + 1_000_000) >>> 0;
          }
          for (let count = 0; count < frames; count++) {
            // A burst: packets that were held up come all at once.
            if (kind !== 'burst') frame++;
            from.sequence = (from.sequence + 1) & 0xffff;
            from.timestamp = (from.timestamp + 160) >>> 0;
            if (kind === 'own') {
              from.sequence = (from.sequence - 1) & 0xffff;
              stream.ownAudio(bytes, 0, frame);
            } else stream.relayAudio(bytes, from, 0, frame);
            check();
          }
        }
      }),
    );
  });

  test('no number is given twice: what is late by a bridge, a prompt or too many packets is not sent', () => {
    const stream = new OutgoingStream({ ssrc: 1, sequence: 500, timestamp: 0 });
    const from = (sequence: number): RtpPacket => ({ ...emptyRtpPacket(), sequence, timestamp: sequence * 160 });
    const relayed = (sequence: number): number | undefined =>
      stream.relayAudio(bytes, from(sequence), 0, 10) === undefined ? undefined : sent().sequence;
    stream.ownAudio(bytes, 0, 9);
    expect(sent().sequence).toBe(500);
    expect(relayed(20)).toBe(501);
    // Its number is that of the prompt's last frame.
    expect(relayed(19)).toBeUndefined();
    expect(stream.relayEvent(bytes, from(18), 101, 10)).toBe(false);
    expect([relayed(23), relayed(22)]).toEqual([504, 503]);
    for (let sequence = 24; sequence < 70; sequence++) relayed(sequence);
    expect([relayed(39), relayed(38)]).toEqual([520, undefined]);
  });

  test('another source with numbers near those of the last one is placed anew, not taken for late', () => {
    const stream = new OutgoingStream({ ssrc: 1, sequence: 0, timestamp: 0 });
    const relayed = (ssrc: number, sequence: number): number | undefined => {
      const from = { ...emptyRtpPacket(), ssrc, sequence, timestamp: sequence * 160 };
      return stream.relayAudio(bytes, from, 0, 10) === undefined ? undefined : sent().sequence;
    };
    expect([relayed(7, 1_000), relayed(7, 1_001), relayed(0, 50), relayed(0, 51)]).toEqual([0, 1, 2, 3]);
    // One that has gone back under the same name is believed when it stays there.
    const back = [40, 41, 42, 43, 44].map((sequence) => relayed(0, sequence));
    expect(back).toEqual([undefined, undefined, undefined, 4, 5]);
  });

  test('a long talk is not taken for late packets, nor one that somebody else has relayed for a while', () => {
    const stream = new OutgoingStream({ ssrc: 1, sequence: 0, timestamp: 0 });
    const state = new Float64Array(OUTGOING_NUMBERS);
    for (let count = 0; count < 70_000; count++) {
      const from = { ...emptyRtpPacket(), sequence: count & 0xffff, timestamp: (count * 160) >>> 0 };
      expect(stream.relayAudio(bytes, from, 0, count)).toBeDefined();
      if (count !== 40_000) continue;
      stream.save(state, 0);
      state[5] = (count + 20_001) & 0xffff;
      stream.restore(state, 0);
      count += 20_000;
    }
  });
});

import { describe, expect, test } from 'vitest';
import { PCMU } from '../../../src/switch/rtp/g711.js';
import {
  emptyRtpPacket,
  RTP_HEADER_BYTES,
  type RtpPacket,
  readRtp,
  writeRtpHeader,
} from '../../../src/switch/rtp/packet.js';
import { OpusVoice } from '../../../src/switch/webrtc/opus-voice.js';

const OPUS = 111;
const EVENT = 110;

function spoken(sequence: number, samples = 160, payloadType: number = PCMU): Buffer {
  const packet = Buffer.alloc(RTP_HEADER_BYTES + samples, 0xff);
  writeRtpHeader(packet, { marker: false, payloadType, sequence, timestamp: sequence * samples, ssrc: 7 });
  return packet;
}

function read(datagram: Buffer): RtpPacket {
  const packet = emptyRtpPacket();
  expect(readRtp(datagram, packet)).toBe(true);
  return packet;
}

describe('what a browser with Opus is told', () => {
  const voice = (): OpusVoice => new OpusVoice({ payloadType: OPUS, telephoneEvent: EVENT, eventRate: 48_000 });
  const numbers = (opus: OpusVoice, ...packets: Buffer[]): number[] =>
    packets.flatMap((packet) => opus.say(packet).map((said) => read(said).sequence));

  test('goes on with the numbers of the leg: SRTP refuses to go back when a call changes to Opus', () => {
    expect(numbers(voice(), spoken(65_534), spoken(65_535), spoken(0), spoken(2))).toEqual([65_534, 65_535, 0, 2]);
  });

  test('has its own numbers where one packet becomes several, or several one', () => {
    expect(numbers(voice(), spoken(10, 320), spoken(11, 320), spoken(12, 320))).toEqual([10, 11, 12, 13, 14, 15]);
    expect(numbers(voice(), spoken(10, 80), spoken(11, 80), spoken(12, 80), spoken(13, 80))).toEqual([10, 11]);
  });

  test('leaves out what is late: the encoder has gone on', () => {
    expect(numbers(voice(), spoken(10), spoken(12), spoken(11), spoken(12), spoken(13))).toEqual([10, 12, 13]);
  });

  test('keys have their place between', () => {
    const opus = voice();
    const [key] = opus.say(spoken(20, 4, EVENT));
    expect(read(key ?? Buffer.alloc(0))).toMatchObject({ payloadType: EVENT, sequence: 20 });
    expect(numbers(opus, spoken(21))).toEqual([21]);
  });
});

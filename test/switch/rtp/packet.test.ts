import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  emptyRtpPacket,
  RTP_DATAGRAM_BYTES_MAX,
  readRtp,
  timestampDistance,
  writeRtpHeader,
} from '../../../src/switch/rtp/packet.js';

const plain = '8000 1234 00000010 deadbeef';
const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('reading RTP packets', () => {
  test.each([
    ['plain', `${plain} aabb`, 'aabb'],
    ['without payload', plain, ''],
    ['with marker and payload type 101', `80e5 1234 00000010 deadbeef aabb`, 'aabb'],
    ['with two contributing sources', `8200 1234 00000010 deadbeef 00000001 00000002 aabb`, 'aabb'],
    ['with a header extension of one word', `9000 1234 00000010 deadbeef bede0001 11223344 aabb`, 'aabb'],
    ['with an empty header extension', `9000 1234 00000010 deadbeef bede0000 aabb`, 'aabb'],
    ['with three bytes of padding', `a000 1234 00000010 deadbeef aabb 000003`, 'aabb'],
    ['all padding', `a000 1234 00000010 deadbeef 0002`, ''],
  ])('%s', (_, hex, payload) => {
    const packet = emptyRtpPacket();
    const datagram = bytes(hex);
    expect(readRtp(datagram, packet)).toBe(true);
    expect(packet).toMatchObject({ sequence: 0x1234, timestamp: 16, ssrc: 0xdeadbeef });
    expect(datagram.toString('hex', packet.payloadStart, packet.payloadEnd)).toBe(payload);
  });

  test.each([
    ['nothing', ''],
    ['eleven bytes', '8000 1234 00000010 deadbe'],
    ['version 1', '4000 1234 00000010 deadbeef aabb'],
    ['STUN', '0001 0000 2112a442 000102030405060708090a0b'],
    ['contributing sources that are not there', '8f00 1234 00000010 deadbeef 00000001'],
    ['an extension cut off', '9000 1234 00000010 deadbeef bede'],
    ['an extension longer than the packet', '9000 1234 00000010 deadbeef bede00ff 11223344'],
    ['padding longer than the payload', 'a000 1234 00000010 deadbeef aabb ff'],
    ['padding of zero bytes', 'a000 1234 00000010 deadbeef aabb 00'],
  ])('refuses %s', (_, hex) => {
    expect(readRtp(bytes(hex), emptyRtpPacket())).toBe(false);
  });

  test('refuses a datagram beyond the limit', () => {
    const datagram = Buffer.alloc(RTP_DATAGRAM_BYTES_MAX + 1, 0x80);
    expect(readRtp(datagram.subarray(0, RTP_DATAGRAM_BYTES_MAX), emptyRtpPacket())).toBe(true);
    expect(readRtp(datagram, emptyRtpPacket())).toBe(false);
  });

  test('never fails on random bytes, and a payload always lies within the datagram', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (random) => {
        const packet = emptyRtpPacket();
        if (!readRtp(Buffer.from(random), packet)) return;
        expect(packet.payloadStart).toBeLessThanOrEqual(packet.payloadEnd);
        expect(packet.payloadEnd).toBeLessThanOrEqual(random.length);
      }),
    );
  });
});

test('a header written is read back, numbers wrapped to their width', () => {
  const datagram = Buffer.alloc(12);
  writeRtpHeader(datagram, { marker: true, payloadType: 101, sequence: 0x1_0005, timestamp: 2 ** 32 + 7, ssrc: 9 });
  const packet = emptyRtpPacket();
  expect(readRtp(datagram, packet)).toBe(true);
  expect(packet).toMatchObject({ marker: true, payloadType: 101, sequence: 5, timestamp: 7, ssrc: 9 });
});

test('timestamps are compared across their wrap', () => {
  expect(timestampDistance(5, 0xffff_fffb)).toBe(10);
  expect(timestampDistance(0xffff_fffb, 5)).toBe(-10);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RTCP_BYTES_MAX, readReport, writeReport } from '../../../src/switch/rtp/rtcp.js';

const sender = { ssrc: 0xaabbccdd, cname: '127.0.0.1', nowMs: 1_000, timestamp: 8_000, packets: 50, bytes: 8_000 };
const receiver = {
  ssrc: 7,
  fraction: 64,
  lost: 12,
  highestSequence: 65_600,
  jitter: 16.4,
  lastReport: 0x11223344,
  delay: 65_536,
};

function written(...fields: Parameters<typeof writeReport> extends [Buffer, ...infer Rest] ? Rest : never): Buffer {
  const buffer = Buffer.alloc(RTCP_BYTES_MAX);
  return buffer.subarray(0, writeReport(buffer, ...fields));
}

test('a sender report with a block and the CNAME, byte by byte', () => {
  expect(written(sender, receiver).toString('hex')).toBe(
    [
      '81c8000c aabbccdd',
      // 2 208 988 801 seconds since 1900, no fraction
      '83aa7e81 00000000 00001f40 00000032 00001f40',
      '00000007 4000000c 00010040 00000010 11223344 00010000',
      '81ca0004 aabbccdd 0109 3132372e302e302e31 00'.padEnd(0),
    ]
      .join('')
      .replaceAll(' ', ''),
  );
});

test('who has sent nothing reports as a receiver', () => {
  expect(written({ ...sender, packets: 0 }, undefined).toString('hex')).toMatch(/^80c90001aabbccdd81ca/);
});

test('what one side writes the other reads', () => {
  const report = readReport(written(sender, { ...receiver, ssrc: 99 }), 99);
  expect(report).toEqual({ ntpMiddle: 0x7e810000, aboutUs: { lost: 12, jitter: 16 } });
  expect(readReport(written(sender, receiver), 99)).toEqual({ ntpMiddle: 0x7e810000 });
});

test.each(['', '80', '80c90001', '81c8000caabbccdd', '40c90001aabbccdd', '80ca0001aabbccdd'])('refuses %j', (hex) => {
  expect(readReport(Buffer.from(hex, 'hex'), 1)).toBeUndefined();
});

test('never fails on random bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(200, 201), (random, type) => {
      const datagram = Buffer.from(random);
      if (datagram.length > 4) datagram.set([0x80 | (random[0] ?? 0), type, 0], 0);
      expect(() => readReport(datagram, 1)).not.toThrow();
    }),
  );
});

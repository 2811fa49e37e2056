import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ntpMiddle, RTCP_BYTES_MAX, readReport, roundTripMs, writeReport } from '../../../src/switch/rtp/rtcp.js';
import { isRtcp } from '../../../src/switch/rtp/rtcp-mux.js';

const sender = {
  ssrc: 0xaabbccdd,
  cname: '127.0.0.1',
  nowMs: 1_000,
  timestamp: 8_000,
  packets: 50,
  bytes: 8_000,
  isSending: true,
};
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

test('who sends nothing reports as a receiver', () => {
  expect(written({ ...sender, isSending: false }, undefined).toString('hex')).toMatch(/^80c90001aabbccdd81ca/);
});

test('the last report of a stream ends with a BYE', () => {
  expect(written({ ...sender, isLast: true }, undefined).toString('hex')).toMatch(/81cb0001aabbccdd$/);
  expect(readReport(written({ ...sender, isLast: true }, receiver), 99)).toMatchObject({ isLast: true });
});

test('what one side writes the other reads', () => {
  const sent = { ntpMiddle: 0x7e810000, packets: 50, bytes: 8_000 };
  const aboutUs = { fraction: 64, lost: 12, jitter: 16, lastReport: 0x11223344, delay: 65_536 };
  expect(readReport(written(sender, { ...receiver, ssrc: 99 }), 99)).toEqual({ ssrc: sender.ssrc, sent, aboutUs });
  expect(readReport(written(sender, receiver), 99)).toEqual({ ssrc: sender.ssrc, sent });
});

describe('the round trip', () => {
  const ourSr = ntpMiddle(1_700_000_000_000);
  const about = { fraction: 0, lost: 0, jitter: 0, lastReport: ourSr, delay: 2 * 65_536 };

  test('is the time since our report without the time it lay at the peer', () => {
    expect(roundTripMs(about, 1_700_000_002_080)).toBeCloseTo(80, 1);
  });

  test('goes on when the 16 bits of seconds wrap', () => {
    const justBefore = 65_535_000 - 2_208_988_800_000 + 2_208_988_800_000;
    const wrapped = { ...about, lastReport: ntpMiddle(justBefore), delay: 0 };
    expect(roundTripMs(wrapped, justBefore + 1_500)).toBeCloseTo(1_500, 1);
  });

  test.each([
    ['the peer has not heard a report of ours', { ...about, lastReport: 0 }],
    ['the peer claims to have kept it longer than it is old', { ...about, delay: 5 * 65_536 }],
    ['it would take minutes', { ...about, lastReport: ntpMiddle(1_699_999_000_000) }],
  ])('is unknown when %s', (_, report) => {
    expect(roundTripMs(report, 1_700_000_002_080)).toBeUndefined();
  });
});

describe('what other implementations send', () => {
  const block = '00000063 40000009 00010040 00000010 11223344 00010000'.replaceAll(' ', '');
  const cases: readonly (readonly [string, string, object])[] = [
    ['a BYE alone (reduced size, RFC 5506)', '81cb000100000007', { isLast: true }],
    ['transport feedback alone', '81cd000300000007000000080000000c', {}],
    ['an extended report after an RR', `81c9000700000007${block}80cf000100000007`, { ssrc: 7, aboutUs: { lost: 9 } }],
    ['a receiver report with two blocks', `82c9000d00000007${'0'.repeat(48)}${block}`, { aboutUs: { lost: 9 } }],
    ['an RR that counts more blocks than it has', `85c9000700000007${block}`, { aboutUs: { lost: 9 } }],
    ['SDES before the report', `80ca000081c9000700000007${block}`, { aboutUs: { lost: 9 } }],
  ];
  test.each(cases)('%s', (_, hex, expected) => {
    const datagram = Buffer.from(hex, 'hex');
    expect(isRtcp(datagram)).toBe(true);
    expect(readReport(datagram, 0x63)).toMatchObject(expected);
  });

  test('an RTP packet is none', () => {
    expect(isRtcp(Buffer.of(0x80, 0x88))).toBe(false); // PCMA with marker
    expect(isRtcp(Buffer.of(0x80, 0xe5))).toBe(false); // telephone-event 101 with marker
  });
});

test.each([
  '',
  '80',
  '80c90001',
  '81c8000caabbccdd',
  '40c90001aabbccdd',
  '80c90001aabbccdd80ca0001',
  '80c80001aabbccdd',
])('refuses %j', (hex) => {
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

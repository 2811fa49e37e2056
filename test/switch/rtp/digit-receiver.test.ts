import { describe, expect, test } from 'vitest';
import { DigitReceiver, RELEASE_FRAMES } from '../../../src/switch/rtp/digit-receiver.js';
import { emptyRtpPacket } from '../../../src/switch/rtp/packet.js';
import { writeKeyEvent } from '../../../src/switch/rtp/telephone-event.js';

/** One packet: `at` is the timestamp, `e` the end bit, `wait` frames before it, `ssrc` the sender. */
interface Sent {
  readonly event: number;
  readonly at: number;
  readonly duration: number;
  readonly e?: boolean;
  readonly wait?: number;
  readonly ssrc?: number;
}

const key = (event: number, at: number, ends = 3): Sent[] => [
  { event, at, duration: 160 },
  { event, at, duration: 320 },
  { event, at, duration: 480 },
  ...Array.from({ length: ends }, () => ({ event, at, duration: 640, e: true })),
];

/** Packets in, digits with their durations out; after the last packet the line is quiet. */
function receive(packets: readonly Sent[]): string[] {
  const heard: string[] = [];
  const receiver = new DigitReceiver((digit, duration) => heard.push(`${digit}/${duration}`));
  let frame = 0;
  for (const { event, at, duration, e = false, wait = 1, ssrc = 1 } of packets) {
    for (let tick = 0; tick < wait; tick++) receiver.expire(++frame);
    const payload = Buffer.alloc(4);
    writeKeyEvent(payload, 0, { event, end: e, durationSamples: duration });
    const packet = { ...emptyRtpPacket(), timestamp: at >>> 0, ssrc, payloadEnd: 4 };
    expect(receiver.receive(payload, packet, frame)).toBe(true);
  }
  for (let tick = 0; tick < 3 * RELEASE_FRAMES; tick++) receiver.expire(++frame);
  return heard;
}

describe('one digit per key', () => {
  test.each<[string, Sent[], string[]]>([
    ['a key with three end packets', key(5, 1_000), ['5/640']],
    [
      'star, hash, D and flash',
      [...key(10, 1), ...key(11, 2_000), ...key(15, 4_000), ...key(16, 6_000)],
      ['*/640', '#/640', 'D/640', 'F/640'],
    ],
    ['only the end packets arrive', key(5, 1_000).slice(3), ['5/640']],
    ['only the last end packet arrives', key(5, 1_000).slice(5), ['5/640']],
    ['all end packets lost: released when the line falls silent', key(5, 1_000, 0), ['5/480']],
    ['all end packets lost: released by the next key', [...key(5, 1_000, 0), ...key(6, 3_000)], ['5/480', '6/640']],
    ['the same key twice', [...key(5, 1_000), ...key(5, 3_000)], ['5/640', '5/640']],
    ['the same key twice, end packets lost', [...key(5, 1_000, 0), ...key(5, 3_000, 0)], ['5/480', '5/480']],
    ['packets out of order', [...key(5, 1_000)].reverse(), ['5/640']],
    [
      'a late packet of the key before',
      [
        ...key(5, 1_000),
        ...key(6, 3_000, 0),
        { event: 5, at: 1_000, duration: 640, e: true },
        { event: 6, at: 3_000, duration: 640, e: true },
      ],
      ['5/640', '6/640'],
    ],
    ['an update after the end', [...key(5, 1_000), { event: 5, at: 1_000, duration: 480 }], ['5/640']],
    ['timestamps that wrap', [...key(5, 0xffff_ff00), ...key(6, 0x100)], ['5/640', '6/640']],
    [
      'updates every 100 ms',
      [
        { event: 5, at: 1, duration: 800 },
        { event: 5, at: 1, duration: 1_600, wait: 5 },
        { event: 5, at: 1, duration: 2_400, e: true, wait: 5 },
      ],
      ['5/2400'],
    ],
    [
      'a pause of the network in the middle of a key',
      [
        { event: 5, at: 1, duration: 800 },
        { event: 5, at: 1, duration: 4_000, wait: 20 },
        { event: 5, at: 1, duration: 4_160, e: true },
      ],
      ['5/800'],
    ],
    [
      'another sender with older timestamps',
      [...key(5, 90_000), ...key(5, 50).map((sent) => ({ ...sent, ssrc: 2 }))],
      ['5/640', '5/640'],
    ],
    ['a sender that starts anew far back', [...key(5, 900_000), ...key(5, 50)], ['5/640', '5/640']],
    [
      'one captured key sent again after two seconds',
      [...key(5, 1_000), { event: 5, at: 1_000, duration: 160, wait: 100 }, ...key(5, 1_000).slice(1)],
      ['5/640', '5/640'],
    ],
  ])('%s', (_, packets, digits) => {
    expect(receive(packets)).toEqual(digits);
  });

  test('a key held for twenty seconds comes in segments and is one digit', () => {
    const packets: Sent[] = [];
    for (let sample = 160; sample <= 160_000; sample += 160) {
      const segment = Math.floor((sample - 1) / 0xffff);
      packets.push({ event: 9, at: 1_000 + segment * 0xffff, duration: sample - segment * 0xffff });
    }
    const last = packets.at(-1);
    if (last !== undefined) packets.push({ ...last, e: true });
    expect(receive(packets)).toEqual(['9/160000']);
  });
});

test.each([
  ['three bytes', Buffer.from('058001', 'hex')],
  ['nothing', Buffer.alloc(0)],
  ['an event that is not a key', Buffer.from('208000a0', 'hex')],
])('refuses %s', (_, payload) => {
  const receiver = new DigitReceiver(() => expect.unreachable());
  expect(receiver.receive(payload, { ...emptyRtpPacket(), payloadEnd: payload.length }, 1)).toBe(false);
  receiver.expire(1_000);
});

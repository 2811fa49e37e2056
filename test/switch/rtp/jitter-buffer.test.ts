import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/lib/ids.js';
import { DELAY_MAX, DELAY_START, JitterBuffer } from '../../../src/switch/rtp/jitter-buffer.js';

/** Code word n stands for the sample 100 + n: packet n of a test says 100 + n % 200 all through. */
const TABLE = Int16Array.from({ length: 256 }, (_, code) => 100 + code);
const SAMPLES = 160;
const word = (packet: number): number => 100 + (packet % 200);

interface Network {
  /** Delay of packet n in ms, undefined when it is lost. Packet n is sent at n * intervalMs. */
  readonly delayMs: (packet: number) => number | undefined;
  readonly packets: number;
  /** Pace of the sender's clock against ours. */
  readonly pace?: number;
  readonly copies?: number;
  readonly timestamp?: (packet: number) => number;
}

interface Hearing {
  /** First sample of each frame. */
  readonly frames: readonly number[];
  readonly buffer: JitterBuffer;
  readonly delaysMs: readonly number[];
}

/** Sends packets of 20 ms through a network and takes a frame every 20 ms, at 7 ms past. */
function hear({ delayMs, packets, pace = 1, copies = 1, timestamp = (n) => n * SAMPLES }: Network): Hearing {
  const arrivals = Array.from({ length: packets }, (_, packet) => ({ packet, delay: delayMs(packet) }))
    .flatMap(({ packet, delay }) => (delay === undefined ? [] : [{ packet, atMs: (packet * 20) / pace + delay }]))
    .sort((one, other) => one.atMs - other.atMs);
  const buffer = new JitterBuffer();
  const frames: number[] = [];
  const delaysMs: number[] = [];
  const frame = new Int16Array(SAMPLES);
  let next = 0;
  for (let nowMs = 7; nowMs < (packets * 20) / pace + 400; nowMs += 20) {
    for (let arrival = arrivals[next]; arrival !== undefined && arrival.atMs <= nowMs; arrival = arrivals[++next]) {
      const codes = Buffer.alloc(SAMPLES, arrival.packet % 200);
      const at = (timestamp(arrival.packet) + 0xffff_f000) >>> 0; // wraps in every test
      for (let copy = 0; copy < copies; copy++) buffer.put(at, codes, 0, SAMPLES, TABLE);
    }
    buffer.take(frame);
    frames.push(frame[0] ?? 0);
    delaysMs.push(buffer.delayMs);
  }
  return { frames, buffer, delaysMs };
}

const steady = (): number => 5;

describe('what goes in comes out', () => {
  test('even packets: all of them, in order, 60 ms late', () => {
    const { frames, buffer } = hear({ delayMs: steady, packets: 100 });
    expect(frames.slice(0, 3)).toEqual([0, 0, 0]);
    expect(frames.slice(3, 103)).toEqual(Array.from({ length: 100 }, (_, packet) => word(packet)));
    expect(buffer.discarded).toBe(0);
  });

  test('out of order and twice: as if in order and once', () => {
    const swapped = (packet: number): number => 5 + (packet % 3 === 0 ? 41 : 0);
    const { frames } = hear({ delayMs: swapped, packets: 100, copies: 2 });
    const words = frames.filter((sample) => sample !== 0);
    expect(new Set(words).size).toBeGreaterThanOrEqual(100);
    expect(words.slice(10, 90)).toEqual(Array.from({ length: 80 }, (_, at) => (words[10] ?? 0) + at));
  });

  test('a lost packet sounds like the one before, fading; three lost ones end in silence', () => {
    const lost = new Set([50, 70, 71, 72, 73]);
    const { frames } = hear({ delayMs: (packet) => (lost.has(packet) ? undefined : 5), packets: 100 });
    expect(frames.slice(3 + 49, 3 + 52)).toEqual([word(49), word(49), word(51)]);
    const [first = 0, second = 0, third = 0, fourth] = frames.slice(3 + 70, 3 + 74);
    expect([first, fourth]).toEqual([word(69), 0]);
    expect(second).toBeLessThan(first);
    expect(third).toBeLessThan(second);
  });

  test('silence that is not sent (DTX) stays silence of its length', () => {
    const { frames } = hear({ delayMs: (packet) => (packet >= 40 && packet < 140 ? undefined : 5), packets: 200 });
    expect(frames.slice(3 + 43, 3 + 140).every((sample) => sample === 0)).toBe(true);
    expect(frames.slice(3 + 140, 3 + 200)).toEqual(Array.from({ length: 60 }, (_, at) => word(140 + at)));
  });

  test('a sender whose timeline stops while it is silent is heard again at once', () => {
    const timestamp = (packet: number): number => (packet < 100 ? packet : packet - 60) * SAMPLES;
    const { frames } = hear({ delayMs: (n) => (n >= 40 && n < 100 ? undefined : 5), packets: 150, timestamp });
    expect(frames.filter((sample) => sample === word(100))).toHaveLength(1);
    expect(frames.filter((sample) => sample === word(149))).toHaveLength(1);
  });

  test.each([
    ['forward by an hour', 28_800_000],
    ['forward by a quarter of a second', 2_000],
    ['back by an hour', -28_800_000],
    ['back by a quarter of a second', -2_000],
  ])('a timestamp that jumps %s costs no more than that', (_, jump) => {
    const { frames } = hear({
      delayMs: steady,
      packets: 150,
      timestamp: (packet) => packet * SAMPLES + (packet < 60 ? 0 : jump),
    });
    const after = frames.filter((sample) => sample > word(60) && sample <= word(149));
    expect(new Set(after).size).toBeGreaterThan(70);
    expect(frames.filter((sample) => sample === word(149))).toHaveLength(1);
  });

  test('another sender is placed anew at once', () => {
    const buffer = new JitterBuffer();
    const frame = new Int16Array(SAMPLES);
    const put = (timestamp: number, code: number): void =>
      buffer.put(timestamp, Buffer.alloc(SAMPLES, code), 0, SAMPLES, TABLE);
    for (let packet = 0; packet < 10; packet++) {
      put(packet * SAMPLES, 1);
      buffer.take(frame);
    }
    buffer.restart();
    put(5 * SAMPLES, 2);
    for (let late = 0; late <= DELAY_START / SAMPLES; late++) buffer.take(frame);
    expect(frame[0]).toBe(102);
  });

  test('packets of 10, 30 and 60 ms', () => {
    const buffer = new JitterBuffer();
    const frame = new Int16Array(SAMPLES);
    let sent = 0;
    const heard: number[] = [];
    for (let tick = 0; tick < 60; tick++) {
      for (const samples of [80, 240, 480]) {
        if (sent > tick * SAMPLES) break;
        buffer.put(sent, Buffer.alloc(samples, 7), 0, samples, TABLE);
        sent += samples;
      }
      buffer.take(frame);
      heard.push(...frame);
    }
    expect(heard.slice(DELAY_START + SAMPLES, 8_000).every((sample) => sample === 107)).toBe(true);
  });
});

describe('the delay', () => {
  test('shrinks while nothing is late, frame by frame, and never below 20 ms', () => {
    const { delaysMs, buffer } = hear({ delayMs: steady, packets: 1_500 });
    expect(delaysMs.at(1)).toBe(60);
    expect(delaysMs.at(1_499)).toBeLessThan(45);
    expect(delaysMs.slice(0, 1_499).every((delay) => delay >= 20)).toBe(true);
    expect(buffer.discarded).toBe(0);
  });

  test('grows when the way gets longer: all is heard, once', () => {
    const { frames, buffer } = hear({ delayMs: (packet) => (packet >= 50 ? 105 : 5), packets: 150 });
    // The last one sounds on for a while.
    const heard = frames.filter((sample) => sample > word(50)).slice(0, 99);
    expect(heard).toEqual(Array.from({ length: 99 }, (_, at) => word(51 + at)));
    expect(buffer.discarded).toBe(0);
  });

  test('grows with the first straggler, which is lost, and the next ones are heard', () => {
    const late = (packet: number): number => (packet >= 50 && packet % 10 === 0 ? 105 : 5);
    const { frames, buffer } = hear({ delayMs: late, packets: 150 });
    expect(buffer.discarded).toBe(1);
    expect(buffer.delayMs).toBeGreaterThanOrEqual(100);
    for (const packet of [60, 70, 80, 90, 100, 140]) expect(frames).toContain(word(packet));
  });

  test('never goes beyond 200 ms: what is later than that is lost', () => {
    const late = (packet: number): number => (packet % 50 === 25 ? 300 : 5);
    const { delaysMs, buffer } = hear({ delayMs: late, packets: 500 });
    expect(Math.max(...delaysMs)).toBeLessThanOrEqual(DELAY_MAX / 8);
    expect(buffer.discarded).toBe(10);
  });

  test.each([
    ['slower', 0.999],
    ['faster', 1.001],
  ])('follows for half an hour a sender whose clock is %s by a thousandth', (_, pace) => {
    const { delaysMs, buffer } = hear({ delayMs: (packet) => 5 + (packet % 3), packets: 90_000, pace });
    expect(buffer.discarded).toBe(0);
    expect(Math.max(...delaysMs.slice(1_000))).toBeLessThanOrEqual(100);
  });
});

test('whatever a network does within 120 ms of jitter is heard, once it is known', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 0, max: 120 }),
      fc.double({ min: 0, max: 0.2, noNaN: true }),
      (seed, jitter, loss) => {
        const random = seededRandom(seed);
        const delays = Array.from({ length: 1_000 }, () =>
          random.next() < loss ? undefined : 10 + random.next() * jitter,
        );
        const { frames, buffer, delaysMs } = hear({ delayMs: (packet) => delays[packet], packets: 1_000 });
        // From the 16th second on: what arrived was heard, but for a frame now and then that was taken out of the time.
        const heard = new Set(frames.slice(800));
        const missed = delays.filter(
          (delay, packet) => packet > 810 && delay !== undefined && !heard.has(word(packet)),
        );
        expect(missed.length).toBeLessThanOrEqual(4);
        expect(buffer.discarded).toBeLessThanOrEqual(10);
        expect(Math.max(...delaysMs)).toBeLessThanOrEqual(DELAY_MAX / 8);
      },
    ),
    { numRuns: 40, seed: 20_261_122 },
  );
});

test('random timestamps and lengths never fail and never fill memory', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffff_ffff }), fc.integer({ min: 0, max: 2_000 }))),
      (packets) => {
        const buffer = new JitterBuffer();
        const frame = new Int16Array(SAMPLES);
        const codes = Buffer.alloc(2_000);
        for (const [timestamp, length] of packets) {
          buffer.put(timestamp, codes, 0, length, TABLE);
          buffer.take(frame);
          expect(Math.abs(buffer.delayMs)).toBeLessThanOrEqual(200);
        }
      },
    ),
  );
});

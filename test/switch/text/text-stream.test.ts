// The text of one leg: who is believed to be its writer, and that nothing written is lost meanwhile.
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { emptyRtpPacket, RTP_HEADER_BYTES, readRtp, writeRtpHeader } from '../../../src/switch/rtp/packet.js';
import type { Source } from '../../../src/switch/rtp/source-latch.js';
import { PACKETS_HELD_MAX, SENDERS_HELD_MAX } from '../../../src/switch/text/held-packets.js';
import { TextReceiver } from '../../../src/switch/text/text-receiver.js';
import { INTERVAL_MS, QUEUE_MAX, TextSender } from '../../../src/switch/text/text-sender.js';
import {
  PACKETS_PER_SECOND_MAX,
  type RemoteText,
  TextStream,
  UNPROVED_MAX,
} from '../../../src/switch/text/text-stream.js';

const FORMAT = { t140: 98, red: 100, cps: 100 };
const announced = { address: '10.0.0.1', port: 4_000 };
const nat = { address: '203.0.113.9', port: 999 };
const attacker = { address: '198.51.100.66', port: 6_666 };

class Writer {
  readonly #sender = new TextSender(FORMAT);
  #sequence = 65_530;

  constructor(
    public source: Source,
    readonly ssrc: number,
  ) {}

  /** The next packet, with `text` in it. */
  packet(text: string, atMs: number): Buffer {
    this.#sender.write(text);
    const { payloadType, payload, marker } = this.#sender.next(atMs);
    const datagram = Buffer.concat([Buffer.alloc(RTP_HEADER_BYTES), payload]);
    const sequence = this.#sequence++ & 0xffff;
    writeRtpHeader(datagram, { marker, payloadType, sequence, timestamp: atMs, ssrc: this.ssrc });
    return datagram;
  }
}

class Line {
  readonly clock = new FakeClock();
  readonly stream: TextStream;
  readonly sent: { readonly datagram: Buffer; readonly target: Source }[] = [];
  read = '';

  constructor(remote: Partial<RemoteText> = {}) {
    this.stream = new TextStream({
      local: { address: '10.0.0.2', port: 5_000 },
      clock: this.clock,
      random32: () => 7,
      onClosed: () => undefined,
    });
    this.stream.attach({
      errors: 0,
      send: (packet, target) => this.sent.push({ datagram: Buffer.from(packet), target }),
      sendRtcp: () => undefined,
      connect: () => undefined,
      disconnect: () => undefined,
      close: () => Promise.resolve(),
    });
    this.stream.onText((text) => {
      this.read += text;
    });
    this.connect(remote);
  }

  connect(remote: Partial<RemoteText> = {}): void {
    this.stream.connect({ ...announced, format: FORMAT, send: true, receive: true, ...remote });
  }

  /** One packet in each interval, as somebody who types sends them. */
  type(writer: Writer, ...texts: readonly string[]): this {
    for (const text of texts) {
      this.stream.receive(writer.packet(text, this.clock.monotonicMs()), writer.source);
      this.clock.advance(INTERVAL_MS);
    }
    return this;
  }

  /** What a phone at that place has read. */
  readAt({ address, port }: Source): string {
    const receiver = new TextReceiver(FORMAT);
    const packet = emptyRtpPacket();
    return this.sent
      .filter(({ target }) => target.address === address && target.port === port)
      .map(({ datagram }) => (readRtp(datagram, packet) ? receiver.receive(datagram, packet) : '?'))
      .join('');
  }
}

describe('somebody behind a NAT', () => {
  test('is read from the first character on, after three packets', () => {
    const line = new Line();
    const writer = new Writer(nat, 1);
    line.type(writer, 'H', 'o');
    expect(line.read).toBe('');
    line.type(writer, 'l');
    expect(line.read).toBe('Hol');
    expect(line.type(writer, 'a', '!').read).toBe('Hola!');
  });

  test.each([0, 5_000, 9_999, 60_000])('may begin %i ms after the call', (ms) => {
    const line = new Line();
    line.clock.advance(ms);
    expect(line.type(new Writer(nat, 1), 'a', '', '').read).toBe('a');
  });

  test('gets what was written to it before', () => {
    const line = new Line();
    line.stream.send('Buenos días');
    line.clock.advance(5 * INTERVAL_MS);
    expect([line.readAt(announced), line.readAt(nat)]).toEqual(['Buenos días', '']);
    line.type(new Writer(nat, 1), 'a', '', '');
    expect(line.readAt(nat)).toBe('Buenos días');
    line.stream.send(', dígame');
    line.clock.advance(5 * INTERVAL_MS);
    expect(line.readAt(nat)).toBe('Buenos días, dígame');
    expect(line.readAt(announced)).toBe('Buenos días');
  });

  test(`gets no more than ${UNPROVED_MAX} packets of that`, () => {
    const line = new Line();
    for (let interval = 0; interval < 3 * UNPROVED_MAX; interval++) {
      line.stream.send('x');
      line.clock.advance(INTERVAL_MS);
    }
    line.type(new Writer(nat, 1), 'a', '', '');
    const again = line.sent.filter(({ target }) => target.address === nat.address);
    expect(again.length).toBeLessThanOrEqual(UNPROVED_MAX + 1);
  });
});

describe('the announced source', () => {
  test('is read at once, and what strangers wrote before it is not', () => {
    const line = new Line();
    line.type(new Writer(attacker, 66), 'e', 'v');
    line.type(new Writer(announced, 1), 'a');
    line.type(new Writer(attacker, 66), 'i', 'l', '.', '.');
    expect(line.read).toBe('a');
  });

  test('takes the place of a stranger that was believed', () => {
    const line = new Line();
    line.type(new Writer(attacker, 66), 'x', '', '');
    expect(line.type(new Writer(announced, 1), 'a', 'b').read).toBe('xab');
  });

  test('gets nothing twice', () => {
    const line = new Line();
    line.stream.send('once');
    line.clock.advance(INTERVAL_MS);
    line.type(new Writer(announced, 1), 'a');
    line.clock.advance(5 * INTERVAL_MS);
    const sequences = line.sent.map(({ datagram }) => datagram.readUInt16BE(2));
    expect(new Set(sequences).size).toBe(sequences.length);
  });
});

describe('strangers', () => {
  test('that send all at once earn nothing', () => {
    const line = new Line();
    const writer = new Writer(attacker, 66);
    for (let packet = 0; packet < 50; packet++) line.stream.receive(writer.packet('x', packet), attacker);
    expect(line.read).toBe('');
  });

  test('cannot silence the writer, however many packets they send', () => {
    const line = new Line();
    const writer = new Writer(announced, 1);
    const noise = new Writer(attacker, 66);
    line.type(writer, 'a');
    for (let packet = 0; packet < 5 * PACKETS_PER_SECOND_MAX; packet++) {
      line.stream.receive(noise.packet('x', packet), attacker);
    }
    expect(line.type(writer, 'b').read).toBe('ab');
  });

  test('with other payloads are not even held', () => {
    const line = new Line();
    for (let sequence = 1; sequence < 60; sequence++) {
      const datagram = Buffer.alloc(RTP_HEADER_BYTES + 160);
      writeRtpHeader(datagram, { marker: false, payloadType: 0, sequence, timestamp: sequence * 160, ssrc: 5 });
      line.stream.receive(datagram, attacker);
      line.clock.advance(20);
    }
    line.type(new Writer(attacker, 5), 'x');
    expect(line.read).toBe('');
  });

  test(`are held up to ${SENDERS_HELD_MAX} of them, ${PACKETS_HELD_MAX} packets each`, () => {
    const line = new Line();
    const writer = new Writer(nat, 1);
    // Jumps in its numbers: it is not believed before the last three.
    const texts = Array.from({ length: PACKETS_HELD_MAX + 4 }, (_, at) => String.fromCharCode(0x61 + at));
    for (const text of texts) {
      for (let skipped = 0; skipped < 6; skipped++) writer.packet('', line.clock.monotonicMs());
      line.type(writer, text);
    }
    line.type(writer, 'Y', 'Z');
    expect(line.read.replaceAll('\ufffd', '')).toBe(`${texts.slice(-(PACKETS_HELD_MAX - 1)).join('')}YZ`);
    const crowded = new Line();
    crowded.type(new Writer(nat, 1), 'a');
    for (let port = 1; port <= SENDERS_HELD_MAX; port++) crowded.type(new Writer({ ...attacker, port }, port), 'x');
    expect(crowded.read).toBe('');
  });
});

describe('a change of the call', () => {
  test('to another address takes along what was not sent yet', () => {
    const line = new Line({ format: { ...FORMAT, cps: 1 } });
    line.stream.send('abcdefghijklmnopqrstuvwxyz');
    line.clock.advance(INTERVAL_MS);
    line.connect(nat);
    line.clock.advance(10 * INTERVAL_MS);
    expect(line.readAt(announced) + line.readAt(nat)).toBe('abcdefghijklmnopqrstuvwxyz');
  });

  test('with a full queue loses nothing of it', () => {
    const line = new Line({ format: { ...FORMAT, cps: 1 } });
    line.clock.advance(INTERVAL_MS);
    expect(line.stream.send('x'.repeat(QUEUE_MAX))).toBe(true);
    line.connect({ ...nat, format: { ...FORMAT, cps: 40 } });
    line.clock.advance(120_000);
    expect(line.readAt(nat)).toHaveLength(QUEUE_MAX);
  });

  test('does not repeat what was read already', () => {
    const line = new Line();
    const writer = new Writer(announced, 1);
    line.type(writer, 'a', 'b');
    writer.source = { ...announced, port: 4_002 };
    line.connect(writer.source);
    expect(line.type(writer, '', 'c').read).toBe('abc');
  });
});

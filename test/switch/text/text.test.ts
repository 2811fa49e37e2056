import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/lib/ids.js';
import { emptyRtpPacket } from '../../../src/switch/rtp/packet.js';
import { BLOCK_BYTES_MAX, readRedundant, writeRedundant } from '../../../src/switch/text/redundancy.js';
import { BOM, LOST, TextReceiver } from '../../../src/switch/text/text-receiver.js';
import { INTERVAL_MS, QUEUE_MAX, TextSender } from '../../../src/switch/text/text-sender.js';

const FORMAT = { t140: 98, red: 100, cps: 30 };
const PLAIN = { t140: 98, cps: 30 };

interface Wire {
  readonly sequence: number;
  readonly payloadType: number;
  readonly payload: Buffer;
  readonly marker: boolean;
  readonly atMs: number;
}

/** Everything the sender has to say, one packet per interval; `written`: what is typed at which interval. */
function packets(sender: TextSender, written: readonly string[], sequence = 65_530): Wire[] {
  const wire: Wire[] = [];
  for (let interval = 0; interval < written.length || sender.busy; interval++) {
    sender.write(written[interval] ?? '');
    const atMs = interval * INTERVAL_MS;
    if (sender.busy) wire.push({ ...sender.next(atMs), sequence: (sequence + wire.length) & 0xffff, atMs });
  }
  return wire;
}

function reader(format: typeof PLAIN = FORMAT): (packet: Wire, ssrc?: number) => string | undefined {
  const receiver = new TextReceiver(format);
  return ({ sequence, payloadType, payload }, ssrc = 7) =>
    receiver.receive(payload, { ...emptyRtpPacket(), sequence, payloadType, ssrc, payloadEnd: payload.length });
}

const typed = ['H', 'ola', '', ', ¿qué tal?', '😀', '', '', '', 'adiós\u2028', '\b\b'];

describe('redundant blocks (RFC 2198)', () => {
  test('byte by byte', () => {
    const blocks = [
      { offset: 600, data: Buffer.from('a') },
      { offset: 300, data: Buffer.from('bc') },
    ];
    const payload = writeRedundant(98, blocks, Buffer.from('d'));
    // F=1 PT=98 | offset 600 (14 bits), length 1 (10 bits) | …; F=0 PT=98; a bc d
    expect(payload.toString('hex')).toBe('e2096001e204b0026261626364');
    expect(readRedundant(payload, 98)).toEqual({
      redundant: [Buffer.from('a'), Buffer.from('bc')],
      primary: Buffer.from('d'),
    });
  });

  test.each(['', 'e2', 'e2096001', 'e209600162', 'e20960ff6261', '616161', 'e2'.repeat(60)])('refuses %j', (hex) => {
    expect(readRedundant(Buffer.from(hex, 'hex'), 98)).toBeUndefined();
  });
});

describe('what is typed', () => {
  test.each([
    ['with redundancy', FORMAT],
    ['without', PLAIN],
  ])('arrives as it was typed, %s', (_, format) => {
    const read = reader(format);
    const heard = packets(new TextSender(format), typed).map((packet) => read(packet));
    expect(heard.join('')).toBe(typed.join(''));
  });

  test('is sent three times, and the first packet after a pause is marked', () => {
    const wire = packets(new TextSender(FORMAT), ['a', '', '', '', '', 'b']);
    expect(wire.map(({ payload }) => readRedundant(payload, 98)?.redundant.map(String))).toEqual([
      ['', ''],
      ['', 'a'],
      ['a', ''],
      ['', ''],
      ['', 'b'],
      ['b', ''],
    ]);
    expect(wire.map(({ marker }) => marker)).toEqual([true, false, false, true, false, false]);
  });

  test('loses nothing while no more than two packets in a row are lost', () => {
    for (let lost = 0; lost < 12; lost++) {
      const wire = packets(new TextSender(FORMAT), typed);
      const kept = wire.filter((_, at) => at === 0 || (at !== lost && at !== lost + 1));
      const read = reader();
      expect(kept.map((packet) => read(packet)).join('')).toBe(typed.join(''));
    }
  });

  test('is whole from the start, though the first two packets are lost', () => {
    const read = reader();
    const [, , third, ...rest] = packets(new TextSender(FORMAT), ['a', 'b', 'c', 'd']);
    if (third === undefined) expect.unreachable();
    expect([third, ...rest].map((packet) => read(packet)).join('')).toBe('abcd');
  });

  test('shows one mark where more is lost, and goes on behind it', () => {
    const read = reader();
    const wire = packets(new TextSender(FORMAT), ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    const heard = wire.filter((_, at) => at === 0 || at >= 4).map((packet) => read(packet));
    expect(heard.join('')).toBe(`a${LOST}cdefg`);
    const single = reader(PLAIN);
    const once = packets(new TextSender(PLAIN), ['a', 'b', 'c', 'd']);
    expect(
      once
        .filter((_, at) => at !== 1 && at !== 2)
        .map((packet) => single(packet))
        .join(''),
    ).toBe(`a${LOST}d`);
  });

  test('arrives once when packets come twice or late', () => {
    const read = reader();
    const wire = packets(new TextSender(FORMAT), ['a', 'b', 'c', 'd']);
    const order = [0, 0, 2, 1, 1, 3, 2, 4, 5];
    expect(
      order
        .flatMap((at) => wire[at] ?? [])
        .map((packet) => read(packet))
        .join(''),
    ).toBe('abcd');
  });

  test('from another sender begins anew, and so does a jump of thousands', () => {
    const read = reader();
    const [first, second] = packets(new TextSender(FORMAT), ['a', 'b']);
    const [other] = packets(new TextSender(FORMAT), ['z'], 9);
    if (first === undefined || second === undefined || other === undefined) expect.unreachable();
    expect([read(first), read(other, 8), read({ ...other, sequence: 30_000 }, 8)]).toEqual(['a', 'z', `${LOST}z`]);
  });

  test('shows no keep-alive', () => {
    const read = reader();
    expect(
      packets(new TextSender(FORMAT), [`${BOM}x${BOM}`])
        .map((packet) => read(packet))
        .join(''),
    ).toBe('x');
  });

  test('of another payload type, or broken, is nobody’s', () => {
    const read = reader();
    expect(read({ sequence: 1, payloadType: 0, payload: Buffer.from('a'), marker: false, atMs: 0 })).toBeUndefined();
    expect(
      read({ sequence: 1, payloadType: 100, payload: Buffer.of(0x62 | 0x80), marker: false, atMs: 0 }),
    ).toBeUndefined();
  });
});

describe('limits', () => {
  test('no faster than the other side can read, over ten seconds', () => {
    const sender = new TextSender({ ...FORMAT, cps: 10 });
    expect(sender.write('x'.repeat(500))).toBe(true);
    const wire = packets(sender, []);
    const perPacket = wire.map(({ payload }) => readRedundant(payload, 98)?.primary.length ?? 0);
    wire.forEach(({ atMs }, at) => {
      const window = perPacket.filter((_, other) => Math.abs((wire[other]?.atMs ?? 0) - atMs) < 10_000 && other <= at);
      expect(window.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(100);
    });
    expect(perPacket.reduce((sum, count) => sum + count)).toBe(500);
  });

  test('no more than a queue of it', () => {
    const sender = new TextSender(FORMAT);
    expect(sender.write('x'.repeat(QUEUE_MAX))).toBe(true);
    expect(sender.write('y')).toBe(false);
  });

  test('no block longer than its length can say, and no character is cut', () => {
    const sender = new TextSender({ ...FORMAT, cps: 200 });
    const text = '😀'.repeat(600);
    sender.write(text);
    const wire = packets(sender, []);
    expect(Math.max(...wire.map(({ payload }) => readRedundant(payload, 98)?.primary.length ?? 0))).toBeLessThanOrEqual(
      BLOCK_BYTES_MAX,
    );
    const read = reader();
    expect(wire.map((packet) => read(packet)).join('')).toBe(text);
  });
});

test('whatever is typed and whatever a network loses: order is kept, nothing comes twice, loss is marked', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 12, unit: 'grapheme' }), { maxLength: 40 }),
      fc.nat(),
      fc.double({ min: 0, max: 0.6, noNaN: true }),
      (texts, seed, loss) => {
        const random = seededRandom(seed);
        const clean = texts.map((text) => text.replaceAll(BOM, '').replaceAll(LOST, ''));
        const wire = packets(new TextSender({ ...FORMAT, cps: 200 }), clean);
        const read = reader();
        const heard = wire
          .filter((_, at) => at === 0 || random.next() >= loss)
          .map((packet) => read(packet))
          .join('');
        const whole = Array.from(clean.join(''));
        // What was heard, without the marks, is the text with pieces left out.
        let at = 0;
        for (const character of Array.from(heard.replaceAll(LOST, ''))) {
          while (at < whole.length && whole[at] !== character) at++;
          expect(at).toBeLessThan(whole.length);
          at++;
        }
        const isWhole = heard === clean.join('');
        if (!heard.includes(LOST)) expect(clean.join('').startsWith(heard)).toBe(true);
        if (loss === 0) expect(isWhole).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

test('random payloads never fail', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.nat(65_535),
      fc.constantFrom(98, 100),
      (bytes, sequence, payloadType) => {
        const read = reader();
        expect(() =>
          read({ payload: Buffer.from(bytes), sequence, payloadType, marker: false, atMs: 0 }),
        ).not.toThrow();
      },
    ),
  );
});

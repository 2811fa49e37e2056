import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameFault, FrameReader, MAX_FRAME_BYTES } from '../../../src/switch/control/drachtio/frame.js';

function readIn(stream: Buffer, pieceBytes: number): string[] {
  const reader = new FrameReader();
  const payloads: string[] = [];
  for (let at = 0; at < stream.length; at += pieceBytes) {
    payloads.push(...reader.push(stream.subarray(at, at + pieceBytes)).map((payload) => payload.toString('utf8')));
  }
  return payloads;
}

describe('frames of the drachtio protocol', () => {
  it('count bytes, not characters', () => {
    expect(encodeFrame('ñ|ping').toString()).toBe('7#ñ|ping');
    expect(encodeFrame('a|sip||', Buffer.from('né')).toString()).toBe('12#a|sip||\r\nné');
  });

  it('arrive whole when 50 of them are cut into pieces of 37 bytes, with emoji, # and | inside', () => {
    const texts = Array.from({ length: 50 }, (_, n) => `id${n}|sip||\r\nX-Text: 🙂 7#a|b 📞${'é'.repeat(n)}`);
    const stream = Buffer.concat(texts.map((text) => encodeFrame(text)));
    expect(readIn(stream, 37)).toEqual(texts);
  });

  it('survive any cut of any text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 90 }),
        (texts, pieceBytes) => {
          const stream = Buffer.concat(texts.map((text) => encodeFrame(text)));
          expect(readIn(stream, pieceBytes)).toEqual(texts.map((text) => Buffer.from(text).toString()));
        },
      ),
    );
  });

  it('may be as long as the limit, also byte by byte, but not one longer', () => {
    const text = 'x'.repeat(MAX_FRAME_BYTES);
    expect(readIn(encodeFrame(text), 1)).toEqual([text]);
    expect(() => new FrameReader().push(Buffer.from(`${MAX_FRAME_BYTES + 1}#`))).toThrow(FrameFault);
  });

  it.each(['#ping', '0#', 'abc', '-5#hello', ' 5#hello', '5 #hello', '12345678', 'GET / HTTP/1.1\r\n', '\u0000'])(
    'are refused when they begin with %j',
    (text) => {
      expect(() => readIn(Buffer.from(text), 1)).toThrow(FrameFault);
    },
  );
});

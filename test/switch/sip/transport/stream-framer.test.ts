import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_MESSAGE_BYTES } from '../../../../src/switch/sip/message/parse.js';
import { type Frame, StreamFramer } from '../../../../src/switch/sip/transport/stream-framer.js';
import { processorMs } from '../../../support/processor-time.js';

const message = (body: string, name = 'Content-Length'): string =>
  `MESSAGE sip:b@h SIP/2.0\r\n${name}: ${Buffer.byteLength(body)}\r\nX: y\r\n\r\n${body}`;

function wordsFor(frame: Frame): string {
  if (frame.kind === 'message') return frame.bytes.toString().split('\r\n\r\n')[1] ?? '';
  return frame.kind === 'ping' ? 'PING' : `BROKEN ${frame.problem.status} ${frame.problem.reason}`;
}

function read(chunks: readonly (string | Buffer)[]): string[] {
  const framer = new StreamFramer();
  return chunks.flatMap((chunk) => framer.push(Buffer.from(chunk))).map(wordsFor);
}

describe('StreamFramer', () => {
  it.each([
    ['one message', [message('one')], ['one']],
    ['two in one piece', [message('one') + message('two')], ['one', 'two']],
    ['an empty body', [message('')], ['']],
    [
      'the compact name, white space, another case',
      [message('one', 'L  '), message('two', 'CONTENT-LENGTH')],
      ['one', 'two'],
    ],
    ['a folded length', ['A b SIP/2.0\r\nContent-Length:\r\n 3\r\n\r\nabc'], ['abc']],
    ['a body that looks like a head', [message('\r\n\r\nContent-Length: 9\r\n\r\n') + message('x')], ['', 'x']],
    ['a ping', ['\r\n\r\n'], ['PING']],
    [
      'pings between messages',
      [`\r\n\r\n${message('one')}\r\n\r\n\r\n\r\n${message('two')}`],
      ['PING', 'one', 'PING', 'PING', 'two'],
    ],
    ['a single empty line before a message', [`\r\n${message('one')}`], ['one']],
    ['a ping in four pieces', ['\r', '\n', '\r', '\n'], ['PING']],
    ['no length', ['A b SIP/2.0\r\nX: y\r\n\r\n'], ['BROKEN 400 Missing Content-Length']],
    ['a negative length', ['A b SIP/2.0\r\nl: -5\r\n\r\n'], ['BROKEN 400 Bad Content-Length']],
    ['two lengths', ['A b SIP/2.0\r\nl: 5\r\nContent-Length: 6\r\n\r\n'], ['BROKEN 400 Repeated Content-Length']],
    ['a giant length', ['A b SIP/2.0\r\nl: 99999999999999999999\r\n\r\n'], ['BROKEN 513 Message Too Large']],
    [
      'what follows a break is not read',
      ['A b SIP/2.0\r\n\r\n', message('one')],
      ['BROKEN 400 Missing Content-Length'],
    ],
    ['a web request', ['GET / HTTP/1.1\r\nHost: h\r\n\r\n'], ['BROKEN 400 Missing Content-Length']],
  ])('%s', (_what, chunks, expected) => {
    expect(read(chunks)).toEqual(expected);
  });

  it('finds the same messages however the stream is cut', () => {
    const bodies = fc.array(fc.oneof(fc.string({ maxLength: 40 }), fc.constant('\r\n\r\n'), fc.constant('ü€')), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (texts, sizes) => {
        const stream = Buffer.from(texts.map((text) => message(text)).join('\r\n\r\n'));
        const framer = new StreamFramer();
        const got: string[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          for (const frame of framer.push(stream.subarray(at, at + size))) {
            if (frame.kind === 'message')
              got.push(
                frame.bytes
                  .toString()
                  .slice(message('').length - 1 + `${Buffer.byteLength(texts[got.length] ?? '')}`.length),
              );
          }
          at += size;
        }
        expect(got).toEqual(texts);
        expect(framer.unfinished).toBe(false);
      }),
    );
  });

  it('knows whether a message is under way', () => {
    const framer = new StreamFramer();
    const states = ['\r', '\n', 'A', ' b SIP/2.0\r\nl: 2\r\n\r\n', 'x', 'y'].map((piece) => {
      framer.push(Buffer.from(piece));
      return framer.unfinished;
    });
    expect(states).toEqual([false, false, true, true, true, false]);
  });

  it(`takes ${MAX_MESSAGE_BYTES} bytes byte by byte, not one more, and not a head without end`, () => {
    const fits = message('x'.repeat(MAX_MESSAGE_BYTES - message('').length - 4)); // its length has four digits more
    expect(fits).toHaveLength(MAX_MESSAGE_BYTES);
    const framer = new StreamFramer();
    let frames = 0;
    for (const byte of Buffer.from(fits)) frames += framer.push(Buffer.of(byte)).length;
    expect(frames).toBe(1);
    expect(read([fits.replace('X: y', 'X: yy')])).toEqual(['BROKEN 513 Message Too Large']);
    expect(read([`A b SIP/2.0\r\nX: ${'y'.repeat(MAX_MESSAGE_BYTES)}`])).toEqual(['BROKEN 513 Message Too Large']);
  });

  it('is not slowed down by a flood of empty lines', async () => {
    const framer = new StreamFramer();
    const flood = (): void => {
      for (let n = 0; n < 20; n++) expect(framer.push(Buffer.from('\r\n'.repeat(32_768)))).toHaveLength(16_384);
    };
    expect(await processorMs(flood)).toBeLessThan(3_000);
  });
});

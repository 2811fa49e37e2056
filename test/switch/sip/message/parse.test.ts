import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_HEADER_LENGTH,
  MAX_HEADERS,
  MAX_MESSAGE_BYTES,
  type Parsed,
  parseMessage,
} from '../../../../src/switch/sip/message/parse.js';
import { serialise } from '../../../../src/switch/sip/message/serialise.js';
import { processorMs } from '../../../support/processor-time.js';

const HEAD = [
  'OPTIONS sip:b@h SIP/2.0',
  'Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1',
  'From: <sip:a@h>;tag=1',
  'To: <sip:b@h>',
  'Call-ID: c',
  'CSeq: 1 OPTIONS',
];

function parse(lines: readonly string[], body = ''): Parsed {
  return parseMessage(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`));
}

/** The table's start message with some lines replaced (by name) or added. */
function withLines(...lines: readonly string[]): string[] {
  const names = lines.map((line) => line.split(':')[0]);
  return [
    ...HEAD.filter((line) => !names.includes(line.split(':')[0])),
    ...lines.filter((line) => !line.endsWith('-')),
  ];
}

function outcome(parsed: Parsed): string {
  return parsed.ok ? 'ok' : `${parsed.status} ${parsed.reason}${parsed.partial === undefined ? ', silence' : ''}`;
}

describe('parseMessage', () => {
  it.each([
    ['the plain message', [], 'ok'],
    ['compact names', ['l: 0', 'k: timer', 'x: 90'], 'ok'],
    ['no Via: nobody to answer', ['Via:-'], '400 Missing Via, silence'],
    ['no To', ['To:-'], '400 Missing To'],
    ['empty Call-ID', ['Call-ID:'], '400 Missing Call-ID'],
    ['two From under two names', ['f: <sip:x@h>;tag=2'], '400 Repeated From'],
    ['CSeq of 2^31', ['CSeq: 2147483648 OPTIONS'], '400 Bad CSeq'],
    ['CSeq of 2^31 - 1', ['CSeq: 2147483647 OPTIONS'], 'ok'],
    ['CSeq of another method', ['CSeq: 1 INVITE'], '400 CSeq Method Differs'],
    ['Via of another version', ['Via: SIP/3.0/UDP h;branch=z9hG4bK1'], '400 Bad Via'],
    ['Via without host', ['Via: SIP/2.0/UDP ;branch=z9hG4bK1'], '400 Bad Via'],
    ['Via port 65536', ['Via: SIP/2.0/UDP h:65536'], '400 Bad Via'],
    ['IPv6 Via', ['Via: SIP/2.0/UDP [::1]:5060;branch=z9hG4bK1'], 'ok'],
    ['a tag twice', ['From: <sip:a@h>;tag=1;tag=2'], 'ok'],
    ['From without tag', ['From: sip:a@h'], 'ok'],
    ['Max-Forwards 256', ['Max-Forwards: 256'], '400 Bad Max-Forwards'],
    ['Max-Forwards with sign', ['Max-Forwards: +7'], '400 Bad Max-Forwards'],
    ['Contact star', ['Contact: *'], 'ok'],
    ['a broken Route', ['Route: sip:'], '400 Bad Route'],
    ['a broken Record-Route', ['Record-Route: <sip:a@h'], '400 Bad Record-Route'],
    ['a line without colon', ['what is this'], '400 Bad Header Line'],
    ['a name with a space', ['X Y: z'], '400 Bad Header Line'],
    ['a lone LF in a value', ['X-A: b\nInjected: c'], '400 Line Break in Header'],
    ['a lone CR in a value', ['X-A: b\rInjected: c'], '400 Line Break in Header'],
    ['Content-Length beyond the datagram', ['Content-Length: 1'], '400 Content-Length Exceeds Message'],
    ['Content-Length of twenty digits', ['Content-Length: 99999999999999999999'], '400 Bad Content-Length'],
    ['Content-Length in hex', ['Content-Length: 0x0'], '400 Bad Content-Length'],
  ])('%s', (_what, lines, expected) => {
    expect(outcome(parse(withLines(...lines)))).toBe(expected);
  });

  it.each([
    ['ACK sip:b@h SIP/2.0', '400 CSeq Method Differs, silence'], // nobody answers an ACK
    ['OPTIONS sip:b@h SIP/2.1', '505 Version Not Supported'],
    ['OPTIONS sip:b@h SIP/2.0.0', '400 Bad Request Line'],
    ['OPTIONS sip:b@h', '400 Bad Request Line, silence'],
    ['OPTIONS  SIP/2.0', '400 Bad Request-URI'],
    ['OPTIONS SIP/2.0', '400 Bad Request Line, silence'],
    ['OPT(IONS sip:b@h SIP/2.0', '400 Bad Method'],
    ['OPTIONS tel:+49 SIP/2.0', 'ok'],
    ['GET / HTTP/1.1', '400 Bad Request Line, silence'],
    ['SIP/2.0 99 Low', '400 Bad Status Line, silence'],
    ['SIP/2.0 700 High', '400 Bad Status Line, silence'],
    ['SIP/2.0 200', 'ok'],
    ['SIP/1.0 200 OK', '400 Bad Status Line, silence'],
  ])('start line %j', (startLine, expected) => {
    expect(outcome(parse([startLine, ...HEAD.slice(1)]))).toBe(expected);
  });

  it('takes the rest of the datagram as body when Content-Length is missing, and cuts what is too much', () => {
    const open = parse(HEAD, 'hello');
    const cut = parse([...HEAD, 'Content-Length: 2'], 'hello');
    expect(open.ok && open.message.body.toString()).toBe('hello');
    expect(cut.ok && cut.message.body.toString()).toBe('he');
  });

  it('ignores empty lines before the start line, and a missing one after the head', () => {
    expect(parseMessage(Buffer.from(`\r\n\r\n${HEAD.join('\r\n')}\r\n\r\n`)).ok).toBe(true);
    expect(parseMessage(Buffer.from(`${HEAD.join('\r\n')}\r\n`)).ok).toBe(true);
  });

  it('puts each route on a line of its own, minding quotes and brackets', () => {
    const parsed = parse([...HEAD, 'Route: "a, b" <sip:a;x=1,2;lr>, <sip:b;lr>', 'Route: <sip:c>']);
    expect(parsed.ok && parsed.message.headers.all('Route')).toEqual([
      '"a, b" <sip:a;x=1,2;lr>',
      '<sip:b;lr>',
      '<sip:c>',
    ]);
  });

  it('joins continuation lines', () => {
    const parsed = parse([...HEAD, 'Subject: one', '\ttwo', '  three']);
    expect(parsed.ok && parsed.message.headers.get('s')).toBe('one two three');
  });
});

describe('limits of a message', () => {
  it(`${MAX_HEADERS} values in the lines that are lists, not one more`, () => {
    const contacts = (count: number): string =>
      `Contact: ${Array.from({ length: count }, () => '<sip:a@b>').join(',')}`;
    expect(outcome(parse([...HEAD, contacts(MAX_HEADERS - HEAD.length + 1)]))).toBe('ok');
    expect(outcome(parse([...HEAD, contacts(MAX_HEADERS - HEAD.length + 2)]))).toBe('400 Too Many Headers');
  });

  it(`${MAX_HEADERS} headers, not one more`, () => {
    const more = (count: number): string[] => Array.from({ length: count }, (_, n) => `X-${n}: y`);
    expect(outcome(parse([...HEAD, ...more(MAX_HEADERS - HEAD.length + 1)]))).toBe('ok');
    expect(outcome(parse([...HEAD, ...more(MAX_HEADERS - HEAD.length + 2)]))).toBe('400 Too Many Headers');
  });

  it(`${MAX_HEADER_LENGTH} characters a header, continuation lines included`, () => {
    const name = 'X-Long: ';
    const fits = `${name}${'y'.repeat(MAX_HEADER_LENGTH - name.length)}`;
    expect(outcome(parse([...HEAD, fits]))).toBe('ok');
    expect(outcome(parse([...HEAD, `${fits}y`]))).toBe('400 Header Too Long');
    expect(outcome(parse([...HEAD, fits, ' y']))).toBe('400 Header Too Long');
  });

  it(`${MAX_MESSAGE_BYTES} bytes a message`, () => {
    const head = `${HEAD.join('\r\n')}\r\n\r\n`;
    const fits = Buffer.from(head + 'y'.repeat(MAX_MESSAGE_BYTES - head.length));
    expect(outcome(parseMessage(fits))).toBe('ok');
    expect(outcome(parseMessage(Buffer.concat([fits, Buffer.from('y')])))).toBe('513 Message Too Large');
  });
});

describe('whatever comes from the network', () => {
  const pieces = fc.constantFrom(
    ...HEAD,
    '\r\n',
    '\r\n\r\n',
    ' ',
    '\t',
    ':',
    ';',
    '"',
    '<',
    '>',
    '@',
    ',',
    '\\',
    '\u0000',
    'SIP/2.0 200 OK',
    'Contact: ',
    'l: 5',
    'v: SIP/2.0/TCP [::1',
    'sip:',
  );

  it('never makes the parser throw, and what it accepts can be written and read again', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 8 })), { maxLength: 40 }), (parts) => {
        const parsed = parseMessage(Buffer.from(parts.join('')));
        if (parsed.ok) expect(parseMessage(serialise(parsed.message)).ok).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('nor do random bytes, or a good message with a few bytes changed', () => {
    const good = Buffer.from(`${HEAD.join('\r\n')}\r\nContact: "A" <sip:a@h;x=y>;q=0.5\r\n\r\nbody`);
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 6 }),
        fc.uint8Array({ maxLength: 300 }),
        (changes, noise) => {
          const bytes = Buffer.from(good);
          for (const [at, value] of changes) bytes[at] = value;
          parseMessage(bytes);
          parseMessage(Buffer.from(noise));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['spaces', ' '.repeat(60_000)],
    ['semicolons', `From: <sip:a@h>${';'.repeat(8_000)}`],
    ['quotes', `From: ${'"'.repeat(8_000)}`],
    ['backslashes', `From: "${'\\'.repeat(8_000)}`],
    ['commas', `Via: ${','.repeat(8_000)}`],
    ['folds', `X: y${'\r\n '.repeat(20_000)}`],
    ['brackets', `To: ${'<'.repeat(8_000)}`],
  ])('takes linear time for many %s', async (_what, line) => {
    const bytes = Buffer.from([...HEAD.slice(0, 2), line, ...HEAD.slice(2)].join('\r\n'));
    const tenTimes = (): void => {
      for (let n = 0; n < 10; n++) parseMessage(bytes);
    };
    expect(await processorMs(tenTimes)).toBeLessThan(2_000);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../../../src/switch/sip/message/parse.js';
import { makeResponse } from '../../../../src/switch/sip/message/response.js';
import { serialise } from '../../../../src/switch/sip/message/serialise.js';

const FOLDER = fileURLToPath(new URL('../torture/', import.meta.url));

/** RFC 4475: file, section, what becomes of it. "silence" is for responses: nobody answers those. */
const EXPECTED: readonly (readonly [file: string, section: string, outcome: string])[] = [
  ['wsinv', '3.1.1.1', 'INVITE'],
  ['intmeth', '3.1.1.2', "!interesting-Method0123456789_*+`.%indeed'~"],
  ['esc01', '3.1.1.3', 'INVITE'],
  ['escnull', '3.1.1.4', 'REGISTER'],
  ['esc02', '3.1.1.5', 'RE%47IST%45R'],
  ['lwsdisp', '3.1.1.6', 'OPTIONS'],
  ['longreq', '3.1.1.7', 'INVITE'],
  ['dblreq', '3.1.1.8', 'REGISTER'],
  ['semiuri', '3.1.1.9', 'OPTIONS'],
  ['transports', '3.1.1.10', 'OPTIONS'],
  ['mpart01', '3.1.1.11', 'MESSAGE'],
  ['unreason', '3.1.1.12', '200'],
  ['noreason', '3.1.1.13', '100'],
  ['badinv01', '3.1.2.1', 'answered 400 Bad Via'],
  ['clerr', '3.1.2.2', 'answered 400 Content-Length Exceeds Message'],
  ['ncl', '3.1.2.3', 'answered 400 Bad Content-Length'],
  ['scalar02', '3.1.2.4', 'answered 400 Bad CSeq'],
  ['scalarlg', '3.1.2.5', 'silence'],
  ['quotbal', '3.1.2.6', 'answered 400 Bad To'],
  ['ltgtruri', '3.1.2.7', 'answered 400 Bad Request-URI'],
  ['lwsruri', '3.1.2.8', 'answered 400 Bad Request-URI'],
  ['lwsstart', '3.1.2.9', 'answered 400 Bad Request-URI'],
  ['trws', '3.1.2.10', 'answered 400 Bad Request Line'],
  ['escruri', '3.1.2.11', 'answered 400 Headers in Request-URI'],
  ['baddate', '3.1.2.12', 'INVITE'], // nobody here reads Date
  ['regbadct', '3.1.2.13', 'answered 400 Bad Contact'],
  ['badaspec', '3.1.2.14', 'answered 400 Bad To'],
  ['baddn', '3.1.2.15', 'OPTIONS'], // may be let through
  ['badvers', '3.1.2.16', 'answered 505 Version Not Supported'],
  ['mismatch01', '3.1.2.17', 'answered 400 CSeq Method Differs'],
  ['mismatch02', '3.1.2.18', 'answered 400 CSeq Method Differs'],
  ['bigcode', '3.1.2.19', 'silence'],
  ['badbranch', '3.2.1', 'OPTIONS'], // matched by the rules for RFC 2543
  ['insuf', '3.3.1', 'answered 400 Missing From'],
  ['unkscm', '3.3.2', 'OPTIONS'], // 416 is the core's answer, as the following ones are
  ['novelsc', '3.3.3', 'OPTIONS'],
  ['unksm2', '3.3.4', 'REGISTER'],
  ['bext01', '3.3.5', 'OPTIONS'],
  ['invut', '3.3.6', 'INVITE'],
  ['regaut01', '3.3.7', 'REGISTER'],
  ['multi01', '3.3.8', 'answered 400 Repeated CSeq'],
  ['mcl01', '3.3.9', 'answered 400 Repeated Content-Length'],
  ['bcast', '3.3.10', '200'], // goes nowhere: no transaction waits for it
  ['zeromf', '3.3.11', 'OPTIONS'],
  ['cparam01', '3.3.12', 'REGISTER'],
  ['cparam02', '3.3.13', 'REGISTER'],
  ['regescrt', '3.3.14', 'REGISTER'],
  ['sdp01', '3.3.15', 'INVITE'],
  ['inv2543', '3.4.1', 'INVITE'],
];

const read = (file: string): Buffer => readFileSync(`${FOLDER}${file}.dat`);

function outcomeOf(bytes: Buffer): string {
  const parsed = parseMessage(bytes);
  if (!parsed.ok) return parsed.partial === undefined ? 'silence' : `answered ${parsed.status} ${parsed.reason}`;
  return parsed.message.kind === 'request' ? parsed.message.method : String(parsed.message.status);
}

describe('RFC 4475 torture messages', () => {
  it('are all in the table', () => {
    const files = readdirSync(FOLDER).map((name) => name.replace('.dat', ''));
    expect(EXPECTED.map(([file]) => file).sort()).toEqual(files.sort());
    expect(files).toHaveLength(49);
  });

  it.each(EXPECTED)('%s (§%s): %s', (file, _section, outcome) => {
    expect(outcomeOf(read(file))).toBe(outcome);
  });

  it.each(EXPECTED)('%s (§%s): no prefix of it is too much', (file) => {
    const bytes = read(file);
    for (let length = 0; length <= bytes.length; length++) {
      expect(() => parseMessage(bytes.subarray(0, length))).not.toThrow();
    }
  });

  it.each(EXPECTED.filter(([, , outcome]) => !/answered|silence/.test(outcome)))(
    '%s (§%s): survives being written and read again',
    (file) => {
      const first = parseMessage(read(file));
      if (!first.ok) throw new Error('not parsed');
      const second = parseMessage(serialise(first.message));
      if (!second.ok) throw new Error('not parsed again');
      const lines = (message: typeof first.message) =>
        [...message.headers].filter(([name]) => name !== 'Content-Length');
      expect(lines(second.message)).toEqual(lines(first.message));
      expect(second.message.body).toEqual(first.message.body);
      expect(second.essentials).toEqual(first.essentials);
    },
  );

  it.each(EXPECTED.filter(([, , outcome]) => outcome.startsWith('answered')))(
    '%s (§%s): its answer can be built',
    (file) => {
      const parsed = parseMessage(read(file));
      if (parsed.ok || parsed.partial === undefined) throw new Error('not answerable');
      const text = serialise(makeResponse(parsed.partial, parsed.status, { toTag: 't' })).toString();
      expect(text).toMatch(/^SIP\/2\.0 [45][0-9][0-9] .+\r\nVia: SIP/);
    },
  );
});

describe('wsinv, the worst white space of RFC 4475', () => {
  const parsed = parseMessage(read('wsinv'));
  if (!parsed.ok) throw new Error(parsed.reason);
  const { message, essentials } = parsed;

  it('has three Vias, one a line', () => {
    expect(message.headers.all('Via')).toHaveLength(3);
    expect(essentials.topVia).toEqual({
      transport: 'UDP',
      host: '192.0.2.2',
      port: undefined,
      parameters: new Map([['branch', '390skdjuw']]),
    });
  });

  it('has tags, a CSeq, an empty Subject', () => {
    expect(essentials).toMatchObject({
      fromTag: '98asjd8',
      toTag: '1918181833n',
      cseq: { number: 9, method: 'INVITE' },
    });
    expect(message.headers.get('Subject')).toBe('');
  });
});

it('intmeth keeps its bytes: UTF-8, escaped NUL and DEL, a byte order mark', () => {
  const parsed = parseMessage(read('intmeth'));
  if (!parsed.ok) throw new Error(parsed.reason);
  const { headers } = parsed.message;
  expect(headers.get('To')).toContain('NUL:\\\u0000');
  expect(headers.get('From')).toContain('работающий');
  expect(headers.get("extensionHeader-!.%*+_`'~")).toBe('\ufeff大停電');
});

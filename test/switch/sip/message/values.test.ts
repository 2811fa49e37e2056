import { describe, expect, it } from 'vitest';
import { parseCSeq } from '../../../../src/switch/sip/message/cseq.js';
import { parseParameters, quoted, splitList, unquoted } from '../../../../src/switch/sip/message/grammar.js';
import { Headers } from '../../../../src/switch/sip/message/headers.js';
import { EMPTY_BODY, type SipRequest } from '../../../../src/switch/sip/message/message.js';
import { formatNameAddress, parseNameAddress, tagOf } from '../../../../src/switch/sip/message/name-address.js';
import { makeResponse } from '../../../../src/switch/sip/message/response.js';
import { serialise } from '../../../../src/switch/sip/message/serialise.js';
import { formatUri, parseSipUri, parseUri } from '../../../../src/switch/sip/message/uri.js';
import { formatVia, parseVia, uniqueBranch } from '../../../../src/switch/sip/message/via.js';

describe('Headers', () => {
  const sample = (): Headers =>
    Headers.of([
      ['v', 'one'],
      ['x-Custom', 'kept'],
      ['p-odd-name', 'capitals'],
      ['VIA', 'two'],
      ['call-id', 'c'],
      ['Supported', 'timer, 100rel'],
      ['k', 'replaces'],
    ]);

  it('writes names in one way, and finds them in any', () => {
    expect([...sample()].map(([name]) => name)).toEqual([
      'Via',
      'x-Custom',
      'P-Odd-Name',
      'Via',
      'Call-ID',
      'Supported',
      'Supported',
    ]);
    expect(sample().all('vIa')).toEqual(['one', 'two']);
    expect(sample().get('X-CUSTOM')).toBe('kept');
    expect(sample().list('supported')).toEqual(['timer', '100rel', 'replaces']);
    expect(sample().has('t')).toBe(false);
  });

  it('changes lines in their place', () => {
    expect(sample().set('Via', 'only').all('Via')).toEqual(['only']);
    expect(sample().setFirst('Via', 'first').all('Via')).toEqual(['first', 'two']);
    expect(sample().deleteFirst('Via').all('Via')).toEqual(['two']);
    expect(sample().delete('Via').has('Via')).toBe(false);
    expect(sample().prepend('Via', 'top').all('Via')).toEqual(['top', 'one', 'two']);
    expect(sample().set('Expires', '0').get('expires')).toBe('0');
    expect(sample().setFirst('Expires', '0').get('expires')).toBe('0');
  });

  it('gives copies that do not share changes', () => {
    const original = sample();
    const copy = original.clone().append('To', 'x').setFirst('Via', 'changed');
    expect(original.has('To')).toBe(false);
    expect(original.get('Via')).toBe('one');
    expect(copy.size).toBe(original.size + 1);
  });
});

describe('URIs', () => {
  it.each([
    'sip:127.0.0.1',
    'sip:bob@127.0.0.1:5070;transport=tcp;lr',
    'sips:bob:secret@h.example?subject=x&priority=urgent',
    'sip:+49123;phone-context=x@h;user=phone',
    'sip:*21#@h',
    'sip:bob@[2001:db8::1]:5060',
    "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com",
    'tel:+49-30-1234;ext=5',
    'urn:service:sos',
  ])('%s is written as it was read', (text) => {
    const uri = parseUri(text);
    expect(uri === undefined ? undefined : formatUri(uri)).toBe(text);
  });

  it.each([
    '',
    'bob',
    ':x',
    'sip:',
    'sip:@h',
    'sip:a@b@c',
    'sip:a b@h',
    'sip:h:99999',
    'sip:h:',
    'sip:[::1',
    'sip:[1.2.3.4]',
    'sip:h;',
    'sip:h;a;a',
    'sip:h;=x',
    '<sip:h>',
    'sip:h\u0000',
    '1sip:h',
    'sip:hö',
  ])('%j is none', (text) => expect(parseUri(text)).toBeUndefined());

  it('come apart', () => {
    expect(parseSipUri('SIP:bob:pw@H:5070;Transport=TCP;lr?a=b')).toEqual({
      scheme: 'sip',
      user: 'bob',
      password: 'pw',
      host: 'H',
      port: 5070,
      parameters: new Map([
        ['transport', 'TCP'],
        ['lr', undefined],
      ]),
      headers: 'a=b',
    });
    expect(parseSipUri('tel:1')).toBeUndefined();
  });
});

describe('name-addr values', () => {
  it.each([
    ['sip:a@h;tag=1', undefined, 'sip:a@h', '1'],
    ['<sip:a@h;lr>;tag=1', undefined, 'sip:a@h;lr', '1'],
    ['"Al \\"X\\" <b>" <sip:a@h> ; TAG = 1', 'Al "X" <b>', 'sip:a@h', '1'],
    ['Al B <tel:+1>', 'Al B', 'tel:+1', undefined],
    ['sip:a@h;+sip.instance="<urn:x>"', undefined, 'sip:a@h', undefined],
  ])('%s', (text, displayName, uri, tag) => {
    expect(parseNameAddress(text)).toMatchObject({ displayName, uri });
    expect(tagOf(text)).toBe(tag);
  });

  it.each([
    '',
    'x',
    '<sip:a@h',
    '"a <sip:a@h>',
    '<sip:a@h>x',
    '<sip:a@h>;',
    '<sip:a@h>;=1',
    '<>',
    'sip:a@h?x=y',
    'sip:a@h,sip:b@h',
    '"a" sip:a@h',
  ])('%j is none', (text) => expect(parseNameAddress(text)).toBeUndefined());

  it('are written with quotes where needed', () => {
    const parameters = new Map([['tag', '1']]);
    expect(formatNameAddress({ displayName: 'A "b" \\', uri: 'sip:a@h', parameters })).toBe(
      '"A \\"b\\" \\\\" <sip:a@h>;tag=1',
    );
    expect(formatNameAddress({ displayName: 'Al', uri: 'sip:a@h', parameters: new Map() })).toBe('Al <sip:a@h>');
  });
});

describe('Via values', () => {
  it('come apart and together', () => {
    const via = parseVia('SIP / 2.0 / tcp  h.example : 5070 ; branch = z9hG4bKx ;rport');
    expect(via && formatVia(via)).toBe('SIP/2.0/TCP h.example:5070;branch=z9hG4bKx;rport');
    expect(via && uniqueBranch(via)).toBe('z9hG4bKx');
  });

  it.each([
    ['SIP/2.0/UDP h', undefined],
    ['SIP/2.0/UDP h;branch=1', undefined],
    ['SIP/2.0/UDP h;branch=z9hG4bK', undefined],
    ['SIP/2.0/UDP h;branch=Z9HG4BKx', 'Z9HG4BKx'],
  ])('%s has the unique branch %s', (text, branch) => {
    const via = parseVia(text);
    expect(via && uniqueBranch(via)).toBe(branch);
  });

  it.each(['', 'SIP/2.0/UDP', 'SIP/2.0 UDP h', 'HTTP/2.0/UDP h', 'SIP/2.0/U(P h', 'SIP/2.0/UDP h;;'])(
    '%j is none',
    (text) => {
      expect(parseVia(text)).toBeUndefined();
    },
  );
});

describe('small grammar', () => {
  it('splits lists outside quotes and brackets', () => {
    expect(splitList('a, "b, \\", c" <d,e>,, f ')).toEqual(['a', '"b, \\", c" <d,e>', 'f']);
    expect(splitList(' ')).toEqual([]);
    expect(splitList('a, "never closed, b')).toEqual(['a', '"never closed, b']);
  });

  it('reads parameters', () => {
    expect(parseParameters(' ; a = "x;y" ;b')).toEqual(
      new Map([
        ['a', '"x;y"'],
        ['b', undefined],
      ]),
    );
    expect(parseParameters(';tag=x;lr;Tag=y;lr=on')).toEqual(
      new Map([
        ['tag', 'x'],
        ['lr', undefined],
      ]),
    );
    for (const text of ['a', ';', ';a=', ';a=b c', ';a="x', ';a;A=']) expect(parseParameters(text)).toBeUndefined();
  });

  it('quotes and unquotes', () => {
    expect(unquoted(quoted('a "b" \\c'))).toBe('a "b" \\c');
    expect(unquoted('plain')).toBe('plain');
  });

  it.each(['', '1', 'x INVITE', '-1 INVITE', '1 INVITE x', '1.5 INVITE', '99999999999 INVITE'])(
    '%j is no CSeq',
    (text) => {
      expect(parseCSeq(text)).toBeUndefined();
    },
  );
});

describe('responses', () => {
  const request: SipRequest = {
    kind: 'request',
    method: 'INVITE',
    uri: 'sip:b@h',
    headers: Headers.of([
      ['Via', 'SIP/2.0/UDP a'],
      ['Via', 'SIP/2.0/UDP b'],
      ['Record-Route', '<sip:p;lr>'],
      ['From', '<sip:a@h>;tag=1'],
      ['To', '<sip:b@h>'],
      ['Call-ID', 'c'],
      ['CSeq', '1 INVITE'],
      ['Timestamp', '54'],
      ['Contact', '<sip:a@h>'],
    ]),
    body: EMPTY_BODY,
  };
  const names = (status: number): string[] =>
    [...makeResponse(request, status, { toTag: 't' }).headers].map(([name]) => name);

  it('copy what RFC 3261 §8.2.6 says', () => {
    expect(names(100)).toEqual(['Via', 'Via', 'From', 'To', 'Call-ID', 'CSeq', 'Timestamp']);
    expect(names(180)).toEqual(['Via', 'Via', 'Record-Route', 'From', 'To', 'Call-ID', 'CSeq']);
    expect(names(486)).toEqual(['Via', 'Via', 'From', 'To', 'Call-ID', 'CSeq']);
  });

  it('tag To above 100, unless it is tagged', () => {
    expect(makeResponse(request, 100, { toTag: 't' }).headers.get('To')).toBe('<sip:b@h>');
    const ringing = makeResponse(request, 180, { toTag: 't' });
    expect(ringing.headers.get('To')).toBe('<sip:b@h>;tag=t');
    const inDialog = { ...request, headers: ringing.headers };
    expect(makeResponse(inDialog, 200, { toTag: 'u' }).headers.get('To')).toBe('<sip:b@h>;tag=t');
  });

  it('are written with the true Content-Length, and no line break from outside', () => {
    const headers = [
      ['Content-Length', '999'],
      ['X-Name', 'a\r\nInjected: b\n\nbody'],
    ] as const;
    const response = makeResponse(request, 200, { reason: 'Fine\r\nX: y', headers, body: Buffer.from('ü') });
    const text = serialise(response).toString();
    expect(text).toContain('SIP/2.0 200 Fine X: y\r\n');
    expect(text).toContain('X-Name: a Injected: b body\r\n');
    expect(text).toContain('Content-Length: 2\r\n\r\nü');
    expect(text).not.toContain('999');
  });
});

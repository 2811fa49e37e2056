import { describe, expect, it } from 'vitest';
import type { AppRequest } from '../../../src/switch/control/drachtio/app-message.js';
import { parseAppMessage } from '../../../src/switch/control/drachtio/app-message.js';
import {
  completeRequest,
  extraHeaders,
  inDialogHeaders,
  withoutPlaceholder,
} from '../../../src/switch/control/drachtio/completion.js';
import { serialise } from '../../../src/switch/sip/message/serialise.js';

const udp = { transport: 'udp', address: '127.0.0.1', port: 5060 };
const tcp = { transport: 'tcp', address: '127.0.0.1', port: 5060 };
const fresh = { tag: 'fresh', callId: 'call', cseq: 7 };

function request(text: string): AppRequest {
  const message = parseAppMessage(Buffer.from(text.replaceAll('\n', '\r\n')));
  if (message?.kind !== 'request') throw new Error('not a request');
  return message;
}

const completed = (text: string, local = udp): string[] => {
  const result = completeRequest(request(text), local, fresh);
  return result.ok ? serialise(result.value).toString().split('\r\n') : [result.reason];
};

describe('a request outside a dialog', () => {
  it('gets everything an application leaves out, in the order of the real server', () => {
    expect(completed('INVITE sip:bob@10.0.0.1 SIP/2.0\nX-esl-outbound: 1\nContent-Length: 99\n\nv=0\n')).toEqual([
      'INVITE sip:bob@10.0.0.1 SIP/2.0',
      'Max-Forwards: 70',
      'From: <sip:127.0.0.1:5060>;tag=fresh',
      'To: <sip:bob@10.0.0.1>',
      'Call-ID: call',
      'CSeq: 7 INVITE',
      'Contact: <sip:127.0.0.1:5060>',
      'X-esl-outbound: 1',
      'Content-Type: application/sdp',
      'Content-Length: 5',
      '',
      'v=0',
      '',
    ]);
  });

  it('keeps what a digest retry gives: tag, Call-ID, CSeq', () => {
    const lines = completed(
      'INVITE sip:bob@10.0.0.1 SIP/2.0\nfrom: <sip:a@b>;tag=old\ncall-id: c\ncseq: 2 INVITE\nAuthorization: x\n\n',
    );
    expect(lines).toContain('From: <sip:a@b>;tag=old');
    expect(lines).toContain('Call-ID: c');
    expect(lines).toContain('CSeq: 2 INVITE');
  });

  it.each([
    ['sip:5@localhost', 'From: <sip:5@127.0.0.1:5060>;tag=fresh'],
    ['"Ann" <sip:5@localhost:9>', 'From: "Ann" <sip:5@127.0.0.1:5060>;tag=fresh'],
    ['<sip:localhost>', 'From: <sip:127.0.0.1:5060>;tag=fresh'],
    ['<sip:5@localhost.example>', 'From: <sip:5@localhost.example>;tag=fresh'],
    ['<tel:+34600>', 'From: <tel:+34600>;tag=fresh'],
  ])('From %s', (from, line) => {
    expect(completed(`INVITE sip:bob@10.0.0.1 SIP/2.0\nfrom: ${from}\n\n`)).toContain(line);
  });

  it('drops Via, Route, Record-Route and RSeq of the application', () => {
    const lines = completed(
      'OPTIONS sip:b@10.0.0.1 SIP/2.0\nVia: v\nRoute: <r>\nrecord-route: <r>\nrseq: 1\nfoo-bar: 1\n\n',
    );
    expect(lines.slice(6, -3)).toEqual(['Foo-Bar: 1']);
  });

  it('names its transport in Contact unless it is udp, and has none for OPTIONS', () => {
    expect(completed('INVITE sip:b@10.0.0.1 SIP/2.0\n\n', tcp)).toContain(
      'Contact: <sip:127.0.0.1:5060;transport=tcp>',
    );
    expect(completed('OPTIONS sip:b@10.0.0.1 SIP/2.0\n\n').join()).not.toContain('Contact');
  });

  it.each([
    ['sip:me@localhost', '<sip:me@127.0.0.1:5060>'],
    ['sip:me@10.0.0.2;expires=60', '<sip:me@10.0.0.2>;expires=60'],
    ['"Me" <sip:me@10.0.0.2>', '"Me" <sip:me@10.0.0.2>'],
    ['*', '*'],
    ['sip:me@10.0.0.2, sip:me@10.0.0.3', 'sip:me@10.0.0.2, sip:me@10.0.0.3'],
  ])('has its Contact "%s" sent as "%s"', (given, sent) => {
    expect(completed(`REGISTER sip:b@10.0.0.1 SIP/2.0\ncontact: ${given}\n\n`)).toContain(`Contact: ${sent}`);
  });

  it.each([
    ['INVITE bob SIP/2.0\n\n', 'invalid request-uri: bob'],
    ['INVITE sip:b@h SIP/2.0\nFrom: nobody\n\n', 'invalid from value provided by client: nobody'],
    ['MESSAGE sip:b@h SIP/2.0\n\nhello', 'missing content-type'],
  ])('is refused: %j', (text, reason) => {
    expect(completed(text)).toEqual([reason]);
  });
});

describe('other messages of applications', () => {
  it('carry a Contact inside a dialog when they may move its target', () => {
    const headers = (text: string): string | undefined => {
      const result = inDialogHeaders(request(text), udp);
      return result.ok ? result.value.get('Contact') : result.reason;
    };
    expect(headers('REFER sip:placeholder SIP/2.0\n\n')).toBe('<sip:127.0.0.1:5060>');
    expect(headers('INVITE sip:placeholder SIP/2.0\nContact: <sip:me@localhost>\n\n')).toBe('<sip:me@127.0.0.1:5060>');
    expect(headers('INFO sip:placeholder SIP/2.0\n\n')).toBeUndefined();
  });

  it('may hold placeholders in P-Asserted-Identity, elsewhere the word stays', () => {
    const result = extraHeaders(
      request('INFO sip:x SIP/2.0\np-asserted-identity: <sip:1@localhost>\nX-Where: sip:localhost\n\n'),
      udp,
    );
    expect(result.ok && [...result.value]).toEqual([
      ['P-Asserted-Identity', '<sip:1@127.0.0.1:5060>'],
      ['X-Where', 'sip:localhost'],
    ]);
    expect(withoutPlaceholder('<sip:localhost;transport=udp>', udp)).toBe('<sip:127.0.0.1:5060;transport=udp>');
  });
});

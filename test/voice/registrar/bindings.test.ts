import { describe, expect, it } from 'vitest';
import type { Registration } from '../../../src/app/ports.js';
import { REGISTRAR_LIMITS, type RegisterRequest, register } from '../../../src/voice/registrar/bindings.js';
import { parseContacts } from '../../../src/voice/registrar/contact.js';

const NOW = 1_000_000;
const source = { address: '192.0.2.7', port: 40_000, transport: 'udp' };

function request(change: Partial<RegisterRequest> = {}): RegisterRequest {
  return {
    device: 'ana-desk',
    contact: '<sip:ana-desk@192.168.1.5:5060>',
    expires: '300',
    callId: 'call',
    cseq: 10,
    source,
    via: undefined,
    userAgent: 'Phone',
    server: 'switch:9022',
    ...change,
  };
}

function registered(contact: string, change: Partial<Registration> = {}): Registration {
  const expiresAtMs = NOW + 100_000;
  return { device: 'ana-desk', contact, source, callId: 'other', cseq: 1, expiresAtMs, userAgent: '', ...change };
}

const run = (current: readonly Registration[], change: Partial<RegisterRequest> = {}) =>
  register(current, request(change), NOW, REGISTRAR_LIMITS);

describe('REGISTER', () => {
  it('keeps contact, source and expiry', () => {
    const result = run([]);
    expect(result).toMatchObject({
      status: 200,
      removed: [],
      bindings: [{ contact: 'sip:ana-desk@192.168.1.5:5060', source, expiresAtMs: NOW + 300_000, cseq: 10 }],
    });
  });

  it('lets the expiry of the contact win over that of the message, and cuts it to the longest', () => {
    expect(run([], { contact: '<sip:a@b>;expires=120' })).toMatchObject({ bindings: [{ expiresAtMs: NOW + 120_000 }] });
    expect(run([], { expires: '999999999' })).toMatchObject({ bindings: [{ expiresAtMs: NOW + 3_600_000 }] });
    expect(run([], { expires: undefined })).toMatchObject({ bindings: [{ expiresAtMs: NOW + 3_600_000 }] });
  });

  it('rings where the phone listens, but through the door it registered by when a NAT stands between', () => {
    const contact = '<sip:ana-desk@192.0.2.7:5060>';
    const door = (via: string, at = contact) => {
      const result = run([], { contact: at, via });
      return result.status === 200 ? result.bindings[0]?.source.port : undefined;
    };
    expect(door('SIP/2.0/UDP 192.0.2.7:40000;branch=z9hG4bK1')).toBe(5060);
    expect(door('SIP/2.0/UDP 192.168.1.5:5060;branch=z9hG4bK1;received=192.0.2.7')).toBe(40_000);
    expect(door('SIP/2.0/UDP 192.0.2.7:40000;branch=z9hG4bK1', '<sip:ana-desk@203.0.113.9:5060>')).toBe(40_000);
  });

  it('refuses what is too short with 423', () => {
    expect(run([], { expires: '5' })).toMatchObject({ status: 423 });
  });

  it('has room for several contacts; the one that expires first gives way', () => {
    const current = [1, 2, 3, 4, 5].map((n) => registered(`sip:${n}@h`, { expiresAtMs: NOW + n * 1000 }));
    const result = run(current, { contact: '<sip:new@h>' });
    expect(result).toMatchObject({ status: 200, removed: ['sip:1@h'] });
    expect(result.status === 200 && result.bindings.map(({ contact }) => contact)).toEqual([
      'sip:new@h',
      'sip:5@h',
      'sip:4@h',
      'sip:3@h',
      'sip:2@h',
    ]);
  });

  it('answers a query with what there is', () => {
    const current = [registered('sip:1@h'), registered('sip:gone@h', { expiresAtMs: NOW })];
    expect(run(current, { contact: undefined })).toEqual({ status: 200, bindings: [current[0]], put: [], removed: [] });
  });

  it('removes one contact with expires 0, all with a star, and a star only with Expires 0', () => {
    const current = [registered('sip:1@h'), registered('sip:2@h')];
    expect(run(current, { contact: '<sip:1@h>;expires=0' })).toMatchObject({ removed: ['sip:1@h'] });
    expect(run(current, { contact: '*', expires: '0' })).toMatchObject({
      bindings: [],
      removed: ['sip:1@h', 'sip:2@h'],
    });
    expect(run(current, { contact: '*', expires: '60' })).toMatchObject({ status: 400 });
    expect(run(current, { contact: '*', expires: undefined })).toMatchObject({ status: 400 });
  });

  it('takes the place of the same flow of the same phone, whatever its contact was (RFC 5626)', () => {
    const flow = '"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>";reg-id=1';
    const current = [registered('sip:old@x.invalid', { flow }), registered('sip:desk@h')];
    const result = run(current, { contact: `<sip:new@y.invalid>;reg-id=1;+sip.instance=${flow.split(';')[0]}` });
    expect(result).toMatchObject({ status: 200, removed: ['sip:old@x.invalid'] });
    expect(result.status === 200 && result.bindings).toMatchObject([
      { contact: 'sip:new@y.invalid', flow },
      { contact: 'sip:desk@h' },
    ]);
    const other = run(current, { contact: `<sip:new@y.invalid>;reg-id=2;+sip.instance=${flow.split(';')[0]}` });
    expect(other).toMatchObject({ removed: [] });
    // A page that goes while the next one has registered already takes nothing with it but its own contact.
    expect(run(current, { contact: '<sip:older@z.invalid>;expires=0' })).toMatchObject({ removed: [] });
  });

  it('does nothing for a request that a newer one has overtaken', () => {
    const current = [registered('sip:1@h', { callId: 'call', cseq: 11 })];
    expect(run(current, { contact: '<sip:1@h>', cseq: 10 })).toMatchObject({ status: 500 });
    expect(run(current, { contact: '*', expires: '0', cseq: 11 })).toMatchObject({ status: 500 });
    expect(run(current, { contact: '<sip:1@h>', cseq: 12 })).toMatchObject({ status: 200 });
    expect(run(current, { contact: '<sip:1@h>', callId: 'rebooted', cseq: 1 })).toMatchObject({ status: 200 });
  });

  it('changes nothing when one of several contacts is refused', () => {
    expect(run([], { contact: '<sip:1@h>, <sip:2@h>;expires=1' })).toMatchObject({ status: 423 });
  });
});

describe('Contact header', () => {
  it.each([
    ['sip:ana@10.0.0.1;expires=60', { uri: 'sip:ana@10.0.0.1', expiresS: 60 }],
    [
      '"Ana, <desk>" <sip:ana@10.0.0.1:5070;transport=tcp>;q=0.5;expires="90"',
      { uri: 'sip:ana@10.0.0.1:5070;transport=tcp', expiresS: 90 },
    ],
    [
      '<sip:a@x.invalid>;reg-id=1;+sip.instance="<urn:uuid:1-2>";expires=60',
      { uri: 'sip:a@x.invalid', expiresS: 60, flow: '"<urn:uuid:1-2>";reg-id=1' },
    ],
    ['<sip:a@h>;+sip.instance="<urn:uuid:1-2>"', { uri: 'sip:a@h' }],
    [`<sip:a@h>;reg-id=1;+sip.instance="<urn:${'a'.repeat(125)}>"`, { uri: 'sip:a@h' }],
    ['<sip:[2001:db8::1]:5060>', { uri: 'sip:[2001:db8::1]:5060' }],
    ['<sip:a@x.invalid;transport=ws>;expires=soon', { uri: 'sip:a@x.invalid;transport=ws' }],
  ])('reads %s', (text, contact) => {
    expect(parseContacts(text)).toEqual({ kind: 'list', contacts: [contact] });
  });

  it('reads a list', () => {
    expect(parseContacts('<sip:a,b@c>, sip:e@f')).toMatchObject({
      kind: 'list',
      contacts: [{ uri: 'sip:a,b@c' }, { uri: 'sip:e@f' }],
    });
  });

  it.each([
    'http://10.0.0.1',
    '<sip:a@b\r\nX: y>',
    '<sip:a b@c>',
    '<sip:a@b?Replaces=x>',
    '<>',
    `<sip:${'a'.repeat(600)}@b>`,
    Array.from({ length: 11 }, (_, n) => `<sip:${n}@h>`).join(','),
  ])('refuses %j', (text) => {
    expect(parseContacts(text)).toEqual({ kind: 'malformed' });
  });
});

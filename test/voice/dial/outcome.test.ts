import { describe, expect, it } from 'vitest';
import { deviceDestination, numberDestination } from '../../../src/voice/dial/destination.js';
import { failureOf, worstOf } from '../../../src/voice/dial/outcome.js';

describe('an INVITE that was not answered', () => {
  it.each([
    [486, 'busy'],
    [600, 'busy'],
    [603, 'rejected'],
    [403, 'rejected'],
    [488, 'rejected'],
    [302, 'rejected'],
    [408, 'no-answer'],
    [480, 'no-answer'],
    [487, 'no-answer'],
    [404, 'unreachable'],
    [500, 'unreachable'],
    [503, 'unreachable'],
    [undefined, 'unreachable'],
  ] as const)('with %s means %s', (status, reason) => {
    expect(failureOf(status).reason).toBe(reason);
  });

  it('ends the attempt for all devices only with 6xx', () => {
    expect([486, 603].map((status) => failureOf(status).final)).toEqual([false, true]);
  });

  it('of several devices: what a person did counts before what the network did', () => {
    const failures = [failureOf(503), failureOf(486), failureOf(408)];
    expect(worstOf(failures)).toMatchObject({ reason: 'busy', sipStatus: 486 });
    expect(worstOf([])).toMatchObject({ reason: 'not-registered' });
  });
});

describe('destination', () => {
  const registration = {
    device: 'ana-desk',
    contact: 'sip:ana-desk@192.168.1.5:5060',
    callId: '',
    cseq: 1,
    expiresAtMs: 0,
    userAgent: '',
  };

  it('of a device over UDP is where its registration came from', () => {
    const source = { address: '203.0.113.5', port: 41_000, transport: 'udp' };
    expect(deviceDestination({ ...registration, source })).toEqual({
      uri: 'sip:ana-desk@192.168.1.5:5060',
      nextHop: 'sip:203.0.113.5:41000',
      media: 'plain',
    });
    expect(deviceDestination({ ...registration, source: { ...source, address: '2001:db8::1' } }).nextHop).toBe(
      'sip:[2001:db8::1]:41000',
    );
  });

  it('of a device that wants SDES is the same, a browser takes nothing but WebRTC', () => {
    const source = { address: '203.0.113.5', port: 41_000, transport: 'tcp' };
    expect(deviceDestination({ ...registration, source }, 'sdes')).toMatchObject({ media: 'sdes' });
    expect(deviceDestination({ ...registration, source: { ...source, transport: 'udp' } }, 'sdes')).toMatchObject({
      nextHop: 'sip:203.0.113.5:41000',
      media: 'sdes',
    });
    const browser = { ...registration, source: { ...source, transport: 'wss' } };
    expect(deviceDestination(browser, 'sdes')).toMatchObject({ media: 'webrtc' });
  });

  it('of a device over TCP is its connection, which the SIP server knows by the contact', () => {
    const source = { address: '203.0.113.5', port: 41_000, transport: 'tcp' };
    expect(deviceDestination({ ...registration, source })).toEqual({
      uri: 'sip:ana-desk@192.168.1.5:5060',
      media: 'plain',
    });
  });

  it.each([
    ['sip:x7@3f2a.invalid;transport=ws', 'tcp'],
    ['sip:x7@3f2a.invalid', 'tcp'],
    ['sips:x7@192.168.1.5:5060;transport=WSS', 'tcp'],
    ['sip:x7@192.168.1.5:5060', 'wss'],
  ])('of a browser is its connection, and takes WebRTC: %s over %s', (contact, transport) => {
    const source = { address: '203.0.113.5', port: 41_000, transport };
    expect(deviceDestination({ ...registration, contact, source })).toEqual({ uri: contact, media: 'webrtc' });
  });

  it('of a number is the trunk; nothing but dialable characters goes out', () => {
    const trunk = {
      name: 't',
      peers: [],
      callerId: '',
      outbound: { host: '192.0.2.9', port: 5070, transport: 'tcp' },
    } as const;
    expect(numberDestination('+34 600\r\nX: y', trunk)).toEqual({
      uri: 'sip:+34600Xy@192.0.2.9:5070;transport=tcp',
      media: 'plain',
    });
    expect(numberDestination('+34600', { name: 't', peers: [], callerId: '' })).toBeUndefined();
    expect(numberDestination('\r\n', trunk)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { nearest, peerOfUri } from '../../../src/switch/sip/next-hop.js';

describe('peerOfUri', () => {
  it.each([
    ['sip:127.0.0.1', 'udp 127.0.0.1 5060'],
    ['sip:bob@127.0.0.1:5070;transport=TCP', 'tcp 127.0.0.1 5070'],
    ['sip:localhost:5070', 'udp 127.0.0.1 5070'],
    ['sip:[::1]', 'udp ::1 5060'],
    ['sips:bob@127.0.0.1', 'tls 127.0.0.1 5061'],
    ['sips:127.0.0.1;transport=tcp', 'tls 127.0.0.1 5061'],
    ['sips:127.0.0.1;transport=ws', 'wss 127.0.0.1 443'],
    ['sip:127.0.0.1;transport=ws', 'ws 127.0.0.1 80'],
    ['sip:bob@example.com;maddr=127.0.0.9', 'udp 127.0.0.9 5060'],
    ['sips:127.0.0.1;transport=udp', undefined],
    ['sip:127.0.0.1;transport=sctp', undefined],
    ['sip:127.0.0.1;transport=constructor', undefined],
    ['sip:example.com', undefined],
    ['sip:bob@xyz.invalid;transport=ws', undefined],
    ['tel:+49', undefined],
    ['nonsense', undefined],
  ])('%s: %s', (uri, expected) => {
    const peer = peerOfUri(uri);
    expect(peer && `${peer.transport} ${peer.address} ${peer.port}`).toBe(expected);
  });
});

describe('nearest', () => {
  const local = (address: string) => ({ listener: { transport: 'udp', address, port: 5060 } }) as const;
  const locals = ['10.0.0.1', '192.168.1.1', '192.168.2.1', '127.0.0.1', '::1'].map(local);

  it.each([
    ['127.0.0.200', '127.0.0.1'],
    ['192.168.2.77', '192.168.2.1'],
    ['192.168.1.77', '192.168.1.1'],
    ['11.0.0.1', '10.0.0.1'],
    ['::1', '::1'],
    ['2001:db8::1', '::1'],
  ])('to %s from %s', (destination, expected) => {
    expect(nearest(locals, destination)?.listener.address).toBe(expected);
  });

  it('is none of another family', () => {
    expect(nearest([local('10.0.0.1')], '::1')).toBeUndefined();
    expect(nearest([], '127.0.0.1')).toBeUndefined();
  });
});

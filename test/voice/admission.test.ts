import { describe, expect, it } from 'vitest';
import type { TrunkConfig } from '../../src/core/routing/centre.js';
import { admit, isPeer } from '../../src/voice/admission.js';

const trunk = (peers: readonly string[], name = 'lab'): TrunkConfig => ({ name, peers, callerId: '' });

describe('peers of a trunk', () => {
  it.each([
    [['127.0.0.1'], '127.0.0.1', true],
    [['127.0.0.1'], '127.0.0.2', false],
    [['10.1.0.0/16'], '10.1.255.255', true],
    [['10.1.0.0/16'], '10.2.0.0', false],
    [['192.0.2.0/25', '198.51.100.7'], '198.51.100.7', true],
    [['192.0.2.0/25'], '192.0.2.128', false],
    [['2001:db8::/32'], '2001:db8:1::1', true],
    [['2001:db8::/32'], '[2001:db8::1]', true],
    [['127.0.0.1'], '::ffff:127.0.0.1', true],
    [['0.0.0.0/0'], '203.0.113.1', true],
    [[], '127.0.0.1', false],
    [['peer.example'], 'peer.example', false],
    [['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/x', '10.0.0.0/8/8'], '10.0.0.1', false],
  ])('%j: %s is one: %s', (peers, address, expected) => {
    expect(isPeer(trunk(peers), address)).toBe(expected);
  });
});

describe('admission', () => {
  const base = {
    address: '192.0.2.1',
    userAgent: 'Grandstream',
    from: '5551234',
    trunks: [trunk(['192.0.2.0/24'], 'main')],
    registeredHere: (device: string) => device === 'ana-desk',
  };

  it('knows a trunk by its address', () => {
    expect(admit(base)).toEqual({ kind: 'trunk', trunk: 'main' });
  });

  it('takes a registered device for one even behind the address of a trunk', () => {
    expect(admit({ ...base, from: 'ana-desk' })).toEqual({ kind: 'device', device: 'ana-desk' });
  });

  it('refuses strangers, also those who give the name of a device', () => {
    const stranger = { ...base, address: '203.0.113.9', registeredHere: () => false };
    expect(admit(stranger)).toEqual({ kind: 'refused', reason: 'stranger' });
    expect(admit({ ...stranger, from: 'ana-desk' })).toEqual({ kind: 'refused', reason: 'stranger' });
  });

  it.each(['friendly-scanner', 'sipcli/v1.8', 'SIPVicious'])('refuses the scanner %s from anywhere', (userAgent) => {
    expect(admit({ ...base, userAgent })).toEqual({ kind: 'refused', reason: 'scanner' });
  });
});

// Hosts as centre.yaml lists them.
import { expect, test } from 'vitest';
import { webHostsSchema } from '../../../src/core/document/web-host.js';

const read = (...hosts: unknown[]) => webHostsSchema.safeParse(hosts);

test.each<[unknown, object]>([
  ['crm.example.com', { host: 'crm.example.com', port: 443, insecure: false, private: false }],
  ['CRM.Example.com:8443', { host: 'crm.example.com', port: 8443, insecure: false, private: false }],
  [
    { host: 'lab', insecure: true },
    { host: 'lab', port: 80, insecure: true, private: false },
  ],
  [
    { host: '10.1.2.3:81', private: true },
    { host: '10.1.2.3', port: 81, insecure: false, private: true },
  ],
  // Nobody listens between this machine and itself.
  [
    { host: '[::1]:9000', private: true },
    { host: '[::1]', port: 9000, insecure: true, private: true },
  ],
  [
    { host: '127.0.0.1:9000', private: true },
    { host: '127.0.0.1', port: 9000, insecure: true, private: true },
  ],
])('%j', (written, host) => {
  expect([...(read(written).data?.values() ?? [])]).toEqual([host]);
});

test.each([
  'https://crm.example.com',
  'crm.example.com/path',
  'a b',
  'user@host',
  '',
  '[::1',
  'host:99999',
  '*.example.com',
])('%j is no host', (host) => {
  expect(read(host).success).toBe(false);
});

test.each(['127.0.0.1', '8.8.8.8', '[::1]', '2130706433', '0x7f.1'])(
  '%s is an address: only with private: true',
  (host) => {
    expect(read(host).success).toBe(false);
    expect(read({ host, private: true }).success).toBe(true);
  },
);

test('keys are host and port', () => {
  expect([...(read('a.example.com', 'a.example.com:444').data?.keys() ?? [])]).toEqual([
    'a.example.com:443',
    'a.example.com:444',
  ]);
});

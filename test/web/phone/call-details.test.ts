// What the telephone in the browser reads of a call, and what it makes of numbers that people type.
import { expect, test } from 'vitest';
import { aboutIncoming, hostOf, targetOf } from '../../../src/web/phone/call-details.js';

function invite(headers: Readonly<Record<string, string>>) {
  return {
    from: { uri: { user: '+34600111222' }, display_name: '' },
    getHeader: (name: string): string | undefined => headers[name],
  };
}

test('a call tells whose it is, and what came with it', () => {
  const headers = {
    'X-Hilo-Reference': 'H-123',
    'X-Hilo-Interaction': 'i1',
    'X-Hilo-Queue': 'support',
    'X-Hilo-Note': 'wants an invoice',
    'X-Hilo-Transferred-By': 'bruno',
  };
  expect(aboutIncoming(invite(headers))).toEqual({
    ...{ direction: 'in', from: '+34600111222', fromName: '' },
    ...{ reference: 'H-123', interaction: 'i1', queue: 'support', note: 'wants an invoice', transferredBy: 'bruno' },
  });
});

test('what is not there is absent; the same call again is known', () => {
  expect(aboutIncoming(invite({}))).toEqual({ direction: 'in', from: '+34600111222', fromName: '' });
  expect(aboutIncoming(invite({ 'X-Hilo-Again': 'true' }))).toHaveProperty('again', true);
  expect(aboutIncoming(invite({ 'X-Hilo-Again': 'false' }))).not.toHaveProperty('again');
});

test.each([
  ['1000', 'sip:1000@hilo'],
  ['+34 600 11-12.22', 'sip:+34600111222@hilo'],
  ['(91) 123 45 67', 'sip:911234567@hilo'],
  ['*21#', 'sip:*21%23@hilo'],
  ['', undefined],
  ['ana', undefined],
  ['sip:1000@evil.example', undefined],
  ['1000;transport=udp', undefined],
  ['1'.repeat(33), undefined],
])('%s is dialled as %s', (typed, target) => {
  expect(targetOf(typed, 'hilo')).toBe(target);
});

test.each([
  ['sip:ana-web@127.0.0.1', '127.0.0.1'],
  ['sip:ana-web@hilo.example;x=y', 'hilo.example'],
])('the host of %s is %s', (uri, host) => {
  expect(hostOf(uri)).toBe(host);
});

import { describe, expect, it } from 'vitest';
import { parseAction } from '../../../src/switch/control/outbound/action.js';
import { parseAppUri, parseTarget } from '../../../src/switch/control/outbound/targets.js';
import { BadSetting, readSettings } from '../../../src/switch/settings.js';

describe('who is asked', () => {
  it.each([
    ['tcp://10.0.0.1:4000', { kind: 'application', host: '10.0.0.1', port: 4000, tls: false }],
    ['tls://app.example.org:4001', { kind: 'application', host: 'app.example.org', port: 4001, tls: true }],
    ['tcp://[::1]:4000', { kind: 'application', host: '::1', port: 4000, tls: false }],
    ['http://10.0.0.1:3000/route?key=1', { kind: 'directory', httpMethod: 'GET' }],
    ['POST https://web.example.org/route', { kind: 'directory', httpMethod: 'POST' }],
    ['tcp://10.0.0.1', undefined],
    ['udp://10.0.0.1:1', undefined],
    ['POST tcp://10.0.0.1:1', undefined],
    ['10.0.0.1:4000', undefined],
    ['', undefined],
  ])('%s', (text, target) => {
    if (target === undefined) expect(parseTarget(text)).toBeUndefined();
    else expect(parseTarget(text)).toMatchObject(target);
  });

  it.each([
    ['10.0.0.1:4000', { host: '10.0.0.1', port: 4000, tls: false }],
    ['sip:app:4000;transport=tls', { host: 'app', port: 4000, tls: true }],
    ['[::1]:4000;transport=tcp', { host: '::1', port: 4000, tls: false }],
    ['10.0.0.1', undefined],
    ['10.0.0.1:70000', undefined],
    ['10.0.0.1:4000;transport=udp', undefined],
  ])('an application at %s', (text, address) => {
    if (address === undefined) expect(parseAppUri(text)).toBeUndefined();
    else expect(parseAppUri(text)).toMatchObject(address);
  });

  it('is set for all methods, and for single ones', () => {
    const secrets = { DRACHTIO_SECRET: 'a', FREESWITCH_SECRET: 'b' };
    expect(readSettings(secrets).drachtio.outbound).toBeUndefined();
    const { outbound } = readSettings({
      ...secrets,
      DRACHTIO_OUTBOUND_URL: 'tcp://10.0.0.1:4000',
      DRACHTIO_OUTBOUND_URL_REGISTER: 'http://10.0.0.1/',
    }).drachtio;
    expect([...(outbound?.targets ?? [])].map(([method, { kind }]) => [method, kind])).toEqual([
      ['*', 'application'],
      ['REGISTER', 'directory'],
    ]);
    expect(() => readSettings({ ...secrets, DRACHTIO_OUTBOUND_URL: 'gopher://x' })).toThrow(BadSetting);
  });
});

describe('what is decided', () => {
  const proxied = { recordRoute: false, followRedirects: false, order: 'serial', provisionalMs: undefined };
  it.each([
    [
      { action: 'reject', data: { status: 503, reason: 'Full' } },
      { kind: 'reject', status: 503, reason: 'Full' },
    ],
    [
      { action: 'reject', data: { status: 404 } },
      { kind: 'reject', status: 404, reason: undefined },
    ],
    [{ action: 'reject', data: { status: 200 } }, undefined],
    [{ action: 'reject', data: { status: '503' } }, undefined],
    [
      { action: 'redirect', data: { contact: '<sip:b@c>' } },
      { kind: 'redirect', contacts: ['<sip:b@c>'] },
    ],
    [{ action: 'redirect', data: { contact: ['sip:a@b', 'sip:c@d'] } }, { contacts: ['sip:a@b', 'sip:c@d'] }],
    [{ action: 'redirect', data: { contact: '<sip:b@c>\r\nX: y' } }, undefined],
    [{ action: 'redirect', data: {} }, undefined],
    [{ action: 'proxy', data: { destination: '10.0.0.1' } }, { proxy: { ...proxied, targets: ['sip:10.0.0.1'] } }],
    [
      { action: 'proxy', data: { destination: ['sip:a', 'sip:b'], simultaneous: true, finalTimeout: '20s' } },
      { proxy: { order: 'simultaneous', finalMs: 20_000, targets: ['sip:a', 'sip:b'] } },
    ],
    [{ action: 'proxy', data: { destination: 'sip:a', finalTimeout: 'soon' } }, undefined],
    [{ action: 'proxy', data: { destination: [] } }, undefined],
    [
      { action: 'route', data: { uri: '10.0.0.1:4000;transport=tcp' } },
      { kind: 'dial', application: { port: 4000 } },
    ],
    [
      { action: 'route', data: { tag: 'north' } },
      { kind: 'tag', tag: 'north' },
    ],
    [{ action: 'route', data: { uri: 'nowhere' } }, undefined],
    [{ action: 'dance', data: {} }, undefined],
    [{ action: 'reject' }, undefined],
    [[], undefined],
    [null, undefined],
  ])('%j', (json, action) => {
    const parsed = parseAction(JSON.stringify(json));
    if (action === undefined) expect(parsed).toBeUndefined();
    else expect(parsed).toMatchObject(action);
  });

  it('is nothing when it is no JSON', () => expect(parseAction('<html>')).toBeUndefined());
});

import { expect, test } from 'vitest';
import { InvalidConfig, readConfig } from '../src/config.js';

test('what only the embedded switch reads is handed on to it as it is', () => {
  const given = { HILO_WSS_PORT: 'off', HILO_TLS_CERT: '/etc/cert.pem', HILO_SIP_RATE: '', OTHER: 'x' };
  expect(readConfig(given).switchSettings).toEqual({ HILO_WSS_PORT: 'off', HILO_TLS_CERT: '/etc/cert.pem' });
  expect(readConfig({}).switchSettings).toEqual({});
});

test('every variable that is wrong is named', () => {
  const wrong = (): unknown => readConfig({ HILO_SIP_PORT: '70000', HILO_LOG_LEVEL: 'loud' });
  expect(wrong).toThrow(InvalidConfig);
  expect(wrong).toThrow(/HILO_SIP_PORT[\s\S]*HILO_LOG_LEVEL|HILO_LOG_LEVEL[\s\S]*HILO_SIP_PORT/);
});

test('secrets of flows are known by their own name, and may stand in a header', () => {
  const given = { HILO_SECRET_CRM_TOKEN: 'abc.DEF-123', HILO_SECRET_: 'x', HILO_SECRET_lower: 'x', OTHER: 'x' };
  expect([...readConfig(given).secrets]).toEqual([['CRM_TOKEN', 'abc.DEF-123']]);
  const broken = (): unknown => readConfig({ HILO_SECRET_CRM: 'a\r\nb: c' });
  expect(broken).toThrow(/^HILO_SECRET_CRM: a secret is plain text without spaces$/);
});

test('proxies are addresses, or ranges of them; none is trusted by default', () => {
  const trusted = (given: string) => readConfig({ HILO_TRUSTED_PROXIES: given }).http.trustedProxies;
  expect(trusted('10.0.0.5, 10.1.0.0/16,::1')).toEqual(['10.0.0.5', '10.1.0.0/16', '::1']);
  expect(readConfig({}).http).not.toHaveProperty('trustedProxies');
  expect(() => trusted('proxy.example')).toThrow(/HILO_TRUSTED_PROXIES/);
});

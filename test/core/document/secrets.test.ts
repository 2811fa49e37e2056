import { describe, expect, test } from 'vitest';
import { findSecrets } from '../../../src/core/document/secrets.js';

const found = (text: string) => findSecrets({ file: 'a.yaml', text, revision: '' });

describe('a secret in a text is found', () => {
  test.each([
    'password: hunter2',
    "'db-password': 'hunter2'",
    'api_key: 12345678',
    'client-secret: abcdef',
    'contraseña: hola1234',
    'url: postgres://hilo:geheim@db.example.com/hilo',
    'url: https://example.com/x?token=abcdef123456',
    'authorization: Basic aGlsbzpnZWhlaW0=',
    '# Bearer 9c1185a5c5e9fc54',
    'key: ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    'key: AKIAIOSFODNN7EXAMPLE',
    'key: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c',
    'url: https://example.com/hooks/q7Zp0LxV2mNs81TbYw4KdRf3',
    'note: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    '-----BEGIN RSA PRIVATE KEY-----',
  ])('%s', (text) => {
    const issues = found(`one: 1\n${text}`);
    expect(issues).toEqual([expect.objectContaining({ severity: 'error', line: 2 })]);
    expect(issues[0]?.message).toMatch(/^this looks like a (password|key|token|private key)/);
  });
});

describe('what is none is let alone', () => {
  test.each([
    'x-api-key: { secret: CRM_TOKEN }',
    'pin: { type: secret }',
    'say: { es: Diga su contraseña: la de siempre, en: Say your password }',
    "password: ''",
    'url: https://crm.example.com:8443/customers/{{ call.from }}',
    'text: Un mensaje muy largo con palabras como electroencefalografista y otorrinolaringología.',
    'next: a-step-with-a-very-long-name-of-its-own',
    'file: welcome-to-our-company-2026-summer-edition',
    'author: Basic knowledge is enough',
    '# yaml-language-server: $schema=https://raw.githubusercontent.com/SantaMaria2/Telefonia2026/main/flow.schema.json',
    'url: https://agenda.example.com/api/v2/Pacientes/ByPhone/ProximaCita',
    'take: { name: /Customers/ByPhone2/LastVisit/Name }',
    'note: see CustomerLookupServiceVersion2 in the handbook',
  ])('%s', (text) => {
    expect(found(text)).toEqual([]);
  });
});

// Which passwords are taken.
import { expect, test } from 'vitest';
import { PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, passwordFault } from '../../src/lib/password-rules.js';

test.each([
  ['correct horse battery staple', undefined],
  ['a password for tests', undefined],
  ['ñandú-ñandú', undefined],
  ['short-one', 'too-short'],
  ['x'.repeat(PASSWORD_CHARS_MAX + 1), 'too-long'],
  ['aaaaaaaaaaaaaaaa', 'too-simple'],
  ['ababababababab', 'too-simple'],
  ['Password123', 'too-simple'],
  ['1234567890', 'too-simple'],
  ['Contraseña1', 'too-simple'],
  ['antonio-lopez-1', 'has-the-name'],
] as const)('%s: %s', (password, fault) => {
  expect(passwordFault(password, 'antonio-lopez')).toBe(fault);
});

test('the shortest that is taken has ten characters, whatever they are written with', () => {
  const signs = [...'🦊🐙🦉🐝🌿🔑🎈🧭🎻🪁'];
  expect(signs).toHaveLength(PASSWORD_CHARS_MIN);
  expect(passwordFault(signs.join(''), 'ana')).toBeUndefined();
  expect(passwordFault(signs.slice(1).join(''), 'ana')).toBe('too-short');
});

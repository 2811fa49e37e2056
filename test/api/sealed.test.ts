// Secrets as they lie in the database: only the key that sealed them opens them, and only for whose they are.
import { expect, test } from 'vitest';
import { seal, unseal } from '../../src/api/account/sealed.js';

test('comes back with the key it was sealed with, and lies there in other words each time', () => {
  const [one, two] = [seal('GEZDGNBV', 'ana', 'key'), seal('GEZDGNBV', 'ana', 'key')];
  expect(one).not.toContain('GEZDGNBV');
  expect(one).not.toBe(two);
  expect([unseal(one, 'ana', 'key'), unseal(two, 'ana', 'key')]).toEqual(['GEZDGNBV', 'GEZDGNBV']);
});

test('opens with no other key, for nobody else, and not when a bit of it is another', () => {
  const sealed = seal('GEZDGNBV', 'ana', 'key');
  const last = sealed.at(-3) === 'A' ? 'B' : 'A';
  const damaged = `${sealed.slice(0, -3)}${last}${sealed.slice(-2)}`;
  expect(unseal(sealed, 'ana', 'another key')).toBeUndefined();
  expect(unseal(sealed, 'bruno', 'key')).toBeUndefined();
  expect(unseal(damaged, 'ana', 'key')).toBeUndefined();
  expect(unseal('v1.short', 'ana', 'key')).toBeUndefined();
});

test('what was written before there was a seal is still read', () => {
  expect(unseal('GEZDGNBV', 'ana', 'key')).toBe('GEZDGNBV');
});

import { expect, test } from 'vitest';
import { adviseName, nearest } from '../../../src/core/document/spelling.js';

test.each<[string, string | undefined, string]>([
  ['promt', 'prompt', 'a letter left out'],
  ['proompt', 'prompt', 'one too many'],
  ['prampt', 'prompt', 'a wrong one'],
  ['pormpt', 'prompt', 'two swapped'],
  ['PROMPT', 'prompt', 'capitals'],
  ['suport', 'support', 'among others'],
  ['sya', 'say', 'a short word'],
  ['xyz', undefined, 'nothing like it'],
  ['supermarket', undefined, 'only the beginning is alike'],
  ['', undefined, 'nothing at all'],
])('%j → %s (%s)', (typed, meant) => {
  expect(nearest(typed, ['say', 'support', 'prompt'])).toBe(meant);
});

test('advice is the likely name, or the list, or that there are none', () => {
  expect(adviseName('anna', ['ana', 'bruno'])).toBe("did you mean 'ana'?");
  expect(adviseName('zoe', ['ana', 'bruno'])).toBe('known: ana, bruno');
  expect(adviseName('zoe', [])).toBe('there are none yet');
  const many = Array.from({ length: 30 }, (_, index) => `agent${index}`);
  expect(adviseName('zoe', many)).toMatch(/agent19 …$/);
});

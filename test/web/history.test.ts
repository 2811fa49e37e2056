// What the pages of the history make of what is typed and of what they are told.
import { describe, expect, test } from 'vitest';
import { questionOf } from '../../src/web/history/queries.js';
import { searchOf } from '../../src/web/history/search-of.js';
import { barsOf } from '../../src/web/history/wave-picture.js';

describe('what is typed', () => {
  test.each([
    ['H-7K3Q-X2PD', 'reference=H-7K3Q-X2PD'],
    [' h7k3qx2pd ', 'reference=h7k3qx2pd'],
    ['7k3q x2pd', 'reference=7k3q+x2pd'],
    ['+34600123456', 'contact=%2B34600123456'],
    ['600 123 123', 'contact=600+123+123'],
    ['22334455', 'contact=22334455'], // Digits alone are a number.
    ['', ''],
  ])('%j asks for %s', (text, question) => {
    expect(questionOf({ text }, '').toString()).toBe(question);
  });

  test('all questions at once, and the next page', () => {
    const search = { channel: 'sms', state: 'idle', from: '2026-01-05', to: '2026-01-06' };
    expect(Object.fromEntries(questionOf(search, 'mark'))).toEqual({ ...search, after: 'mark' });
  });
});

test('an address that somebody wrote by hand is taken as far as it is one of ours', () => {
  expect(searchOf({ text: 600123123, state: ' idle ', channel: '', from: ['x'], colour: 'red' })).toEqual({
    text: '600123123',
    state: 'idle',
  });
});

test('bars stand in their places, and silence is a line', () => {
  expect(barsOf([0, 100], 0, 2)).toBe('M150.0 31.0v2.0M450.0 0.0v64.0');
  expect(barsOf([0, 100], 1, 2)).toBe('M450.0 0.0v64.0');
  expect(barsOf([], 0, 0)).toBe('');
});

// The examples of RFC 6901 §5, and what may not be reached.
import { expect, test } from 'vitest';
import { jsonPointer, valueAt } from '../../../../src/core/ivr/outside/json-pointer.js';

const DOCUMENT: unknown = JSON.parse(`{
  "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\\\j": 5, "k\\"l": 6, " ": 7, "m~n": 8
}`);

test.each([
  ['/foo', ['bar', 'baz']],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/c%d', 2],
  ['/e^f', 3],
  ['/g|h', 4],
  ['/i\\j', 5],
  ['/k"l', 6],
  ['/ ', 7],
  ['/m~0n', 8],
])('RFC 6901 §5: %s', (pointer, value) => {
  expect(valueAt(DOCUMENT, pointer)).toEqual(value);
});

test('the empty pointer is the whole document', () => {
  expect(valueAt(DOCUMENT, '')).toBe(DOCUMENT);
});

test.each(['/foo/2', '/foo/-', '/foo/00', '/foo/length', '/toString', '/__proto__', '/foo/0/x', '/none'])(
  'nothing is at %s',
  (pointer) => {
    expect(valueAt(DOCUMENT, pointer)).toBeUndefined();
  },
);

test.each(['foo', '/a~', '/a~2b'])('%s is no pointer', (pointer) => {
  expect(jsonPointer.safeParse(pointer).success).toBe(false);
});

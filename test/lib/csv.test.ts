// Tables for spreadsheets.
import { expect, test } from 'vitest';
import { csvText } from '../../src/lib/csv.js';

test.each([
  ['plain', 'plain'],
  ['', ''],
  [7, '7'],
  [-7, '-7'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['+34600123123', "'+34600123123"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['=cmd|"/c calc",A1', `"'=cmd|""/c calc"",A1"`],
  ['\t=1', "'\t=1"],
])('%j is written as %j', (value, written) => {
  expect(csvText([[value]])).toBe(`${written}\r\n`);
});

test('rows end with CRLF, cells are parted by commas', () => {
  expect(csvText([['a', 1], ['b', 2]])).toBe('a,1\r\nb,2\r\n'); // biome-ignore format: as it is read
});

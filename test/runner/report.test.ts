// What `npm test` makes of the reports of vitest: its last line, what failed, and what Hilo said meanwhile.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

interface Failure {
  readonly file: string;
  readonly tests: readonly { readonly fullName: string; readonly why: string }[];
  readonly fromMs: number;
  readonly toMs: number;
}

const isFunction = (value: unknown): boolean => typeof value === 'function';
const module = z.object({
  countsOf: z.custom<(report: object | undefined, exitCode: number) => object>(isFunction),
  failuresOf: z.custom<(report: object | undefined, root: string) => Failure[]>(isFunction),
  notesOf: z.custom<(text: string) => object>(isFunction),
  linesBetween: z.custom<(log: string, fromMs: number, toMs: number) => string[]>(isFunction),
});
const { countsOf, failuresOf, linesBetween, notesOf } = module.parse(
  await import(pathToFileURL(join(import.meta.dirname, '../../scripts/test-report.mjs')).href),
);

const test = (fullName: string, status: string, ...failureMessages: readonly string[]) => ({
  ...{ fullName, status, failureMessages },
});
const file = (
  name: string,
  status: string,
  assertionResults: readonly object[],
  startTime = 1_000,
  endTime = 2_000,
) => ({
  ...{ name: `/repo/test/${name}`, status, assertionResults, startTime, endTime },
});
const report = (numPassedTests: number, numFailedTests: number, ...testResults: readonly object[]) => ({
  ...{ numPassedTests, numFailedTests, testResults },
});

describe('the last line', () => {
  const good = file('a.test.ts', 'passed', [test('a', 'passed')]);
  const bad = file('b.test.ts', 'failed', [test('b', 'failed'), test('c', 'passed')]);
  const broken = file('c.test.ts', 'failed', [test('d', 'skipped')]);
  it.each([
    ['all is well', report(1, 0, good), 0, { passed: 1, failed: 0 }],
    ['a test fails', report(2, 1, good, bad), 1, { passed: 2, failed: 1 }],
    [
      'a file cannot be loaded, or what comes before its tests fails',
      report(1, 0, good, broken),
      1,
      { passed: 1, failed: 1 },
    ],
    ['only the exit code says so', report(1, 0, good), 1, { passed: 1, failed: 1 }],
    ['it died before it could report', undefined, 1, { passed: 0, failed: 1 }],
  ])('%s', (_, one, exitCode, counts) => {
    expect(countsOf(one, exitCode)).toEqual(counts);
  });
});

it('names what failed and why, with its file and its time', () => {
  const long = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n');
  const bad = file('b.test.ts', 'failed', [test('one fails', 'failed', long), test('one does not', 'passed')]);
  expect(failuresOf(report(1, 1, file('a.test.ts', 'passed', []), bad), '/repo')).toEqual([
    {
      file: 'test/b.test.ts',
      tests: [{ fullName: 'one fails', why: long.split('\n').slice(0, 12).join('\n') }],
      fromMs: 1_000,
      toMs: 2_000,
    },
  ]);
  expect(failuresOf(undefined, '/repo')).toEqual([]);
});

it('tells what went wrong outside of tests from what passed only when tried again', () => {
  const lines = [
    { kind: 'again', text: 'one' },
    { kind: 'outside', text: 'two' },
  ].map((note) => `${JSON.stringify(note)}\n`);
  expect(notesOf(lines.join(''))).toEqual({ outside: ['two'], again: ['one'] });
  expect(notesOf('')).toEqual({ outside: [], again: [] });
});

it('keeps what Hilo said while the file ran; all of it where nobody knows when that was', () => {
  const log = [
    '{"time":999,"msg":"before"}',
    '{"time":1000,"msg":"in it"}',
    'a stack',
    '{"time":2001,"msg":"after"}',
    '',
  ];
  expect(linesBetween(log.join('\n'), 1_000, 2_000)).toEqual([log[1], log[2]]);
  const [failure] = failuresOf(report(0, 0, file('c.test.ts', 'failed', [], 5_000, 5_000)), '/repo');
  expect(linesBetween(log.join('\n'), failure?.fromMs ?? -1, failure?.toMs ?? -1)).toEqual(log.slice(0, 4));
});

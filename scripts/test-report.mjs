// What a report of vitest says: how many passed, and what failed; and what Hilo said while a file failed.
import { relative } from 'node:path';

/**
 * @param report as the json reporter of vitest writes it; undefined when there is none
 * A file that cannot be loaded, or an error outside of any test, counts as one failure.
 */
export function countsOf(report, exitCode) {
  if (report === undefined) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, testResults } = report;
  const brokenFiles = testResults.filter((file) => file.status === 'failed' && failedTests(file).length === 0).length;
  const failed = numFailedTests + brokenFiles;
  return { passed: numPassedTests, failed: failed === 0 && exitCode !== 0 && numPassedTests > 0 ? 1 : failed };
}

/** Of what a test says when it fails: enough to see where to look. */
const LINES_MAX = 12;

/** @returns for each file that failed: its path below `root`, its failed tests and why, and when it ran (Unix ms) */
export function failuresOf(report, root) {
  return (report?.testResults ?? [])
    .filter(({ status }) => status === 'failed')
    .map((file) => ({
      file: relative(root, file.name),
      tests: failedTests(file).map(({ fullName, failureMessages }) => ({ fullName, why: firstLines(failureMessages) })),
      // When no test was begun, because what comes before all of them failed, the report does not say when that was.
      fromMs: file.endTime > file.startTime ? file.startTime : 0,
      toMs: file.endTime > file.startTime ? file.endTime : Number.POSITIVE_INFINITY,
    }));
}

/** @param text lines of `{ kind, text }` (scripts/test-notes.mjs) @returns the texts of each kind */
export function notesOf(text) {
  const notes = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  const [outside, again] = ['outside', 'again'].map((kind) => notes.filter((one) => one.kind === kind));
  return { outside: outside.map((one) => one.text), again: again.map((one) => one.text) };
}

/** Of a log in lines of JSON, what was said from one moment to another; lines without a time are kept. */
export function linesBetween(log, fromMs, toMs) {
  return log.split('\n').filter((line) => {
    const [, time] = /"time":(\d+)/.exec(line) ?? [];
    return line !== '' && (time === undefined || (Number(time) >= fromMs && Number(time) <= toMs));
  });
}

function failedTests({ assertionResults }) {
  return assertionResults.filter(({ status }) => status === 'failed');
}

function firstLines(messages) {
  return messages.join('\n').split('\n').slice(0, LINES_MAX).join('\n');
}

// What the tests of some flows say of a text before it comes into force: mistakes and failures, each at its place.
import { compareIssues, type Issue, type SourceFile } from '../document/issue.js';
import type { FlowCatalogue } from '../ivr/session.js';
import type { Centre } from '../routing/centre.js';
import type { Played } from './play.js';
import { playSuite } from './suite.js';
import { compileTests } from './test-file.js';

/** The centre and all flows as they would be in force. */
export interface TestedTexts {
  readonly centre: Centre;
  readonly catalogue: FlowCatalogue;
}

export interface TestVerdict {
  readonly passed: number;
  readonly failed: number;
  /** An error for every case that fails and every mistake in a test; none: all is as the tests say. */
  readonly issues: readonly Issue[];
}

/** `tests`: texts of `<flow>.test.yaml` files. Takes milliseconds; throws nothing. */
export function runFlowTests({ centre, catalogue }: TestedTexts, tests: readonly SourceFile[]): TestVerdict {
  const compiled = tests.map((source) => ({
    file: source.file,
    tests: compileTests(source, { centre, flows: catalogue.flows }),
  }));
  const good = compiled.flatMap(({ file, tests: one }) => (one.ok ? [{ file, cases: one.value }] : []));
  const { files, passed, failed } = playSuite(catalogue, centre.timeZone, good);
  const mistakes = compiled.flatMap(({ tests: one }) => (one.ok ? [] : one.issues));
  const failures = files.flatMap(({ file, cases }) => cases.flatMap((played) => failureOf(file, played)));
  return { passed, failed, issues: [...mistakes, ...failures].toSorted(compareIssues) };
}

function failureOf(file: string, { name, failure }: Played): Issue[] {
  if (failure === undefined) return [];
  const { line, column, expected, instead } = failure;
  const message = `the test '${name}' fails; expected ${expected}; instead ${instead.join('; ')}`;
  const advice = 'npm run flow test tells the call until then';
  return [{ severity: 'error', file, line, column, message, advice }];
}

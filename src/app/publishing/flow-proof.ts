// What the tests beside the flows say of a text before it comes into force.
import type { Issue, SourceFile } from '../../core/document/issue.js';
import { playCase } from '../../core/flow-test/play.js';
import { compileTests } from '../../core/flow-test/test-file.js';
import type { FlowCatalogue } from '../../core/ivr/session.js';
import type { Centre } from '../../core/routing/centre.js';
import type { FlowFiles } from '../texts.js';

/** More failing cases than anybody reads at once. */
export const MAX_TOLD = 20;
const ADVICE = 'mend the flow or its test';

/** Texts that belong together: those in force, or those that would be. */
export interface PlayedTexts {
  readonly centre: Centre;
  readonly catalogue: FlowCatalogue;
}

interface Failing {
  /** Of the case; of tests that cannot be read, what is wrong with them. */
  readonly name: string;
  readonly issue: Issue;
}

/**
 * Failing cases of the flow that changes, and those of other flows that pass with the texts in force: nobody has to mend
 * what somebody else left broken. `changed`: a flow, or `centre`.
 */
export async function brokenCases(
  files: Pick<FlowFiles, 'readTests'>,
  changed: string,
  { draft, inForce }: { readonly draft: PlayedTexts; readonly inForce: PlayedTexts },
): Promise<readonly Issue[]> {
  const broken: Issue[] = [];
  for (const flow of draft.catalogue.flows.keys()) {
    const tests = await files.readTests(flow);
    if (tests === undefined) continue;
    const failing = failingOf(tests, draft);
    if (failing.length === 0) continue;
    const known = new Set(flow === changed ? [] : failingOf(tests, inForce).map(({ name }) => name));
    broken.push(...failing.filter(({ name }) => !known.has(name)).map(({ issue }) => issue));
    if (broken.length >= MAX_TOLD) break;
  }
  return broken.slice(0, MAX_TOLD);
}

/** Of tests that cannot be read beside these texts. */
export function mistakesIn(tests: SourceFile, { centre, catalogue }: PlayedTexts): readonly Issue[] {
  const compiled = compileTests(tests, { centre, flows: catalogue.flows });
  return compiled.ok ? [] : compiled.issues;
}

function failingOf(tests: SourceFile, { centre, catalogue }: PlayedTexts): readonly Failing[] {
  const compiled = compileTests(tests, { centre, flows: catalogue.flows });
  if (!compiled.ok) return compiled.issues.map((issue) => ({ name: issue.message, issue }));
  return compiled.value.flatMap((one): Failing[] => {
    const { failure } = playCase(catalogue, centre.timeZone, one);
    if (failure === undefined) return [];
    const { line, column, expected, instead } = failure;
    const message = `case '${one.name}': expected ${expected}; instead: ${instead.join(' · ') || 'nothing'}`;
    return [{ name: one.name, issue: { severity: 'error', file: tests.file, line, column, message, advice: ADVICE } }];
  });
}

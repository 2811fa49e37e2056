// Where a flow is named in the other texts: found by looking which texts would miss it, so that nothing that names it is forgotten.
import type { Issue, SourceFile } from '../document/issue.js';
import { withValue } from '../document/yaml-edit.js';
import { type Path, readYaml } from '../document/yaml-text.js';
import { draftFlows } from '../ivr/compile.js';
import { compileCentre } from '../routing/compile-centre.js';
import { namesInCentre } from '../routing/keys/names-in-centre.js';

export interface Reference {
  readonly file: string;
  /** From 1: where its name stands. */
  readonly line: number;
  readonly column: number;
}

/** The texts of the centre, and the tests beside the flows. */
export interface CentreTexts {
  readonly sources: readonly SourceFile[];
  readonly tests: readonly SourceFile[];
}

const CENTRE_FILE = 'centre.yaml';

/** In texts that are good with the flow. Its own tests are part of it. */
export function referencesTo(flow: string, { sources, tests }: CentreTexts): readonly Reference[] {
  const others = sources.filter(({ file }) => file !== fileOf(flow));
  const toldOf = (issue: Issue): string => `${keyOf(issue)} ${issue.message}`;
  const known = new Set(issuesOf(sources).map(toldOf));
  const missed = issuesOf(others).filter((issue) => !known.has(toldOf(issue)));
  const named = missed.flatMap((issue) => namedAt(flow, others, issue));
  const tested = tests.filter(({ file }) => file !== testsOf(flow)).flatMap((test) => testReferences(flow, test));
  return [...new Map([...named, ...tested].map((one) => [keyOf(one), one])).values()];
}

/** Files with their new texts; undefined: gone. The texts have to be good. */
export function renamed(
  { from, to }: { readonly from: string; readonly to: string },
  { sources, tests }: CentreTexts,
): ReadonlyMap<string, string | undefined> {
  const moved = [...sources, ...tests].map((source) => ({ ...source, file: movedName(source.file, from, to) }));
  const own = (file: string) => moved.find((source) => source.file === file);
  const flow = own(fileOf(to));
  if (flow === undefined) return new Map();
  const texts = new Map([[flow.file, withValue(flow.text, ['name'], to)]]);
  const after = {
    sources: moved.filter(({ file }) => !file.endsWith('.test.yaml')),
    tests: moved.filter(({ file }) => file.endsWith('.test.yaml')),
  };
  const references = [
    ...referencesTo(from, {
      sources: [...after.sources, ...sources.filter(({ file }) => file === fileOf(from))],
      tests: [],
    }),
    ...after.tests.flatMap((test) => testReferences(from, test)),
  ];
  // From the end, so that places before stay what they are.
  for (const { file, line, column } of references.toSorted((a, b) => b.line - a.line || b.column - a.column)) {
    const text = texts.get(file) ?? own(file)?.text;
    if (text !== undefined) texts.set(file, replacedAt(text, { line, column }, from, to));
  }
  const ownTests = own(testsOf(to));
  if (ownTests !== undefined && !texts.has(ownTests.file)) texts.set(ownTests.file, ownTests.text);
  const gone = [fileOf(from), ...(ownTests === undefined ? [] : [testsOf(from)])];
  return new Map<string, string | undefined>([...texts, ...gone.map((file) => [file, undefined] as const)]);
}

/** Everything that is wrong in texts that belong together. */
export function issuesOf(sources: readonly SourceFile[]): readonly Issue[] {
  const centre = sources.find(({ file }) => file === CENTRE_FILE);
  if (centre === undefined) return [];
  const flows = sources.filter((source) => source !== centre);
  const names = new Set(flows.map(({ file }) => file.replace(/\.yaml$/, '')));
  const compiled = compileCentre(centre, { flows: names });
  const ofCentre = compiled.ok ? compiled.warnings : compiled.issues;
  return [...ofCentre, ...draftFlows(flows, namesInCentre(centre)).issues];
}

/** Where an issue is about that very word. */
export function namedAt(
  name: string,
  sources: readonly SourceFile[],
  { file, line, column }: Pick<Issue, 'file' | 'line' | 'column'>,
): Reference[] {
  const text = sources.find((source) => source.file === file)?.text.split('\n')[line - 1] ?? '';
  const at = /["']/.test(text.charAt(column - 1)) ? column + 1 : column;
  const word = /^[\w-]*/.exec(text.slice(at - 1))?.[0];
  return word === name ? [{ file, line, column: at }] : [];
}

/** `flow:` of all cases, and of each. */
function testReferences(flow: string, test: SourceFile): Reference[] {
  const yaml = readYaml(test);
  const { flow: ofAll, cases } = recordOf(yaml.value);
  const own = Array.isArray(cases) ? cases.map((one: unknown) => recordOf(one)['flow']) : [];
  const paths: Path[] = [
    ...(ofAll === flow ? [['flow']] : []),
    ...own.flatMap((named, index) => (named === flow ? [['cases', index, 'flow']] : [])),
  ];
  const asIssue = (path: Path): Issue => ({
    ...{ severity: 'error', file: test.file, message: '', advice: '' },
    ...yaml.placeOf(path),
  });
  return paths.flatMap((path) => namedAt(flow, [test], asIssue(path)));
}

export function replacedAt(text: string, { line, column }: Omit<Reference, 'file'>, from: string, to: string): string {
  const lines = text.split('\n');
  const row = lines[line - 1] ?? '';
  lines[line - 1] = row.slice(0, column - 1) + to + row.slice(column - 1 + from.length);
  return lines.join('\n');
}

function movedName(file: string, from: string, to: string): string {
  if (file === fileOf(from)) return fileOf(to);
  return file === testsOf(from) ? testsOf(to) : file;
}

function fileOf(flow: string): string {
  return `${flow}.yaml`;
}

function testsOf(flow: string): string {
  return `${flow}.test.yaml`;
}

function keyOf({ file, line, column }: Reference): string {
  return `${file}:${line}:${column}`;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

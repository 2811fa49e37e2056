// `npm run flow test`: plays the tests beside the flows and tells which ways out of their steps they took.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatIssue, type Issue, isError, type SourceFile } from '../core/document/issue.js';
import type { FlowCoverage } from '../core/flow-test/coverage.js';
import type { Played } from '../core/flow-test/play.js';
import { percentOf, playSuite, type SuiteFile, type SuiteResult } from '../core/flow-test/suite.js';
import { compileTests, TEST_FILE } from '../core/flow-test/test-file.js';
import { folderOf, type Loaded, loadFolder } from './load.js';
import { print } from './print.js';
import { playOverSip, type SipOptions, type SipResult } from './sip/run.js';

const DEFAULT_FOLDER = 'ivr-flows';

/** Exit code: 1 when a case fails, a text has mistakes or too little is covered; else 0. */
export async function test(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      'min-coverage': { type: 'string', default: '0' },
      sip: { type: 'string' },
      http: { type: 'string', default: 'http://127.0.0.1:8080' },
      data: { type: 'string', default: 'data' },
      agents: { type: 'string', default: '' },
    },
  });
  const least = Number(values['min-coverage']);
  if (!(least >= 0 && least <= 100)) throw new Error('--min-coverage is a percentage, 0 to 100');
  const path = positionals[0] ?? DEFAULT_FOLDER;
  const suite = openSuite(path);
  if (!suite.ok) {
    if (values.json) print(JSON.stringify({ ok: false, issues: suite.issues }, null, 2));
    else for (const issue of suite.issues) print(formatIssue(issue));
    return 1;
  }
  const { loaded, files } = suite;
  const begun = performance.now();
  const result = playSuite(
    loaded.catalogue,
    loaded.centre.timeZone,
    files,
    // Of a whole folder also the flows that nobody has written a test for.
    folderOf(path) === path ? 'all' : 'walked',
  );
  const tookMs = performance.now() - begun;
  const percent = percentOf(result.coverage);
  const ok = result.failed === 0 && percent >= least;
  if (values.sip !== undefined && result.failed === 0) {
    const agents = values.agents.split(',').filter((device) => device !== '');
    const options = { target: values.sip, http: values.http, dataFolder: values.data, agents };
    const same = await testOverSip(loaded, files, options, values.json);
    return same && ok ? 0 : 1;
  }
  if (values.json) print(JSON.stringify({ ok, percent, ...result }, null, 2));
  else tell(result, { percent, least, tookMs });
  return ok ? 0 : 1;
}

/** True: everything that could be played went as on the core. */
async function testOverSip(
  loaded: Loaded,
  files: readonly SuiteFile[],
  options: SipOptions,
  json: boolean,
): Promise<boolean> {
  const results = await playOverSip(loaded, files, options, (result) => {
    if (!json) for (const line of sipLines(result)) print(line);
  });
  const count = (kind: SipResult['outcome']['kind']) => results.filter(({ outcome }) => outcome.kind === kind).length;
  const [same, different, left] = [count('same'), count('different'), count('not-playable')];
  if (json) print(JSON.stringify({ ok: different === 0, same, different, notPlayable: left, results }, null, 2));
  else print(`${same} the same over SIP, ${different} different, ${left} not playable there`);
  return different === 0;
}

function sipLines({ file, name, place, outcome }: SipResult): string[] {
  switch (outcome.kind) {
    case 'same':
      return [`  ✓ ${name}`];
    case 'not-playable':
      return [`  – ${name}: not playable over SIP: ${outcome.reason}`];
    case 'different':
      return [
        `  ✗ ${name}`,
        `      ${file}:${place.line}:${place.column}`,
        `      - ${outcome.expected}`,
        ...outcome.instead.map((one) => `      + ${one}`),
      ];
  }
}

export type Suite =
  | { readonly ok: true; readonly loaded: Loaded; readonly files: readonly SuiteFile[] }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** The tests of a folder or of one file, with the flows beside them. Throws when there are none. */
export function openSuite(path: string): Suite {
  const folder = folderOf(path);
  const paths = folder === path ? testFilesIn(folder) : [testFileOf(path)];
  if (paths.length === 0)
    throw new Error(`${folder} has no tests: write some in main.test.yaml, see docs/flow-tests.md`);
  const { loaded, issues } = loadFolder(folder);
  if (loaded === undefined) return { ok: false, issues: issues.filter(isError) };
  const compiled = paths.map((file) => ({ file, cases: compileSource(readTests(file), loaded) }));
  const mistakes = compiled.flatMap(({ cases }) => (cases.ok ? [] : cases.issues));
  if (mistakes.length > 0) return { ok: false, issues: mistakes };
  return { ok: true, loaded, files: compiled.map(({ file, cases }) => ({ file, cases: cases.ok ? cases.value : [] })) };
}

/** The tests of a folder, with their mistakes. */
export function testsIn(
  folder: string,
  loaded: Loaded,
): readonly { readonly source: SourceFile; readonly issues: readonly Issue[] }[] {
  return testFilesIn(folder).map((file) => {
    const source = readTests(file);
    const compiled = compileSource(source, loaded);
    return { source, issues: compiled.ok ? compiled.warnings : compiled.issues };
  });
}

function readTests(file: string): SourceFile {
  return { file, text: readFileSync(file, 'utf8'), revision: 'here' };
}

function compileSource(source: SourceFile, { centre, catalogue }: Loaded) {
  return compileTests(source, { centre, flows: catalogue.flows });
}

function testFilesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => TEST_FILE.test(file))
    .sort()
    .map((file) => join(folder, file));
}

/** `main.yaml` means its tests. */
function testFileOf(path: string): string {
  const file = TEST_FILE.test(path) ? path : path.replace(/\.ya?ml$/, '.test.yaml');
  if (!existsSync(file)) throw new Error(`${path} has no tests: there is no ${file}`);
  return file;
}

interface Summary {
  readonly percent: number;
  readonly least: number;
  readonly tookMs: number;
}

function tell({ files, passed, failed, coverage }: SuiteResult, { percent, least, tookMs }: Summary): void {
  for (const { file, cases } of files) {
    print(file);
    for (const played of cases) for (const line of linesOf(file, played)) print(line);
    print('');
  }
  for (const flow of coverage) for (const line of coverageLines(flow)) print(line);
  const short = percent < least ? `, which is less than ${least} %` : '';
  const counts = failed === 0 ? `${passed} passed` : `${failed} failed, ${passed} passed`;
  print(`${counts} in ${Math.round(tookMs)} ms, ${shown(percent)} of the ways covered${short}`);
}

/** A case with ✓, or with ✗ and what was otherwise at which line. */
export function linesOf(file: string, { name, failure, story }: Pick<Played, 'name' | 'failure' | 'story'>): string[] {
  if (failure === undefined) return [`  ✓ ${name}`];
  const { line, column, expected, instead } = failure;
  return [
    `  ✗ ${name}`,
    `      ${file}:${line}:${column}`,
    `      - ${expected}`,
    ...instead.map((one) => `      + ${one}`),
    '      the call until then:',
    ...story.map(({ kind, text }) => `        ${MARKS[kind]} ${text}`),
  ];
}

const MARKS = { heard: '🔊', did: '<', went: '→' } as const;

function coverageLines({ flow, percent, ways, taken, steps }: FlowCoverage): string[] {
  const open = steps.filter((step) => step.open.length > 0);
  if (taken === 0) return [`${flow}: no test goes through it (${ways} ways out of its steps)`];
  return [
    `${flow}: ${shown(percent)} (${taken} of ${ways} ways out of its steps)`,
    ...open.map(({ step, open: left }) => `  not taken: ${step}: ${left.join(', ')}`),
  ];
}

/** Never 100 % when something is left. */
function shown(percent: number): string {
  return `${Math.floor(percent * 10) / 10} %`;
}

// `npm run flow check`: every mistake and warning in the texts of a folder, with its line and a caret under the place.
import { parseArgs } from 'node:util';
import { formatIssue, type Issue, isError, type SourceFile } from '../core/document/issue.js';
import { folderOf, loadFolder } from './load.js';
import { print } from './print.js';
import { testsIn } from './test.js';

const MAX_LINE_SHOWN = 110;

/** Exit code: 1 with errors, with `--strict` with warnings too; else 0. */
export async function check(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { strict: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  });
  const [path = 'ivr-flows'] = positionals;
  const folder = folderOf(path);
  const { sources: texts, loaded, issues: ofTexts } = loadFolder(folder);
  const tests = loaded === undefined ? [] : testsIn(folder, loaded);
  const sources = [...texts, ...tests.map(({ source }) => source)];
  const issues = [...ofTexts, ...tests.flatMap((one) => one.issues)];
  const errors = issues.filter(isError);
  const warnings = issues.filter((issue) => !isError(issue));
  const ok = errors.length === 0 && (!values.strict || warnings.length === 0);
  if (values.json) {
    print(JSON.stringify({ ok, issues }, null, 2));
    return ok ? 0 : 1;
  }
  if (errors.length > 0) print(`${counted(errors.length, 'error')}\n\n${listed(errors, sources)}`);
  if (warnings.length > 0) print(`${counted(warnings.length, 'warning')}\n\n${listed(warnings, sources)}`);
  if (loaded !== undefined) print(`${[...loaded.catalogue.flows.keys()].join(', ')} and the centre are good`);
  return ok ? 0 : 1;
}

function listed(issues: readonly Issue[], sources: readonly SourceFile[]): string {
  return issues.map((issue) => `${formatIssue(issue)}\n${excerpt(issue, sources)}`).join('\n');
}

/** The line of the issue with a caret under its column; cut to what is around the place. */
function excerpt({ file, line, column }: Issue, sources: readonly SourceFile[]): string {
  const text = sources.find((source) => source.file === file)?.text.split(/\r?\n/)[line - 1];
  if (text === undefined) return '';
  const from = Math.max(0, column - 1 - Math.floor(MAX_LINE_SHOWN / 2));
  const shown = text.slice(from, from + MAX_LINE_SHOWN).replace(/\t/g, ' ');
  return `    ${shown}\n    ${' '.repeat(column - 1 - from)}^\n`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

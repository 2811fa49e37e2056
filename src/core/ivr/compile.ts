// Turns the text of flows into checked flows, or into the list of all their mistakes.
import { z } from 'zod';
import { type Compiled, compareIssues, type Issue, isError, type SourceFile } from '../document/issue.js';
import { findSecrets } from '../document/secrets.js';
import { issuesOfShape, languageSchema } from '../document/shape.js';
import { adviseName } from '../document/spelling.js';
import { MAX_ISSUES, type Path, readYaml, type YamlText } from '../document/yaml-text.js';
import { ExpressionCompiler } from './expression.js';
import type { Flow, Step } from './flow.js';
import { headerSchema } from './head.js';
import { MAX_LANGUAGES, MAX_STEPS_PER_FLOW } from './limits.js';
import type { Draft } from './proof/draft.js';
import { prove } from './proof/prove.js';
import { type FlowHeader, Scope, type StoodIn, type Surroundings } from './scope.js';
import { STEP_KINDS } from './step-kinds.js';
import { checkDeclared, type Declared, declaredIn } from './variable/declaration.js';

/**
 * All flows of a centre at once, as they name each other. Each file is `<name>.yaml`, in any folder.
 * Either every flow is good, or every mistake of every file is told.
 */
export function compileFlows(
  sources: readonly SourceFile[],
  surroundings: Surroundings,
): Compiled<ReadonlyMap<string, Flow>> {
  const { drafts, issues } = draftFlows(sources, surroundings);
  // Where there are too many, the errors are told rather than the warnings.
  const mostUrgent = [...issues.filter(isError), ...issues.filter((issue) => !isError(issue))].slice(0, MAX_ISSUES);
  const told = mostUrgent.toSorted(compareIssues);
  if (issues.some(isError)) return { ok: false, issues: told };
  const flows = new Map(drafts.flatMap(({ flow }) => (flow === undefined ? [] : [[flow.name, flow]])));
  return { ok: true, value: flows, warnings: told };
}

/** All flows as far as they can be read, with everything that is wrong in them: for pictures of what is not good yet. */
export function draftFlows(
  sources: readonly SourceFile[],
  surroundings: Surroundings,
): { readonly drafts: readonly Draft[]; readonly issues: readonly Issue[] } {
  const drafts = sources.map((source) => draftOf(source, surroundings));
  return { drafts, issues: [...drafts.flatMap((draft) => draft.issues), ...prove(drafts, surroundings)] };
}

const MAX_LINES_SHOWN = 10;

/** Steps that finish a call by themselves: where a walk that hit a limit may end. */
const FALLBACK_KINDS = ['queue', 'forward', 'voicemail', 'hangup'];

function draftOf(source: SourceFile, surroundings: Surroundings): Draft {
  const text = readYaml(source);
  const name = /([^/\\]*)\.ya?ml$/.exec(source.file)?.[1] ?? source.file;
  if (text.value === undefined) return { name, text, issues: text.issues };
  const checked = headerSchema.safeParse(text.value);
  const issues: Issue[] = [...text.issues, ...findSecrets(source)];
  if (text.value === null) issues.push(emptyFile(source.file));
  else if (!checked.success) issues.push(...issuesOfShape(checked.error, [], text));
  const note = (path: Path, message: string, advice: string, part: 'key' | 'value' = 'value') =>
    issues.push({ severity: 'error', file: source.file, ...text.placeOf(path, part), message, advice });

  // A mistake in the head does not hide those in the steps: what is usable of it is used.
  const header = usableHeader(text.value);
  if (header === undefined) return { name, text, issues };
  const rawSteps = recordOf(recordOf(text.value)['steps']);
  const { steps, broken } = compileSteps(rawSteps, header, text, surroundings, issues);
  if (header.stepNames.size > MAX_STEPS_PER_FLOW)
    note(['steps'], `more than ${MAX_STEPS_PER_FLOW} steps`, 'use sub-flows');
  checkDeclared(recordsOf(text.value), header.declared, note);
  checkFallBack(header, note);

  const { start, fallback, name: ownName, languages: said } = recordOf(text.value);
  if (Array.isArray(said) && new Set(said).size < said.length) note(['languages'], 'a language is here twice', '');
  if (typeof ownName === 'string' && ownName !== name) {
    note(['name'], `the file is '${name}', the flow '${ownName}'`, 'give both the same name');
  }
  for (const [key, target] of Object.entries({ start, fallback })) {
    if (typeof target === 'string' && !header.stepNames.has(target)) {
      note([key], `there is no step '${target}'`, adviseName(target, header.stepNames));
    }
  }
  const fallbackKind = typeof fallback === 'string' ? recordOf(rawSteps[fallback])['do'] : undefined;
  if (fallbackKind !== undefined && !FALLBACK_KINDS.some((kind) => kind === fallbackKind)) {
    note(['fallback'], 'a fallback has to finish the call', `a step that does one of: ${FALLBACK_KINDS.join(', ')}`);
  }
  const arrows = new Map([...header.stepNames].map((step) => [step, steps.get(step)?.exits ?? broken.get(step) ?? []]));
  const known = typeof start === 'string' && header.stepNames.has(start);
  const starts = known ? [start, fallback].filter((step) => typeof step === 'string') : [];
  const draft: Draft = { name, text, issues, steps, arrows, starts };
  if (!checked.success) return draft;
  const { languages, person, fallback: fallbackStep, ...head } = checked.data;
  const flow: Flow = {
    name,
    file: source.file,
    revision: source.revision,
    languages,
    start: head.start,
    ...(fallbackStep === undefined ? {} : { fallback: fallbackStep }),
    ...header.declared,
    steps,
  };
  return { ...draft, flow, ...(person === undefined ? {} : { noPerson: person.none }) };
}

function emptyFile(file: string): Issue {
  const advice = 'a flow has version, name, languages, start and steps: see docs/flows.md';
  return { severity: 'error', file, line: 1, column: 1, message: 'nothing is written here', advice };
}

type Header = FlowHeader & { readonly declared: Declared };

function usableHeader(value: unknown): Header | undefined {
  const { languages, inputs, results, steps } = recordOf(value);
  const usable = z.array(languageSchema).min(1).safeParse(languages);
  if (!usable.success) return undefined;
  const declared = declaredIn(recordsOf(value), inputs !== undefined, results);
  const standIns = Object.entries(recordOf(recordOf(value)['fall-back'])).slice(0, MAX_LANGUAGES);
  return {
    languages: [...new Set(usable.data)],
    fallBack: new Map(standIns.map(([language, others]) => [language, stringsIn(others)])),
    declared,
    variables: declared.variables,
    secrets: declared.secrets,
    stepNames: new Set(Object.keys(recordOf(steps)).slice(0, MAX_STEPS_PER_FLOW + 1)),
    expressions: new ExpressionCompiler(declared.variables),
  };
}

function recordsOf(value: unknown) {
  const { variables, inputs } = recordOf(value);
  return { variables: recordOf(variables), inputs: recordOf(inputs) };
}

/** One language at least has every text, and only languages of the flow stand in for others. */
function checkFallBack(
  { languages, fallBack }: Header,
  note: (path: Path, message: string, advice: string, part?: 'key' | 'value') => void,
): void {
  for (const [language, standIns] of fallBack) {
    const path = ['fall-back', language];
    for (const name of [language, ...standIns]) {
      if (!languages.includes(name)) note(path, `this flow does not speak '${name}'`, adviseName(name, languages));
    }
    if (standIns.includes(language)) note(path, `'${language}' stands in for itself`, 'another language');
  }
  if (languages.every((language) => fallBack.has(language)))
    note(['fall-back'], 'every text might be missing', 'one language has to have them all', 'key');
}

/** `broken`: for steps with mistakes, every step name that stands in them, so that nothing after them looks unreachable. */
function compileSteps(
  rawSteps: Readonly<Record<string, unknown>>,
  header: FlowHeader,
  text: YamlText,
  surroundings: Surroundings,
  issues: Issue[],
): { steps: Map<string, Step>; broken: Map<string, string[]> } {
  const steps = new Map<string, Step>();
  const broken = new Map<string, string[]>();
  const stoodIn: StoodIn[] = [];
  for (const name of header.stepNames) {
    const raw = rawSteps[name];
    // What the reader of the YAML refused and told.
    if (raw === undefined) continue;
    const scope = new Scope(text, ['steps', name], header, surroundings);
    const kind = kindOf(raw, scope);
    const step = kind === undefined ? undefined : STEP_KINDS[kind]?.compile(raw, ['steps', name], text, scope);
    if (step === undefined) broken.set(name, stringsIn(raw));
    else steps.set(name, step);
    issues.push(...scope.issues);
    stoodIn.push(...scope.stoodIn);
  }
  issues.push(...standInsTold(stoodIn, text));
  return { steps, broken };
}

/** Who declares a stand-in knows that texts are missing: one warning for each language, with their lines. */
function standInsTold(stoodIn: readonly StoodIn[], text: YamlText): Issue[] {
  return [...new Set(stoodIn.map(({ language }) => language))].map((language) => {
    const missing = stoodIn.filter((one) => one.language === language);
    const lines = [...new Set(missing.map(({ line }) => line))];
    const shown = `${lines.slice(0, MAX_LINES_SHOWN).join(', ')}${lines.length > MAX_LINES_SHOWN ? ' …' : ''}`;
    const others = [...new Set(missing.map(({ other }) => `'${other}'`))].join(' and ');
    const what = missing.length === 1 ? 'a text is' : `${missing.length} texts are`;
    const where = lines.length === 1 ? `line ${shown}` : `lines ${shown}`;
    const message = `${what} missing in '${language}' and said in ${others}: ${where}`;
    const place = text.placeOf(['fall-back', language], 'key');
    return { severity: 'warning', file: text.file, ...place, message, advice: `add ${language}: …` };
  });
}

function kindOf(raw: unknown, scope: Scope): string | undefined {
  const kind = recordOf(raw)['do'];
  const kinds = Object.keys(STEP_KINDS);
  if (typeof kind !== 'string') {
    scope.issue(
      kind === undefined ? [] : ['do'],
      'this step does not say what it does',
      `do: one of ${kinds.join(', ')}`,
    );
    return undefined;
  }
  if (kinds.includes(kind)) return kind;
  scope.issue(['do'], `'${kind}' is not a kind of step`, adviseName(kind, kinds));
  return undefined;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

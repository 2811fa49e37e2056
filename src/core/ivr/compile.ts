// Turns the text of flows into checked flows, or into the list of all their mistakes.
import { z } from 'zod';
import { type Compiled, compareIssues, type Issue, isError, type SourceFile } from '../document/issue.js';
import { issuesOfShape, languageSchema, nameSchema, strict } from '../document/shape.js';
import { adviseName } from '../document/spelling.js';
import { MAX_ISSUES, type Path, readYaml, type YamlText } from '../document/yaml-text.js';
import { ExpressionCompiler } from './expression.js';
import { BUILT_IN } from './facts.js';
import type { Flow, Step } from './flow.js';
import { MAX_STEPS_PER_FLOW, MAX_VALUE_CHARS, MAX_VARIABLES } from './limits.js';
import { type Draft, linkFlows } from './link.js';
import { reachableFrom } from './proof/graph.js';
import { type FlowHeader, Scope, type Surroundings, typeOf } from './scope.js';
import { STEP_KINDS } from './step-kinds.js';
import type { Variable } from './value.js';

/**
 * All flows of a centre at once, as they name each other. Each file is `<name>.yaml`, in any folder.
 * Either every flow is good, or every mistake of every file is told.
 */
export function compileFlows(
  sources: readonly SourceFile[],
  surroundings: Surroundings,
): Compiled<ReadonlyMap<string, Flow>> {
  const drafts = sources.map((source) => draftOf(source, surroundings));
  const issues = [...drafts.flatMap((draft) => draft.issues), ...linkFlows(drafts)];
  const told = issues.toSorted(compareIssues).slice(0, MAX_ISSUES);
  if (issues.some(isError)) return { ok: false, issues: told };
  const flows = new Map(drafts.flatMap(({ flow }) => (flow === undefined ? [] : [[flow.name, flow]])));
  return { ok: true, value: flows, warnings: told };
}

/** Words of CEL that no variable may be named. */
const RESERVED =
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
    ' ',
  );

const variableName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, { error: 'a variable is named in lower-case letters, digits and _' })
  .refine((name) => !(name in BUILT_IN) && !RESERVED.includes(name), { error: 'this name is taken by Hilo' });

const variableValue = z.union([z.string().max(MAX_VALUE_CHARS), z.number(), z.boolean()], {
  error: 'this has to be the first value: a text, a number, true or false',
});

const headerSchema = strict({
  version: z.literal(1, { error: 'this version is not known: Hilo reads version 1' }),
  name: nameSchema,
  note: z.string().optional(),
  languages: z.array(languageSchema).min(1, { error: 'a flow speaks at least one language' }).max(20),
  start: z.string(),
  fallback: z.string().optional(),
  variables: z.record(variableName, variableValue).default({}),
  steps: z.record(nameSchema, z.unknown()),
});

/** Steps that finish a call by themselves: where a walk that hit a limit may end. */
const FALLBACK_KINDS = ['queue', 'forward', 'voicemail', 'hangup'];

function draftOf(source: SourceFile, surroundings: Surroundings): Draft {
  const text = readYaml(source);
  const name = /([^/\\]*)\.ya?ml$/.exec(source.file)?.[1] ?? source.file;
  if (text.value === undefined) return { name, text, issues: text.issues };
  const checked = headerSchema.safeParse(text.value);
  const issues: Issue[] = [...text.issues];
  if (!checked.success) issues.push(...issuesOfShape(checked.error, [], text));
  const note = (path: Path, message: string, advice: string, part: 'key' | 'value' = 'value') =>
    issues.push({ severity: 'error', file: source.file, ...text.placeOf(path, part), message, advice });

  // A mistake in the head does not hide those in the steps: what is usable of it is used.
  const header = usableHeader(text.value);
  if (header === undefined) return { name, text, issues };
  const rawSteps = recordOf(recordOf(text.value)['steps']);
  const { steps, broken } = compileSteps(rawSteps, header, text, surroundings, issues);
  if (header.stepNames.size > MAX_STEPS_PER_FLOW)
    note(['steps'], `more than ${MAX_STEPS_PER_FLOW} steps`, 'use sub-flows');
  if (header.variables.size > MAX_VARIABLES) note(['variables'], `more than ${MAX_VARIABLES} variables`, '');

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
  if (fallbackKind !== undefined && !FALLBACK_KINDS.includes(String(fallbackKind))) {
    note(['fallback'], 'a fallback has to finish the call', `a step that does one of: ${FALLBACK_KINDS.join(', ')}`);
  }
  if (typeof start === 'string' && header.stepNames.has(start)) {
    const arrows = new Map(
      [...header.stepNames].map((step) => [step, steps.get(step)?.exits ?? broken.get(step) ?? []]),
    );
    const reached = reachableFrom(typeof fallback === 'string' ? [start, fallback] : [start], arrows);
    for (const step of header.stepNames) {
      if (!reached.has(step)) note(['steps', step], `nothing leads to step '${step}'`, 'remove it or go to it', 'key');
    }
  }
  if (!checked.success) return { name, text, issues, steps };
  const { languages, fallback: fallbackStep, ...head } = checked.data;
  const flow: Flow = {
    name,
    file: source.file,
    revision: source.revision,
    languages,
    start: head.start,
    ...(fallbackStep === undefined ? {} : { fallback: fallbackStep }),
    variables: header.variables,
    steps,
  };
  return { name, text, issues, steps, flow };
}

function usableHeader(value: unknown): FlowHeader | undefined {
  const { languages, variables, steps } = recordOf(value);
  const usable = z.array(languageSchema).min(1).safeParse(languages);
  if (!usable.success) return undefined;
  const declared = new Map<string, Variable>();
  for (const [name, raw] of Object.entries(recordOf(variables)).slice(0, MAX_VARIABLES + 1)) {
    const initial = variableValue.safeParse(raw);
    if (variableName.safeParse(name).success && initial.success) {
      declared.set(name, { type: typeOf(initial.data), initial: initial.data });
    }
  }
  return {
    languages: [...new Set(usable.data)],
    variables: declared,
    stepNames: new Set(Object.keys(recordOf(steps)).slice(0, MAX_STEPS_PER_FLOW + 1)),
    expressions: new ExpressionCompiler(declared),
  };
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
  for (const name of header.stepNames) {
    const raw = rawSteps[name];
    const scope = new Scope(text, ['steps', name], header, surroundings);
    const kind = kindOf(raw, scope);
    const step = kind === undefined ? undefined : STEP_KINDS[kind]?.compile(raw, ['steps', name], text, scope);
    if (step === undefined) broken.set(name, stringsIn(raw));
    else steps.set(name, step);
    issues.push(...scope.issues);
  }
  return { steps, broken };
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

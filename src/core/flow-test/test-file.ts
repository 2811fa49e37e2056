// Turns `<flow>.test.yaml` into cases, or into the list of all its mistakes.
import { DateTime } from 'luxon';
import { z } from 'zod';
import { type Compiled, compareIssues, type Issue, type SourceFile } from '../document/issue.js';
import { findSecrets } from '../document/secrets.js';
import { dialString, issuesOfShape, languageSchema, strict } from '../document/shape.js';
import { adviseName } from '../document/spelling.js';
import { MAX_ISSUES, type Path, readYaml, type YamlText } from '../document/yaml-text.js';
import type { Flow } from '../ivr/flow.js';
import { CUSTOMER_TYPES, type CustomerFacts } from '../ivr/outside/customer.js';
import { WEB_FAILURES } from '../ivr/outside/web-request.js';
import type { Centre } from '../routing/centre.js';
import { entryOf } from '../routing/numbers.js';
import type { FlowCase, Stub } from './case.js';
import { compileItem } from './script.js';

export const TEST_FILE = /^(?:.*[/\\])?([A-Za-z0-9][A-Za-z0-9_-]{0,63})\.test\.yaml$/;
export const MAX_CASES_PER_FILE = 500;
export const MAX_SCRIPT_ITEMS = 200;
/** When nothing is said of the time: a Monday morning, so that a test means the same on every day. */
const DEFAULT_AT = '2026-01-05 09:30';
const MAX_STUBS = 20;
const MAX_NAME_CHARS = 120;

export interface TestedCentre {
  readonly centre: Centre;
  readonly flows: ReadonlyMap<string, Flow>;
}

const scalar = z.union([z.string(), z.number(), z.boolean()], {
  error: 'this has to be a text, a number, true or false',
});

export const caseSchema = strict({
  case: z.string().min(1).max(MAX_NAME_CHARS),
  note: z.string().optional(),
  flow: z.string().optional(),
  number: dialString.optional(),
  from: dialString.or(z.literal('')).default('+34600123123'),
  name: z.string().default(''),
  languages: z.array(languageSchema).default([]),
  at: z.string({ error: 'a time is written as 2026-01-05 09:30' }).default(DEFAULT_AT),
  customer: z.record(z.string(), z.unknown()).default({}),
  answers: z.record(z.string(), z.unknown()).default({}),
  script: z
    .array(z.unknown())
    .min(1, { error: 'a test without a script tests nothing' })
    .max(MAX_SCRIPT_ITEMS, {
      error: `at most ${MAX_SCRIPT_ITEMS} lines`,
    }),
  expect: strict({
    variables: z.record(z.string(), scalar).default({}),
    language: languageSchema.optional(),
    served: z.boolean().optional(),
  }).prefault({}),
});

export const fileSchema = strict({
  version: z.literal(1, { error: 'this version is not known: Hilo reads version 1' }),
  flow: z.string().optional(),
  note: z.string().optional(),
  cases: z
    .array(z.unknown())
    .min(1, { error: 'there is no case' })
    .max(MAX_CASES_PER_FILE, {
      error: `at most ${MAX_CASES_PER_FILE} cases`,
    }),
});

/** What another system says, or why it says nothing. */
export const STUB_SCHEMAS = {
  status: strict({ status: z.int().min(100).max(599).default(200), body: z.unknown().optional() }),
  reply: strict({ reply: z.unknown() }),
  fails: strict({ fails: z.string().min(1) }),
};

/** The cases of one file. `tested`: the flows and the centre as they are, with which the tests are to be played. */
export function compileTests(source: SourceFile, tested: TestedCentre): Compiled<readonly FlowCase[]> {
  const yaml = readYaml(source);
  if (yaml.value === undefined) return { ok: false, issues: yaml.issues };
  const reader = new TestReader(source.file, yaml, tested);
  const cases = reader.cases();
  const issues = [...yaml.issues, ...findSecrets(source), ...reader.issues];
  if (issues.length > 0) return { ok: false, issues: issues.toSorted(compareIssues).slice(0, MAX_ISSUES) };
  return { ok: true, value: cases, warnings: [] };
}

class TestReader {
  readonly issues: Issue[] = [];
  private readonly names = new Set<string>();
  /** Where the flow of all cases is named, until it was told that there is none. */
  private ownFlowAt: Path | undefined = [];

  constructor(
    private readonly file: string,
    private readonly yaml: YamlText,
    private readonly tested: TestedCentre,
  ) {}

  cases(): FlowCase[] {
    const head = this.parse(fileSchema, this.yaml.value, []);
    if (head === undefined) return [];
    const ownFlow = head.flow ?? TEST_FILE.exec(this.file)?.[1] ?? '';
    if (head.flow !== undefined) this.ownFlowAt = ['flow'];
    return head.cases.flatMap((raw, index) => this.case(raw, ['cases', index], ownFlow) ?? []);
  }

  private case(raw: unknown, path: Path, ownFlow: string): FlowCase | undefined {
    const keys = this.parse(caseSchema, raw, path);
    if (keys === undefined) return undefined;
    if (this.names.has(keys.case)) this.issue([...path, 'case'], `'${keys.case}' is here twice`, 'name it otherwise');
    this.names.add(keys.case);
    const flow = this.flowOf(keys, path, ownFlow);
    const script = keys.script.flatMap((item, index) => {
      const at: Path = [...path, 'script', index];
      const compiled = compileItem(item, this.yaml.placeOf(at));
      if ('item' in compiled) return [compiled.item];
      if ('error' in compiled) this.issues.push(...issuesOfShape(compiled.error, at, this.yaml));
      else this.issue(at, compiled.message, compiled.advice);
      return [];
    });
    const { languages, name: callerName, from, expect } = keys;
    if (flow !== undefined) this.expected(expect, path, flow);
    const place = this.yaml.placeOf([...path, 'case']);
    return {
      ...{ name: keys.case, place, script, languages, callerName, from },
      flow: flow?.name ?? ownFlow,
      ...this.dialled(keys.number, flow?.name),
      atMs: this.time(keys.at, path),
      customer: this.customer(keys.customer, path),
      answers: this.answers(keys.answers, path),
      expect: {
        place: this.yaml.placeOf([...path, 'expect'], 'key'),
        variables: expect.variables,
        ...(expect.language === undefined ? {} : { language: expect.language }),
        ...(expect.served === undefined ? {} : { served: expect.served }),
      },
    };
  }

  private flowOf(
    { number, flow: named }: { number?: string | undefined; flow?: string | undefined },
    path: Path,
    ownFlow: string,
  ): Flow | undefined {
    const { flows, centre } = this.tested;
    if (number !== undefined && named === undefined) {
      const entry = entryOf(centre, number)?.entry;
      if (entry?.kind === 'flow') return flows.get(entry.flow);
      const what = entry === undefined ? 'nobody has the number' : 'no flow answers the number';
      this.issue([...path, 'number'], `${what} ${number}`, 'a number of centre.yaml that leads to a flow, or flow: …');
      return undefined;
    }
    const name = named ?? ownFlow;
    const flow = flows.get(name);
    if (flow !== undefined) return flow;
    const at = named === undefined ? this.ownFlowAt : [...path, 'flow'];
    if (at !== undefined) this.issue(at, `there is no flow '${name}'`, adviseName(name, flows.keys()));
    if (named === undefined) this.ownFlowAt = undefined;
    return undefined;
  }

  /** What is dialled to get there. */
  private dialled(written: string | undefined, flow: string | undefined): Pick<FlowCase, 'number' | 'give'> {
    const { centre } = this.tested;
    const found =
      written === undefined
        ? centre.numbers.find(({ entry }) => entry.kind === 'flow' && entry.flow === flow)
        : entryOf(centre, written);
    const give = found?.entry.kind === 'flow' && found.entry.flow === flow ? (found.entry.give ?? {}) : {};
    return { number: written ?? found?.number ?? '', give };
  }

  private expected(expect: { variables: Readonly<Record<string, unknown>> }, path: Path, flow: Flow): void {
    for (const name of Object.keys(expect.variables)) {
      if (flow.variables.has(name)) continue;
      const advice = adviseName(name, flow.variables.keys());
      this.issue([...path, 'expect', 'variables', name], `'${flow.name}' has no variable '${name}'`, advice, 'key');
    }
  }

  private time(written: string, path: Path): number {
    const zone = this.tested.centre.timeZone;
    const at = DateTime.fromISO(written.trim().replace(' ', 'T'), { zone });
    if (at.isValid && /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}/.test(written)) return at.toMillis();
    this.issue([...path, 'at'], `'${written.slice(0, 40)}' is not a time`, 'e.g. 2026-01-05 09:30');
    return 0;
  }

  private customer(raw: Readonly<Record<string, unknown>>, path: Path): Partial<CustomerFacts> {
    for (const [name, value] of Object.entries(raw)) {
      const at: Path = [...path, 'customer', name];
      const type = (CUSTOMER_TYPES as Readonly<Record<string, string>>)[name];
      if (type === undefined) {
        const advice = adviseName(name, Object.keys(CUSTOMER_TYPES));
        this.issue(at, `nothing is known of a customer called '${name}'`, advice, 'key');
      } else if (!fits(value, type)) this.issue(at, `this has to be ${TYPE_WORDS[type] ?? type}`, '');
    }
    return Object.keys(raw).length === 0 ? {} : { known: true, ...raw };
  }

  private answers(raw: Readonly<Record<string, unknown>>, path: Path): ReadonlyMap<string, readonly Stub[]> {
    const { flows } = this.tested;
    return new Map(
      Object.entries(raw).map(([step, given]) => {
        const at: Path = [...path, 'answers', step];
        const asked = [...flows.values()].flatMap((flow) => flow.steps.get(step) ?? []);
        if (asked.length === 0) {
          this.issue(at, `there is no step '${step}'`, 'the step that asks an outside system', 'key');
        }
        const list = Array.isArray(given) ? given.slice(0, MAX_STUBS) : [given];
        const stubs = list.flatMap((one, index) => this.stub(one, Array.isArray(given) ? [...at, index] : at) ?? []);
        const kinds = new Set(asked.map(({ traits }) => traits.kind));
        if (asked.length > 0) this.fitting(stubs, kinds, step, at);
        if (kinds.has('http')) this.failures(stubs, at);
        return [step, stubs] as const;
      }),
    );
  }

  /** An answer of a kind that the step does not ask for would never be given. */
  private fitting(stubs: readonly Stub[], kinds: ReadonlySet<string>, step: string, path: Path): void {
    const wanted = Object.entries(OUTSIDE).filter(([kind]) => kinds.has(kind));
    if (wanted.length === 0) this.issue(path, `step '${step}' asks no other system`, 'leave it out', 'key');
    else if (stubs.some(({ kind }) => kind !== 'fails' && wanted.every(([, answer]) => answer.kind !== kind))) {
      const forms = wanted.map(([, { form }]) => form);
      this.issue(path, `this is no answer to ${[...kinds].join(' or ')}`, [...forms, '{ fails: … }'].join(' or '));
    }
  }

  private failures(stubs: readonly Stub[], path: Path): void {
    const known: readonly string[] = WEB_FAILURES;
    for (const stub of stubs) {
      if (stub.kind !== 'fails' || known.includes(stub.reason)) continue;
      this.issue(path, `a request does not fail with '${stub.reason}'`, adviseName(stub.reason, known));
    }
  }

  private stub(raw: unknown, path: Path): Stub | undefined {
    const has = (key: string) => typeof raw === 'object' && raw !== null && key in raw;
    if (has('fails')) {
      const stub = this.parse(STUB_SCHEMAS.fails, raw, path);
      return stub === undefined ? undefined : { kind: 'fails', reason: stub.fails };
    }
    if (has('reply')) {
      const stub = this.parse(STUB_SCHEMAS.reply, raw, path);
      return stub === undefined ? undefined : { kind: 'bot', reply: stub.reply };
    }
    const stub = this.parse(STUB_SCHEMAS.status, raw, path);
    return stub === undefined ? undefined : { kind: 'http', status: stub.status, body: stub.body };
  }

  private parse<Schema extends z.ZodType>(schema: Schema, raw: unknown, path: Path): z.output<Schema> | undefined {
    const checked = schema.safeParse(raw);
    if (checked.success) return checked.data;
    this.issues.push(...issuesOfShape(checked.error, path, this.yaml));
    return undefined;
  }

  private issue(path: Path, message: string, advice: string, part: 'key' | 'value' = 'value'): void {
    this.issues.push({ severity: 'error', file: this.file, ...this.yaml.placeOf(path, part), message, advice });
  }
}

/** Steps that ask other systems, and what is written for what these say. What is known of a customer stands under `customer`. */
const OUTSIDE: Readonly<Record<string, { readonly kind: Stub['kind'] | 'customer'; readonly form: string }>> = {
  http: { kind: 'http', form: '{ status: 200, body: … }' },
  bot: { kind: 'bot', form: '{ reply: { say: … } }' },
  customer: { kind: 'customer', form: 'customer: { name: … } beside answers' },
};

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  int: 'a whole number',
  bool: 'true or false',
  'list<string>': 'a list of texts',
};

function fits(value: unknown, type: string): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'int':
      return Number.isInteger(value);
    case 'bool':
      return typeof value === 'boolean';
    default:
      return Array.isArray(value) && value.every((one) => typeof one === 'string');
  }
}

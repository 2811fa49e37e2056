// What a step may refer to while its flow is compiled, and the place where its mistakes are collected.
import type { Budgets } from '../document/budgets.js';
import type { Issue } from '../document/issue.js';
import { adviseName } from '../document/spelling.js';
import { compileTemplate, type Template } from '../document/template.js';
import type { WebHost } from '../document/web-host.js';
import type { Path, YamlText } from '../document/yaml-text.js';
import { type Expression, type ExpressionCompiler, TYPE_WORDS } from './expression.js';
import { textNames } from './facts.js';
import type { PromptPart, RawPart } from './prompt.js';
import { typeOf, type Value, type ValueType, type Variable } from './value.js';
import type { Spoken, StepTraits, VariableRead, VariableWrite, Way, WrittenText } from './ways/traits.js';

/** The names of the centre that flows may use. */
export interface Surroundings {
  readonly queues: ReadonlySet<string>;
  readonly agents: ReadonlySet<string>;
  readonly hours: ReadonlySet<string>;
  /** Canned texts: key → language → text. They may use `call.reference` and the other built-in facts. */
  readonly texts: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Where requests may go, by {@link hostKey}; absent: nowhere. */
  readonly webHosts?: ReadonlyMap<string, WebHost>;
  /** What a flow may ask of a caller; absent: {@link DEFAULT_BUDGETS}. */
  readonly budgets?: Budgets;
  /** Flows that numbers lead to. */
  readonly entries?: ReadonlySet<string>;
  /** Whether a prompt of the centre has a sound or a text in a language; absent: nobody knows. */
  readonly isHeard?: (prompt: string, language: string) => boolean;
  /** Names of the secrets there are; absent: nobody knows yet. */
  readonly secrets?: ReadonlySet<string>;
}

export interface FlowHeader {
  readonly languages: readonly string[];
  /** Language whose texts may be missing → the languages that stand in, best first. */
  readonly fallBack: ReadonlyMap<string, readonly string[]>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly secrets: ReadonlySet<string>;
  readonly stepNames: ReadonlySet<string>;
  readonly expressions: ExpressionCompiler;
}

/** A text that is missing in a language and said in another one that stands in. */
export interface StoodIn {
  readonly language: string;
  readonly other: string;
  readonly line: number;
}

/** Paths are relative to the step. A method that finds a mistake notes it and returns something harmless. */
export class Scope {
  readonly exits = new Set<string>();
  readonly issues: Issue[] = [];
  readonly stoodIn: StoodIn[] = [];
  private readonly ways: Way[] = [];
  private readonly spoken: Spoken[] = [];
  private readonly written: WrittenText[] = [];
  private readonly reads: VariableRead[] = [];
  private readonly writes: VariableWrite[] = [];

  constructor(
    private readonly text: YamlText,
    private readonly base: Path,
    readonly header: FlowHeader,
    private readonly surroundings: Surroundings,
  ) {}

  /** What was seen so far of the step, for proofs. */
  traits(): Pick<StepTraits, 'ways' | 'spoken' | 'texts' | 'reads' | 'writes'> {
    const { ways, spoken, written, reads, writes } = this;
    return { ways, spoken, texts: written, reads, writes };
  }

  issue(path: Path, message: string, advice: string, part: 'key' | 'value' = 'value'): void {
    const place = this.text.placeOf([...this.base, ...path], part);
    this.issues.push({ severity: 'error', file: this.text.file, ...place, message, advice });
  }

  /** Something that works and that its author may not have meant. */
  warning(path: Path, message: string, advice: string): void {
    const place = this.text.placeOf([...this.base, ...path], 'value');
    this.issues.push({ severity: 'warning', file: this.text.file, ...place, message, advice });
  }

  /** `offset`: of the mistake within the text at `path`. */
  issueInside(path: Path, offset: number, message: string, advice: string): void {
    const place = this.text.placeInside([...this.base, ...path], offset);
    this.issues.push({ severity: 'error', file: this.text.file, ...place, message, advice });
  }

  private warningInside(path: Path, offset: number, message: string, advice: string): void {
    const place = this.text.placeInside([...this.base, ...path], offset);
    this.issues.push({ severity: 'warning', file: this.text.file, ...place, message, advice });
  }

  get webHosts(): ReadonlyMap<string, WebHost> {
    return this.surroundings.webHosts ?? new Map();
  }

  /** Of the environment. */
  get environmentSecrets(): ReadonlySet<string> | undefined {
    return this.surroundings.secrets;
  }

  /** Notes that the step reads a name, in a way of its own. */
  read(path: Path, name: string, use: VariableRead['use']): void {
    this.reads.push({ path, name, use });
  }

  /** Notes that the flow may go on at `target`. */
  exit(path: Path, target: string): string {
    this.ways.push({ path, to: target });
    if (this.header.stepNames.has(target)) this.exits.add(target);
    else this.issue(path, `there is no step '${target}'`, adviseName(target, this.header.stepNames));
    return target;
  }

  optionalExit(path: Path, target: string | undefined): string | undefined {
    return target === undefined ? undefined : this.exit(path, target);
  }

  named(kind: 'queues' | 'agents' | 'hours', path: Path, name: string, part: 'key' | 'value' = 'value'): string {
    const known = this.surroundings[kind];
    if (!known.has(name))
      this.issue(path, `the centre has no ${SINGULAR[kind]} '${name}'`, adviseName(name, known), part);
    return name;
  }

  language(path: Path, name: string): string {
    const { languages } = this.header;
    if (!languages.includes(name)) this.issue(path, `this flow does not speak '${name}'`, adviseName(name, languages));
    return name;
  }

  /** A variable that the step gives a value. */
  variable(path: Path, name: string, part: 'key' | 'value' = 'value'): Variable | undefined {
    this.writes.push({ path, name });
    const variable = this.header.variables.get(name);
    if (variable === undefined) {
      const advice = `declare it under variables; ${adviseName(name, this.header.variables.keys())}`;
      this.issue(path, `there is no variable '${name}'`, advice, part);
    }
    return variable;
  }

  /** A variable of the type `secret`, for a step that takes or sends what was typed. */
  secret(path: Path, name: string): string {
    const { secrets } = this.header;
    if (!secrets.has(name)) {
      const advice = `declare it under variables as {type: secret}; ${adviseName(name, secrets)}`;
      this.issue(path, `there is no secret '${name}'`, advice);
    }
    return name;
  }

  /** `more`: names that only this text knows. */
  template(path: Path, source: string, language?: string, more: readonly string[] = []): Template | undefined {
    const own = language ?? this.header.languages[0];
    const compiled = compileTemplate(source, [...textNames(this.header.variables), ...more], own);
    if (compiled.ok) {
      this.written.push({ path, language: own ?? '', source });
      for (const { message, advice, offset } of compiled.doubts) this.warningInside(path, offset, message, advice);
      for (const name of compiled.reads) {
        if (!more.includes(name)) this.reads.push({ path, name, use: testedIn(source, name) ? 'condition' : 'text' });
      }
      return compiled.template;
    }
    this.issueInside(path, compiled.offset, compiled.message, compiled.advice);
    return undefined;
  }

  /** `use`: a condition only tests the variables in it, a value needs them. */
  expression(
    path: Path,
    source: string,
    wanted: readonly ValueType[],
    use: 'condition' | 'value' = 'condition',
  ): Expression | undefined {
    const compiled = this.header.expressions.compile(source, wanted);
    if (compiled.ok) {
      for (const name of compiled.expression.reads) this.reads.push({ path, name, use });
      return compiled.expression;
    }
    this.issueInside(path, compiled.offset, compiled.message, compiled.advice);
    return undefined;
  }

  /** A value as written (`3`, `hola`) or computed (`{cel: tries + 1}`), for something of these types. */
  value(path: Path, raw: Value | { cel: string }, wanted: readonly ValueType[]): Expression | undefined {
    if (typeof raw === 'object') return this.expression([...path, 'cel'], raw.cel, wanted, 'value');
    const fits = wanted.includes(typeOf(raw)) || (typeOf(raw) === 'int' && wanted.includes('double'));
    if (!fits) {
      const words = wanted.map((type) => TYPE_WORDS[type]).join(' or ');
      this.issue(path, `this has to be ${words}`, 'to compute it, write {cel: …}');
    }
    return { type: typeOf(raw), reads: [], evaluate: () => raw };
  }

  /** `more`: names that only these texts know. */
  prompt(path: Path, raw: readonly RawPart[] | undefined, more: readonly string[] = []): PromptPart[] {
    return (raw ?? []).map((written, index) => {
      const part = this.promptPart([...path, index], written, more);
      this.hears([...path, index], part);
      return part;
    });
  }

  /** A recording by name, with the texts to say where it does not exist. */
  recording(
    path: Path,
    recorded: string,
    textsAt: Path,
    texts: Readonly<Record<string, string>> | undefined,
  ): PromptPart {
    if (!RECORDING_NAME.test(recorded)) {
      this.issue(path, `'${recorded}' is not the name of a recording`, 'lower-case letters, digits, dashes');
    }
    const part = { recorded, texts: texts === undefined ? new Map() : this.texts(textsAt, texts) };
    this.hears(path, part);
    return part;
  }

  private hears(path: Path, { recorded, texts }: PromptPart): void {
    const sources = new Map([...texts].map(([language, { source }]) => [language, source]));
    this.spoken.push({ path, texts: sources, ...(recorded === undefined ? {} : { recorded }) });
  }

  private promptPart(path: Path, written: RawPart, more: readonly string[]): PromptPart {
    if (typeof written === 'string' || written['when'] === undefined) return this.partAlways(path, written, more);
    const { when: condition, ...part } = written;
    const when = this.expression([...path, 'when'], condition, ['bool']);
    return { ...this.partAlways(path, part, more), ...(when === undefined ? {} : { when }) };
  }

  private partAlways(path: Path, part: RawPart, more: readonly string[]): PromptPart {
    const [only, ...others] = this.header.languages;
    if (typeof part === 'string') {
      if (others.length > 0) {
        this.issue(path, 'this says nothing of the language', `write ${this.header.languages.join(': …, ')}: …`);
      }
      const template = this.template(path, part, only, more);
      return { texts: new Map(only !== undefined && template !== undefined ? [[only, template]] : []) };
    }
    const { recorded, in: fixed, text, ...texts } = part;
    if (fixed !== undefined || text !== undefined) return this.fixedPart(path, part, more);
    if (recorded !== undefined && !RECORDING_NAME.test(recorded)) {
      this.issue(
        [...path, 'recorded'],
        `'${recorded}' is not the name of a recording`,
        'lower-case letters, digits, dashes',
      );
    }
    const mayLack = recorded !== undefined && Object.keys(texts).length === 0;
    const compiled = this.texts(path, texts, mayLack, more);
    return recorded === undefined ? { texts: compiled } : { recorded, texts: compiled };
  }

  private fixedPart(path: Path, part: Readonly<Record<string, string>>, more: readonly string[]): PromptPart {
    const { in: fixed, text, ...others } = part;
    for (const key of Object.keys(others)) {
      this.issue([...path, key], `'${key}' cannot stand beside 'in'`, 'make it a part of its own', 'key');
    }
    if (fixed === undefined) this.issue(path, "'text' needs a language", 'in: en, text: …');
    if (text === undefined) this.issue(path, "'in' needs a text", 'in: en, text: …');
    if (fixed === undefined || text === undefined) return { texts: new Map() };
    this.language([...path, 'in'], fixed);
    const template = this.template([...path, 'text'], text, fixed, more);
    return { fixedLanguage: fixed, texts: new Map(template === undefined ? [] : [[fixed, template]]) };
  }

  /** One text for each language of the flow; `mayLack` when there may be none at all. */
  texts(
    path: Path,
    raw: Readonly<Record<string, string>>,
    mayLack = false,
    more: readonly string[] = [],
  ): Map<string, Template> {
    const compiled = new Map<string, Template>();
    for (const [language, source] of Object.entries(raw)) {
      if (!this.header.languages.includes(language)) {
        const advice = adviseName(language, [...this.header.languages, 'recorded', 'in', 'when']);
        this.issue([...path, language], `'${language}' is not a language of this flow`, advice, 'key');
        continue;
      }
      const template = this.template([...path, language], source, language, more);
      if (template !== undefined) compiled.set(language, template);
      if (source.trim() === '') this.issue([...path, language], 'this text is empty', 'say something');
    }
    if (!mayLack) this.fillIn(path, compiled, raw);
    const lacking = this.header.languages.filter((language) => !(language in raw) && !compiled.has(language));
    if (lacking.length > 0 && !mayLack) {
      const missing = lacking.map((language) => `'${language}'`).join(' and ');
      this.issue(path, `the text in ${missing} is missing`, `add ${lacking.join(': … and ')}: …`);
    }
    return compiled;
  }

  /** For a language that is missing and may be: the text of the first that stands in for it. */
  private fillIn(path: Path, compiled: Map<string, Template>, raw: Readonly<Record<string, string>>): void {
    for (const [language, standIns] of this.header.fallBack) {
      const standIn = standIns.find((other) => other in raw);
      if (language in raw || standIn === undefined) continue;
      const template = compiled.get(standIn);
      if (template === undefined) continue;
      compiled.set(language, template);
      this.stoodIn.push({ language, other: standIn, line: this.text.placeOf([...this.base, ...path]).line });
    }
  }

  canned(path: Path, key: string): Map<string, Template> {
    const texts = this.surroundings.texts.get(key);
    if (texts === undefined) {
      this.issue(path, `the centre has no text '${key}'`, adviseName(key, this.surroundings.texts.keys()));
      return new Map();
    }
    const compiled = new Map<string, Template>();
    for (const language of this.header.languages) {
      const source = texts[language];
      if (source === undefined && this.header.fallBack.get(language)?.some((other) => other in texts)) continue;
      if (source === undefined) {
        this.issue(path, `the text '${key}' of the centre is missing in '${language}'`, 'add it to centre.yaml');
        continue;
      }
      const template = this.template(path, source, language);
      if (template !== undefined) compiled.set(language, template);
    }
    this.fillIn(path, compiled, texts);
    return compiled;
  }
}

/** `{% if name %}`, `name | default: …`: whoever wrote this knows that it may be empty. */
function testedIn(source: string, name: string): boolean {
  const word = name.replaceAll('.', '\\.');
  return new RegExp(`\\{%-?\\s*(?:if|elsif|unless|case)\\b[^%]*\\b${word}\\b|\\b${word}\\s*\\|\\s*default\\b`).test(
    source,
  );
}

const RECORDING_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const SINGULAR = { queues: 'queue', agents: 'agent', hours: 'opening hours' } as const;

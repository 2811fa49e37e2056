// What a step may refer to while its flow is compiled, and the place where its mistakes are collected.
import type { Issue } from '../document/issue.js';
import { adviseName } from '../document/spelling.js';
import { compileTemplate, type Template } from '../document/template.js';
import type { WebHost } from '../document/web-host.js';
import type { Path, YamlText } from '../document/yaml-text.js';
import { type Expression, type ExpressionCompiler, TYPE_WORDS } from './expression.js';
import { textNames } from './facts.js';
import type { PromptPart, RawPart } from './prompt.js';
import type { Spoken, StepTraits, VariableRead, VariableWrite, Way } from './proof/traits.js';
import type { Value, ValueType, Variable } from './value.js';

/** The names of the centre that flows may use. */
export interface Surroundings {
  readonly queues: ReadonlySet<string>;
  readonly agents: ReadonlySet<string>;
  readonly hours: ReadonlySet<string>;
  /** Canned texts: key → language → text. They may use `call.reference` and the other built-in facts. */
  readonly texts: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Where requests may go, by {@link hostKey}; absent: nowhere. */
  readonly webHosts?: ReadonlyMap<string, WebHost>;
  /** Names of the secrets there are; absent: nobody knows yet. */
  readonly secrets?: ReadonlySet<string>;
}

export interface FlowHeader {
  readonly languages: readonly string[];
  readonly variables: ReadonlyMap<string, Variable>;
  readonly stepNames: ReadonlySet<string>;
  readonly expressions: ExpressionCompiler;
}

/** Paths are relative to the step. A method that finds a mistake notes it and returns something harmless. */
export class Scope {
  readonly exits = new Set<string>();
  readonly issues: Issue[] = [];
  private readonly ways: Way[] = [];
  private readonly spoken: Spoken[] = [];
  private readonly reads: VariableRead[] = [];
  private readonly writes: VariableWrite[] = [];

  constructor(
    private readonly text: YamlText,
    private readonly base: Path,
    readonly header: FlowHeader,
    private readonly surroundings: Surroundings,
  ) {}

  /** What was seen so far of the step, for proofs. */
  traits(): Pick<StepTraits, 'ways' | 'spoken' | 'reads' | 'writes'> {
    const { ways, spoken, reads, writes } = this;
    return { ways, spoken, reads, writes };
  }

  issue(path: Path, message: string, advice: string, part: 'key' | 'value' = 'value'): void {
    const place = this.text.placeOf([...this.base, ...path], part);
    this.issues.push({ severity: 'error', file: this.text.file, ...place, message, advice });
  }

  /** `offset`: of the mistake within the text at `path`. */
  issueInside(path: Path, offset: number, message: string, advice: string): void {
    this.issues.push({
      severity: 'error',
      file: this.text.file,
      ...this.text.placeInside([...this.base, ...path], offset),
      message,
      advice,
    });
  }

  get webHosts(): ReadonlyMap<string, WebHost> {
    return this.surroundings.webHosts ?? new Map();
  }

  get secrets(): ReadonlySet<string> | undefined {
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

  named(kind: 'queues' | 'agents' | 'hours', path: Path, name: string): string {
    const known = this.surroundings[kind];
    if (!known.has(name)) this.issue(path, `the centre has no ${SINGULAR[kind]} '${name}'`, adviseName(name, known));
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

  template(path: Path, source: string): Template | undefined {
    const compiled = compileTemplate(source, textNames(this.header.variables));
    if (compiled.ok) {
      for (const name of compiled.reads) this.reads.push({ path, name, use: 'text' });
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

  prompt(path: Path, raw: readonly RawPart[] | undefined): PromptPart[] {
    return (raw ?? []).map((written, index) => {
      const part = this.promptPart([...path, index], written);
      this.spoken.push({ path: [...path, index], part });
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
    this.spoken.push({ path, part });
    return part;
  }

  private promptPart(path: Path, part: RawPart): PromptPart {
    const [only, ...others] = this.header.languages;
    if (typeof part === 'string') {
      if (others.length > 0) {
        this.issue(path, 'this says nothing of the language', `write ${this.header.languages.join(': …, ')}: …`);
      }
      const template = this.template(path, part);
      return { texts: new Map(only !== undefined && template !== undefined ? [[only, template]] : []) };
    }
    const { recorded, in: fixed, text, ...texts } = part;
    if (fixed !== undefined || text !== undefined) return this.fixedPart(path, part);
    if (recorded !== undefined && !RECORDING_NAME.test(recorded)) {
      this.issue(
        [...path, 'recorded'],
        `'${recorded}' is not the name of a recording`,
        'lower-case letters, digits, dashes',
      );
    }
    const compiled = this.texts(path, texts, recorded !== undefined && Object.keys(texts).length === 0);
    return recorded === undefined ? { texts: compiled } : { recorded, texts: compiled };
  }

  private fixedPart(path: Path, part: Readonly<Record<string, string>>): PromptPart {
    const { in: fixed, text, ...others } = part;
    for (const key of Object.keys(others)) {
      this.issue([...path, key], `'${key}' cannot stand beside 'in'`, 'make it a part of its own', 'key');
    }
    if (fixed === undefined) this.issue(path, "'text' needs a language", 'in: en, text: …');
    if (text === undefined) this.issue(path, "'in' needs a text", 'in: en, text: …');
    if (fixed === undefined || text === undefined) return { texts: new Map() };
    this.language([...path, 'in'], fixed);
    const template = this.template([...path, 'text'], text);
    return { fixedLanguage: fixed, texts: new Map(template === undefined ? [] : [[fixed, template]]) };
  }

  /** One text for each language of the flow; `mayLack` when there may be none at all. */
  texts(path: Path, raw: Readonly<Record<string, string>>, mayLack = false): Map<string, Template> {
    const compiled = new Map<string, Template>();
    for (const [language, source] of Object.entries(raw)) {
      if (!this.header.languages.includes(language)) {
        const advice = adviseName(language, [...this.header.languages, 'recorded', 'in']);
        this.issue([...path, language], `'${language}' is not a language of this flow`, advice, 'key');
        continue;
      }
      const template = this.template([...path, language], source);
      if (template !== undefined) compiled.set(language, template);
      if (source.trim() === '') this.issue([...path, language], 'this text is empty', 'say something');
    }
    const lacking = this.header.languages.filter((language) => !(language in raw));
    if (lacking.length > 0 && !mayLack) {
      const missing = lacking.map((language) => `'${language}'`).join(' and ');
      this.issue(path, `the text in ${missing} is missing`, `add ${lacking.join(': … and ')}: …`);
    }
    return compiled;
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
      if (source === undefined) {
        this.issue(path, `the text '${key}' of the centre is missing in '${language}'`, 'add it to centre.yaml');
        continue;
      }
      const template = this.template(path, source);
      if (template !== undefined) compiled.set(language, template);
    }
    return compiled;
  }
}

const RECORDING_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const SINGULAR = { queues: 'queue', agents: 'agent', hours: 'opening hours' } as const;

export function typeOf(value: Value): ValueType {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return Number.isInteger(value) ? 'int' : 'double';
}

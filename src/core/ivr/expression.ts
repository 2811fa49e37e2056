// Conditions and calculations of a flow (CEL): typed against the declared names at load, bounded, without side effects.
import { Environment } from '@marcbachmann/cel-js';
import { adviseName } from '../document/spelling.js';
import { BUILT_IN, type Facts } from './facts.js';
import { MAX_EXPRESSION_CHARS, MAX_VALUE_CHARS } from './limits.js';
import type { Value, ValueType, Variable } from './value.js';

export interface Expression {
  readonly type: ValueType;
  /** The names in it, each once: variables and the built-in facts. */
  readonly reads: readonly string[];
  /** undefined when it cannot be computed, e.g. `int("abc")` or a division by zero, or when the result is too long. */
  evaluate(facts: Facts): Value | undefined;
}

export type CompiledExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly message: string; readonly advice: string; readonly offset: number };

/** `matches` is not among them: its regular expressions may backtrack for seconds. Nor are the loops (`all`, `map` …). */
const FUNCTIONS = [
  'size',
  'int',
  'double',
  'string',
  'startsWith',
  'endsWith',
  'contains',
  'indexOf',
  'substring',
  'lowerAscii',
  'upperAscii',
  'trim',
];

export class ExpressionCompiler {
  private readonly environment: Environment;
  private readonly names: readonly string[];

  constructor(private readonly variables: ReadonlyMap<string, Variable>) {
    this.environment = new Environment({ limits: { maxAstNodes: 150, maxDepth: 20, maxListElements: 50 } });
    for (const [name, type] of Object.entries(BUILT_IN)) {
      if (typeof type === 'string') this.environment.registerVariable(name, type);
      else this.environment.registerVariable({ name, schema: { ...type } });
    }
    for (const [name, variable] of variables) this.environment.registerVariable(name, variable.type);
    this.names = [...Object.keys(BUILT_IN), ...variables.keys()];
  }

  compile(source: string, wanted: readonly ValueType[]): CompiledExpression {
    if (source.length > MAX_EXPRESSION_CHARS) {
      const message = `an expression may have ${MAX_EXPRESSION_CHARS} characters`;
      return { ok: false, message, advice: 'use several branches', offset: 0 };
    }
    const checked = this.environment.check(source);
    if (!checked.valid) return this.explain(source, checked.error);
    const evaluate = this.environment.parse(source);
    const forbidden = firstForbidden(evaluate.ast);
    if (forbidden !== undefined) {
      const advice =
        forbidden.name === 'matches' ? 'use startsWith, endsWith or contains' : `there are: ${FUNCTIONS.join(', ')}`;
      return { ok: false, message: `'${forbidden.name}' is not allowed in a flow`, advice, offset: forbidden.offset };
    }
    const type = wanted.find((candidate) => candidate === checked.type);
    if (type === undefined) {
      const advice = `it has to give ${wanted.map((candidate) => TYPE_WORDS[candidate]).join(' or ')}`;
      return { ok: false, message: `this gives ${typeWords(String(checked.type))}`, advice, offset: 0 };
    }
    const reads = [...namesIn(evaluate.ast)];
    return { ok: true, expression: { type, reads, evaluate: (facts) => compute(evaluate, this.celValues(facts)) } };
  }

  private celValues(facts: Facts): Record<string, unknown> {
    const values: Record<string, unknown> = {
      call: facts.call,
      now: { ...facts.now, hour: BigInt(facts.now.hour), weekday: BigInt(facts.now.weekday) },
      language: facts.language,
      customer: { ...facts.customer, days_since: BigInt(facts.customer.days_since) },
    };
    for (const [name, variable] of this.variables) {
      const value = facts.variables[name] ?? variable.initial;
      // For CEL a number of JavaScript is a double, and 1 + a double does not type-check.
      values[name] = variable.type === 'int' && typeof value === 'number' ? BigInt(Math.trunc(value)) : value;
    }
    return values;
  }

  private explain(source: string, error: unknown): CompiledExpression {
    const full = error instanceof Error ? error.message : String(error);
    const [message = full] = full.split('\n');
    const unknownName = /^Unknown variable: (\w+)/.exec(message)?.[1];
    const offset = offsetOf(error) ?? (unknownName === undefined ? 0 : Math.max(0, source.indexOf(unknownName)));
    if (unknownName !== undefined) {
      return {
        ok: false,
        message: `'${unknownName}' is not a known variable`,
        advice: adviseName(unknownName, this.names),
        offset,
      };
    }
    const unlike = /^no such overload: (\w+) (\S+) (\w+)$/.exec(message);
    if (unlike !== null) {
      const [, left = '', operator = '', right = ''] = unlike;
      const told = `'${operator}' does not go with ${typeWords(left)} and ${typeWords(right)}`;
      return { ok: false, message: told, advice: 'compare like with like, e.g. int(typed) > 3, name == "3"', offset };
    }
    return { ok: false, message: `this condition is not understood: ${message}`, advice: '', offset };
  }
}

export const TYPE_WORDS: Readonly<Record<ValueType, string>> = {
  string: 'a text',
  int: 'a whole number',
  double: 'a number',
  bool: 'true or false',
};

/** A type of CEL that no variable has is told by its own name. */
function typeWords(type: string): string {
  return (TYPE_WORDS as Readonly<Record<string, string>>)[type] ?? type;
}

function compute(
  evaluate: (values: Record<string, unknown>) => unknown,
  values: Record<string, unknown>,
): Value | undefined {
  let result: unknown;
  try {
    result = evaluate(values);
  } catch {
    // Types were checked at load; what is left is the caller's data, e.g. int("abc"). The step decides what that means.
    return undefined;
  }
  if (typeof result === 'bigint') return Number.isSafeInteger(Number(result)) ? Number(result) : undefined;
  if (typeof result === 'number') return Number.isFinite(result) ? result : undefined;
  if (typeof result === 'string') return result.length <= MAX_VALUE_CHARS ? result : undefined;
  return typeof result === 'boolean' ? result : undefined;
}

interface AstNode {
  readonly op: string;
  readonly args: unknown;
  readonly start?: number;
}

function isAstNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function firstForbidden(value: unknown): { name: string; offset: number } | undefined {
  if (Array.isArray(value)) return value.map(firstForbidden).find((found) => found !== undefined);
  if (!isAstNode(value)) return undefined;
  if (value.op === 'call' || value.op === 'rcall') {
    const name = Array.isArray(value.args) ? String(value.args[0]) : '';
    if (!FUNCTIONS.includes(name)) return { name, offset: value.start ?? 0 };
  }
  return firstForbidden(value.args);
}

function namesIn(value: unknown): Set<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((one) => [...namesIn(one)]));
  if (!isAstNode(value)) return new Set();
  return value.op === 'id' ? new Set([String(value.args)]) : namesIn(value.args);
}

function offsetOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('range' in error)) return undefined;
  const range: unknown = error.range;
  return typeof range === 'object' && range !== null && 'start' in range ? Number(range.start) || 0 : undefined;
}

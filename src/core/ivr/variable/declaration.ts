// How a flow declares its values: variables by first value or by type, inputs that are given to it, results taken from it.
import { z } from 'zod';
import { strict } from '../../document/shape.js';
import { adviseName } from '../../document/spelling.js';
import type { Path } from '../../document/yaml-text.js';
import { BUILT_IN } from '../facts.js';
import { MAX_VALUE_CHARS, MAX_VARIABLES } from '../limits.js';
import { typeOf, type Value, type ValueType, type Variable } from '../value.js';

/** Words of CEL that no variable may be named. */
const RESERVED =
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
    ' ',
  );

export const variableName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, { error: 'a variable is named in lower-case letters, digits and _' })
  .refine((name) => !(name in BUILT_IN) && !RESERVED.includes(name), { error: 'this name is taken by Hilo' });

const plainValue = z.union([z.string().max(MAX_VALUE_CHARS), z.number(), z.boolean()]);

/** Types as they are written → as they are computed with. */
const TYPES = { text: 'string', int: 'int', number: 'double', bool: 'bool' } as const satisfies Record<
  string,
  ValueType
>;
const FIRST: Readonly<Record<ValueType, Value>> = { string: '', int: 0, double: 0, bool: false };

const typeName = z.enum(['text', 'int', 'number', 'bool']);
const byType = strict({
  type: typeName.describe('`text`, `int` (whole), `number` (with a fraction) or `bool`.'),
  first: plainValue.optional().describe('The first value; else an empty text, 0, or false.'),
}).superRefine(({ type, first }, context) => fits(type, first, ['first'], context));

const secret = strict({ type: z.literal('secret').describe('Typed by the caller and seen by nobody.') });

/** `tries: 0`, `order: { type: text }`, `card: { type: secret }`. */
export const variableDeclaration = z.union([plainValue, byType, secret], {
  error:
    'this has to be the first value (a text, a number, true or false), or {type: text, int, number, bool or secret}',
});

/** `vip: false` may be given, `order: { type: text }` and `card: { type: secret }` have to be. */
export const inputDeclaration = z.union(
  [
    plainValue,
    strict({
      type: typeName.describe('`text`, `int` (whole), `number` (with a fraction) or `bool`.'),
      default: plainValue.optional().describe('Without it the value has to be given.'),
    }).superRefine((declared, context) => fits(declared.type, declared.default, ['default'], context)),
    secret,
  ],
  { error: 'this has to be a value for when none is given, or {type: text, int, number, bool or secret}' },
);

export interface Declared {
  readonly variables: ReadonlyMap<string, Variable>;
  readonly secrets: ReadonlySet<string>;
  /** Absent: the flow declares none, and any of its variables may be given. */
  readonly inputs?: ReadonlyMap<string, 'required' | 'optional'>;
  /** Absent: any of its variables may be taken. */
  readonly results?: ReadonlySet<string>;
}

/** What is handed from flow to flow. */
export type HandedType = ValueType | 'secret';

export function handedTypeOf({ variables, secrets }: Declared, name: string): HandedType | undefined {
  return secrets.has(name) ? 'secret' : variables.get(name)?.type;
}

type Records = Readonly<Record<'variables' | 'inputs', Readonly<Record<string, unknown>>>>;

/** What is good in the head of a flow, whatever is wrong beside it. */
export function declaredIn(head: Records, inputs: boolean, results: unknown): Declared {
  const variables = new Map<string, Variable>();
  const secrets = new Set<string>();
  for (const [name, raw] of goodNames(head.variables)) {
    const declared = variableDeclaration.safeParse(raw);
    if (!declared.success) continue;
    if (typeof declared.data !== 'object') variables.set(name, variableOf(declared.data));
    else if (declared.data.type === 'secret') secrets.add(name);
    else variables.set(name, typed(TYPES[declared.data.type], declared.data.first));
  }
  const given = new Map<string, 'required' | 'optional'>();
  for (const [name, raw] of goodNames(head.inputs)) {
    const declared = inputDeclaration.safeParse(raw);
    if (!declared.success) continue;
    if (typeof declared.data !== 'object') {
      variables.set(name, variableOf(declared.data));
      given.set(name, 'optional');
      continue;
    }
    if (declared.data.type === 'secret') {
      secrets.add(name);
      given.set(name, 'required');
      continue;
    }
    const { type, default: otherwise } = declared.data;
    variables.set(name, typed(TYPES[type], otherwise));
    given.set(name, otherwise === undefined ? 'required' : 'optional');
  }
  const taken = z.array(z.string()).safeParse(results);
  return {
    variables,
    secrets,
    ...(inputs ? { inputs: given } : {}),
    ...(taken.success ? { results: new Set(taken.data) } : {}),
  };
}

/** Mistakes that only show when the declarations lie side by side. */
export function checkDeclared(
  head: Records,
  declared: Declared,
  note: (path: Path, message: string, advice: string, part?: 'key' | 'value') => void,
): void {
  for (const name of Object.keys(head.inputs)) {
    if (name in head.variables)
      note(['inputs', name], `'${name}' is also under variables`, 'an input is a variable already', 'key');
  }
  for (const [index, name] of [...(declared.results ?? [])].entries()) {
    if (handedTypeOf(declared, name) !== undefined) continue;
    const known = [...declared.variables.keys(), ...declared.secrets];
    note(['results', index], `there is no variable '${name}'`, adviseName(name, known));
  }
  if (declared.variables.size + declared.secrets.size > MAX_VARIABLES)
    note(['variables'], `more than ${MAX_VARIABLES} variables`, '');
}

function goodNames(record: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(record)
    .slice(0, MAX_VARIABLES + 1)
    .filter(([name]) => variableName.safeParse(name).success);
}

function variableOf(initial: Value): Variable {
  return { type: typeOf(initial), initial };
}

function typed(type: ValueType, first: Value | undefined): Variable {
  return { type, initial: first ?? FIRST[type] };
}

function fits(
  type: z.output<typeof typeName>,
  value: Value | undefined,
  path: Path,
  context: z.core.$RefinementCtx,
): void {
  if (value === undefined) return;
  const given = typeOf(value);
  if (given === TYPES[type] || (type === 'number' && given === 'int')) return;
  // The value is of a known form, so the other forms that are possible here need not be told.
  context.addIssue({
    ...{ code: 'custom', message: `this is no ${type}`, path: [...path], input: value, continue: true },
    params: { advice: 'type and value have to go together' },
  });
}

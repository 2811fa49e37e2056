// What sort of field a place of the centre has, from the JSON Schema of the centre: no list of keys or words is kept here.
import type { JsonSchema } from '../../../core/document/json-schema.js';

/** JSON Schema names these with words that the shared type has no need of. */
export type Schema = JsonSchema & {
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly propertyNames?: { readonly pattern?: string };
};

export type Kind =
  /** One text per language. */
  | { readonly kind: 'texts' }
  /** Where a call goes: one of some words, or something named. */
  | { readonly kind: 'place'; readonly words: readonly string[]; readonly named: readonly string[] }
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'whole'; readonly least: number; readonly most: number }
  /** `hint`: `3s – 2m`. */
  | { readonly kind: 'time'; readonly hint: string }
  | { readonly kind: 'text' }
  /** A text, or several. */
  | { readonly kind: 'words' }
  /** Plain values, one a line. */
  | { readonly kind: 'lines'; readonly hint: string }
  /** Any of some words. */
  | { readonly kind: 'several'; readonly values: readonly string[] }
  | { readonly kind: 'rows'; readonly item: Schema }
  /** A value for each name. */
  | { readonly kind: 'pairs'; readonly value: Schema; readonly names: RegExp }
  | {
      readonly kind: 'block';
      readonly properties: Readonly<Record<string, Schema>>;
      readonly required: readonly string[];
    }
  | { readonly kind: 'variants'; readonly variants: readonly Schema[] };

const LANGUAGE_NAMES = /^\^\[a-z\]\{2,3\}/;
const TIME_TITLE = /^time, (\S+) to (\S+)$/;

export function kindOf(schema: Schema): Kind {
  const { anyOf, enum: values, const: only, items, properties, additionalProperties: others } = schema;
  if (anyOf !== undefined) return kindOfUnion(anyOf);
  if (values !== undefined) return { kind: 'choice', values: values.map(String) };
  if (only !== undefined) return { kind: 'choice', values: [String(only)] };
  if (schema.type === 'boolean') return { kind: 'flag' };
  if (schema.type === 'integer')
    return { kind: 'whole', least: schema.minimum ?? 0, most: schema.maximum ?? Number.MAX_SAFE_INTEGER };
  if (schema.type === 'array' && items !== undefined) return kindOfList(items);
  if (properties !== undefined) return { kind: 'block', properties, required: schema.required ?? [] };
  if (typeof others === 'object') return kindOfNames(schema, others);
  const [, from, to] = TIME_TITLE.exec(schema.title ?? '') ?? [];
  return from === undefined ? { kind: 'text' } : { kind: 'time', hint: `${from} – ${to}` };
}

function kindOfUnion(anyOf: readonly Schema[]): Kind {
  const [first = {}, second = {}] = anyOf;
  if (first.enum !== undefined && second.properties !== undefined)
    return { kind: 'place', words: first.enum.map(String), named: Object.keys(second.properties) };
  if (first.type === 'string' && second.type === 'array' && first.title === undefined) return { kind: 'words' };
  return { kind: 'variants', variants: anyOf };
}

function kindOfList(items: Schema): Kind {
  const item = kindOf(items);
  switch (item.kind) {
    case 'choice':
      return { kind: 'several', values: item.values };
    case 'time':
      return { kind: 'lines', hint: item.hint };
    case 'text':
    case 'whole':
      return { kind: 'lines', hint: '' };
    default:
      return { kind: 'rows', item: items };
  }
}

function kindOfNames(schema: Schema, value: Schema): Kind {
  const pattern = schema.propertyNames?.pattern ?? '';
  if (LANGUAGE_NAMES.test(pattern)) return { kind: 'texts' };
  return { kind: 'pairs', value, names: new RegExp(pattern) };
}

/** Which of the variants is written; the first when nothing fits. */
export function variantOf(variants: readonly Schema[], value: unknown): number {
  const found = variants.findIndex((one) => fits(one, value));
  return Math.max(0, found);
}

function fits(schema: Schema, value: unknown): boolean {
  if (schema.const !== undefined) return schema.const === value;
  if (schema.type === 'array') return Array.isArray(value);
  if (schema.type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value !== 'object' && value !== undefined;
}

/** What a field begins with that has to be there: good as it is where that can be known. */
export function begun(schema: Schema): unknown {
  if (schema.default !== undefined) return schema.default;
  const kind = kindOf(schema);
  switch (kind.kind) {
    case 'block':
      return Object.fromEntries(kind.required.map((key) => [key, begun(kind.properties[key] ?? {})]));
    case 'variants':
      return begun(kind.variants[0] ?? {});
    case 'place':
    case 'choice':
      return kind.kind === 'place' ? kind.words[0] : kind.values[0];
    case 'flag':
      return false;
    case 'whole':
      return kind.least;
    case 'time':
      return kind.hint.split(' ')[0];
    case 'texts':
    case 'pairs':
      return {};
    case 'lines':
    case 'several':
    case 'rows':
      return [];
    default:
      return '';
  }
}

/** What is under the keys of a path: `*` is any name or index. Undefined when the centre has no such place. */
export function schemaAt(root: Schema, path: readonly string[]): Schema | undefined {
  return path.reduce<Schema | undefined>((node, key) => {
    if (node === undefined) return undefined;
    if (key !== '*') return node.properties?.[key];
    return typeof node.additionalProperties === 'object' ? node.additionalProperties : node.items;
  }, root);
}

/** They hold other fields. */
export const HOLDING: readonly Kind['kind'][] = ['block', 'rows', 'pairs', 'texts', 'variants'];
const WIDE: readonly Kind['kind'][] = [...HOLDING, 'place', 'lines', 'several'];

/** Takes the whole width. */
export function isWide(schema: Schema): boolean {
  return WIDE.includes(kindOf(schema).kind);
}

export function shown(value: unknown): string {
  return isBlank(value) || typeof value === 'object' ? '' : String(value);
}

export function isBlank(value: unknown): boolean {
  return value === undefined || value === null;
}

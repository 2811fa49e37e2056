// What may be written at a place, and what a key means: from the schema of the language and the names of the centre.
import type { JsonSchema } from '../../../core/document/json-schema.js';
import type { Names } from '../compiler/workshop.js';
import { placeAt, type TextPlace, wordAt } from './place.js';

export interface Proposal {
  readonly label: string;
  /** What is written when it is taken. */
  readonly apply: string;
  readonly about: string;
}

interface Proposals {
  readonly from: number;
  readonly options: readonly Proposal[];
}

/** JSON Schema names these with words that the shared type has no need of. */
type Schema = JsonSchema & {
  readonly $ref?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly oneOf?: readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
};

/** Keys whose values name something, by what they name. */
const NAMED: Readonly<Record<string, keyof Names>> = {
  start: 'steps',
  fallback: 'steps',
  queue: 'queues',
  agent: 'agents',
  hours: 'hours',
  flow: 'flows',
  // In tests.
  callback: 'queues',
};

export function proposalsAt(text: string, offset: number, schema: JsonSchema, names: Names): Proposals | undefined {
  const place = placeAt(text, offset);
  if (place === undefined) return undefined;
  const nodes = nodesAt(schema, place, text);
  const last = place.path.at(-1) ?? '';
  const found = place.kind === 'key' ? keysOf(nodes, last, names) : valuesOf(nodes, last, names);
  return { from: place.from, options: found };
}

/** What the key, or the kind of step, under the cursor means. */
export function meaningAt(
  text: string,
  offset: number,
  schema: JsonSchema,
): { readonly from: number; readonly to: number; readonly about: string } | undefined {
  const { from, to } = wordAt(text, offset);
  const place = placeAt(text, to);
  if (place === undefined || from === to) return undefined;
  const word = text.slice(from, to);
  if (place.kind === 'value' && place.path.at(-1) === 'do') {
    const about = definitionOf(schema, word)?.description;
    return about === undefined ? undefined : { from, to, about };
  }
  if (place.kind === 'value') return undefined;
  const parents = nodesAt(schema, place, text);
  const about = parents.flatMap((node) => {
    const own = node.properties?.[word];
    return own === undefined ? [] : [aboutOf(own)];
  });
  const [first = ''] = about;
  return first === '' ? undefined : { from, to, about: first };
}

/** In a list, what may stand there without a key as well. */
function keysOf(nodes: readonly Schema[], parent: string, names: Names): Proposal[] {
  const found = new Map<string, Proposal>();
  // In tests other systems answer by the step that asks them.
  if (parent === 'answers')
    for (const step of names.steps) found.set(step, { label: step, apply: `${step}: `, about: '' });
  for (const { properties = {} } of nodes) {
    for (const [key, schema] of Object.entries(properties)) {
      if (!found.has(key)) found.set(key, { label: key, apply: `${key}: `, about: aboutOf(schema) });
    }
  }
  const words =
    parent === '*'
      ? nodes.flatMap(({ enum: ones = [], description = '' }) =>
          ones.map((one) => ({ word: String(one), description })),
        )
      : [];
  return [
    ...found.values(),
    ...words.map(({ word, description }) => ({ label: word, apply: word, about: description })),
  ];
}

function valuesOf(nodes: readonly Schema[], key: string, names: Names): Proposal[] {
  const plain = (label: string): Proposal => ({ label, apply: label, about: '' });
  const kind = nodes.some(({ title }) => title === 'step') ? 'steps' : NAMED[key];
  if (kind !== undefined) return names[kind].map(plain);
  const words = nodes.flatMap((node) => [
    ...(node.enum ?? []),
    ...(node.const === undefined ? [] : [node.const]),
    ...(node.type === 'boolean' ? [true, false] : []),
  ]);
  return [...new Set(words.map(String))].map(plain);
}

function aboutOf({ description = '', title }: JsonSchema): string {
  return [description, title === undefined ? '' : `(${title})`].filter((part) => part !== '').join(' ');
}

/** For a key: what holds it. For a value: what it has to be. */
function nodesAt(root: JsonSchema, place: TextPlace, text: string): Schema[] {
  let nodes = expanded(root, root);
  place.path.forEach((part, index) => {
    const isStep = index === 1 && place.path[0] === 'steps';
    const kind = isStep ? kindOf(text, place.lines[1] ?? 0) : undefined;
    const own = kind === undefined ? undefined : definitionOf(root, kind);
    // The word after `do:` is to be chosen among all of them.
    const isChoosing = place.kind === 'value' && place.path.length === 3 && place.path[2] === 'do';
    nodes = own === undefined || isChoosing ? nodes.flatMap((node) => childrenOf(root, node, part)) : [own];
  });
  return nodes;
}

function childrenOf(root: JsonSchema, node: Schema, part: string): Schema[] {
  if (part === '*') return node.items === undefined ? [] : expanded(root, node.items);
  const { additionalProperties: others } = node;
  const child = node.properties?.[part] ?? (typeof others === 'object' ? others : undefined);
  return child === undefined ? [] : expanded(root, child);
}

function expanded(root: JsonSchema, node: Schema): Schema[] {
  const named = node.$ref === undefined ? undefined : definitionOf(root, node.$ref.split('/').at(-1) ?? '');
  const others = [...(named === undefined ? [] : [named]), ...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  return [node, ...others.flatMap((one) => expanded(root, one))];
}

function definitionOf(root: Schema, name: string): Schema | undefined {
  return root.definitions?.[name];
}

/** The `do` of the step whose name stands in that line (from 0). */
function kindOf(text: string, row: number): string | undefined {
  const lines = text.split('\n').slice(row);
  const [first = '', ...others] = lines;
  const indent = first.search(/\S/);
  const end = others.findIndex((line) => line.trim() !== '' && line.search(/\S/) <= indent);
  const own = [first, ...others.slice(0, end < 0 ? undefined : end)].join('\n');
  return /(?:^|[{,\s])do:\s*([a-z]+)/m.exec(own)?.[1];
}

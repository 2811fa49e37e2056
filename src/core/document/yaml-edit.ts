// Changes a YAML text where its data changes, and nowhere else: comments, order and spacing of the rest stay byte for byte.
import { Document, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, Scalar, stringify } from 'yaml';
import { assert } from '../../lib/assert.js';
import { type Path, readYaml } from './yaml-text.js';

/** A collection that would make a longer line is written over several. */
const LINE_CHARS_MAX = 110;
const INDENT = 2;

/**
 * The text with `value` at `path`: plain data, or undefined for none. Of a mapping only the keys that differ are written
 * anew, of a list only the items. Throws when the text is not YAML, or when the path leads through something that is no
 * mapping or list.
 */
export function withValue(text: string, path: Path, value: unknown): string {
  const before = dataOf(text);
  const edited = edit(text, path, at(before, path), value);
  assert(same(dataOf(edited), changed(before, path, value)), `an edit at ${path.join('/')} changed something else`);
  return edited;
}

/** The text with another name for the key at `path`. Throws when there is none, or one of the new name. */
export function withKey(text: string, path: Path, name: string): string {
  const { pair, map } = pairAt(text, path);
  assert(!map.items.some((one) => keyOf(one) === name), `there is a ${name} already`);
  const [from = 0, to = 0] = pair.key.range ?? [];
  return splice(text, from, to, flow(name));
}

type PairOf = Pair<Node, Node | null>;
/** What is read of a mapping of the package, whose own types know nothing of what it holds. */
interface MapOf {
  readonly items: readonly PairOf[];
  readonly flow?: boolean | undefined;
  readonly range?: readonly [number, number, number] | null | undefined;
}
interface SeqOf {
  readonly items: readonly Node[];
}

function mapOf(node: unknown): MapOf {
  return node as MapOf;
}

function seqOf(node: unknown): SeqOf {
  return node as SeqOf;
}

function edit(text: string, path: Path, before: unknown, after: unknown): string {
  if (same(before, after)) return text;
  if (after === undefined) return remove(text, path);
  if (isRecord(before) && isRecord(after) && Object.keys(before).length > 0 && Object.keys(after).length > 0) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    // What is new comes first, so that no mapping is empty in between.
    const order = [...keys].toSorted((a, b) => Number(after[a] === undefined) - Number(after[b] === undefined));
    return order.reduce((so, key) => edit(so, [...path, key], before[key], after[key]), text);
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return after.reduce((so: string, item, index) => edit(so, [...path, index], before[index], item), text);
  return before === undefined ? insert(text, path, after) : replace(text, path, after);
}

function replace(text: string, path: Path, value: unknown): string {
  const parent = nodeAt(text, path.slice(0, -1));
  const last = path.at(-1) ?? '';
  if (isSeq(parent)) {
    const item = seqOf(parent).items[Number(last)];
    assert(item !== undefined, `there is no item ${last}`);
    return splice(text, item.range?.[0] ?? 0, endOf(text, item), flow(value, item));
  }
  const { pair, map } = pairAt(text, path);
  const colon = text.indexOf(':', pair.key.range?.[1] ?? 0) + 1;
  const from = colon + (isScalar(pair.value) && pair.value.value !== null ? gap(text, colon, pair.value) : 0);
  const space = from === colon ? ' ' : '';
  const isEmpty = pair.value === null || (isScalar(pair.value) && pair.value.source === '');
  const to = isEmpty || pair.value === null ? colon : Math.max(colon, endOf(text, pair.value));
  const column = columnOf(text, pair.key.range?.[0] ?? 0);
  const written = map.flow === true ? flow(value, pair.value) : fitting(value, column, String(last).length, pair.value);
  return splice(text, from, to, written.startsWith('\n') ? written : `${space}${written}`);
}

/** What lies between the colon and a value on the same line; 0 when it stands on a later one. */
function gap(text: string, colon: number, value: Node): number {
  const start = value.range?.[0] ?? colon;
  return text.slice(colon, start).includes('\n') ? 0 : start - colon;
}

function insert(text: string, path: Path, value: unknown): string {
  const above = path.slice(0, -1);
  const key = path.at(-1) ?? '';
  const parent = above.length === 0 ? rootOf(text) : nodeAt(text, above);
  if (parent === undefined || (isScalar(parent) && parent.value === null))
    return edit(text, above, parent === undefined ? undefined : null, { [key]: value });
  assert(isMap(parent), `${above.join('/')} is no mapping`);
  const map = mapOf(parent);
  const last: PairOf | undefined = map.items.at(-1);
  if (map.flow === true || last === undefined) {
    const to = (map.range?.[1] ?? 1) - 1;
    const inner = text.slice((map.range?.[0] ?? 0) + 1, to).trimEnd();
    const from = to - (text.slice(0, to).length - text.slice(0, to).trimEnd().length);
    return splice(text, from, to, `${inner === '' ? '' : ','} ${flow(String(key))}: ${flow(value)} `);
  }
  const column = columnOf(text, map.items[0]?.key.range?.[0] ?? 0);
  const written = fitting(value, column, String(key).length, undefined, path.length === 2);
  const line = `${' '.repeat(column)}${flow(String(key))}:${written.startsWith('\n') ? '' : ' '}${written}`;
  const end = lineEnd(text, last.value === null ? (last.key.range?.[1] ?? 0) : endOf(text, last.value));
  return splice(text, end, end, `\n${line}`);
}

function remove(text: string, path: Path): string {
  const parent = nodeAt(text, path.slice(0, -1));
  const last = path.at(-1) ?? '';
  const isList = isSeq(parent);
  const items = isList ? seqOf(parent).items : mapOf(parent).items;
  const index = isList ? Number(last) : (items as PairOf[]).findIndex((pair) => keyOf(pair) === String(last));
  assert(index >= 0 && index < items.length, `there is no ${last}`);
  if (items.length === 1) return replaceWhole(text, path.slice(0, -1), isList ? [] : {});
  const span = (one: Node | PairOf): [number, number] => {
    if ('key' in one)
      return [one.key.range?.[0] ?? 0, one.value === null ? (one.key.range?.[1] ?? 0) : endOf(text, one.value)];
    return [one.range?.[0] ?? 0, endOf(text, one)];
  };
  const [from, to] = span(items[index] as Node | PairOf);
  if (mapOf(parent).flow === true) {
    const next = items[index + 1];
    const before = items[index - 1];
    if (next !== undefined) return splice(text, from, span(next)[0], '');
    return splice(text, before === undefined ? from : span(before)[1], to, '');
  }
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const end = lineEnd(text, to);
  return splice(text, start, Math.min(text.length, end + 1), '');
}

function replaceWhole(text: string, path: Path, value: unknown): string {
  assert(path.length > 0, 'a text has at least one key');
  return replace(text, path, value);
}

/** Behind the value itself: a block scalar's range takes the line breaks after it along. */
function endOf(text: string, node: Node): number {
  const [from = 0, end = 0] = node.range ?? [];
  const written = text.slice(from, end);
  return from + written.replace(/\s+$/, '').length;
}

/** With what may stand there: a comment. */
function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function splice(text: string, from: number, to: number, by: string): string {
  return text.slice(0, from) + by + text.slice(to);
}

/** On the line of its key, or below it. */
function fitting(value: unknown, column: number, keyChars: number, old?: Node | null, apart = false): string {
  const short = flow(value, old);
  const isEmpty = short === '{}' || short === '[]';
  if (typeof value !== 'object' || value === null || isEmpty) return short;
  const fits = column + keyChars + short.length <= LINE_CHARS_MAX;
  if (fits && !(apart && isRecord(value))) return short;
  const indent = ' '.repeat(column + INDENT);
  const lines = Array.isArray(value)
    ? value.map((item) => `- ${flow(item)}`)
    : Object.entries(value).map(([key, item]) => {
        const below = fitting(item, column + INDENT, key.length);
        return `${flow(key)}:${below.startsWith('\n') ? '' : ' '}${below}`;
      });
  return lines.map((line) => `\n${indent}${line}`).join('');
}

/** On one line; good in every place. A text is quoted as the old one was. */
function flow(value: unknown, old?: Node | null): string {
  if (Array.isArray(value)) return `[${value.map((item) => flow(item)).join(', ')}]`;
  if (isRecord(value)) {
    const pairs = Object.entries(value).map(([key, item]) => `${flow(key)}: ${flow(item)}`);
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  }
  const scalar = new Scalar(value);
  if (typeof value === 'string' && isScalar(old) && (old.type === 'QUOTE_SINGLE' || old.type === 'QUOTE_DOUBLE'))
    scalar.type = old.type;
  // Digits are dialled, or are keys: as numbers they stay what they are to the reader.
  if (typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value)) return value;
  const list = new Document([scalar]);
  const written = stringify(list, { collectionStyle: 'flow', lineWidth: 0, singleQuote: true });
  return written.trim().slice(1, -1).trim();
}

function rootOf(text: string): Node | undefined {
  return parseDocument(text, { uniqueKeys: false }).contents ?? undefined;
}

function nodeAt(text: string, path: Path): Node | undefined {
  let node: Node | null | undefined = rootOf(text);
  for (const part of path) {
    if (isSeq(node)) node = seqOf(node).items[Number(part)];
    else if (isMap(node)) {
      const pair: PairOf | undefined = mapOf(node).items.find((one) => keyOf(one) === String(part));
      if (pair === undefined) return undefined;
      node = pair.value ?? new Scalar(null);
    } else return undefined;
  }
  return node ?? undefined;
}

function pairAt(text: string, path: Path): { readonly pair: PairOf; readonly map: MapOf } {
  const map = nodeAt(text, path.slice(0, -1));
  const pair = isMap(map) ? mapOf(map).items.find((one) => keyOf(one) === String(path.at(-1))) : undefined;
  assert(pair !== undefined, `there is nothing at ${path.join('/')}`);
  return { pair, map: mapOf(map) };
}

function keyOf({ key }: PairOf): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

function dataOf(text: string): unknown {
  const { value, issues } = readYaml({ file: 'text', text, revision: '' });
  assert(value !== undefined && issues.length === 0, `this is no YAML of ours: ${issues[0]?.message ?? ''}`);
  return value;
}

function at(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((so, part) => (so as Record<string, unknown> | undefined)?.[String(part)], data);
}

/** The data as they are to be. */
function changed(data: unknown, [first, ...rest]: Path, value: unknown): unknown {
  if (first === undefined) return value;
  if (Array.isArray(data)) {
    const items: unknown[] = [...data];
    if (rest.length === 0 && value === undefined) items.splice(Number(first), 1);
    else items[Number(first)] = changed(items[Number(first)], rest, value);
    return items;
  }
  const { [String(first)]: old, ...others } = (data ?? {}) as Record<string, unknown>;
  const inner = changed(old, rest, value);
  return inner === undefined ? others : { ...others, [String(first)]: inner };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The order of keys does not count; digits count as written or as a number. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => same(item, b[index]));
  if (isRecord(a) && isRecord(b)) {
    const keys = Object.keys(a).filter((key) => a[key] !== undefined);
    const others = Object.keys(b).filter((key) => b[key] !== undefined);
    return keys.length === others.length && keys.every((key) => same(a[key], b[key]));
  }
  return isPlain(a) && isPlain(b) && String(a) === String(b);
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

// Texts with places to fill in (Liquid): output, conditions and a few harmless filters; own properties only, bounded.
import { Liquid, type Template as Parsed } from 'liquidjs';
import { adviseName } from './spelling.js';

export const MAX_TEXT_CHARS = 1_600;

export interface Template {
  readonly source: string;
  /** The text on one line, at most {@link MAX_TEXT_CHARS}. Control characters of the filled-in values become spaces. */
  render(values: Readonly<Record<string, unknown>>): string;
}

export type CompiledTemplate =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly message: string; readonly advice: string; readonly offset: number };

const TAGS = ['if', 'unless', 'case', 'comment'];
const FILTERS = [
  'append',
  'prepend',
  'capitalize',
  'downcase',
  'upcase',
  'default',
  'size',
  'slice',
  'strip',
  'plus',
  'minus',
];

const liquid = limitedLiquid();

/** `known` are the names that may be filled in: `call.from` style paths in full, e.g. `['call.from', 'language']`. */
export function compileTemplate(source: string, known: Iterable<string>): CompiledTemplate {
  if (source.length > MAX_TEXT_CHARS) {
    return { ok: false, message: `a text may have ${MAX_TEXT_CHARS} characters`, advice: 'say less', offset: 0 };
  }
  let parsed: Parsed[];
  try {
    parsed = liquid.parse(source);
  } catch (error) {
    return { ok: false, ...sayParseError(error), offset: offsetOf(error) };
  }
  const names = new Set(known);
  for (const segments of liquid.globalVariableSegmentsSync(parsed)) {
    const name = segments.map((segment) => (Array.isArray(segment) ? '[…]' : String(segment))).join('.');
    if (names.has(name)) continue;
    const offset = Math.max(0, source.indexOf(name));
    return { ok: false, message: `'${name}' is not known in texts`, advice: adviseName(name, names), offset };
  }
  return { ok: true, template: { source, render: (values) => renderOneLine(parsed, values) } };
}

/** A text that passed {@link compileTemplate} before; throws liquidjs' ParseError for one that did not: a bug. */
export function parseTemplate(source: string): Template {
  const parsed = liquid.parse(source);
  return { source, render: (values) => renderOneLine(parsed, values) };
}

function renderOneLine(parsed: Parsed[], values: Readonly<Record<string, unknown>>): string {
  const text: string = liquid.renderSync(parsed, values);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').slice(0, MAX_TEXT_CHARS);
}

function limitedLiquid(): Liquid {
  // No loops, no includes, no clock: rendering takes time and memory in proportion to the text and the filled-in values.
  const engine = new Liquid({ ownPropertyOnly: true, strictFilters: true });
  for (const tag of Object.keys(engine.tags)) if (!TAGS.includes(tag)) delete engine.tags[tag];
  for (const filter of Object.keys(engine.filters)) if (!FILTERS.includes(filter)) delete engine.filters[filter];
  // "4071" is said as "4, 0, 7, 1" instead of "four thousand and seventy-one".
  engine.registerFilter('spell', (value: unknown) => Array.from(String(value ?? '').slice(0, 40)).join(', '));
  return engine;
}

function sayParseError(error: unknown): { message: string; advice: string } {
  const message = error instanceof Error ? error.message.replace(/, line:\d+, col:\d+$/, '') : String(error);
  const filter = /^undefined filter: (.*)$/.exec(message)?.[1];
  if (filter !== undefined)
    return { message: `there is no filter '${filter}'`, advice: adviseName(filter, [...FILTERS, 'spell']) };
  const tag = /^tag "(.*)" not found$/.exec(message)?.[1];
  if (tag !== undefined) return { message: `there is no tag '${tag}'`, advice: adviseName(tag, TAGS) };
  return { message: `this text cannot be filled in: ${message}`, advice: 'values stand as {{ call.from }}' };
}

function offsetOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('token' in error)) return 0;
  const token: unknown = error.token;
  return typeof token === 'object' && token !== null && 'begin' in token ? Number(token.begin) || 0 : 0;
}

// Texts with places to fill in (Liquid): output, conditions and a few harmless filters; own properties only, bounded.
import { type Filter, Liquid, type Template as Parsed, toValueSync, Value } from 'liquidjs';
import { adviseName } from './spelling.js';
import { SPOKEN_FILTERS, tongueOf } from './spoken/filters.js';

export const MAX_TEXT_CHARS = 1_600;

/** Of texts of which nobody says it. */
const DEFAULT_LANGUAGE = 'en';
/** What the language of a text is called among its values; no text can name it. */
const LANGUAGE = '$language';

export interface Template {
  readonly source: string;
  /** In which numbers, days and sums are said. */
  readonly language: string;
  /** The text on one line, at most {@link MAX_TEXT_CHARS}. Control characters of the filled-in values become spaces. */
  render(values: Readonly<Record<string, unknown>>): string;
}

export interface Doubt {
  readonly message: string;
  readonly advice: string;
  readonly offset: number;
}

export type CompiledTemplate =
  /** `reads`: the names it fills in or tests, each once. `doubts`: what may be said wrongly. */
  | {
      readonly ok: true;
      readonly template: Template;
      readonly reads: readonly string[];
      readonly doubts: readonly Doubt[];
    }
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
export function compileTemplate(
  source: string,
  known: Iterable<string>,
  language: string = DEFAULT_LANGUAGE,
): CompiledTemplate {
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
  const reads = new Set<string>();
  for (const segments of liquid.globalVariableSegmentsSync(parsed)) {
    const name = segments.map((segment) => (Array.isArray(segment) ? '[…]' : String(segment))).join('.');
    reads.add(name);
    if (names.has(name)) continue;
    const offset = Math.max(0, source.indexOf(name));
    return { ok: false, message: `'${name}' is not known in texts`, advice: adviseName(name, names), offset };
  }
  const filters = filtersIn(parsed);
  const wrong = filters.map(checkFilter).find(isDefined);
  if (wrong !== undefined) {
    const { filter, message, advice } = wrong;
    return { ok: false, message, advice, offset: Math.max(0, source.search(new RegExp(`\\|\\s*${filter}\\b`))) };
  }
  const doubts = filters.flatMap((filter) => doubtOf(filter, source, language) ?? []);
  return { ok: true, template: templateOf(source, parsed, language), reads: [...reads], doubts };
}

/** A text that passed {@link compileTemplate} before; throws liquidjs' ParseError for one that did not: a bug. */
export function parseTemplate(source: string, language: string = DEFAULT_LANGUAGE): Template {
  return templateOf(source, liquid.parse(source), language);
}

function templateOf(source: string, parsed: Parsed[], language: string): Template {
  return { source, language, render: (values) => renderOneLine(parsed, values, language) };
}

function renderOneLine(parsed: Parsed[], values: Readonly<Record<string, unknown>>, language: string): string {
  const text: string = liquid.renderSync(parsed, values, { globals: { [LANGUAGE]: language } });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').slice(0, MAX_TEXT_CHARS);
}

function limitedLiquid(): Liquid {
  // No loops, no includes, no clock: rendering takes time and memory in proportion to the text and the filled-in values.
  const engine = new Liquid({ ownPropertyOnly: true, strictFilters: true });
  for (const tag of Object.keys(engine.tags)) if (!TAGS.includes(tag)) delete engine.tags[tag];
  for (const filter of Object.keys(engine.filters)) if (!FILTERS.includes(filter)) delete engine.filters[filter];
  for (const [name, filter] of Object.entries(SPOKEN_FILTERS)) {
    engine.registerFilter(name, function (value: unknown, ...args: unknown[]) {
      const language: unknown = Object(this.context.globals)[LANGUAGE];
      return filter.say(tongueOf(String(language)), value, args.map(String));
    });
  }
  return engine;
}

interface WrongFilter {
  readonly filter: string;
  readonly message: string;
  readonly advice: string;
}

function filtersIn(templates: readonly Parsed[]): Filter[] {
  return templates.flatMap((template) => {
    const own = [...(template.arguments?.() ?? [])].flatMap((argument) =>
      argument instanceof Value ? argument.filters : [],
    );
    const children = template.children?.(false, true);
    return [...own, ...(children === undefined ? [] : filtersIn(toValueSync(children)))];
  });
}

/** Of words that stand there literally; of names nothing is known yet. */
function doubtOf({ name, args }: Filter, source: string, language: string): Doubt | undefined {
  const words = args.map((argument) => wordOf(argument));
  if (!words.every(isDefined)) return undefined;
  const doubt = SPOKEN_FILTERS[name]?.doubt?.(tongueOf(language), words);
  return doubt === undefined ? undefined : { ...doubt, offset: Math.max(0, source.indexOf(words[0] ?? '')) };
}

function wordOf(argument: Filter['args'][number]): string | undefined {
  return 'content' in argument && typeof argument.content === 'string' ? argument.content : undefined;
}

/** Too few words behind a filter, too many, or one that may not stand there. */
function checkFilter({ name, args }: Filter): WrongFilter | undefined {
  const filter = SPOKEN_FILTERS[name];
  if (filter === undefined) return undefined;
  const advice = `e.g. ${filter.example}`;
  const [least, most] = filter.takes;
  if (args.length < least || args.length > most) {
    const count = least === most ? String(least) : `${least} to ${most}`;
    return { filter: name, message: `'${name}' takes ${count} words, not ${args.length}`, advice };
  }
  for (const [index, argument] of args.entries()) {
    const word = wordOf(argument);
    if (word !== undefined && filter.fits?.(word, index) === false) {
      return { filter: name, message: `'${word}' is nothing that '${name}' knows`, advice };
    }
  }
  return undefined;
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function sayParseError(error: unknown): { message: string; advice: string } {
  const message = error instanceof Error ? error.message.replace(/, line:\d+, col:\d+$/, '') : String(error);
  const filter = /^undefined filter: (.*)$/.exec(message)?.[1];
  if (filter !== undefined)
    return {
      message: `there is no filter '${filter}'`,
      advice: adviseName(filter, [...FILTERS, ...Object.keys(SPOKEN_FILTERS)]),
    };
  const tag = /^tag "(.*)" not found$/.exec(message)?.[1];
  if (tag !== undefined) return { message: `there is no tag '${tag}'`, advice: adviseName(tag, TAGS) };
  return { message: `this text cannot be filled in: ${message}`, advice: 'values stand as {{ call.from }}' };
}

function offsetOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('token' in error)) return 0;
  const token: unknown = error.token;
  return typeof token === 'object' && token !== null && 'begin' in token ? Number(token.begin) || 0 : 0;
}

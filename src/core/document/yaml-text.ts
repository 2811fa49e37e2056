// Reads a YAML file of the centre into plain data and remembers where everything stands.
// A small, predictable YAML: no anchors, aliases, tags or merge keys, one document, bounded size and depth.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';
import { compareIssues, type Issue, type SourceFile } from './issue.js';

export const MAX_FILE_CHARS = 64 * 1024;
export const MAX_LINE_CHARS = 2_000;
export const MAX_DEPTH = 12;
export const MAX_ISSUES = 100;
/** Brackets open at once, and indentation: beyond this the parser itself gets slow or runs out of memory. */
const MAX_OPEN_BRACKETS = 48;
const MAX_INDENT = 60;

export type Path = readonly (string | number)[];

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface YamlText {
  readonly file: string;
  /** Objects have no prototype; undefined when the text is not YAML at all. */
  readonly value: unknown;
  readonly issues: readonly Issue[];
  /** Where the value (or the key) at `path` begins; the nearest existing part when the path leads nowhere. */
  placeOf(path: Path, part?: 'key' | 'value'): Place;
  /** Where character `offset` of the text at `path` stands; its beginning where that cannot be told (folded or escaped text). */
  placeInside(path: Path, offset: number): Place;
}

export function readYaml(source: SourceFile): YamlText {
  const text = source.text.replace(/^\uFEFF/, '');
  const refused = refuseBeforeParsing(source.file, text);
  if (refused !== undefined) return withoutValue(source.file, [refused]);
  const lines = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, lineCounter: lines });
  const reader = new Reader(source.file, text, lines);
  reader.findBareKeys();
  const quote = openQuoteIn(document);
  // It swallows the rest of the file: what else is wrong there follows from it.
  if (quote !== undefined) reader.syntaxError('OPEN_QUOTE', '', quote);
  else for (const { code, message, pos } of document.errors) reader.syntaxError(codeOf(code, message), message, pos[0]);
  const root: Node | null = document.contents;
  const value = document.errors.length > 0 ? undefined : reader.plain(root, 0);
  return {
    file: source.file,
    value,
    issues: reader.issues.toSorted(compareIssues).slice(0, MAX_ISSUES),
    placeOf: (path, part = 'value') => reader.place(locate(root, path, part)),
    placeInside: (path, offset) => reader.placeInside(locate(root, path, 'value'), offset),
  };
}

function withoutValue(file: string, issues: readonly Issue[]): YamlText {
  const start = { line: 1, column: 1 };
  return { file, value: undefined, issues, placeOf: () => start, placeInside: () => start };
}

/** The yaml package spends seconds on deep nesting, and V8 aborts the process on 30 000 times `- ` in one line: never let it see them. */
function refuseBeforeParsing(file: string, text: string): Issue | undefined {
  const issue = (line: number, column: number, message: string, advice: string): Issue => ({
    severity: 'error',
    file,
    line,
    column,
    message,
    advice,
  });
  if (text.length > MAX_FILE_CHARS) {
    return issue(1, 1, `the file is longer than ${MAX_FILE_CHARS} characters`, 'split it into several flows');
  }
  let open = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const unreadable = line.search(/[\ufffd\0]/);
    if (unreadable >= 0) {
      return issue(index + 1, unreadable + 1, 'this cannot be read: the file is not UTF-8', 'save it as UTF-8');
    }
    if (line.length > MAX_LINE_CHARS) {
      return issue(
        index + 1,
        MAX_LINE_CHARS + 1,
        `the line is longer than ${MAX_LINE_CHARS} characters`,
        'fold it: >-',
      );
    }
    const indent = /^[-?: \t]*/.exec(line)?.[0].length ?? 0;
    if (indent > MAX_INDENT && indent < line.trimEnd().length) {
      return issue(index + 1, MAX_INDENT + 1, `nested too deeply: indented by more than ${MAX_INDENT}`, '');
    }
    for (let column = 0; column < line.length; column += 1) {
      const char = line[column];
      if (char === '[' || char === '{') open += 1;
      if (char === ']' || char === '}') open = Math.max(0, open - 1);
      if (open > MAX_OPEN_BRACKETS)
        return issue(index + 1, column + 1, 'nested too deeply: too many open brackets', '');
    }
  }
  return undefined;
}

class Reader {
  readonly issues: Issue[] = [];

  constructor(
    private readonly file: string,
    private readonly text: string,
    private readonly lines: LineCounter,
  ) {}

  place(offset: number): Place {
    const { line, col } = this.lines.linePos(Math.min(offset, this.text.length));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  placeInside(start: number, offset: number): Place {
    const quoted = this.text[start] === '"' || this.text[start] === "'" ? 1 : 0;
    const end = start + quoted + offset;
    const between = this.text.slice(start, end);
    // Where the text is folded or escaped, source and value run apart.
    const straight = !/[\n\\]/.test(between) && this.text[start] !== '>' && this.text[start] !== '|';
    return this.place(straight ? end : start);
  }

  syntaxError(code: string, message: string, offset: number): void {
    const { line } = this.place(offset);
    if (this.issues.some((issue) => issue.line === line)) return;
    const [first = message] = message.split('\n');
    const known = SYNTAX_ERRORS[code];
    const what = known?.message ?? `${first.charAt(0).toLowerCase()}${first.slice(1)}`;
    this.issue(offset, `not valid YAML: ${what}`, known?.advice ?? '');
  }

  /** For YAML `#: step` is a comment, so that the key is lost without a word, and `*: step` an alias. */
  findBareKeys(): void {
    for (const match of this.text.matchAll(/^[ \t]+([*#]): *[\w-]+[ \t]*$/gm)) {
      const key = match[1] ?? '';
      const what = key === '#' ? "'#' begins a comment, this line does nothing" : "'*' alone is not a key for YAML";
      this.issue(match.index + match[0].indexOf(key), what, `write '${key}' in quotes`);
    }
  }

  plain(node: Node | null | undefined, depth: number): unknown {
    if (node === null || node === undefined) return null;
    const start = node.range?.[0] ?? 0;
    if (isAlias(node)) {
      const advice = 'write it out; a text that begins with * needs quotes';
      return this.issue(start, 'an alias (*name) is not allowed here', advice);
    }
    if (node.anchor !== undefined) {
      this.issue(start, 'an anchor (&name) is not allowed here', 'write it out where it is needed');
    }
    if (node.tag !== undefined) {
      this.issue(start, `a tag (${node.tag.slice(0, 40)}) is not allowed here`, 'leave it out');
    }
    if (depth > MAX_DEPTH) return this.issue(start, `nested deeper than ${MAX_DEPTH} levels`, '');
    if (isScalar(node)) return this.scalar(node, start);
    if (isSeq(node)) return node.items.map((item) => this.plain(item as Node | null, depth + 1));
    if (isMap(node)) return this.mapping(node.items as Pair<Node | null, Node | null>[], depth);
    return null;
  }

  private mapping(pairs: readonly Pair<Node | null, Node | null>[], depth: number): unknown {
    const result: Record<string, unknown> = Object.create(null);
    for (const pair of pairs) {
      const start = pair.key?.range?.[0] ?? 0;
      const name = keyName(pair.key);
      const tidy = pair.key === null || (pair.key.anchor === undefined && pair.key.tag === undefined);
      if (name === undefined || !tidy) {
        const filled = this.text.startsWith('{', start) && this.text[start - 1] === '{';
        const advice = filled ? 'a text with {{ … }} needs quotes' : 'keys * and # of a telephone need quotes';
        this.issue(start, 'a key has to be a simple word', advice);
      } else if (name === '<<') {
        this.issue(start, 'a merge key (<<) is not allowed here', 'write the keys out');
      } else if (name === '__proto__') {
        this.issue(start, `'${name}' is not allowed as a key`, 'choose another name');
      } else if (name in result) {
        this.issue(start, `'${name}' is here twice`, 'only one of them can count');
      } else {
        result[name] = this.plain(pair.value, depth + 1);
      }
    }
    return result;
  }

  private scalar(node: Scalar, start: number): unknown {
    if (typeof node.value === 'number' || typeof node.value === 'bigint') {
      // 0123, +34600123123, 0x10 and 1e3 are digits somebody dials or keys, not amounts: kept as written.
      const written = node.source ?? String(node.value);
      const plainNumber =
        /^-?(0|[1-9]\d*)(\.\d+)?$/.test(written) && Math.abs(Number(written)) <= Number.MAX_SAFE_INTEGER;
      return plainNumber ? Number(written) : written;
    }
    if (typeof node.value !== 'string') return node.value;
    const value = node.value.replace(/\n+$/, '');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u0000-\u001f\u007f\u0085\u2028\u2029]/.test(value)) {
      this.issue(start, 'a text may not hold line breaks or control characters', 'use > instead of |, or one line');
    }
    return value;
  }

  private issue(offset: number, message: string, advice: string): undefined {
    this.issues.push({ severity: 'error', file: this.file, ...this.place(offset), message, advice });
    return undefined;
  }
}

const SYNTAX_ERRORS: Readonly<Record<string, { readonly message?: string; readonly advice: string }>> = {
  TAB_AS_INDENT: { advice: 'indent with spaces' },
  BAD_INDENT: { advice: 'indent with spaces, the same number for each key of a block' },
  MULTIPLE_DOCS: { message: 'there are several documents in the file', advice: 'remove the line ---' },
  BLOCK_AS_IMPLICIT_KEY: { advice: 'a text with a colon needs quotes' },
  BLOCK_IN_FLOW: { advice: 'a text with a colon needs quotes' },
  MISSING_CHAR: { advice: 'a quote or bracket is not closed' },
  BAD_SCALAR_START: { advice: 'put the text in quotes' },
  OPEN_QUOTE: { message: 'the quote that begins here is not closed', advice: "within '…' a quote is written twice" },
  BEHIND_QUOTE: {
    message: 'the text goes on behind its closing quote',
    advice: "within '…' a quote is written twice",
  },
};

function codeOf(code: string, message: string): string {
  return /^Unexpected scalar at node end/.test(message) ? 'BEHIND_QUOTE' : code;
}

/** Where the quote begins that is still open at the end of the file; the parser tells the end. */
function openQuoteIn(document: Document.Parsed): number | undefined {
  if (!document.errors.some(({ message }) => /^Missing closing ['"]quote/.test(message))) return undefined;
  let last: number | undefined;
  visit(document, {
    Scalar(_, { type, range }) {
      if (type === 'QUOTE_SINGLE' || type === 'QUOTE_DOUBLE') last = range?.[0];
    },
  });
  return last;
}

/** A key as written, so that 1, '1' and "1" are one key and 01 is another. */
function keyName(key: Node | null | undefined): string | undefined {
  if (!isScalar(key)) return undefined;
  if (typeof key.value === 'string') return key.value;
  return key.source ?? String(key.value);
}

function locate(root: Node | null, path: Path, part: 'key' | 'value'): number {
  let node: Node | null = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [index, segment] of path.entries()) {
    if (isSeq(node)) {
      // An element that is named though the list is not one: stay with what there is.
      node = (node.items[Number(segment)] as Node | null | undefined) ?? null;
      if (node === null) return offset;
      offset = node.range?.[0] ?? offset;
    } else if (isMap(node)) {
      const pair = (node.items as Pair<Node | null, Node | null>[]).find(
        (item) => keyName(item.key) === String(segment),
      );
      // One part that is not written as a list: its number leads nowhere, its keys do.
      if (pair === undefined && typeof segment === 'number') continue;
      if (pair === undefined) return offset;
      const wanted = index === path.length - 1 && part === 'key' ? pair.key : (pair.value ?? pair.key);
      offset = wanted?.range?.[0] ?? offset;
      node = pair.value;
    } else if (typeof segment === 'string') {
      return offset;
    }
  }
  return offset;
}

// Where in a YAML text the cursor stands: the keys that lead there, also in a text that is not good YAML yet.

export interface TextPlace {
  /** A key is written here, or the value of the last key of `path`. */
  readonly kind: 'key' | 'value';
  /** Keys from the root; `*` for any item of a list. */
  readonly path: readonly string[];
  /** For each part of `path` the line (from 0) where it stands. */
  readonly lines: readonly number[];
  /** What is there up to the cursor, and where it begins. */
  readonly word: string;
  readonly from: number;
}

interface Line {
  /** Of its first dash; the same as `key` without one. */
  readonly dash: number;
  /** Of its first word. */
  readonly key: number;
  readonly rest: string;
}

/** undefined in a comment. `offset`: from 0, at most the length of the text. */
export function placeAt(text: string, offset: number): TextPlace | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const lines = text.split('\n');
  const row = text.slice(0, start).split('\n').length - 1;
  const here = lineOf(text.slice(start, offset));
  if (/(^|\s)#/.test(here.rest)) return undefined;
  const inside = within(here.rest);
  const above = parentsOf(lines, row, here);
  const path = [...above.path, ...inside.path];
  return {
    kind: inside.kind,
    path,
    lines: [...above.lines, ...inside.path.map(() => row)],
    word: inside.word,
    from: offset - inside.word.length,
  };
}

/** The key or word at this place, whole. */
export function wordAt(text: string, offset: number): { readonly from: number; readonly to: number } {
  let [from, to] = [offset, offset];
  while (from > 0 && /[\w-]/.test(text.charAt(from - 1))) from -= 1;
  while (to < text.length && /[\w-]/.test(text.charAt(to))) to += 1;
  return { from, to };
}

function lineOf(text: string): Line {
  const [, spaces = '', dashes = '', rest = ''] = /^(\s*)((?:-\s+|-$)*)(.*)$/.exec(text) ?? [];
  return { dash: spaces.length, key: spaces.length + dashes.length, rest };
}

const KEY = /^(?:"([^"]*)"|'([^']*)'|([^\s#{}[\],:'"][^:{}[\],]*)):(?:\s|$)/;

function keyOf(rest: string): string | undefined {
  const [, double, single, plain] = KEY.exec(rest) ?? [];
  return double ?? single ?? plain?.trim();
}

/** By indentation, upwards. */
function parentsOf(lines: readonly string[], row: number, here: Line): { path: string[]; lines: number[] } {
  const path: string[] = [];
  const rows: number[] = [];
  const add = (part: string, at: number): void => {
    path.unshift(part);
    rows.unshift(at);
  };
  let column = here.key;
  const stepOut = (line: Line, at: number): void => {
    if (line.dash === line.key) return;
    add('*', at);
    // A list may stand below its key without being indented.
    column = line.dash + 1;
  };
  stepOut(here, row);
  for (let at = row - 1; at >= 0 && column > 0; at -= 1) {
    const raw = lines[at] ?? '';
    if (raw.trim() === '' || /^\s*#/.test(raw)) continue;
    const line = lineOf(raw);
    const key = keyOf(line.rest);
    if (line.key < column && key !== undefined) {
      add(key, at);
      column = line.key;
      stepOut(line, at);
    } else if (line.key === column && line.dash < line.key) stepOut(line, at);
  }
  return { path, lines: rows };
}

interface Opened {
  readonly kind: '{' | '[' | 'line';
  key?: string | undefined;
  /** Where the word begins that is being written. */
  from: number;
}

/** Within one line: `do: menu`, `{ do: queue, queue: `. */
function within(rest: string): Pick<TextPlace, 'kind' | 'path' | 'word'> {
  const stack: Opened[] = [{ kind: 'line', from: 0 }];
  let quote = '';
  for (let at = 0; at < rest.length; at += 1) {
    const char = rest.charAt(at);
    const top = stack.at(-1);
    if (top === undefined) break;
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if ((char === '"' || char === "'") && rest.slice(top.from, at).trim() === '') quote = char;
    else if (char === '{' || char === '[') stack.push({ kind: char, from: at + 1 });
    else if ((char === '}' || char === ']') && stack.length > 1) stack.pop();
    else if (char === ',' && top.kind !== 'line') Object.assign(top, { key: undefined, from: at + 1 });
    else if (char === ':' && top.key === undefined && /^(\s|$)/.test(rest.slice(at + 1))) {
      top.key = unquoted(rest.slice(top.from, at).trim());
      top.from = at + 1;
    }
  }
  const path = stack.flatMap(({ kind, key }) => (kind === '[' ? ['*'] : key === undefined ? [] : [key]));
  const last = stack.at(-1);
  const word = rest.slice(last?.from ?? 0).trimStart();
  const isValue = last?.kind === '[' || last?.key !== undefined;
  return { kind: isValue ? 'value' : 'key', path, word };
}

function unquoted(word: string): string {
  return /^(["']).*\1$/.test(word) ? word.slice(1, -1) : word;
}

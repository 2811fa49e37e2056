// Owns the small language inside arguments: `${variable}`, `%[scoped=value]`, quotes and lists.

/** Longest argument after expansion; a longer one is cut. */
export const EXPANDED_LENGTH_MAX = 65_536;

const VARIABLE = /\$\{([^{}$]{1,200})\}/g;
const SLICE = /^(.+?):(-?\d{1,6})(?::(-?\d{1,6}))?$/;

/** Replaces `${name}` and `${name:offset[:length]}`; an unknown name becomes nothing. Values are not expanded again. */
export function expand(text: string, read: (name: string) => string | undefined): string {
  if (!text.includes('${')) return text;
  return text.replace(VARIABLE, (_, name: string) => resolve(name, read)).slice(0, EXPANDED_LENGTH_MAX);
}

function resolve(name: string, read: (name: string) => string | undefined): string {
  const whole = read(name);
  const slice = whole === undefined ? SLICE.exec(name) : null;
  if (!slice) return whole ?? '';
  const value = read(slice[1] ?? '') ?? '';
  const from = Number(slice[2]) < 0 ? Math.max(0, value.length + Number(slice[2])) : Number(slice[2]);
  if (slice[3] === undefined) return value.slice(from);
  const length = Number(slice[3]);
  return length < 0 ? value.slice(from, length) : value.slice(from, from + length);
}

export interface Scoped {
  readonly variables: ReadonlyMap<string, string>;
  readonly rest: string;
}

/** Takes a leading `%[a=b,c=d]` off an argument: variables that hold for one execution. */
export function takeScoped(argument: string): Scoped {
  const match = /^%\[([^\]]*)\]/.exec(argument);
  if (!match) return { variables: new Map(), rest: argument };
  const variables = new Map((match[1] ?? '').split(',').flatMap((pair) => assignment(pair) ?? []));
  return { variables, rest: argument.slice(match[0].length) };
}

function assignment(pair: string): [[string, string]] | undefined {
  const equals = pair.indexOf('=');
  return equals > 0 ? [[pair.slice(0, equals).trim(), pair.slice(equals + 1)]] : undefined;
}

/** Splits at blanks as FreeSWITCH does: single quotes hold blanks, `\s` is a blank, `\'` a quote, `\\` a backslash. */
export function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  let [open, begun] = [false, false];
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    const escaped = char === '\\' ? ESCAPES[text[at + 1] ?? ''] : undefined;
    if (escaped !== undefined) {
      part += escaped;
      begun = true;
      at++;
    } else if (char === "'") {
      open = !open;
      begun = true;
    } else if (char === ' ' && !open) {
      if (begun) parts.push(part);
      [part, begun] = ['', false];
    } else {
      part += char;
      begun = true;
    }
  }
  if (begun) parts.push(part);
  return parts;
}

/** `\d`, `\w` and so on stay as they are: regular expressions travel in arguments. */
const ESCAPES: Readonly<Record<string, string>> = { s: ' ', "'": "'", '\\': '\\', t: '\t', n: '\n', r: '\r' };

/** `name=value` pairs of `multiset`: `^^<delimiter>a=b<delimiter>c=d`, or separated by blanks. */
export function splitAssignments(text: string, delimiter = ' '): [name: string, value: string][] {
  const [separator, list] = text.startsWith('^^') ? [text.charAt(2), text.slice(3)] : [delimiter, text];
  if (separator === '') return [];
  return list.split(separator).flatMap((pair) => assignment(pair) ?? []);
}

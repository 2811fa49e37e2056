// The small pieces of SIP grammar that several headers share (RFC 3261 §25.1), scanned by hand in linear time.

const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;
const DIGITS = /^[0-9]+$/;

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** A decimal of at most `max`, or undefined: never NaN, never a rounded giant. */
export function parseDecimal(text: string, max: number): number | undefined {
  if (!DIGITS.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}

/** Without the spaces and tabs around it. `trim()` would take byte order marks and other Unicode spaces too. */
export function trimSpace(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--;
  return text.slice(Math.min(skipSpace(text, 0), end), end);
}

/** Index after the closing quote of the quoted string that opens at `start`; -1 when it never closes. */
export function endOfQuoted(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '"') return at + 1;
  }
  return -1;
}

/** The characters a quoted string stands for; text without quotes comes back as it is. */
export function unquoted(text: string): string {
  if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return text;
  return text.slice(1, -1).replace(/\\(.)/gs, '$1');
}

export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Splits at commas outside quotes and angle brackets; values are trimmed, empty ones dropped. */
export function splitList(text: string): string[] {
  if (!text.includes(',')) return text.trim() === '' ? [] : [text.trim()];
  const values: string[] = [];
  let start = 0;
  let insideAngles = false;
  const take = (end: number): void => {
    const value = text.slice(start, end).trim();
    if (value !== '') values.push(value);
    start = end + 1;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      const end = endOfQuoted(text, at);
      if (end < 0) break; // an unclosed quote swallows the rest; the parser of the value refuses it
      at = end - 1;
    } else if (char === '<') insideAngles = true;
    else if (char === '>') insideAngles = false;
    else if (char === ',' && !insideAngles) take(at);
  }
  take(text.length);
  return values;
}

/** Names in lower case; undefined means a parameter without value (`;lr`). Quoted values keep their quotes. */
export type Parameters = ReadonlyMap<string, string | undefined>;

export const NO_PARAMETERS: Parameters = new Map();

/**
 * Parses `;name=value;flag` with optional white space around `;` and `=`. Undefined when malformed. A name that comes
 * twice (RFC 3261 §7.3.1 forbids it) has its first value, as in the stacks that are out there: peers in use add a
 * second tag to To.
 */
export function parseParameters(text: string): Parameters | undefined {
  let at = skipSpace(text, 0);
  if (at === text.length) return NO_PARAMETERS;
  const parameters = new Map<string, string | undefined>();
  while (at < text.length) {
    if (text[at] !== ';') return undefined;
    const nameStart = skipSpace(text, at + 1);
    at = endOfWord(text, nameStart);
    const name = text.slice(nameStart, at).toLowerCase();
    if (!isToken(name)) return undefined;
    at = skipSpace(text, at);
    let value: string | undefined;
    if (text[at] === '=') {
      const valueStart = skipSpace(text, at + 1);
      at = text[valueStart] === '"' ? endOfQuoted(text, valueStart) : endOfWord(text, valueStart);
      if (at <= valueStart) return undefined;
      value = text.slice(valueStart, at);
      at = skipSpace(text, at);
    }
    if (!parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

export function formatParameters(parameters: Parameters): string {
  let text = '';
  for (const [name, value] of parameters) text += value === undefined ? `;${name}` : `;${name}=${value}`;
  return text;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

function endOfWord(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const char = text[at];
    if (char === ';' || char === '=' || char === ' ' || char === '\t' || char === '"') break;
  }
  return at;
}

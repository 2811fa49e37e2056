// The value of From, To, Contact, Route and their like: a display name, a URI, parameters (RFC 3261 §20.10, §25.1).
import {
  endOfQuoted,
  formatParameters,
  isToken,
  type Parameters,
  parseParameters,
  quoted,
  unquoted,
} from './grammar.js';
import { parseUri } from './uri.js';

export interface NameAddress {
  /** Without quotes and escapes. */
  readonly displayName: string | undefined;
  /** The URI's text, known to be well-formed. */
  readonly uri: string;
  /** Those outside the angle brackets: `tag`, `expires`. */
  readonly parameters: Parameters;
}

/** Undefined when malformed. Display names of odd characters without quotes are let through (RFC 4475 §3.1.2.15). */
export function parseNameAddress(text: string): NameAddress | undefined {
  const value = text.trim();
  if (value.startsWith('"')) {
    const end = endOfQuoted(value, 0);
    if (end < 0) return undefined;
    return bracketed(unquoted(value.slice(0, end)), value.slice(end).trimStart());
  }
  const open = value.indexOf('<');
  const before = value.slice(0, open);
  // A colon, semicolon or quote before the bracket means that it belongs to a parameter: sip:a@b;x="<y>"
  if (open < 0 || /[:;"]/.test(before)) return bare(value);
  return bracketed(before.trim() === '' ? undefined : before.trim(), value.slice(open));
}

export function formatNameAddress(address: NameAddress): string {
  const { displayName } = address;
  const name = displayName === undefined ? '' : `${isToken(displayName) ? displayName : quoted(displayName)} `;
  return `${name}<${address.uri}>${formatParameters(address.parameters)}`;
}

/** The `tag` parameter of a From or To value, if it has one. */
export function tagOf(value: string | undefined): string | undefined {
  return value === undefined ? undefined : parseNameAddress(value)?.parameters.get('tag');
}

/** The URI of a name-addr value, if it is well-formed. */
export function uriOf(value: string | undefined): string | undefined {
  return value === undefined ? undefined : parseNameAddress(value)?.uri;
}

function bracketed(displayName: string | undefined, rest: string): NameAddress | undefined {
  const close = rest.indexOf('>');
  if (!rest.startsWith('<') || close < 0) return undefined;
  return checked(displayName, rest.slice(1, close), rest.slice(close + 1));
}

function bare(value: string): NameAddress | undefined {
  const semicolon = value.indexOf(';');
  const uri = (semicolon < 0 ? value : value.slice(0, semicolon)).trim();
  // Without brackets `?` and `,` would be ambiguous (RFC 3261 §20).
  if (uri.includes('?') || uri.includes(',')) return undefined;
  return checked(undefined, uri, semicolon < 0 ? '' : value.slice(semicolon));
}

function checked(displayName: string | undefined, uri: string, tail: string): NameAddress | undefined {
  const parameters = parseParameters(tail);
  if (parameters === undefined || parseUri(uri) === undefined) return undefined;
  return { displayName, uri, parameters };
}

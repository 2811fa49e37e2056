// SIP and SIPS URIs taken apart (RFC 3261 §19.1); other schemes (tel, urn) stay opaque.
import { formatParameters, isToken, type Parameters, parseDecimal } from './grammar.js';

export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  /** As written, escapes kept; with user parameters such as `;phone-context=`, without the password. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Name, IPv4 address, or IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly parameters: Parameters;
  /** The text after `?`. */
  readonly headers: string | undefined;
}

export interface OpaqueUri {
  /** Lower case: `tel`, `urn`. */
  readonly scheme: string;
  readonly opaque: string;
}

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*$/;
const HOST_NAME = /^[A-Za-z0-9._-]+$/;
const IPV6 = /^[0-9A-Fa-f:.]+$/;
/** White space, controls, brackets and quotes cannot stand in any URI. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const NOT_IN_URI = /[\u0000-\u0020\u007f<>"]/;

export function isSipUri(uri: SipUri | OpaqueUri): uri is SipUri {
  return uri.scheme === 'sip' || uri.scheme === 'sips';
}

/** Undefined when malformed. */
export function parseUri(text: string): SipUri | OpaqueUri | undefined {
  const colon = text.indexOf(':');
  if (colon <= 0 || NOT_IN_URI.test(text)) return undefined;
  const scheme = text.slice(0, colon).toLowerCase();
  const rest = text.slice(colon + 1);
  if (!SCHEME.test(scheme) || rest === '') return undefined;
  return scheme === 'sip' || scheme === 'sips' ? parseSip(scheme, rest) : { scheme, opaque: rest };
}

/** The URI when it is a well-formed `sip:` or `sips:` one. */
export function parseSipUri(text: string): SipUri | undefined {
  const uri = parseUri(text);
  return uri !== undefined && isSipUri(uri) ? uri : undefined;
}

export function formatUri(uri: SipUri | OpaqueUri): string {
  if (!isSipUri(uri)) return `${uri.scheme}:${uri.opaque}`;
  const password = uri.password === undefined ? '' : `:${uri.password}`;
  const user = uri.user === undefined ? '' : `${uri.user}${password}@`;
  const headers = uri.headers === undefined ? '' : `?${uri.headers}`;
  return `${uri.scheme}:${user}${formatHostPort(uri.host, uri.port)}${formatParameters(uri.parameters)}${headers}`;
}

export interface HostPort {
  readonly host: string;
  readonly port: number | undefined;
}

/** `host`, `host:port`, `[v6]:port`; white space around the colon is allowed (RFC 3261 §25.1, COLON in sent-by). */
export function parseHostPort(text: string): HostPort | undefined {
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    const host = text.slice(1, close);
    if (close < 0 || !host.includes(':') || !IPV6.test(host)) return undefined;
    return withPort(host, text.slice(close + 1).trim());
  }
  const colon = text.indexOf(':');
  const host = (colon < 0 ? text : text.slice(0, colon)).trim();
  if (!HOST_NAME.test(host)) return undefined;
  return withPort(host, colon < 0 ? '' : text.slice(colon));
}

function withPort(host: string, tail: string): HostPort | undefined {
  if (tail === '') return { host, port: undefined };
  const port = tail.startsWith(':') ? parseDecimal(tail.slice(1).trim(), 65_535) : undefined;
  return port === undefined ? undefined : { host, port };
}

export function formatHostPort(host: string, port: number | undefined): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? name : `${name}:${port}`;
}

function parseSip(scheme: 'sip' | 'sips', rest: string): SipUri | undefined {
  // The user part may hold `;`, `?` and `/` unescaped, but `@` stands nowhere else (RFC 3261 §25.1): look for it first.
  const at = rest.indexOf('@');
  if (at === 0 || rest.includes('@', at + 1)) return undefined;
  const userInfo = at < 0 ? undefined : rest.slice(0, at);
  const afterUser = rest.slice(at + 1);
  const question = afterUser.indexOf('?');
  const beforeHeaders = question < 0 ? afterUser : afterUser.slice(0, question);
  const semicolon = beforeHeaders.indexOf(';');
  const hostPort = parseHostPort(semicolon < 0 ? beforeHeaders : beforeHeaders.slice(0, semicolon));
  const parameters = parseUriParameters(semicolon < 0 ? '' : beforeHeaders.slice(semicolon));
  if (hostPort === undefined || parameters === undefined) return undefined;
  const colon = userInfo?.indexOf(':') ?? -1;
  return {
    scheme,
    user: colon < 0 ? userInfo : userInfo?.slice(0, colon),
    password: colon < 0 ? undefined : userInfo?.slice(colon + 1),
    ...hostPort,
    parameters,
    headers: question < 0 ? undefined : afterUser.slice(question + 1),
  };
}

/** URI parameters know no white space and no quotes, but more characters than tokens: `[ ] / : & + $`. */
function parseUriParameters(text: string): Parameters | undefined {
  const parameters = new Map<string, string | undefined>();
  if (text === '') return parameters;
  for (const part of text.slice(1).split(';')) {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).toLowerCase();
    if (name === '' || parameters.has(name)) return undefined;
    if (!isToken(name) && !/^[A-Za-z0-9\-.!%*_+`'~[\]/:&$()]+$/.test(name)) return undefined;
    parameters.set(name, equals < 0 ? undefined : part.slice(equals + 1));
  }
  return parameters;
}

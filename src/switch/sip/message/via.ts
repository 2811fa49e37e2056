// One Via value: who sent a message over which transport, and the branch that names the transaction (RFC 3261 §20.42).
import { formatParameters, isToken, type Parameters, parseParameters } from './grammar.js';
import { formatHostPort, parseHostPort } from './uri.js';

/** Branches beginning with it are unique in time and space (RFC 3261 §8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK';

export interface Via {
  /** Upper case: UDP, TCP, TLS, WS, WSS, or something we do not speak. */
  readonly transport: string;
  /** sent-by; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly parameters: Parameters;
}

/** Undefined when malformed or not SIP/2.0. */
export function parseVia(text: string): Via | undefined {
  const semicolon = text.indexOf(';');
  const parameters = parseParameters(semicolon < 0 ? '' : text.slice(semicolon));
  const [name, version, last] = (semicolon < 0 ? text : text.slice(0, semicolon)).split('/');
  if (parameters === undefined || last === undefined) return undefined;
  if (name?.trim().toUpperCase() !== 'SIP' || version?.trim() !== '2.0') return undefined;
  const tail = last.trim();
  const gap = tail.search(/[ \t]/);
  const transport = tail.slice(0, gap);
  const hostPort = parseHostPort(tail.slice(gap).trim());
  if (gap < 0 || !isToken(transport) || hostPort === undefined) return undefined;
  return { transport: transport.toUpperCase(), ...hostPort, parameters };
}

export function formatVia(via: Via): string {
  return `SIP/2.0/${via.transport} ${formatHostPort(via.host, via.port)}${formatParameters(via.parameters)}`;
}

/** The branch when it names a transaction by itself; undefined for RFC 2543 peers and for a bare cookie. */
export function uniqueBranch(via: Via): string | undefined {
  const branch = via.parameters.get('branch');
  if (branch === undefined || branch.length === MAGIC_COOKIE.length) return undefined;
  return branch.slice(0, MAGIC_COOKIE.length).toLowerCase() === MAGIC_COOKIE.toLowerCase() ? branch : undefined;
}
